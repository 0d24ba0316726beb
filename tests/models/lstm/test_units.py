"""Orders of units, and the measured figures that a checkpoint brings along."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import measured as files
from models.lstm.units import Silenced, by_similarity, measured
from models.trace import RecurrentLayer
from tests.present import present


@pytest.fixture
def checkpoints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(files, "CHECKPOINTS", tmp_path)
    measured.cache_clear()
    yield tmp_path
    measured.cache_clear()


@given(st.integers(1, 12), st.integers(1, 9), st.booleans(), st.integers(0, 99))
def test_every_unit_stands_once_and_backward_ones_stay_behind(
    steps: int, count: int, both: bool, seed: int
) -> None:
    h = np.random.default_rng(seed).normal(size=(steps, count * (1 + both)))
    order = by_similarity(RecurrentLayer(h=h, backward=count * both))
    assert sorted(order) == list(range(h.shape[1]))
    assert set(order[:count]) == set(range(count))


def test_units_that_move_alike_become_neighbours() -> None:
    random = np.random.default_rng(0)
    patterns = random.normal(size=(30, 3))
    kinds = np.array([0, 1, 2, 0, 1, 2, 0, 1, 2])
    h = patterns[:, kinds] + 0.05 * random.normal(size=(30, 9))
    order = by_similarity(RecurrentLayer(h=h))
    changes = sum(kinds[a] != kinds[b] for a, b in pairwise(order))
    assert changes == 2


def test_an_lstms_units_are_ordered_by_their_states() -> None:
    h = np.random.default_rng(0).normal(size=(9, 4))
    c = h[:, ::-1] ** 3
    assert by_similarity(RecurrentLayer(h=h, c=c)) == by_similarity(RecurrentLayer(h=c))


def test_a_unit_that_never_moves_does_no_harm() -> None:
    assert sorted(by_similarity(RecurrentLayer(h=np.zeros((5, 3))))) == [0, 1, 2]


def test_measured_figures_are_read_as_they_stand_in_the_file(checkpoints: Path) -> None:
    told = {
        "untrained_best": {"r_number": 0.3},
        "properties": {
            "number": {
                "layers": [
                    [
                        {"layer": 0, "unit": 7, "validation": -0.9, "test": -0.8},
                        {"layer": 0, "unit": 2, "validation": 0.5, "test": 0.6},
                    ]
                ],
                "silenced": [{"units": [[0, 7]], "which": "best", "agreement_en_3": 0.5}],
            }
        },
    }
    (checkpoints / "lstm").mkdir()
    (checkpoints / "lstm" / "units.json").write_text(json.dumps(told), encoding="utf-8")
    found = present(measured("lstm"))["number"]
    assert [(one.layer, one.unit, one.r) for one in found.layers[0]] == [(0, 7, -0.8), (0, 2, 0.6)]
    assert found.untrained == 0.3
    assert found.silenced[0].units == ((0, 7),)
    assert found.silenced[0].which == "best"
    assert found.silenced[0].figures == {"agreement_en_3": 0.5}


@pytest.mark.parametrize("model", ["memory-lstm", "nowhere", "../lstm", ""])
def test_a_model_without_measured_units_has_none(checkpoints: Path, model: str) -> None:
    assert measured(model) is None


@pytest.mark.parametrize(
    ("now", "change"),
    [
        ({"a": 1.0, "b": 4.0}, 0.0),
        ({"a": 0.99, "b": 4.4}, 0.1),
        ({"a": 0.5, "b": 4.0}, 0.5),
    ],
)
def test_a_change_is_the_largest_share_of_a_figure(now: dict[str, float], change: float) -> None:
    one = Silenced(((0, 1),), "best", now)
    assert one.change({"a": 1.0, "b": 4.0}) == pytest.approx(change)
    assert one.change({"a": 1.0}) == pytest.approx(1 - now["a"])
    assert one.change({}) == 0


def test_what_was_nothing_and_is_something_has_changed_without_end() -> None:
    one = Silenced(((0, 1),), "best", {"a": 0.0, "b": 0.5})
    assert one.change({"a": 0.0}) == 0
    assert one.change({"b": 0.0}) == float("inf")
