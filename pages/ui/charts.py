"""Figures on a page: their colours, numbers and words, and how one answers a visitor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st

from pages.ui import frame, keys, lines, state, stepping, symbols, window
from pages.ui.export import drawn as taken
from pages.ui.text import labels, notation, t
from viz.board.board import Figure
from viz.board.enlarged import Hall, enlarged, lit
from viz.board.packed import packed
from viz.board.scale import fitting, texts, width
from viz.board.style import Style
from viz.export.layers import GROUND as GROUND
from viz.export.layers import TOP as TOP

WIDE = "wide-"  # begins the key of a box in which a figure is moved sideways
_NARROWER = 1.15  # so much wider than its room a figure is still squeezed into it

# In a lecture hall: of its room a figure as high as that; so wide it takes all; so much of the size
# of type that numbers in cells have.
_HIGH, _FULL, _CELL = 0.64, 0.95, 22 / 24
_PICTURE = 0.62  # of the width, with sums beside it; presenter.css says so, too
_BROAD = 1300  # pixels that a figure is composed with, from which on it has the whole width
_layered = ContextVar("layered", default=False)  # whether figures lie on top of each other
_beside = ContextVar("beside", default=1)  # so many stand beside each other
_within = ContextVar("within", default=False)  # whether what is drawn has such a box already


def style(*topics: str, digits: int | None = None, finer: bool = False) -> Style:
    """How figures and formulas speak on this run. topics: prefixes of the words they take."""
    words = {name: word for topic in topics for name, word in labels(topic).items()}
    narrow, near = window.current().stacked, bool(state.get("zoom"))
    return Style(frame.current_theme(), notation(), words, digits, finer, narrow, near)


def told(figure: Figure, key: str, *, still: bool = False, **selection: Any) -> None:
    """A figure that tells its numbers under the pointer. still: it answers nothing."""
    options = {"displayModeBar": False, **({"staticPlot": True} if still else {})}
    here = window.current()
    symbols.figure(texts(figure))
    taken.figure(key, figure)
    if here.hall:
        _presented(figure, key, options, **selection)
        return
    drawn = packed(figure, here.scale, here.room, here.least, answers=bool(selection))
    with _box(figure, key):
        # The figures bring their own colours: Streamlit's theme would repaint them.
        st.plotly_chart(drawn, key=key, theme=None, width="stretch", config=options, **selection)


def _presented(figure: Figure, key: str, options: dict[str, Any], **selection: Any) -> None:
    """The same for a lecture hall; it says how many words it has no room for."""
    if state.get("spot"):
        figure = lit(figure, frame.current_theme().page)
    found = enlarged(figure, _hall(figure))
    drawn = packed(found.figure, answers=bool(selection))
    room = _hall(figure).width
    wide: Any = "stretch" if found.width > _FULL * room else round(found.width)
    with st.container(key=f"hall-{key}", width=wide, gap=None):
        st.plotly_chart(drawn, key=key, theme=None, width="stretch", config=options, **selection)
        if found.left_out and not _layered.get():
            lines.hint(t("lecture.left_out", count=found.left_out))


def _hall(figure: Figure) -> Hall:
    """The room for a figure: most of the screen; among sums as much as type has grown."""
    here = window.current()
    wide, high = here.inner
    type_ = window.REM * here.scale
    wide = (wide - 4 * type_) / _beside.get()
    high = _HIGH * high
    if "range" in figure._layout.get("xaxis", ()):
        if stepping.among_sums():
            wide = min(width(figure) * here.scale, (1 - _PICTURE - 0.03) * wide)
            high = figure._layout["height"] * here.scale
        elif width(figure) < _BROAD:
            wide *= _PICTURE
    return Hall(wide, high, type_, _CELL * type_, fixed=_layered.get())


@contextmanager
def beside(count: int) -> Iterator[None]:
    """So many figures stand beside each other where this is drawn."""
    token = _beside.set(count)
    try:
        yield
    finally:
        _beside.reset(token)


still = partial(told, still=True)


@contextmanager
def _box(figure: Figure, key: str) -> Iterator[None]:
    """Round what is wider than a narrow window even at its smallest; cells.js moves it to the
    chosen mark."""
    here = window.current()
    if "range" not in figure._layout.get("xaxis", ()):  # none of a Board's
        yield
        return
    needed = round(width(figure) * fitting(figure, here.scale, here.room, here.least))
    if _within.get() or not here.room or needed <= here.room * _NARROWER:
        yield
        return
    token = _within.set(True)
    try:
        with st.container(key=f"{WIDE}{key}", gap=None), st.container(width=needed, gap=None):
            yield
    finally:
        _within.reset(token)


@contextmanager
def below(figure: Figure, key: str) -> Iterator[None]:
    """What is drawn inside stays as it is, and is not sent again, while this lies on top of it.

    figure: of the same size, without anything that answers.
    """
    with _box(figure, key), _layers(), st.container(key=f"below-{key}", gap=None):
        yield
        still(figure, key + TOP)


@contextmanager
def above(figure: Figure, key: str) -> Iterator[None]:
    """What is drawn inside changes, answers, and lies on top of this, which stays as it is.

    figure: of the same size.
    """
    with _box(figure, key), _layers(), st.container(key=f"above-{key}", gap=None):
        still(figure, key + GROUND)
        yield


@contextmanager
def _layers() -> Iterator[None]:
    token = _layered.set(True)
    try:
        yield
    finally:
        _layered.reset(token)


@dataclass(frozen=True, slots=True)
class Chooses:
    """What a click does on a mark that carries these parameters' values, in order; "": of none."""

    names: tuple[str, ...]

    def __call__(self, *values: Any) -> None:
        """Take over what a mark carries."""
        for name, value in zip(self.names, values, strict=False):
            if name:
                state.put(name, int(value))

    @property
    def chosen(self) -> keys.Place:
        """What the chosen mark carries."""
        return [state.get(name) if name else None for name in self.names]


