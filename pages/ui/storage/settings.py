"""Where things are kept, and how long: from the environment, checked when the app starts."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from models.core.environment import environment, variable

DATABASE_VARIABLE, DATA_VARIABLE, KEEP_VARIABLE, LINK_VARIABLE = map(
    variable, ("database", "data", "keep_hours", "link_days")
)
FILE = "classes.sqlite3"


@dataclass(frozen=True, slots=True)
class Storage:
    """url: of the database, in SQLAlchemy's words. seconds: how long a class is kept.

    days: how long a short link is. lasting: the place was chosen, and is no temporary folder.
    """

    url: str
    seconds: float
    days: int
    lasting: bool

    @property
    def file(self) -> Path | None:
        """Of the embedded database."""
        kind, _, path = self.url.partition(":///")
        return Path(path) if kind == "sqlite" else None


def settings() -> Storage:
    """What the environment says. ValueError: what it says is none, without repeating a password."""
    said = environment()
    url = said.database or f"sqlite:///{_folder(said.data.strip()) / FILE}"
    return Storage(url, said.keep_hours * 3600, said.link_days, bool(said.database or said.data))


def _folder(said: str) -> Path:
    """The folder of the embedded database: nobody else on this machine may look into it."""
    user = os.getuid() if hasattr(os, "getuid") else 0
    folder = Path(said) if said else Path(tempfile.gettempdir(), f"dikkat-{user}")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ValueError(f"{DATA_VARIABLE}: {folder} is no folder to write to") from error
    # A folder of that name may have been laid there by somebody else.
    strange = not said and hasattr(os, "getuid") and folder.lstat().st_uid != user
    if strange or (folder.is_symlink() and not said) or not os.access(folder, os.W_OK | os.X_OK):
        raise ValueError(f"{DATA_VARIABLE}: {folder} is no folder of this user to write to")
    return folder.resolve()
