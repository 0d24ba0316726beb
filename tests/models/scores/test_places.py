"""One head and four: their answers against the models' own, what is written of them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from models.catalog import load
from models.errors import DamagedWeights
from models.scores import places
from models.scores.places_trace import ASKED, FIGURES, PLACES
from models.training import places as training

EACH = pytest.mark.parametrize("model_id", places.MODELS.values())


@EACH
def test_answers_are_the_models_own_softmax_over_places(model_id: str) -> None:
    loaded = load(model_id)
    found = places.answered(loaded)
    letters = torch.tensor([[training.LETTERS.index(one) + 1 for one in places.TEXT[:PLACES]]])
    with torch.inference_mode():
        scores = training.answers(loaded.model, letters, training.all_at_once(1))[0]
    np.testing.assert_allclose(found.shares, torch.softmax(scores, -1).numpy(), rtol=1e-4)
    assert found.right == tuple(training.places(letters)[0].tolist())
    np.testing.assert_allclose(found.weights.sum(axis=1), 1, rtol=1e-5)
    assert found.trace.difference().rounding


@EACH
def test_a_text_without_one_of_the_letters_is_refused(model_id: str) -> None:
    with pytest.raises(ValueError, match="substring"):
        places.answered(load(model_id), "GCHAFDEE?")


def test_the_pair_differs_in_its_number_of_heads_alone() -> None:
    one, four = (load(places.MODELS[name]) for name in ("one", "four"))
    shapes = [{n: tuple(p.shape) for n, p in each.model.named_parameters()} for each in (one, four)]
    assert shapes[0] == shapes[1]
    assert (one.card.heads, four.card.heads) == (1, 4)
    kept = [
        {k: v for k, v in each.model.config.to_dict().items() if k != "num_attention_heads"}
        for each in (one, four)
    ]
    assert kept[0] == kept[1] | {"_name_or_path": kept[0].get("_name_or_path")}
    plans = [training.PLANS[each].recipe for each in places.MODELS.values()]
    assert plans[0] == plans[1]


@EACH
def test_what_is_written_is_read_run_by_run(model_id: str) -> None:
    found = places.accuracy(model_id)
    assert found is not None
    folder = Path(training.__file__).parents[1] / "checkpoints" / model_id
    written = json.loads((folder / "metrics.json").read_text("utf-8"))
    for name in FIGURES:
        assert found.seeds[name].shape == (len(training.SEEDS),)
        assert found.mean(name) == pytest.approx(written["quality"][name], abs=1e-5)
    assert found.rows == training.ROWS


def test_what_is_damaged_is_no_measurement(tmp_path: Path) -> None:
    assert places.accuracy("one-head", tmp_path) is None
    (tmp_path / "one-head").mkdir()
    (tmp_path / "one-head" / "metrics.json").write_text('{"detail": {}}')
    with pytest.raises(DamagedWeights):
        places.accuracy("one-head", tmp_path)


def test_places_are_those_of_the_letters() -> None:
    letters = training.examples(50, torch.Generator().manual_seed(3))
    for row, right in zip(letters.tolist(), training.places(letters).tolist(), strict=True):
        words = "".join(training.LETTERS[one - 1] for one in row)
        assert sorted(words) == list(training.LETTERS)
        assert right == [words.index(letter) for letter in ASKED]
