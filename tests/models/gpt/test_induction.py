"""The same tokens twice: scores against the training's own measure, losses against torch."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

from models.catalog import load
from models.errors import TextTooLong
from models.gpt.induction import drawn, front, longest, part_of, prefix_matching, repeated, shipped
from models.training.induction import LENGTH, Sequences
from models.training.induction import prefix_matching as in_training
from tests.closeness import assert_close

MODELS = ("induction", "induction-1layer", "gpt-mini")


@pytest.mark.parametrize("period", [8, 13, 40])
def test_prefix_matching_is_the_training_scripts(period: int) -> None:
    weights = np.random.default_rng(period).random((4, LENGTH, LENGTH)).astype(np.float32)
    rows = Sequences(torch.zeros(1, LENGTH, dtype=torch.int64), torch.tensor([[period]]))
    wanted = in_training(torch.from_numpy(weights)[None], rows)
    np.testing.assert_allclose(prefix_matching(weights, period, 1), wanted, atol=1e-6)


def test_a_head_that_looks_there_alone_has_score_one() -> None:
    weights = np.zeros((2, 11, 11), np.float32)
    for t in range(6, 11):
        weights[1, t, t - 4] = 1.0  # after the previous occurrence, five tokens back
    assert prefix_matching(weights, 5, 1).tolist() == [0.0, 1.0]
    for wrong in ((0, 1), (6, 0), (5, 2), (5, -1)):
        with pytest.raises(ValueError, match="tokens from"):
            prefix_matching(weights, *wrong)


@pytest.mark.parametrize("model", MODELS)
def test_losses_and_scores_are_torchs_own(model: str) -> None:
    loaded = load(model)
    part = drawn(loaded, 10, 4)
    found = repeated(loaded, part)
    assert found.ids == (*front(loaded), *part, *part)
    ids = torch.tensor([found.ids])
    with torch.inference_mode():
        logits = loaded.model(input_ids=ids, use_cache=False).logits[0].double()
    own = cross_entropy(logits[:-1], ids[0, 1:], reduction="none").numpy()
    assert_close(found.losses, own)
    first, second = found.first, found.second
    assert found.first_loss == pytest.approx(own[first : second - 1].mean(), abs=1e-6)
    assert found.second_loss == pytest.approx(own[second : second + 9].mean(), abs=1e-6)
    layer, head = found.best
    block = found.trace.blocks[layer]
    q, k = (a[head].astype(np.float64) for a in (block.q, block.k))
    scores = np.where(np.tri(len(ids[0]), dtype=bool), q @ k.T * block.scaling, -np.inf)
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    alpha = e / e.sum(axis=1, keepdims=True)
    mean = np.mean([alpha[t, t - 9] for t in range(second, second + 10)])
    assert found.scores[layer][head] == pytest.approx(mean, abs=1e-5)
    assert found.scores[layer][head] == max(s.max() for s in found.scores)


@pytest.mark.parametrize("period", [8, 20, 40])
def test_two_layers_copy_at_any_distance_and_one_does_not(period: int) -> None:
    two, one = (repeated(m, drawn(m, period, 1)) for m in map(load, MODELS[:2]))
    assert two.scores[two.best[0]].max() > 0.9
    assert max(s.max() for s in one.scores) < 0.3
    assert two.second_loss < 0.1 < 1 < one.second_loss
    assert two.second_loss < two.first_loss
    # Its stripe lies in the second layer: the first only tells each place its predecessor.
    assert two.best[0] == 1


@pytest.mark.parametrize("model", MODELS)
def test_a_drawn_part_has_different_tokens_and_comes_again_with_its_seed(model: str) -> None:
    loaded = load(model)
    part = drawn(loaded, 12, 5)
    assert len(set(part)) == 12
    assert part == drawn(loaded, 12, 5) != drawn(loaded, 12, 6)
    assert not set(part) & set(loaded.tokenizer.all_special_ids)


def test_a_typed_part_is_read_without_what_the_tokenizer_adds() -> None:
    loaded = load("induction")
    part = part_of(loaded, "kedi")
    assert len(part) == 4
    found = repeated(loaded, part)
    assert found.trace.typed[1:5] == found.trace.typed[5:] == ("k", "e", "d", "i")
    assert found.target(5) == 2
    assert found.target(4) is None


def test_too_long_or_short_a_part_is_refused() -> None:
    loaded = load("gpt-mini")
    most = longest(loaded)
    repeated(loaded, drawn(loaded, most, 0))
    with pytest.raises(TextTooLong):
        repeated(loaded, drawn(loaded, most + 1, 0))
    with pytest.raises(ValueError, match="at least"):
        repeated(loaded, drawn(loaded, 1, 0))


def test_shipped_figures_are_the_cards() -> None:
    for model in MODELS[:2]:
        measured = shipped(model)
        assert measured is not None
        quality = load(model).card.quality
        assert quality is not None
        assert max(map(max, measured)) == pytest.approx(quality["prefix_matching"], abs=1e-4)
    assert shipped("gpt-mini") is None
    assert shipped("nowhere") is None