def chooses(*names: str) -> Chooses:
    """A click puts what the mark carries into these parameters, in order; "": into none."""
    return Chooses(names)


def clickable(
    figure: Figure,
    key: str,
    choose: Callable[..., None],
    name: str,
    *chosen: keys.Place,
    said: str = "",
) -> None:
    """A figure in which a click on a mark calls `choose` with what the mark carries; arrows, too.

    name: what the figure is, for those who do not see it. chosen: what the chosen mark carries, and
    those of other kinds; none: what the parameters say that it chooses. said: the chosen mark in
    words, where marks say nothing when they are pointed at.
    """
    if not chosen and isinstance(choose, Chooses):
        chosen = (choose.chosen,)
    keys.figure(key, keys.Answering(figure, name, said, chosen, walk=choose, act=None))
    _clickable(figure, key, name, choose)


def acting(
    figure: Figure,
    key: str,
    act: Callable[..., None],
    name: str,
    *chosen: keys.Place,
    said: str = "",
    walk: Callable[..., None] | None = None,
) -> None:
    """As `clickable`, where a click does more than choose: by keyboard Enter or the space bar.

    walk: what an arrow does with the mark that it leads to; None: it only leads there.
    """
    keys.figure(key, keys.Answering(figure, name, said, chosen, walk, act))
    _clickable(figure, key, name, act)


def _clickable(figure: Figure, key: str, name: str, act: Callable[..., None]) -> None:
    answer = partial(clicked, key, act)
    told(figure, key, on_select=answer, selection_mode="points")
    taken.named(key, name)


def clicked(key: str, choose: Callable[..., None]) -> None:
    """Hand over what the mark carries that a click has chosen; nothing where none is chosen."""
    points = st.session_state[key].selection.points
    if points and points[0].get("customdata"):
        carried = points[0]["customdata"]
        # A row of an array comes back as {"0": …, "1": …}.
        row = carried.values() if isinstance(carried, dict) else carried
        with stepping.chosen():
            # A list in it, or what has become of one, is what the mark says.
            choose(*(one for one in row if not isinstance(one, (list, dict))))
