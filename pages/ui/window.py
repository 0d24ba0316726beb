"""The visitor's window: one of a few classes, each with how large everything is there.

A style sheet knows the window at once, and sets the size of type from which all else follows
(`rem`). Figures are composed by Python, which does not see the window: a small component tells
it the class (`screen.js`), and figures leave through `charts.told` in its size.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import streamlit as st

from pages.ui import state
from viz.board.scale import DESIGN

REM = 20  # pixels of type in the window that pages are composed for
HALL = 1.28  # times as large type is in a lecture hall: 24 pixels on a screen of 1920 × 1080
COOKIE = "dikkat-window"
_KEY, TOLD = "screen", "_window"  # the component; what it last said
_SCREEN = Path(__file__).with_name("screen.js")


@dataclass(frozen=True, slots=True)
class Window:
    """Windows from this width and height on (CSS pixels), until a larger class begins.

    stacked: too narrow for a picture and its sums beside each other. There type stays legible
    (type), and a figure shrinks further where it would need more than `room` pixels, though never
    below the `least` scale: in a box of its own it is then moved sideways. hall: read from the back
    row of a lecture hall, with the picture first, and one thing at a time.
    """

    width: int
    height: int
    stacked: bool = False
    type: float = 0
    room: int = 0
    least: float = 0
    hall: bool = False

    @property
    def inner(self) -> tuple[float, float]:
        """(width, height) in pixels that the smallest of these windows has."""
        plain = self.scale / HALL if self.hall else self.scale
        return DESIGN[0] * plain, DESIGN[1] * plain

    @property
    def below(self) -> bool:
        """Sums stand below the picture, and controls are folded away."""
        return self.stacked or self.hall

    @property
    def scale(self) -> float:
        """How large type is, as a share of its size in the window that pages are composed for."""
        fits = min(self.width / DESIGN[0], self.height / DESIGN[1])
        return self.type or round(fits, 4)

    @property
    def rule(self) -> str:
        """The media query that such windows, and larger ones, obey."""
        return f"(min-width: {self.width}px) and (min-height: {self.height}px)"


# From the smallest on. What lies between two classes has the smaller one's sizes, and more room.
WINDOWS = (
    Window(0, 0, stacked=True, type=0.8, room=330, least=0.625),  # a phone
    Window(600, 0, stacked=True, type=0.8, room=560, least=0.625),  # a tablet
    Window(1200, 0, type=0.625),
    Window(1280, 768),
    Window(1440, 864),
    Window(1600, 960),
    Window(1800, 1080),
    Window(1920, 1152),
    Window(2400, 1440),
)
_USUAL = 3  # what most students sit before, until their browser has said


def current() -> Window:
    """The class of this visitor's window, as the browser last told it, in this visit or before.

    In presenter mode it is one of a lecture hall, except where it is a phone's or a tablet's.
    """
    told = str(st.session_state.get(TOLD, st.context.cookies.get(COOKIE)))
    known = told.isascii() and told.isdigit() and int(told[:3]) < len(WINDOWS)
    return _presented(WINDOWS[int(told[:3]) if known else _USUAL])


def _presented(found: Window) -> Window:
    if found.stacked or not st.session_state.get("lecture", None):
        return found
    return replace(found, type=round(found.scale * HALL, 4), hall=True)


def pixels(composed: int) -> int:
    """A height that pages are composed with, in this window's pixels."""
    return round(composed * current().scale)


def css() -> str:
    """The size of type in each class, from which everything that is not a figure follows."""
    return "".join(
        f"@media {window.rule}{{:root{{font-size:{window.scale * REM:.2f}px!important}}}}"
        for window in map(_presented, WINDOWS)
    )


_screen = st.components.v2.component("dikkat_screen", js=_SCREEN.read_text(encoding="utf-8"))


def watch() -> None:
    """Runs the page again when the window becomes another class, or light becomes dark."""
    rules = [window.rule for window in WINDOWS]
    now = next(n for n, one in enumerate(WINDOWS) if one.rule == current().rule)
    data = {"rules": rules, "now": now, "cookie": COOKIE}

    def told() -> None:
        st.session_state[TOLD] = st.session_state[_KEY].get("window")
        state.say_again()

    with st.container(key="screen-watch"):
        _screen(key=_KEY, data=data, on_theme_change=state.say_again, on_window_change=told)
