"""Recall: the stored curve is what the models do, and the verdict follows from it by a rule."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.measured import CHECKPOINTS
from models.memory import recall
from models.memory.gradients import NETWORKS, SEEDS
from models.memory.recall import COPES, Recall
from models.training import memory
from models.training.memory import attention, lstm, rnn
from models.training.seeds import members
from tests.present import present

BUILD = {"rnn": rnn, "lstm": lstm, "attention": attention}
MEASURED = present(recall.measured(NETWORKS))
SAMPLE_SEED = 1000  # metrics.json: sample_seed


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("distractors", [2, 20])
def test_the_stored_shares_are_what_the_models_answer_now(name: str, distractors: int) -> None:
    told = MEASURED[name]
    place = told.distractors.index(distractors)
    models = members(BUILD[name], memory.SEEDS, CHECKPOINTS / NETWORKS[name])
    now = [memory.accuracy(model, distractors, SAMPLE_SEED) for model in models]
    # One answer in 128 may flip with another processor's rounding.
    np.testing.assert_allclose(told.seeds[:, place], now, atol=1.01 / told.rows)


@pytest.mark.parametrize("name", NETWORKS)
def test_a_share_is_a_whole_number_of_answers(name: str) -> None:
    told = MEASURED[name]
    assert told.seeds.shape == (SEEDS, len(told.distractors))
    for place in range(len(told.distractors)):
        counts = np.array(told.right(place))
        np.testing.assert_allclose(counts / told.rows, told.seeds[:, place], atol=1e-5)
        assert told.mean[place] == pytest.approx(counts.sum() / told.rows / SEEDS, abs=1e-5)
    assert told.chance == 1 / 8


def made(at_100: float, at_1000: float) -> Recall:
    told = MEASURED["lstm"]
    seeds = np.full((2, 2), np.nan)
    seeds[:] = (at_100, at_1000)
    return replace(told, distractors=(100, 1000), seeds=seeds)


@pytest.mark.parametrize(
    ("at_100", "at_1000", "expected"),
    [
        (1.0, 0.5, "held"),
        (COPES, 0.89, "held"),
        (1.0, 1.0, "longer"),
        (0.95, COPES, "longer"),
        (0.5, 0.4, "shorter"),
        (0.5, 1.0, "shorter"),
    ],
)
def test_the_claim_is_judged_by_the_rule(at_100: float, at_1000: float, expected: str) -> None:
    assert recall.verdict(made(at_100, at_1000)) == expected
