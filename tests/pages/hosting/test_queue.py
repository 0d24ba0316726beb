"""The queue before the models: its order, its bound, who leaves, who shares a place."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from pages.ui.hosting import queue
from pages.ui.hosting.queue import Full, Queue

PATIENCE = 60.0  # seconds until a test gives up


def nothing(_: int) -> None:
    pass


class Line:
    """Threads before one queue. done: whose turns came, in order."""

    def __init__(self, **sizes: Any) -> None:
        self.turns = Queue(**sizes)
        self.done: list[str] = []
        self.said: dict[str, list[int]] = {}
        self.failed: dict[str, BaseException] = {}
        self._open = threading.Event()
        self._threads: list[threading.Thread] = []

    def asks(
        self,
        name: str,
        visitor: str = "",
        key: str = "",
        before: Callable[[int], None] | None = None,
        error: Exception | None = None,
    ) -> None:
        """A thread that stands in the queue once this returns; the first one runs until open()."""

        def noted(count: int) -> None:
            self.said.setdefault(name, []).append(count)
            if before is not None:
                before(count)

        def run() -> None:
            try:
                with self.turns.turn(key or name, visitor or name, noted) as mine:
                    assert self._open.wait(PATIENCE)
                    if error is not None:
                        raise error
                    self.done.append(name if mine else f"{name} shares")
            except BaseException as failed:
                self.failed[name] = failed

        members = sum(len(place.members) for place in self.turns._places.values())
        self._threads.append(threading.Thread(target=run, daemon=True))
        self._threads[-1].start()
        until(
            lambda: (
                name in self.failed
                or sum(len(p.members) for p in self.turns._places.values()) > members
            )
        )
        if len(self._threads) == 1:
            until(lambda: len(self.turns) == 0)

    def open(self) -> None:
        self._open.set()
        for thread in self._threads:
            thread.join(PATIENCE)


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.002)


@pytest.fixture(autouse=True)
def looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "LOOK", 0.01)


def test_first_come_first_served() -> None:
    line = Line()
    for name in "abcd":
        line.asks(name)
    until(lambda: line.said.get("d", [])[-1:] == [3])
    line.open()
    assert line.done == list("abcd")
    assert line.said["d"] == sorted(line.said["d"], reverse=True)


def test_who_asks_for_much_lets_others_between() -> None:
    line = Line()
    for name in ("a1", "a2", "a3", "b1", "b2", "c1"):
        line.asks(name, name[0])
    line.open()
    assert line.done == ["a1", "a2", "b1", "c1", "a3", "b2"]


def test_others_that_keep_coming_do_not_starve_a_second_request() -> None:
    line = Line()
    line.asks("a1", "a")
    line.asks("a2", "a")
    for n in range(3):
        line.asks(f"b{n}", f"b{n}")
    assert line.turns._places["a2"].round == 2
    line.turns._round = 2  # as it is once everybody's first is served
    line.asks("late", "late")
    line.open()
    assert line.done.index("a2") < line.done.index("late")


def test_one_more_than_there_are_places_for_is_refused_at_once() -> None:
    line = Line(most=2)
    for name in "abcd":
        line.asks(name)
    assert isinstance(line.failed.pop("d"), Full)
    line.asks("shares", key="c")  # takes no place
    line.open()
    assert sorted(line.done) == ["a", "b", "c", "shares shares"]
    assert not line.failed


def test_nobody_waits_longer_than_said() -> None:
    line = Line(longest=0.05)
    line.asks("a")
    line.asks("b")
    until(lambda: "b" in line.failed)
    assert isinstance(line.failed["b"], Full)
    assert len(line.turns) == 0
    line.open()
    assert line.done == ["a"]


def test_who_leaves_gives_the_place_up() -> None:
    class Left(BaseException):
        pass

    def leaves(_: int) -> None:
        raise Left

    line = Line()
    line.asks("a")
    line.asks("b", before=leaves)
    until(lambda: "b" in line.failed)
    line.asks("c")
    until(lambda: line.said.get("c", [])[-1:] == [1])
    line.open()
    assert line.done == ["a", "c"]


def test_who_shares_a_place_gets_it_when_the_first_leaves() -> None:
    class Left(BaseException):
        pass

    gone = threading.Event()

    def leaves(_: int) -> None:
        if gone.is_set():
            raise Left

    line = Line()
    line.asks("a")
    line.asks("b", key="same", before=leaves)
    line.asks("c", key="same")
    gone.set()
    until(lambda: "b" in line.failed)
    line.open()
    assert line.done == ["a", "c"]


def test_what_went_wrong_is_told_to_all_who_asked_for_it() -> None:
    line = Line()
    line.asks("a", key="same", error=ValueError("nothing there"))
    line.asks("b", key="same")
    line.open()
    assert [str(line.failed[name]) for name in "ab"] == ["nothing there"] * 2
    assert line.turns._places == {}


def test_never_more_at_once_than_said() -> None:
    many, lock, now, most = Queue(at_once=2, most=100), threading.Lock(), [0], [0]

    def run(n: int) -> None:
        with many.turn(n, n % 5, nothing):
            with lock:
                now[0] += 1
                most[0] = max(most[0], now[0])
            time.sleep(0.002)
            with lock:
                now[0] -= 1

    threads = [threading.Thread(target=run, args=(n,)) for n in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert most[0] == 2
    assert now[0] == len(many) == 0
