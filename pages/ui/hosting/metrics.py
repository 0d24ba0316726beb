"""What the app counts of itself, in the text format of Prometheus; never what anybody typed."""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_HERE = "_session_counted"
_registry = CollectorRegistry()
_sessions: weakref.WeakSet[_Session] = weakref.WeakSet()
_seconds = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
_passes = Histogram(
    "dikkat_pass_seconds",
    "What a model was asked for and was not kept yet, by what it was",
    ["what"],
    registry=_registry,
    buckets=_seconds,
)
_waits = Histogram(
    "dikkat_wait_seconds",
    "How long whoever asked a model stood in the queue before it",
    registry=_registry,
    buckets=_seconds,
)
_turned_away = Counter(
    "dikkat_turned_away", "Whoever the queue before the models had no place for", registry=_registry
)
_asked = Counter(
    "dikkat_cache_asked",
    "What was asked for, kept or not; what was not is dikkat_pass_seconds_count",
    ["what"],
    registry=_registry,
)
_answers = Counter(
    "dikkat_class_answers", "Answers to a class's questions", ["outcome"], registry=_registry
)


ProcessCollector(registry=_registry)  # memory, processor, open files


class _Session:
    """Lies in a session's state, and is gone with it."""


def _alive() -> float:
    return len(_sessions)


Gauge("dikkat_sessions", "Sessions in memory", registry=_registry).set_function(_alive)


def present() -> None:
    """This run belongs to a session, which is counted as long as Streamlit keeps it."""
    if _HERE not in st.session_state:
        st.session_state[_HERE] = _Session()
    _sessions.add(st.session_state[_HERE])


@contextmanager
def a_pass(what: str) -> Iterator[None]:
    """Around what a model is asked for. what: a function's name, of which there are few."""
    begin = time.perf_counter()
    try:
        yield
    finally:
        _passes.labels(what).observe(time.perf_counter() - begin)


def waited(seconds: float) -> None:
    """Somebody's turn has come."""
    _waits.observe(seconds)


def turned_away() -> None:
    """Somebody was asked to come again."""
    _turned_away.inc()


def asked(what: str) -> None:
    """A model's result was asked for, and is there. what: as for `a_pass`."""
    _asked.labels(what).inc()


def answered(outcome: str) -> None:
    """A phone's answer was taken, or not."""
    _answers.labels(outcome).inc()


def measured(name: str, words: str, now: Callable[[], float]) -> None:
    """One more value, asked for whenever somebody reads. Once a name."""
    Gauge(f"dikkat_{name}", words, registry=_registry).set_function(now)


def text() -> bytes:
    """All of them, as CONTENT_TYPE says."""
    return bytes(generate_latest(_registry))
