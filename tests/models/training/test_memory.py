"""The memory task asks what it says, and the three models are equally large."""

from __future__ import annotations

import json

import pytest
import torch

from models.measured import CHECKPOINTS
from models.training import memory


@pytest.mark.parametrize("n", [1, 7, 100])
def test_a_row_is_the_symbol_n_distractors_and_the_question(n: int) -> None:
    ids = memory.examples(n, 500, torch.Generator().manual_seed(0))
    assert ids.shape == (500, n + 2)
    assert (ids[:, -1] == memory._QUESTION).all()
    assert torch.unique(ids[:, :-1]).tolist() == list(range(1, 1 + len(memory.SYMBOLS)))
    # The last distractor tells nothing of the answer: they agree as often as by chance.
    agree = float((ids[:, 0] == ids[:, n]).float().mean()) if n > 1 else 0.125
    assert agree == pytest.approx(0.125, abs=0.05)


def test_the_three_models_are_of_equal_size_to_five_percent() -> None:
    sizes = [
        sum(p.numel() for p in b().parameters())
        for b in (memory.rnn, memory.lstm, memory.attention)
    ]
    assert max(sizes) <= 1.05 * min(sizes)


@pytest.mark.parametrize("model_id", memory.PLANS)
def test_the_curve_runs_from_1_to_1000_for_every_seed(model_id: str) -> None:
    told = json.loads((CHECKPOINTS / model_id / "curve.json").read_text("utf-8"))
    assert (told["distractors"][0], told["distractors"][-1]) == (1, 1000)
    assert len(told["seeds"]) >= 3
    for values in (*told["seeds"].values(), told["mean"], told["untrained"]):
        assert len(values) == len(told["distractors"])
        assert all(0 <= value <= 1 for value in values)
    means = [sum(column) / len(column) for column in zip(*told["seeds"].values(), strict=True)]
    assert told["mean"] == pytest.approx(means, abs=1e-4)


def test_all_three_are_trained_alike() -> None:
    recipes = {model_id: plan.recipe for model_id, plan in memory.PLANS.items()}
    assert len(set(recipes.values())) == 1
