"""A model with fewer bits: its matrices as the package gguf rounds them, its loss as torch has."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from gguf import GGMLQuantizationType, quants

from models.catalog import load
from models.cost import bits
from models.cost.bits import quantised
from models.cost.quantisation import BITS, FULL, SIZE
from models.record import record
from tests.closeness import CLOSE

TEXT = "The cat that saw the dogs"
FOUND = {count: quantised(load("gpt-mini"), TEXT, count) for count in (FULL, *BITS)}


def test_in_full_precision_it_is_the_model_itself() -> None:
    own = record("gpt-mini", TEXT)
    for block, kept in zip(FOUND[FULL].trace.blocks, own.blocks, strict=True):
        np.testing.assert_allclose(block.weights, kept.weights, rtol=CLOSE, atol=CLOSE)
    assert FOUND[FULL].bytes == 4 * sum(p.numel() for p in load("gpt-mini").model.parameters())


def test_four_bits_are_the_packages_own_rounding_and_the_rest_stays() -> None:
    model, four = load("gpt-mini").model, bits._copy(load("gpt-mini"), 4).loaded.model
    kind = GGMLQuantizationType.Q4_1
    own, made = (one.transformer.h[1].mlp for one in (model, four))
    turned = own.c_fc.weight.detach().numpy().T.copy()
    expected = quants.dequantize(quants.quantize(turned, kind), kind)
    assert np.array_equal(made.c_fc.weight.detach().numpy().T, expected)
    assert torch.equal(own.c_fc.bias, made.c_fc.bias)
    assert not torch.equal(own.c_fc.weight, made.c_fc.weight)
    assert four.lm_head.weight is four.transformer.wte.weight


@pytest.mark.parametrize("count", [FULL, *BITS])
def test_the_loss_is_what_transformers_itself_reports(count: int) -> None:
    found = FOUND[count]
    ids = torch.tensor([found.trace.source.ids])
    with torch.inference_mode():
        own = bits._copy(load("gpt-mini"), count).loaded.model(ids, labels=ids).loss
    assert found.loss == pytest.approx(float(own), rel=CLOSE)
    assert found.difference.rounding
    assert len(found.losses) == len(found.trace.tokens) - 1


def test_held_out_loss_in_one_batch_is_that_of_each_sentence_alone() -> None:
    loaded, losses = load("gpt-mini"), []
    for text in bits.sentences():
        ids = torch.tensor([loaded.encode(text).ids])
        with torch.inference_mode():
            logits = loaded.model(ids).logits[0, :-1]
        losses += torch.nn.functional.cross_entropy(logits, ids[0, 1:], reduction="none").tolist()
    assert FOUND[FULL].held_out == pytest.approx(np.mean(losses), rel=CLOSE)


def test_fewer_bits_are_smaller_and_worse() -> None:
    sizes = [FOUND[count].bytes for count in (FULL, *BITS)]
    errors = [FOUND[count].error for count in (FULL, *BITS)]
    assert sizes == sorted(sizes, reverse=True)
    assert errors == sorted(errors)
    assert FOUND[2].held_out > FOUND[4].held_out > FOUND[8].held_out - 0.01
    in_blocks = FOUND[4].weights // SIZE * 20
    assert FOUND[4].bytes - in_blocks == FOUND[FULL].bytes - 4 * FOUND[4].weights
    with pytest.raises(ValueError, match="5 bits"):
        quantised(load("gpt-mini"), TEXT, 5)
