"""Where things are kept, and how long: from the environment, checked when the app starts."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

DATABASE_VARIABLE = "DIKKAT_DATABASE"
DATA_VARIABLE = "DIKKAT_DATA"
KEEP_VARIABLE = "DIKKAT_KEEP_HOURS"
FILE = "classes.sqlite3"
LINK_VARIABLE = "DIKKAT_LINK_DAYS"
KEEP = 24.0  # hours, of a class
LINKS = 180  # days, of a short link
_LONGEST_KEPT = 24 * 366.0
_LONGEST_LINK = 3_660  # days
_KINDS = {"postgresql": "postgresql", "postgres": "postgresql", "sqlite": "sqlite"}


@dataclass(frozen=True, slots=True)
class Storage:
    """url: of the database, in SQLAlchemy's words. seconds: how long a class is kept.

    days: how long a short link is. lasting: the place was chosen, and is no temporary folder.
    """

    url: str
    seconds: float
    days: int = LINKS
    lasting: bool = True

    @property
    def file(self) -> Path | None:
        """Of the embedded database."""
        kind, _, path = self.url.partition(":///")
        return Path(path) if kind == "sqlite" else None


def settings() -> Storage:
    """What the environment says. ValueError: what it says is none, without repeating a password."""
    url = _database() or f"sqlite:///{_folder() / FILE}"
    chosen = (os.environ.get(name, "").strip() for name in (DATABASE_VARIABLE, DATA_VARIABLE))
    return Storage(url, _hours() * 3600, _days(), any(chosen))


def _database() -> str:
    said = os.environ.get(DATABASE_VARIABLE, "").strip()
    if not said:
        return ""
    kind, sign, rest = said.partition("://")
    name = _KINDS.get(kind.partition("+")[0])
    if not sign or name is None or not rest.strip("/"):
        raise ValueError(
            f"{DATABASE_VARIABLE} is no address like postgresql://user:password@host/database"
            " or sqlite:////folder/classes.sqlite3"
        )
    if name == "sqlite":
        if not rest.startswith("/") or ":memory:" in rest or "mode=memory" in rest:
            raise ValueError(f"{DATABASE_VARIABLE}: SQLite needs a file, which all processes share")
        return f"sqlite://{rest}"
    return f"postgresql+psycopg://{rest}"


def _hours() -> float:
    said = os.environ.get(KEEP_VARIABLE, "").strip()
    try:
        hours = float(said) if said else KEEP
    except ValueError:
        hours = 0.0
    if not 0 < hours <= _LONGEST_KEPT:  # False of NaN, too
        raise ValueError(f"{KEEP_VARIABLE} is {said!r}, and no number of hours, at most a year")
    return hours


def _days() -> int:
    said = os.environ.get(LINK_VARIABLE, "").strip()
    days = int(said) if said.isascii() and said.isdecimal() and len(said) < 6 else 0
    if said and not 0 < days <= _LONGEST_LINK:
        raise ValueError(f"{LINK_VARIABLE} is {said!r}, and no number of days, at most ten years")
    return days or LINKS


def _folder() -> Path:
    """The folder of the embedded database: nobody else on this machine may look into it."""
    said = os.environ.get(DATA_VARIABLE, "").strip()
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
