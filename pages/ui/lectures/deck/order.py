"""What a deck is made of."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass

from pages.ui.export import naming
from pages.ui.lectures.lecture import Lecture, lecture
from viz.board.theme import ThemeName


@dataclass(frozen=True, slots=True)
class Order:
    """A lecture in a language and a theme.

    name: as in the address; source: the file's text; link: where the app is, as in
    "http://localhost:8501".
    """

    name: str
    source: str
    language: str
    theme: ThemeName
    link: str

    @property
    def key(self) -> str:
        """Equal for equal orders."""
        return hashlib.sha256(self.written().encode()).hexdigest()

    @property
    def file(self) -> str:
        """The deck's name, with its ending."""
        called = naming.safe(self.lecture.title) or naming.safe(self.name)
        return f"dikkat_{called}_{self.language}"[: naming.LONGEST] + ".pptx"

    @property
    def lecture(self) -> Lecture:
        """What its file holds. Raises LectureError."""
        return lecture(self.source)

    def written(self) -> str:
        """JSON."""
        return json.dumps(asdict(self), ensure_ascii=True)


def read(written: str) -> Order:
    """What `Order.written` wrote."""
    return Order(**json.loads(written))
