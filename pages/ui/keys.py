"""Keys: one listener in the browser, and what its presses do here.

Arrows step, a clicker's PageUp and PageDown, too; inside a figure that has the keyboard's focus
they move the chosen cell. The listener numbers presses, sends them when no run is going on, and
goes on sending what no run has answered: so each counts once. A click on a button that has keys
is a press, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from pages.ui import scripts, state
from pages.ui.text import t
from viz.board.board import Figure

Place = Sequence[int | str | None]  # what a mark carries; None: whatever stands there

KEY = "keys"  # of the component
MOST = 500  # presses that one message may bring
LETTERS = {"head": ("J", "K"), "layer": ("D", "E")}  # back, on
_SEEN = "_keys_seen"  # the listener that was heard last, and its last press that has counted
_HERE = Path(__file__).parent
# What people call a key → what a browser calls it, and the keys of a clicker that do the same.
_CALLED = {
    "Left": ("ArrowLeft", "PageUp"),
    "Right": ("ArrowRight", "PageDown"),
    "Shift+Left": ("Shift+ArrowLeft",),
    "Shift+Right": ("Shift+ArrowRight",),
    "Shift+N": ("Shift+n",),
    "Space": (" ",),
}

_listener = scripts.component(
    "dikkat_keys",
    scripts.read(_HERE, "cells.js", "still.js", "focus.js", "keys.js"),
)


@dataclass(frozen=True, slots=True)
class Button:
    """What a press does. relative: right after another press, too, before anything is redrawn."""

    press: Callable[[], None]
    relative: bool


@dataclass(frozen=True, slots=True, eq=False)
class Answering:
    """A figure whose marks answer keys. chosen: what the chosen ones carry, the main one first.

    name: what the figure is; said: which mark is chosen, where the mark itself does not say it.
    walk: what an arrow does with the mark that it leads to, None: nothing; act: what Enter and the
    space bar do with it, None: nothing.
    """

    figure: Figure
    name: str
    said: str
    chosen: Sequence[Place]
    walk: Callable[..., None] | None
    act: Callable[..., None] | None

    def press(self, carried: object, act: object) -> None:
        """A key on the mark that carries this; what no mark of the figure carries is ignored."""
        answer = self.act if act else self.walk
        marks = (mark for trace in self.figure.data for mark in _carried(trace))
        if answer is not None and any(list(mark) == carried for mark in marks):
            answer(*carried)  # type: ignore[misc]


def _carried(trace: Any) -> Sequence[Any]:
    """What the marks of a trace carry."""
    found = getattr(trace, "customdata", None)
    return () if found is None else found


@dataclass(slots=True)
class _Page:
    """What answers keys on the page that is drawn, by the keys of buttons and figures."""

    name: str
    buttons: dict[str, Button] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    figures: dict[str, Answering] = field(default_factory=dict)
    beyond: dict[str, str] = field(default_factory=dict)


_page: ContextVar[_Page | None] = ContextVar("keys", default=None)


@contextmanager
def listening(page: str) -> Iterator[None]:
    """A page whose keys are heard: put around everything that it draws."""
    here = _Page(page)
    token = _page.set(here)
    try:
        yield
    finally:
        _page.reset(token)
    with st.container(key="listener"):
        _listener(key=KEY, data=_data(here), on_presses_change=partial(_take, here))


def button(key: str, press: Callable[[], None], called: str, *, relative: bool = False) -> None:
    """These presses are presses of that button. called: Left, Right, Space, Shift+Left, M …"""
    here = _page.get()
    if here is not None:
        here.buttons[key] = Button(press, relative)
        here.keys |= dict.fromkeys(_CALLED.get(called, (called.lower(),)), key)


def along(name: str, values: Sequence[int]) -> None:
    """Plain letters, which every keyboard has, move a parameter along its values, if it has any."""
    letters = LETTERS.get(name)
    if letters and len(values) > 1:
        for letter, by in zip(letters, (-1, 1), strict=True):
            button(f"{name}-by-{letter}", partial(_move, name, values, by), letter, relative=True)


def _move(name: str, values: Sequence[int], by: int) -> None:
    here = state.get(name)
    place = values.index(here) if here in values else 0
    state.put(name, values[min(max(place + by, 0), len(values) - 1)])


def figure(key: str, found: Answering) -> None:
    """The marks of that figure can be chosen by keys."""
    here = _page.get()
    if here is not None:
        here.figures[key] = found


def beyond(buttons: Mapping[str, str]) -> None:
    """Where these keys press nothing on the page, or what is off, they press other buttons.

    buttons: what a browser calls the key → the button's own key.
    """
    here = _page.get()
    if here is not None:
        here.beyond |= buttons


def _data(here: _Page) -> dict[str, Any]:
    """What the listener has to know."""
    beyond = {"beyond": here.beyond} if here.beyond else {}
    return beyond | {
        "page": here.name,
        "seen": st.session_state.get(_SEEN),
        "keys": here.keys,
        "help": t("keys.help"),
        "act": t("keys.act"),
        "figures": {
            key: {
                "name": one.name,
                "said": one.said,
                "chosen": list(map(list, one.chosen)),
                "walks": one.walk is not None,
                "acts": one.act is not None,
            }
            for key, one in here.figures.items()
        },
    }


def _take(here: _Page) -> None:
    """Do what was pressed since the last run.

    What a page has drawn does not hold after a press, so that only relative ones follow others;
    the listener brings the rest again.
    """
    sent = st.session_state[KEY].get("presses")
    presses = unseen(sent, st.session_state.get(_SEEN))
    for place, (number, press) in enumerate(presses):
        found = here.buttons.get(press) if isinstance(press, str) else None
        relative = found is not None and found.relative
        if place > 0 and not relative:
            return
        st.session_state[_SEEN] = [sent["who"], number]
        if found is not None:
            found.press()
        elif isinstance(press, dict) and (cells := here.figures.get(str(press.get("figure")))):
            cells.press(press.get("mark"), press.get("act"))
        if not relative:
            return


def unseen(sent: object, seen: object) -> list[tuple[int, object]]:
    """(number, press) of what a listener sends and no run has answered, oldest first.

    seen: the listener that was heard last, and its last press that has counted. What makes no
    sense is nothing: it comes from a browser.
    """
    if not isinstance(sent, dict):
        return []
    who, first, presses = (sent.get(name) for name in ("who", "first", "presses"))
    if not (isinstance(who, str) and isinstance(first, int) and isinstance(presses, list)):
        return []
    last = seen[1] if isinstance(seen, list) and seen[0] == who else 0
    return [(n, press) for n, press in enumerate(presses[:MOST], first) if n > last]
