"""A feed-forward layer without its activation: one matrix, with a loss of its own."""

from __future__ import annotations

from copy import deepcopy

import pytest
import torch
from torch import nn

from models.catalog import load
from models.gpt import nonlinearity
from models.gpt.feed_forward import SENTENCES
from models.gpt.nonlinearity import linearised

TWO = SENTENCES[:3]  # every second one is read: the first and the third


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two sentences are enough to compare with torch."""
    monkeypatch.setattr(nonlinearity, "SENTENCES", TWO)


def torch_loss(layer: int | None) -> float:
    """Mean −ln p over both sentences by the library's own model; its activation put out of use."""
    loaded = load("gpt-mini")
    model = deepcopy(loaded.model)
    if layer is not None:
        model.transformer.h[layer].mlp.act = nn.Identity()
    total, count = 0.0, 0
    with torch.inference_mode():
        for text in TWO[::2]:
            ids = torch.tensor([loaded.encode(text).ids])
            logits = model(input_ids=ids, use_cache=False).logits[0, :-1]
            total += float(nn.functional.cross_entropy(logits, ids[0, 1:], reduction="sum"))
            count += ids.shape[1] - 1
    return total / count


@pytest.mark.parametrize("layer", [0, 3])
def test_the_losses_are_those_of_a_model_with_the_identity_for_its_activation(layer: int) -> None:
    found = linearised(load("gpt-mini"), layer)
    assert found is not None
    assert found.loss == pytest.approx(torch_loss(None), rel=1e-5)
    assert found.here == pytest.approx(torch_loss(layer), rel=1e-5)
    assert found.here > found.loss
    assert (found.texts, found.width, found.inner) == (2, 128, 512)


def test_without_its_activation_the_layer_is_one_matrix() -> None:
    found = linearised(load("gpt-mini"), 2)
    assert found is not None
    assert found.difference().rounding


def test_a_layer_that_is_not_there_is_refused() -> None:
    with pytest.raises(IndexError, match=r"layer 4 is not in 0\.\.3"):
        linearised(load("gpt-mini"), 4)
