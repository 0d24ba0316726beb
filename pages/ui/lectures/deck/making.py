"""Decks that visitors ask for: made one at a time in a process of its own, then kept for all."""

from __future__ import annotations

import threading
from base64 import b64decode
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal

from models.catalog import accepts_local
from models.core.child import Child
from models.core.turns import WAITING as WAITING
from models.core.turns import Turns
from pages.ui.caches import Budget
from pages.ui.lectures import shipped
from pages.ui.lectures.deck.order import Order

Stage = Literal[
    "waiting", "starting", "drawing", "done", "stopped", "dropped", "failed", "no_browser"
]

SECONDS = 300.0  # after which a process is ended, whatever it does
BYTES = 64 * 2**20  # of all files that are kept


@dataclass(frozen=True, slots=True)
class Making:
    """How far a deck is: at which slide, of how many."""

    order: Order
    stage: Stage = "waiting"
    before: int = 0
    slide: int = 0
    last: int = 0

    @property
    def busy(self) -> bool:
        """It waits or is at work."""
        return self.stage in ("waiting", "starting", "drawing")

    @property
    def share(self) -> float:
        """Of the slides, those that are done."""
        return max(self.slide - 1, 0) / max(self.last, 1)


_files: OrderedDict[str, bytes] = OrderedDict()
_budget, _lock = Budget(BYTES), threading.Lock()


def file(order: Order) -> bytes | None:
    """The deck, whoever asked for it; None: it is not made, or let go again."""
    with _lock:
        found = _files.get(order.key)
    if found is not None:
        _note(order.key, found)
    return found


def begin(order: Order) -> str | None:
    """Make it, at once or when it is its turn; → by what it is asked for. None: too many wait.

    ValueError: where the app opens no files, a lecture that does not ship.
    """
    if not accepts_local() and order.name not in shipped.SHIPPED:
        raise ValueError(f"{order.name} does not ship")
    return _turns.begin(Making(order))


def _child(order: Order) -> Child:
    return Child("pages.deck.run", seconds=SECONDS, given=order.written())


def _taken(run: Making, answer: Mapping[str, Any]) -> Making:
    """After one line of the process's: the slide that it begins, or how it ended."""
    if "slide" in answer:
        return replace(run, stage="drawing", slide=int(answer["slide"]), last=int(answer["last"]))
    if "file" in answer:
        _keep(run.order.key, b64decode(answer["file"]))
        return replace(run, stage="done")
    return replace(run, stage="no_browser")


def _keep(key: str, made: bytes) -> None:
    with _lock:
        made = _files.setdefault(key, made)  # two may have waited for the same
    _note(key, made)


def _note(key: str, made: bytes) -> None:
    _budget.note(id(made), len(made), partial(_forget, key))


def _forget(key: str) -> None:
    with _lock:
        _files.pop(key, None)


_turns: Turns[Making] = Turns("deck", lambda run: _child(run.order), _taken, abandons=True)
seen, stop, settled = _turns.seen, _turns.stop, _turns.idle.wait  # as tests wait
