"""What a lecturer asks, what counts as an answer to it, and the code that a class joins by."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, Literal, get_args

from pages.ui.storage import codes

Kind = Literal["choice", "number", "cell"]
Source = Literal["", "lecturer", "page"]  # whose answer is revealed; "": none was given
KINDS: tuple[Kind, ...] = get_args(Kind)
LONGEST_TEXT, LONGEST_OPTION, LONGEST_WHERE = 300, 120, 200  # characters
MOST_OPTIONS, MOST_TOKENS = 8, 48
# Of codes: capitals and digits that nobody takes for one another, also on Turkish keyboards.
LONG = 5  # letters of a class's code
_NUMBER = re.compile(r"-?(?:[0-9]{1,9}(?:\.[0-9]{0,9})?|\.[0-9]{1,9})")
_LONGEST_NUMBER = 24
_PLACE = re.compile(r"[0-9]{1,3}")
_MINUS = "\N{MINUS SIGN}"


class Unreadable(ValueError):
    """What was sent is no answer. code: why, as the catalogues say it (classroom.form.<code>)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class ClassQuestion:
    """options: of a choice. queries, keys: the tokens of a map. answer: what is revealed, as
    `read` gives it. where: which model and head it was taken from, where it came from the page.

    ValueError: the text or a part is empty, too long or too much, or the answer is none.
    """

    kind: Kind
    text: str
    options: tuple[str, ...] = ()
    queries: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    answer: str | None = None
    source: Source = ""
    where: str = ""

    def __post_init__(self) -> None:
        parts = (*self.options, *self.queries, *self.keys)
        if self.kind not in KINDS:
            raise ValueError("kind")
        if not self.text.strip() or len(self.text) > LONGEST_TEXT:
            raise ValueError("text")
        if "\0" in "".join((self.text, self.where, *parts)) or len(self.where) > LONGEST_WHERE:
            raise ValueError("text")
        if any(not one.strip() or len(one) > LONGEST_OPTION for one in self.options):
            raise ValueError("options")
        if self.kind == "choice" and not 2 <= len(set(self.options)) <= MOST_OPTIONS:
            raise ValueError("options")
        if len(set(self.options)) < len(self.options):
            raise ValueError("options")
        if self.kind == "cell" and not (self.queries and self.keys):
            raise ValueError("tokens")
        if max(len(self.queries), len(self.keys)) > MOST_TOKENS:
            raise ValueError("tokens")
        if (self.answer is None) != (self.source == ""):
            raise ValueError("answer")
        if self.answer is not None and not self.offers(self.answer):
            raise ValueError("answer")

    def offers(self, value: str) -> bool:
        """An answer, as `read` writes it, that somebody may give."""
        match self.kind:
            case "choice":
                return _place(value, len(self.options)) is not None
            case "number":
                return bool(_NUMBER.fullmatch(value))
            case _:
                query, _, key = value.partition(",")
                shape = len(self.queries), len(self.keys)
                return None not in (_place(query, shape[0]), _place(key, shape[1]))

    def read(self, given: Mapping[str, str]) -> str:
        """What a form sent → the answer in one way of writing it. Raises Unreadable."""
        match self.kind:
            case "choice":
                value = given.get("choice", "")
            case "number":
                value = number(given.get("number", ""))
            case _:
                value = f"{given.get('query', '')},{given.get('key', '')}"
        if value in ("", ","):
            raise Unreadable("nothing")
        if not self.offers(value):
            raise Unreadable("half" if "" in value.split(",") else "not_offered")
        return value

    def stored(self) -> dict[str, Any]:
        """As JSON takes it."""
        return asdict(self)


def question(stored: Mapping[str, Any]) -> ClassQuestion:
    """What `ClassQuestion.stored` gave, back from JSON."""
    lists = {name: tuple(stored[name]) for name in ("options", "queries", "keys")}
    return ClassQuestion(**{**stored, **lists})


def number(raw: str) -> str:
    """A number as people write it → digits with a point, nothing needless; "": there is none.

    Raises Unreadable: it is none, or too long.
    """
    plain = raw.strip().replace(_MINUS, "-").replace(",", ".")
    if not plain:
        return ""
    if len(raw) > _LONGEST_NUMBER or not _NUMBER.fullmatch(plain):
        raise Unreadable("no_number")
    value = Decimal(plain).normalize()
    return "0" if not value else format(value, "f")


def tidy(given: str) -> str:
    """A code as people type it → as it is kept; "": no code is like that."""
    return codes.tidy(given, LONG)


def _place(raw: str, count: int) -> int | None:
    """One of so many, counted from 0; None: none of them. "01" is no way to write 1."""
    fits = _PLACE.fullmatch(raw) and raw == str(int(raw)) and int(raw) < count
    return int(raw) if fits else None
