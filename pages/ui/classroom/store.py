"""Classes, their questions and the answers, in SQLite (WAL) or PostgreSQL by SQLAlchemy.

Answers are anonymous: of a device only a digest is kept, another one for each question.
"""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Any, Literal

from sqlalchemy import Connection, Row, delete, exists, func, insert, literal, select, update

from pages.ui.classroom.questions import LONG, ClassQuestion, question
from pages.ui.storage.codes import fresh
from pages.ui.storage.database import ANSWERS, QUESTIONS, ROOMS, Database
from pages.ui.storage.database import Unreachable as Unreachable
from pages.ui.storage.settings import Storage, settings

State = Literal["waiting", "open", "closed", "revealed"]
Outcome = Literal["taken", "closed", "changed", "full", "absent"]

MOST_ROOMS, MOST_QUESTIONS, MOST_ANSWERS = 1_000, 200, 5_000
_TRIES = 20


class TooMany(Exception):
    """More classes, or more questions of one, than are kept."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a class is at. mine: what the asking device answered; id: of the question, 0: none."""

    code: str
    state: State = "waiting"
    id: int = 0
    question: ClassQuestion | None = None
    mine: str | None = None


class Store(Database):
    """Every method is one transaction, and may raise Unreachable. keep: seconds of a class."""

    def __init__(
        self, url: str, keep: float = 86_400.0, clock: Callable[[], float] = time.time
    ) -> None:
        super().__init__(url)
        self.keep, self.clock = keep, clock
        self._purged = float("-inf")

    def open(self) -> tuple[str, str]:
        """A new class: (its code, the lecturer's token). Raises TooMany."""
        self.purge()
        for _ in range(_TRIES):
            code = fresh(LONG)
            token = secrets.token_urlsafe(24)
            values = {"code": code, "lecturer": _digest(token), "opened": self.clock()}
            with self._begin() as connection:
                count = connection.scalar(select(func.count()).select_from(ROOMS)) or 0
                if count >= MOST_ROOMS:
                    raise TooMany("classes")
                new = self._insert(ROOMS).values(values).on_conflict_do_nothing()
                if connection.scalar(new.returning(ROOMS.c.id)):  # else the code is another class's
                    return code, token
        raise TooMany("classes")

    def ask(self, token: str, asked: ClassQuestion) -> int:
        """Open a question, and close the one before: its id; 0: no such class. Raises TooMany."""
        with self._begin() as connection:
            room = self._room(connection, token)
            if room is None:
                return 0
            of_room = QUESTIONS.c.room == room.id
            count = select(func.count()).select_from(QUESTIONS).where(of_room)
            if (connection.scalar(count) or 0) >= MOST_QUESTIONS:
                raise TooMany("questions")
            before = of_room & (QUESTIONS.c.state == "open")
            connection.execute(update(QUESTIONS).where(before).values(state="closed"))
            values = {"room": room.id, "asked": asked.stored(), "state": "open"}
            new = insert(QUESTIONS).values(values).returning(QUESTIONS.c.id)
            return int(connection.execute(new).scalar_one())

    def turn(self, token: str, state: Literal["closed", "revealed"]) -> bool:
        """Close the class's latest question, or reveal its answer; False: there is none."""
        with self._begin() as connection:
            room = self._room(connection, token)
            latest = None if room is None else _latest(connection, room.id)
            if latest is None or (state == "closed" and latest.state == "revealed"):
                return False
            where = QUESTIONS.c.id == latest.id
            connection.execute(update(QUESTIONS).where(where).values(state=state))
            return True

    def delete(self, token: str) -> bool:
        """The class with all its questions and answers, at once; False: there is none."""
        with self._begin() as connection:
            gone = delete(ROOMS).where(ROOMS.c.lecturer == _digest(token))
            return bool(connection.execute(gone).rowcount)

    def lecture(self, token: str) -> Standing | None:
        """What the lecturer's class is at; None: no such class."""
        with self._begin() as connection:
            return self._standing(connection, self._room(connection, token))

    def standing(self, code: str, device: str = "") -> Standing | None:
        """What the class of that code is at, for a device; None: no such class."""
        self._purge_now_and_then()
        with self._begin() as connection:
            known = select(ROOMS).where(ROOMS.c.code == code, self._fresh())
            return self._standing(connection, connection.execute(known).first(), device)

    def seal(self, code: str, mark: str) -> str:
        """Of a device's mark in a class, which whoever has this database can make; "": no class."""
        with self._begin() as connection:
            known = select(ROOMS.c.lecturer).where(ROOMS.c.code == code, self._fresh())
            key = connection.scalar(known)
        return hmac.new(key.encode(), mark.encode(), sha256).hexdigest() if key else ""

    def submit(self, code: str, asked: int, device: str, value: str) -> Outcome:
        """Keep a device's answer to a question, in place of the one before, while it is open.

        value: as `ClassQuestion.read` gives it.
        """
        mark = _mark(code, asked, device)
        count = select(func.count()).select_from(ANSWERS).where(ANSWERS.c.question == asked)
        given = exists().where(ANSWERS.c.question == asked, ANSWERS.c.device == mark)
        # One statement, which holds the question's state until it is done: none slips in behind.
        still_open = (
            select(QUESTIONS.c.id, literal(mark), literal(value))
            .join_from(QUESTIONS, ROOMS)
            .where(QUESTIONS.c.id == asked, QUESTIONS.c.state == "open")
            .where(ROOMS.c.code == code, self._fresh())
            .where((count.scalar_subquery() < MOST_ANSWERS) | given)
            .with_for_update(read=True, of=QUESTIONS)
        )
        new = self._insert(ANSWERS).from_select(["question", "device", "value"], still_open)
        again = new.on_conflict_do_update(
            index_elements=["question", "device"], set_={"value": new.excluded.value}
        )
        with self._begin() as connection:
            if connection.scalar(again.returning(ANSWERS.c.question)):
                return "taken"
            known = select(ROOMS).where(ROOMS.c.code == code, self._fresh())
            now = self._standing(connection, connection.execute(known).first())
        if now is None:
            return "absent"
        if now.id != asked:
            return "changed"
        return "full" if now.state == "open" else "closed"

    def tally(self, asked: int) -> dict[str, int]:
        """Answer → how many devices gave it, the most given first."""
        count = func.count()
        counted = (
            select(ANSWERS.c.value, count)
            .where(ANSWERS.c.question == asked)
            .group_by(ANSWERS.c.value)
            .order_by(count.desc(), ANSWERS.c.value)
        )
        with self._begin() as connection:
            return {value: int(n) for value, n in connection.execute(counted)}

    def purge(self) -> int:
        """Forget classes that are older than they are kept: how many."""
        with self._begin() as connection:
            gone = connection.execute(delete(ROOMS).where(~self._fresh())).rowcount
        self._purged = self.clock()
        return gone

    def _purge_now_and_then(self) -> None:
        if self.clock() - self._purged > min(600.0, self.keep):
            self.purge()

    def _fresh(self) -> Any:
        """A class that is not older than it is kept: what is not purged yet counts as gone."""
        return ROOMS.c.opened > self.clock() - self.keep

    def _room(self, connection: Connection, token: str) -> Row[Any] | None:
        known = select(ROOMS).where(ROOMS.c.lecturer == _digest(token), self._fresh())
        return connection.execute(known).first()

    def _standing(
        self, connection: Connection, room: Row[Any] | None, device: str = ""
    ) -> Standing | None:
        if room is None:
            return None
        latest = _latest(connection, room.id)
        if latest is None:
            return Standing(room.code)
        mine = None
        if device:
            place = ANSWERS.c.device == _mark(room.code, latest.id, device)
            given = select(ANSWERS.c.value).where(ANSWERS.c.question == latest.id, place)
            mine = connection.scalar(given)
        return Standing(room.code, latest.state, latest.id, question(latest.asked), mine)


_opening = threading.Lock()


def store() -> Store:
    """The app's, of today's settings. ValueError: these are none. Raises Unreachable."""
    with _opening:
        return _of(settings())


@cache
def _of(now: Storage) -> Store:
    return Store(now.url, now.seconds)


def _latest(connection: Connection, room: int) -> Row[Any] | None:
    of_room = select(QUESTIONS).where(QUESTIONS.c.room == room)
    return connection.execute(of_room.order_by(QUESTIONS.c.id.desc()).limit(1)).first()


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def _mark(code: str, asked: int, device: str) -> str:
    """Who answered, so that two answers of one device to two questions have nothing in common."""
    return _digest(f"{code}:{asked}:{device}")
