"""Addresses kept under codes, in the app's database, for a time that the settings say."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from json import dumps, loads
from typing import Any, NamedTuple

from sqlalchemy import delete, func, select, update

from pages.ui.storage.codes import fresh
from pages.ui.storage.database import LINKS, Database
from pages.ui.storage.database import Unreachable as Unreachable
from pages.ui.storage.settings import Storage, settings

LONG = 12  # letters of a code: 20¹² of them, of which at most MOST lead somewhere
LONGEST = 150_000  # bytes of one address as it is kept: two texts of 10,000 letters fit
MOST, MOST_BYTES = 50_000, 100_000_000  # links, and bytes of all of them together


class Full(Exception):
    """Nothing more is kept. code: why, as the catalogues say it (share.wrong.<code>)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Kept(NamedTuple):
    """A page and what its address says: name → value, as an address has it."""

    page: str
    said: dict[str, str]


class ShortLinks(Database):
    """Every method is one transaction, and may raise Unreachable. keep: seconds of a link."""

    def __init__(
        self, url: str, keep: float = 180 * 86_400.0, clock: Callable[[], float] = time.time
    ) -> None:
        super().__init__(url)
        self.keep, self.clock = keep, clock
        self._purged = float("-inf")

    def code(self, page: str, said: dict[str, str]) -> str:
        """The code of an address: of the same the same, which then lives anew. Raises Full."""
        stored = dumps([page, said], sort_keys=True)
        size = len(stored)
        if size > LONGEST:
            raise Full("long")
        mark = sha256(stored.encode()).hexdigest()
        self.purge()
        with self._begin() as connection:
            again = update(LINKS).where(LINKS.c.mark == mark).values(asked=self.clock())
            if code := connection.scalar(again.returning(LINKS.c.code)):
                return str(code)
            sizes = select(func.count(), func.coalesce(func.sum(LINKS.c.size), 0))
            count, taken = connection.execute(sizes).one()
            if count >= MOST or taken + size > MOST_BYTES:
                raise Full("full")
            made = {"mark": mark, "stored": stored, "size": size}
            new = self._insert(LINKS).values(made | {"code": fresh(LONG), "asked": self.clock()})
            # Another process may be keeping the same address just now: its code is this one's.
            both = new.on_conflict_do_update(
                index_elements=["mark"], set_={"asked": new.excluded.asked}
            )
            return str(connection.execute(both.returning(LINKS.c.code)).scalar_one())

    def find(self, code: str) -> Kept | None:
        """What is kept under a code; None: nothing, or no longer."""
        if self.clock() - self._purged > min(600.0, self.keep):
            self.purge()
        known = select(LINKS.c.stored).where(LINKS.c.code == code, self._fresh())
        with self._begin() as connection:
            stored = connection.scalar(known)
        return None if stored is None else Kept(*loads(stored))

    def purge(self) -> int:
        """Forget links that nobody has asked for within the time that they are kept: how many."""
        with self._begin() as connection:
            gone = connection.execute(delete(LINKS).where(~self._fresh())).rowcount
        self._purged = self.clock()
        return gone

    def _fresh(self) -> Any:
        return LINKS.c.asked > self.clock() - self.keep


_opening = threading.Lock()


def store() -> ShortLinks:
    """The app's, of today's settings. ValueError: these are none. Raises Unreachable."""
    with _opening:
        return _of(settings())


@cache
def _of(now: Storage) -> ShortLinks:
    return ShortLinks(now.url, now.days * 86_400.0)
