"""Hostile inputs: few with every test, two thousand with the tables, all of them by `make fuzz`."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from tests.fuzz import files, pages, watch
from tests.fuzz.entries import ENTRIES, Entry
from tests.fuzz.run import check, fuzz, shares

FEW, MANY, SEED = 250, 2_000, 1
SLOW = {"checkpoints", "passes", "routes"}  # what loads a model, or asks a server


@pytest.mark.parametrize("name", sorted(ENTRIES.keys() - SLOW))
def test_every_input_is_taken_or_refused_in_a_sentence(name: str) -> None:
    assert fuzz(name, shares(FEW)[name], SEED) >= 1


@pytest.mark.tables
@pytest.mark.parametrize("name", sorted(ENTRIES))
def test_two_thousand_inputs_are_taken_or_refused_in_a_sentence(name: str) -> None:
    assert fuzz(name, shares(MANY)[name], SEED + 1) >= 1


@pytest.mark.tables
def test_pages_draw_whatever_their_address_says() -> None:
    assert pages.fuzz(12, SEED) >= 12


def test_what_runs_or_unpickles_is_seen() -> None:
    with pytest.raises(AssertionError, match="find_class"), watch.nothing_executed():
        pickle.loads(files.PICKLE)


def test_what_is_written_outside_is_seen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(watch, "_OWN", ("/dev/",))
    with pytest.raises(AssertionError, match="open"), watch.nothing_executed():
        (tmp_path / "x").write_text("x")


def test_what_takes_too_much_memory_is_seen() -> None:
    with watch.bounded(2**31):
        pass
    if not watch.counts_memory():
        return
    with pytest.raises(AssertionError, match="MiB"), watch.bounded(2**24):
        bytearray(2**26)


def test_a_librarys_fault_is_no_sentence() -> None:
    def broken(_: object) -> None:
        raise KeyError("inner workings")

    with pytest.raises(KeyError):
        check(Entry(ENTRIES["texts"].inputs, broken), None)
