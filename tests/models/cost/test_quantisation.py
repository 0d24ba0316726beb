"""Blocks of few bits: as the package gguf packs and reads them, and within their bound."""

from __future__ import annotations

import numpy as np
import pytest
from gguf import GGMLQuantizationType, quants

from models.catalog import load
from models.cost import block_source
from models.cost.quantisation import (
    BITS,
    SIZE,
    Bytes,
    PackedBlock,
    block_bytes,
    of_file,
    packed,
    parts,
    rounded,
)
from models.trace import Floats

Q4_1 = GGMLQuantizationType.Q4_1
DRAWN = np.random.default_rng(3).normal(size=(24, 4 * SIZE)).astype(np.float32)


def library_bytes(weights: Floats) -> Bytes:
    found: Bytes = quants.quantize(weights, Q4_1)
    return found


def test_a_block_is_packed_to_the_bytes_that_the_package_makes() -> None:
    for row in DRAWN:
        for number in range(4):
            block = row[None, number * SIZE : (number + 1) * SIZE]
            assert packed(rounded(block, 4)).tobytes() == library_bytes(block).tobytes()


def test_its_bytes_give_the_weights_that_the_package_reads() -> None:
    found = [of_file("x", "t", library_bytes(DRAWN), row, 2) for row in range(len(DRAWN))]
    own = quants.dequantize(library_bytes(DRAWN), Q4_1)[:, 2 * SIZE : 3 * SIZE]
    assert np.array_equal([one.weights for one in found], own)
    assert all(one.difference.absolute == 0 for one in found)
    assert all(set(one.weights) <= set(one.levels) for one in found)


def test_half_precision_is_read_as_numpy_reads_it() -> None:
    whole = np.arange(2**16, dtype=np.uint16)[:: 2**4 + 1]
    own = whole.view(np.float16).astype(np.float64)
    for bits, value in zip(whole, own, strict=True):
        if np.isfinite(value):
            assert parts(np.array([bits]).view(np.uint8)).value == value


@pytest.mark.parametrize("bits", BITS)
def test_no_weight_moves_further_than_half_a_step_and_halfs_rounding(bits: int) -> None:
    found = rounded(DRAWN, bits)
    steps = np.repeat(found.d.astype(np.float32), SIZE, axis=1)
    # d and m are rounded to 11 digits, and d counts up to 2ᵇ − 1 times.
    slack = 2.0**-11 * (steps * 2**bits + np.abs(DRAWN).max())
    assert (np.abs(found.values - DRAWN) <= steps / 2 + slack).all()
    assert found.q.max() == 2**bits - 1


def test_a_block_of_one_number_and_wrong_sizes() -> None:
    assert np.array_equal(
        rounded(np.full((1, SIZE), 0.5, np.float32), 4).values, np.full((1, 32), 0.5)
    )
    with pytest.raises(ValueError, match="blocks of 32"):
        rounded(DRAWN[:, :40], 4)
    with pytest.raises(ValueError, match="9 bits"):
        rounded(DRAWN, 9)
    with pytest.raises(ValueError, match="blocks in place of one"):
        packed(rounded(DRAWN, 4))
    with pytest.raises(IndexError, match="row 24 of 24"):
        of_file("x", "t", library_bytes(DRAWN), 24, 0)


def test_four_bits_take_five() -> None:
    assert [8 * block_bytes(bits) / SIZE for bits in BITS] == [9, 5, 4, 3]


def test_a_block_of_the_file_is_what_the_loaded_model_computes_with() -> None:
    value = load("smollm2").model.model.layers[3].self_attn.v_proj.weight
    found = block_source.block("smollm2", "v", 3, 7, 5)
    assert np.array_equal(found.weights, value[7, 5 * SIZE : 6 * SIZE].detach().numpy())
    assert (found.rows, found.blocks, found.before) == (*(192, 18), None)


@pytest.mark.parametrize("projection", ["q", "o"])
def test_a_block_of_a_shipped_model_is_its_own_weights_rounded(projection: str) -> None:
    attention = load("gpt-mini").model.transformer.h[2].attn
    matrix = attention.c_attn.weight[:, :128] if projection == "q" else attention.c_proj.weight
    found: PackedBlock = block_source.block("gpt-mini", projection, 2, 9, 1)  # type: ignore[arg-type]
    own = matrix.detach().numpy().T[9, SIZE : 2 * SIZE]
    assert found.before is not None
    assert np.array_equal(found.before, own)
    assert found.largest_error <= found.scale / 2 + 1e-3
    assert np.array_equal(found.weights, quants.dequantize(library_bytes(own[None]), Q4_1)[0])
