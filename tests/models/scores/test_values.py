"""W_V = W_K as a what-if: torch's own product, and a model whose projections are exchanged."""

from __future__ import annotations

from copy import deepcopy

import numpy as np
import pytest
import torch

from models.catalog import load
from models.core.surroundings import Projection
from models.record import record
from models.scores.values import LAYER, MODEL, TEXT, SharedMatrix, second_round
from tests.closeness import assert_close


def of_head() -> tuple[SharedMatrix, np.ndarray, Projection]:
    """One head of MiniLM, with what its keys are made from."""
    block = record("minilm", "The cat sat down because it was tired", surroundings=True).block(
        "encoder", 3
    )
    around, steps = block.surroundings, block.head(1)
    assert around is not None
    w_k = around.w_k.columns(32, 64)
    return SharedMatrix(steps.weights, steps.v, w_k(around.x_kv)), around.x_kv, w_k


def test_outputs_are_the_heads_own_and_those_of_torchs_attention_with_keys_for_values() -> None:
    found, x, w_k = of_head()
    text = "The cat sat down because it was tired"
    block = record("minilm", text, surroundings=True).block("encoder", 3)
    steps = block.head(1)
    assert_close(found.output, steps.output)
    q, k = (torch.from_numpy(np.array(part))[None, None] for part in (steps.q, steps.k))
    with torch.inference_mode():
        wanted = torch.nn.functional.scaled_dot_product_attention(q, k, k)[0, 0].numpy()
    assert_close(found.shared, wanted)
    assert found.check(x, w_k).rounding
    around = block.surroundings or pytest.fail("not recorded")
    assert not found.check(x, around.w_k.columns(0, 32)).rounding  # another head's


def test_lost_is_the_distance_by_the_own_length() -> None:
    weights = np.eye(2)
    found = SharedMatrix(weights, np.array([[3.0, 4.0], [1.0, 0.0]]), np.array([[3.0, 0.0]] * 2))
    assert [found.lost(0), found.lost(1)] == pytest.approx([0.8, 2.0])
    with pytest.raises(ValueError, match="values"):
        SharedMatrix(weights, np.ones((2, 2)), np.ones((2, 3)))


def test_the_second_round_is_the_models_own_and_that_of_exchanged_weights() -> None:
    loaded = load(MODEL)
    found = second_round(loaded)
    before = loaded.model.layers[LAYER].attention.v_proj
    exchanged = deepcopy(loaded.model)
    projections = exchanged.layers[LAYER].attention
    projections.v_proj.load_state_dict(projections.k_proj.state_dict())
    ids = torch.tensor([loaded.encode(TEXT + TEXT).ids])
    first = ids.shape[1] - len(TEXT)
    follow = ids[0, first + 1 :]
    for model, right, loss in (
        (loaded.model, found.right, found.loss),
        (exchanged, found.shared_right, found.shared_loss),
    ):
        with torch.inference_mode():
            logits = model(input_ids=ids).logits[0, first:-1]
        wanted = float(torch.nn.functional.cross_entropy(logits.double(), follow))
        assert loss == pytest.approx(wanted, rel=1e-4)
        assert right == int((logits.argmax(1) == follow).sum())
    assert found.asked == len(TEXT) - 1
    assert found.shared_loss > found.uniform > found.loss
    # The shared model is what it was.
    assert loaded.model.layers[LAYER].attention.v_proj is before
