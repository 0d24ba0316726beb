"""A page in two parts, each a fragment: what every click changes; below it, what few clicks do.

Without the second the models' cards and the whole lesson would be drawn anew with every step.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import streamlit as st

from pages.ui import frame, heading, journey, keys, presenter, state, stepping, symbols, tries
from pages.ui.classroom import shown
from pages.ui.export import drawn as taken
from pages.ui.hosting import ending, waiting
from pages.ui.lectures import bar, playing
from pages.ui.own import allowance
from pages.ui.text import language, speaking, t

log = logging.getLogger("dikkat")

_LOWER = "_lower"  # what stands below, as the run of the upper part says


@dataclass(frozen=True, slots=True)
class _Piece:
    """What stands below. of: what it depends on."""

    draw: Callable[[], None] = field(compare=False)
    name: str
    of: tuple[Any, ...]


@dataclass(slots=True)
class _Page:
    """What both fragments of a drawn page know. whole: both are being drawn, one after the other.

    taught: it has a lesson. wants, has: what belongs below, and what was drawn there.
    """

    name: str
    taught: bool
    whole: bool = True
    wants: list[_Piece] = field(default_factory=list)
    has: tuple[Any, ...] = ()

    def begin(self) -> None:
        """Before the upper part is drawn: where the lesson turns to another view, all of it is."""
        if self.taught and not self.whole and self.has[:1] != (_lesson(self.name),):
            st.rerun()
        self.wants.clear()
        st.session_state[_LOWER] = self.wants

    def end(self) -> None:
        """The upper part is drawn; what it wants below may have changed with it."""
        if self.taught and not self.whole and self.has != (_lesson(self.name), *self.wants):
            state.say_again()
            st.rerun()

    @speaking()
    @state.running()
    def upper(self, body: Callable[[], None]) -> None:
        """What controls change."""
        playing.follow(self.name)
        self.begin()
        taken.begin("upper")
        stepping.begin()
        symbols.begin()
        shown.begin()
        with stepping.steady(self.name), keys.listening(self.name), waiting.place("upper"):
            presenter.listen()
            _guarded(self.name, body)
            bar.listen()
            if self.taught:
                tries.staged(self.name)
        stepping.drawn(self.name, state.publish())
        self.end()

    @speaking()
    @state.running()
    def lower(self) -> None:
        """What was handed to `below`, then the lesson. Buttons in it may change what is above."""
        if not self.whole and stepping.outdated():
            st.rerun()
        taken.begin("lower")
        self.has = (_lesson(self.name), *self.wants)
        with waiting.place("lower"):
            for piece in self.wants:
                _guarded(self.name, piece.draw)
            _guarded(self.name, partial(frame.learn, self.name))


def page(name: str, body: Callable[[], None], instead: Callable[[], None] | None = None) -> None:
    """A page: title, body, below it its lesson, or what stands there instead, and the next page.

    instead: what no control changes.
    """
    drawn = _Page(name, taught=instead is None)
    taken.clear()
    playing.settle()
    heading.title(name, partial(bar.show, name) if playing.now() else None)
    try:
        st.fragment(drawn.upper)(body)
        if instead is None:
            st.fragment(drawn.lower)()
        else:
            instead()
        frame.onward(name)
        journey.visit(name)
    finally:
        drawn.whole = False


def below(
    draw: Callable[..., None], *given: Any, of: tuple[Any, ...] | None = None, **named: Any
) -> None:
    """Draw this below the page's body, above its lesson; anew only when something else is given.

    of: what it depends on, where that is not just what is given; strings, numbers, tuples of them.
    """
    of = (*given, *named.items()) if of is None else of
    name = f"{draw.__module__}.{draw.__qualname__}"
    st.session_state[_LOWER].append(_Piece(partial(draw, *given, **named), name, of))


def _lesson(name: str) -> tuple[Any, ...]:
    """What the lesson depends on."""
    return (language(), state.get("model"), *tries.shown(name))


def _guarded(name: str, draw: Callable[[], None]) -> None:
    try:
        with ending.a_run(name):
            draw()
    except waiting.Busy:
        log.info("%s: too many wait for a model", name)  # and the page says so
    except allowance.Spent as spent:
        st.warning(frame.told(f"error.{spent.code}", **spent.details, kept=t("kept.all")))
    except Exception:
        # The details are for whoever runs the app, not for whoever looks at it.
        log.exception("page %s", name)
        st.error(t("frame.failed"), icon=":material/error:")
