"""Low-rank updates: merged, beside the matrix, and cut, the same numbers by other ways."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from models.catalog import load
from models.core import low_rank
from models.core.arrays import as_numpy
from models.cost import lora
from models.cost.adapter import shipped
from models.cost.lora import adapted, update, with_rank
from tests.closeness import CLOSE

TEXT = "Dün Ayşe çocuğa kitabı verdi."
OWN, MOVED = (
    "Ayşe gave the book to the child yesterday.",
    "Ayşe the book to the child yesterday gave.",
)


def test_the_verb_goes_last_with_the_adapter_alone() -> None:
    one = shipped()
    assert adapted(one, TEXT, 0).text == OWN
    assert adapted(one, TEXT, one.rank).text == MOVED
    assert adapted(one, TEXT, 0).text == OWN  # the model itself was not touched


def test_beside_the_matrices_it_computes_what_merged_ones_do() -> None:
    from models.loading.checkpoint import copy_of

    loaded, matrices = load("translator"), shipped().matrices
    beside = copy_of(loaded).model
    put = low_rank.adapt(beside, tuple(matrices), 8, 16)
    with torch.no_grad():
        for name, one in put.items():
            a, b = map(torch.tensor, matrices[name])
            one.a.copy_(a)
            one.b.copy_(b)
    ids = torch.tensor([loaded.encode(TEXT).ids])
    inputs = {"input_ids": ids, "decoder_input_ids": ids}
    with torch.inference_mode():
        merged = with_rank(loaded, shipped(), 8).model(**inputs).logits
        apart = beside(**inputs).logits
        plain = loaded.model(**inputs).logits
    assert float((merged - apart).abs().max()) <= CLOSE * float(apart.abs().max())
    assert float((merged - plain).abs().max()) > 0.1


def test_one_heads_update_is_its_rows_of_the_whole_product() -> None:
    loaded = load("translator")
    name = "model.decoder.layers.1.encoder_attn.q_proj"
    a, b = (one.astype(np.float64) for one in shipped().matrices[name])
    whole = 2.0 * (b @ a)
    found = update(shipped(), "cross", 1, 2, "q", 8)
    assert np.abs(found.update - whole[64:96]).max() <= CLOSE * np.abs(whole).max()
    assert found.difference.rounding
    assert found.scale * found.terms(3, 5).sum() == pytest.approx(found.update[3, 5])
    assert found.parameters == 8 * 256
    assert np.array_equal(found.weight, as_numpy(loaded.model.get_submodule(name).weight[64:96]))


@pytest.mark.parametrize("rank", range(9))
def test_a_cut_product_is_as_far_off_as_its_singular_values_say(rank: int) -> None:
    a, b = (torch.tensor(one).double() for one in next(iter(shipped().matrices.values())))
    cut_a, cut_b = low_rank.truncated(a, b, rank)
    left = torch.linalg.svdvals(b @ a)[rank:8]
    off = torch.linalg.matrix_norm(b @ a - cut_b @ cut_a)
    assert float(off) == pytest.approx(float(left.square().sum().sqrt()), abs=1e-9)
    assert (cut_a.shape, cut_b.shape) == ((rank, 128), (128, rank))


def test_ranks_beyond_the_trained_one_are_refused() -> None:
    with pytest.raises(ValueError, match=r"rank 9 is not in 0\.\.8"):
        with_rank(load("translator"), shipped(), 9)
    with pytest.raises(IndexError, match="head 4"):
        update(shipped(), "cross", 1, 4, "q", 8)


def test_what_was_measured_rises_with_the_rank() -> None:
    rows = lora.by_rank()
    assert rows is not None
    assert [one.rank for one in rows] == [0, 1, 2, 4, 8]
    assert [one.parameters for one in rows] == [0, 3072, 6144, 12288, 24576]
    exact = [one.exact for one in rows]
    assert exact == sorted(exact)
