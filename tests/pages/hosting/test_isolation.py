"""Texts at the same time never mix; a visitor's own files are theirs, and go with them."""

from __future__ import annotations

import gc
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
import streamlit

from models.catalog import load
from models.core.arrays import Floats
from models.core.loaded import LoadedModel
from models.core.tokens import named
from models.record import record
from models.trace import AttentionTrace
from models.translation import reference
from pages.ui import caches
from pages.ui.own import session

MODELS = ("bert-mini", "gpt-mini")
TEXTS = [f"The {animal} saw {count} lions." for animal in ("cat", "dog") for count in "abc"]
calls: list[object] = []


@pytest.fixture(autouse=True)
def none_yet() -> None:
    calls.clear()


def test_many_threads_each_get_their_own_text(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [(model, text) for model in MODELS for text in TEXTS] * 2
    alone = {(m, x): record(load(m), x).blocks[0].weights for m, x in set(asked)}
    # So little room that threads let go what others are reading.
    monkeypatch.setattr(caches.recordings, "_most", 200_000)
    together = threading.Barrier(8)

    def ask(n: int) -> None:
        together.wait()
        for at in range(len(asked)):
            model, text = asked[(at * 7 + n * 5) % len(asked)]
            found = caches.trace(model, text)
            assert (found.model_id, found.text) == (model, text)
            np.testing.assert_allclose(found.blocks[0].weights, alone[model, text], atol=1e-6)

    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(ask, n) for n in range(8)]:
            done.result()


def of_text(text: str) -> Floats:
    calls.append(text)
    return np.zeros(100, np.float32)


def of_trace(_: AttentionTrace, /, n: int) -> Floats:
    calls.append(n)
    return np.zeros(100, np.float32)


def test_no_text_is_kept_once_nobody_asks_for_it() -> None:
    now = [0.0]
    budget = caches.Budget(10_000, clock=lambda: now[0])
    kept = caches.of_model(of_loaded, entries=9, budget=budget)
    kept("induction", "one")
    now[0] = 10.0
    kept("induction", "two")
    budget.sweep(unasked=15)
    assert budget.bytes == 800
    now[0] = 16.0
    budget.sweep(unasked=15)
    assert budget.bytes == 400
    kept("induction", "one")
    kept("induction", "two")
    assert calls == ["one", "two", "one"]


@pytest.mark.parametrize(("mode", "left"), [("public", 0), ("hub", 0), ("local", 800)])
def test_a_class_leaves_nothing_on_a_server_once_all_have_gone(
    mode: str, left: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, gave = [0.0], []
    budget = caches.Budget(10_000, clock=lambda: now[0])
    monkeypatch.setenv("DIKKAT_MODE", mode)
    monkeypatch.setattr(caches, "recordings", budget)
    monkeypatch.setattr(caches, "give_back", lambda: gave.append(budget.bytes))
    ask = caches.of_model(of_loaded, entries=9, budget=budget)
    ask("induction", f"{mode} one")
    now[0] = 80.0
    ask("induction", f"{mode} two")
    now[0] = 160.0  # the first one is unasked for long, but the class goes on
    caches.sweep()
    assert budget.bytes == 800
    now[0] = 180.0
    caches.sweep()
    assert budget.bytes == left
    assert gave == [0] * (left == 0)  # and only then goes the memory back to the system
    ask("induction", f"{mode} one")
    now[0] += caches.UNASKED + 1
    ask("induction", f"{mode} three")
    caches.sweep()  # nobody asked for the first in half an hour, whoever else is there
    assert budget.bytes == 400


@pytest.mark.parametrize(("idle", "collected"), [(100.0, True), (10.0, False)])
def test_what_sessions_held_goes_back_too(
    idle: float, collected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, gave, circles = [0.0], [], []
    monkeypatch.setenv("DIKKAT_MODE", "public")
    monkeypatch.setattr(caches, "recordings", caches.Budget(10_000, clock=lambda: now[0]))
    monkeypatch.setattr(caches, "give_back", lambda: gave.append(now[0]))
    monkeypatch.setattr(gc, "collect", lambda: circles.append(now[0]))
    now[0] = idle
    caches.sweep(ended=False)
    assert (gave, circles) == ([], [])
    caches.sweep(ended=True)
    assert (gave, circles) == ([idle], [idle] * collected)  # never while a class goes on


def of_loaded(_: LoadedModel, /, text: str) -> Floats:
    return of_text(text)


def test_what_is_taken_from_a_record_counts_and_keeps_no_record() -> None:
    kept = caches.of_record(of_trace, entries=9)
    one = AttentionTrace("some", named("ab"), (), text="isolation")
    before = caches.recordings.bytes
    found = kept(one, 1)
    assert caches.recordings.bytes == before + found.nbytes
    # What counts the entry finds it by its key, and holds no record.
    noted = [forget for _, _, forget in caches.recordings._taken.values()]
    assert not [each for each in noted if any(given is one for given in getattr(each, "args", ()))]


def test_values_count_in_bytes_too() -> None:
    before = caches.recordings.bytes
    caches.of_values(of_text, entries=4)("isolation counts")
    assert caches.recordings.bytes == before + 400


def test_sentences_that_were_parsed_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    reference.of_sentence(next(iter(reference.examples().values())).source)
    reference.sweep(every=1e9)
    assert reference.of_sentence.cache_info().currsize > 0
    reference.sweep(every=0)
    assert reference.of_sentence.cache_info().currsize == 0


class Session(dict[str, Any]):
    """As Streamlit keeps one; it can be watched as it goes."""


def test_results_of_a_file_are_one_sessions_and_gone_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    budget = caches.Budget(10_000)
    seen = caches.of_model(of_file, entries=2, budget=budget, own=True)
    monkeypatch.setattr(session, "get_script_run_ctx", lambda **_: object())
    one, other = Session(), Session()
    for now in (one, one, other):
        monkeypatch.setattr(streamlit, "session_state", now)
        seen("induction", b"picture")
    assert calls == [b"picture"] * 2  # nobody gets what came of another one's file
    assert budget.bytes == 800
    monkeypatch.setattr(streamlit, "session_state", one)
    for more in (b"second", b"third"):  # two entries of each session
        seen("induction", more)
    assert budget.bytes == 1200
    monkeypatch.setattr(streamlit, "session_state", other)
    one.clear()
    gc.collect()
    assert budget.bytes == 400
    budget.sweep(unasked=-1)
    assert budget.bytes == 0
    seen("induction", b"picture")
    assert calls == [b"picture", b"picture", b"second", b"third", b"picture"]


def of_file(_: LoadedModel, /, data: bytes) -> Floats:
    calls.append(data)
    return np.zeros(100, np.float32)
