"""Nothing that a page shows changes unless somebody approves it (`make approve`)."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from tests.pages.visiting import visit
from tests.snapshots import numbers, serialise, tape
from tests.snapshots.states import STATES, WHOLE, State
from viz.board.scale import scaled

HERE = Path(__file__).parent
# A page with a figure in each theme: what all figures of a theme share is written once.
OF_THEMES = [
    next(state for state in STATES if state.page == "heads" and state.theme == theme)
    for theme in ("light", "dark")
]


class Shown(SingleFileSnapshotExtension):
    """A text file a state; equal where the words are, and the numbers to the last digit shown."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"

    def matches(self, *, serialized_data: Any, snapshot_data: Any) -> bool:
        return numbers.same(serialized_data, snapshot_data)


@pytest.fixture(autouse=True)
def without_what_may_be_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that some machines have and others don't would be listed in two ways."""
    monkeypatch.setenv("DIKKAT_WITHOUT", "smollm2")


@pytest.fixture(scope="module")
def recordings(request: pytest.FixtureRequest) -> Iterator[tape.Tape]:
    approving = request.config.getoption("update_snapshots", default=False)
    mode: tape.Mode = "replay"
    if approving and os.environ.get("PYTEST_XDIST_WORKER"):
        pytest.exit("each process would forget what the others recorded: approve with one")
    if os.environ.get("DIKKAT_RECORD") == "1":
        mode = "renew"
    elif approving:
        mode = "fill"
    with tape.playing(mode) as playing:
        yield playing
    if mode != "replay":
        calls = [getattr(item, "callspec", None) for item in request.session.items]
        visited = {call.params["state"].name for call in calls if call and "state" in call.params}
        playing.save(complete=visited == {state.name for state in STATES})


@pytest.fixture
def shown(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(Shown)


def visited(state: State, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    theme = property(lambda _: SimpleNamespace(type=state.theme))
    monkeypatch.setattr(type(st.context), "theme", theme)
    # As drawn, not as sent: what is packed has steps of colours in place of numbers.
    monkeypatch.setattr("pages.ui.charts.packed", lambda *figure, **_: scaled(*figure))
    # Done in the background or not yet, as other tests of the same process have left it.
    monkeypatch.setattr("pages.heads.eager.once", lambda *_: None)
    at = visit(state.page, **state.address)
    assert not at.exception, at.exception[0].stack_trace
    return at


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_shows(
    state: State,
    recordings: tape.Tape,
    shown: SnapshotAssertion,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert serialise.page(visited(state, monkeypatch), whole=state.name in WHOLE) == shown


@pytest.mark.parametrize("state", OF_THEMES, ids=lambda state: state.theme)
def test_template(
    state: State,
    recordings: tape.Tape,
    shown: SnapshotAssertion,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chart, *_ = visited(state, monkeypatch).get("plotly_chart")
    assert serialise.template(json.loads(chart.proto.spec)) == shown
