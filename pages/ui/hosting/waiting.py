"""The queue before the models, as visitors see it: "3 before you" where the picture will come."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial, wraps
from typing import ParamSpec, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.scriptrunner import get_script_run_ctx

from models.core.environment import environment
from models.errors import InputError
from pages.ui.hosting import metrics
from pages.ui.hosting.queue import AT_ONCE, Full, Queue
from pages.ui.text import t
from viz.board.markup import template

AT_ONCE_ELSEWHERE = 16  # passes that one process may ask a cluster for
MOMENT = 0.5  # seconds that nobody is told anything
_PLACE = "_waiting"  # where this run says how long it will take
_BROWSER = "_streamlit_xsrf"  # Streamlit's cookie, another one in every browser
_SAID = template("<p class='queue' role='status'>{{ words }}</p>")

P = ParamSpec("P")
R = TypeVar("R")

# Where other machines compute, theirs is the queue that counts: many of ours may ask at once.
passes = Queue(at_once=AT_ONCE_ELSEWHERE if environment().cluster else AT_ONCE)
metrics.measured("queue_length", "What waits for a model", lambda: len(passes))


class Busy(InputError):
    """So many wait for a model that it is better to ask again later."""


# Whether this thread only looks whether it is kept; whether it computes what is kept, already.
_looks = ContextVar("looks", default=False)
_computes = ContextVar("computes", default=False)


class _Missing(Exception):
    """It is not kept yet."""


def look() -> None:
    """First of all in what is cached and computed in turns: nobody computes who only looks."""
    if _looks.get():
        raise _Missing


def computing(make: Callable[P, R]) -> Callable[P, R]:
    """The same function, to be cached: what it asks for belongs to its own turn.

    Nobody waits who computes what is kept, since others may wait for that.
    """

    @wraps(make)
    def kept(*given: P.args, **named: P.kwargs) -> R:
        computes = _computes.set(not _looks.get())
        try:
            return make(*given, **named)
        finally:
            _computes.reset(computes)

    return kept


def in_turn(found: partial[R]) -> R:
    """What is kept; else computed in its turn: outside of the cache, which would keep what a page
    says of the queue.

    found: a cached function that begins with `look`, of what it is asked for.
    Raises Busy, and what `found` raises.
    """
    if _computes.get():
        return found()
    wanted = key(found.func, *found.args, *sorted(found.keywords.items()))
    while True:
        if not asked(wanted):
            looks = _looks.set(True)
            try:
                return found()
            except _Missing:
                pass
            finally:
                _looks.reset(looks)
        with turn(wanted) as mine:
            if mine:
                return found()


@contextmanager
def place(part: str) -> Iterator[None]:
    """Around what a part of a page draws: in front of it is said how long it will take.

    The place is the same in every run and empty, so that nothing else moves when it is used.
    """
    with st.container(key=f"waiting-{part}", gap=None):
        st.session_state[_PLACE] = st.empty()
    try:
        yield
    finally:
        st.session_state.pop(_PLACE, None)


def key(*asked: object) -> Hashable:
    """What tells things apart that are asked for; what has no hash is like nothing else."""
    try:
        hash(asked)
    except TypeError:
        return object()
    return asked


def asked(key: Hashable) -> bool:
    """Whether somebody waits for that already, or has it computed."""
    return key in passes


@contextmanager
def turn(key: Hashable) -> Iterator[bool]:
    """As `Queue.turn`, told to the visitor; one who goes, or asks for something else, is out.

    Raises Busy, after the page has offered to try again.
    """
    begin, told = time.monotonic(), _Told()
    try:
        with passes.turn(key, _visitor(), told.before) as mine:
            told.clear()
            metrics.waited(time.monotonic() - begin)
            yield mine
    except Full:
        metrics.turned_away()
        told.full()
        raise Busy("too many wait for a model") from None
    finally:
        told.clear()


class _Told:
    """What stands in the place of this run."""

    def __init__(self) -> None:
        self._begin, self._count = time.monotonic(), -1

    def before(self, count: int) -> None:
        """So many are served before; asking for the session ends a run that nobody wants now."""
        where = _place()
        if where is None or time.monotonic() - self._begin < MOMENT or count == self._count:
            return
        self._count = count
        where.html(_SAID(words=t("queue.before", count=count) if count else t("queue.now")))

    def full(self) -> None:
        """It was not begun: a sentence, and a way to try again."""
        self._count = -1
        if (where := _place()) is not None:
            with where.container(key="queue-full", horizontal=True, gap="small"):
                st.warning(t("queue.full"), icon=":material/hourglass_top:")
                st.button(t("queue.again"), key="queue-again")

    def clear(self) -> None:
        """Its turn has come."""
        if self._count >= 0:
            self._count = -1
            if (where := _place()) is not None:
                where.empty()


def _place() -> DeltaGenerator | None:
    """Where this run says it; None: it draws no page."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return None
    found: DeltaGenerator | None = st.session_state.get(_PLACE)
    return found


def _visitor() -> Hashable:
    """A browser, so that its tabs wait for each other; else a session; the server itself."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is None:
        return ""
    return st.context.cookies.get(_BROWSER) or context.session_id
