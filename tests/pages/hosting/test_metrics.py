"""What the app counts of itself: sessions, passes, memory, answers, and no text of anybody's."""

from __future__ import annotations

import gc
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from app import app
from pages.ui import caches
from pages.ui.hosting import metrics
from tests.pages.visiting import visit


def counted() -> dict[tuple[str, str], float]:
    """(name, its label) → value."""
    found = text_string_to_metric_families(metrics.text().decode())
    return {(s.name, next(iter(s.labels.values()), "")): s.value for f in found for s in f.samples}


def test_they_answer_only_where_the_settings_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    client = TestClient(app)  # not entered: no server of Streamlit's is needed
    assert client.get("/metrics").status_code == 404
    monkeypatch.setenv("DIKKAT_METRICS", "true")
    said = client.get("/metrics")
    assert said.status_code == 200
    assert said.headers["content-type"] == metrics.CONTENT_TYPE
    assert "dikkat_sessions" in said.text


def test_a_visit_counts_and_its_text_does_not_stand_there() -> None:
    word = "Zwiebelkuchen"
    before = counted()
    name = ("dikkat_pass_seconds_count", "record")
    visit("heads", text=f"An unheard {word}")
    after = counted()
    assert after[name] >= before.get(name, 0) + 1
    assert after["dikkat_recordings_bytes", ""] == caches.recordings.bytes > 0
    assert word not in metrics.text().decode()


def test_what_is_kept_is_asked_for_and_not_passed_again() -> None:
    asked, passed = ("dikkat_cache_asked_total", "record"), ("dikkat_pass_seconds_count", "record")
    text = "A baker kept what nobody else had asked for"
    visit("heads", text=text)
    before = counted()
    visit("heads", text=text)
    after = counted()
    assert after[asked] > before[asked]
    assert after[passed] == before[passed]
    assert after["process_resident_memory_bytes", ""] > 0


def test_a_session_counts_as_long_as_it_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    gc.collect()
    before = counted()["dikkat_sessions", ""]
    kept: list[dict[str, Any]] = [{}, {}]
    for each in kept:
        monkeypatch.setattr("streamlit.session_state", each)
        metrics.present()
        metrics.present()
    assert counted()["dikkat_sessions", ""] == before + 2
    kept.pop().clear()
    monkeypatch.undo()
    assert counted()["dikkat_sessions", ""] == before + 1


def test_answers() -> None:
    before = counted().get(("dikkat_class_answers_total", "taken"), 0)
    metrics.answered("taken")
    assert counted()["dikkat_class_answers_total", "taken"] == before + 1
