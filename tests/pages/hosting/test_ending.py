"""SIGTERM waits for what runs, and for nothing else."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator

import pytest

from pages.ui.hosting import ending, metrics

PATIENCE = 60.0  # seconds


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Set once the server's own way of ending is called."""
    over = threading.Event()
    before = signal.signal(signal.SIGTERM, lambda *_: over.set())
    for name in ("_asked", "_told"):
        monkeypatch.setattr(ending, name, threading.Event())
    monkeypatch.setattr(ending, "GRACE", 10 * PATIENCE)
    ending.gently()
    yield over
    for thread in threading.enumerate():
        if thread.name == "ending":
            thread.join()
    signal.signal(signal.SIGTERM, before)


def terminate() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def until(event: threading.Event) -> None:
    # In short waits: a signal is heard between two of this thread's steps.
    for _ in range(int(PATIENCE / 0.05)):
        if event.wait(0.05):
            return
    raise AssertionError("never told")


def test_a_run_may_end_first(told: threading.Event) -> None:
    with ending.a_run("heads"):
        assert b"\ndikkat_runs 1.0" in metrics.text()
        terminate()
        assert ending.ending()
        assert not told.wait(3 * ending.SETTLED)
    until(told)
    assert ending.running() == 0


def test_where_nothing_runs_it_ends(told: threading.Event) -> None:
    terminate()
    until(told)


def test_a_run_that_never_ends_holds_nothing_up_for_ever(
    told: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ending, "GRACE", 0.2)
    with ending.a_run("heads"):
        terminate()
        until(told)


def test_a_second_signal_does_not_wait(told: threading.Event) -> None:
    with ending.a_run("heads"):
        terminate()
        assert not told.is_set()
        terminate()
        until(told)


def test_a_run_that_breaks_is_over() -> None:
    with pytest.raises(KeyError), ending.a_run("heads"):
        raise KeyError
    assert ending.running() == 0


def test_another_thread_changes_nothing() -> None:
    before = signal.getsignal(signal.SIGTERM)
    other = threading.Thread(target=ending.gently)
    other.start()
    other.join()
    assert signal.getsignal(signal.SIGTERM) is before
