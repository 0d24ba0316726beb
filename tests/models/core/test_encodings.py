"""Positions against the lesson's table, the formulas, and transformers' own functions."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
import transformers
from hypothesis import given
from hypothesis import strategies as st
from transformers.models.bloom.modeling_bloom import build_alibi_tensor
from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding, apply_rotary_pos_emb
from transformers.models.marian.modeling_marian import MarianSinusoidalPositionalEmbedding
from transformers.models.t5.modeling_t5 import T5Attention

from models.architectures.attention_only import sinusoidal as torch_sinusoidal
from models.core import encodings

WIDTHS = st.integers(1, 64).map(lambda half: 2 * half)
BASES = st.floats(1.0, 1e6)


def test_the_lessons_worked_table() -> None:
    table = encodings.sinusoidal(4, 4, 100)
    lesson: list[list[float]] = [
        [0, 1, 0, 1],
        [0.841, 0.540, 0.100, 0.995],
        [0.909, -0.416, 0.199, 0.980],
        [0.141, -0.990, 0.296, 0.955],
    ]
    np.testing.assert_allclose(table, lesson, atol=5.1e-4)


@given(st.integers(1, 512), WIDTHS, BASES, st.data())
def test_every_cell_is_its_formula(
    length: int, width: int, base: float, data: st.DataObject
) -> None:
    table = encodings.sinusoidal(length, width, base)
    assert table.shape == (length, width)
    pos, i = data.draw(st.integers(0, length - 1)), data.draw(st.integers(0, width // 2 - 1))
    angle = pos / math.pow(base, 2 * i / width)
    assert table[pos, 2 * i] == pytest.approx(math.sin(angle), abs=1e-9)
    assert table[pos, 2 * i + 1] == pytest.approx(math.cos(angle), abs=1e-9)


@pytest.mark.parametrize(("length", "width"), [(64, 128), (512, 512), (10, 2)])
def test_marians_table_is_the_same_in_halves(length: int, width: int) -> None:
    marian = MarianSinusoidalPositionalEmbedding(length, width).create_weight().numpy()
    ours = encodings.sinusoidal(length, width)
    halves = np.concatenate((ours[:, 0::2], ours[:, 1::2]), axis=1)
    np.testing.assert_allclose(halves, marian, atol=1e-6)
    if width > 2:
        assert np.abs(ours - marian).max() > 0.1


def test_the_attention_only_models_table_is_the_same() -> None:
    np.testing.assert_allclose(
        encodings.sinusoidal(200, 60), torch_sinusoidal(200, 60).numpy(), atol=5e-5
    )


@pytest.mark.parametrize(
    ("length", "width", "base"), [(0, 4, 100), (513, 4, 100), (4, 3, 100), (4, 514, 9), (4, 4, 0.5)]
)
def test_impossible_sizes_are_refused(length: int, width: int, base: float) -> None:
    with pytest.raises(ValueError, match=r"is not in|pairs|below"):
        encodings.sinusoidal(length, width, base)


@given(st.integers(-600, 600), WIDTHS, BASES)
def test_a_shift_is_one_rotation_for_every_position(k: int, width: int, base: float) -> None:
    turn = encodings.shift(k, width, base)
    places = np.arange(0, 512, 7)
    moved = encodings.encoded(places + k, width, base)
    np.testing.assert_allclose(encodings.encoded(places, width, base) @ turn.T, moved, atol=1e-6)
    np.testing.assert_allclose(turn @ turn.T, np.eye(width), atol=1e-9)
    blocks = np.kron(np.eye(width // 2), np.ones((2, 2)))
    assert not turn[blocks == 0].any()


@given(st.integers(2, 200), WIDTHS, BASES)
def test_only_the_distance_matters_in_the_sinusoids_products(
    length: int, width: int, base: float
) -> None:
    products = encodings.products(encodings.sinusoidal(length, width, base))
    assert encodings.deviation(products) < 1e-9
    k = np.arange(length)
    expected = np.cos(k[:, None] * encodings.frequencies(width, base)).sum(axis=1)
    np.testing.assert_allclose(encodings.by_offset(products)[0], expected, atol=1e-8)


def test_deviation_sees_one_cell_that_is_off_its_diagonal_and_one_that_is_not_mirrored() -> None:
    matrix = encodings.products(encodings.sinusoidal(20, 8))
    one = matrix.copy()
    one[3, 9] += 0.25
    assert encodings.deviation(one) == pytest.approx(0.25)
    lower = matrix - np.tril(np.full((20, 20), 0.5), -1)
    assert encodings.deviation(lower) == pytest.approx(0.5)


def test_a_row_of_zeros_has_no_cosine() -> None:
    table = np.array([[3.0, 4.0], [0.0, 0.0], [-4.0, 3.0]])
    np.testing.assert_allclose(
        encodings.cosines(table), [[1, 0, 0], [0, 0, 0], [0, 0, 1]], atol=1e-12
    )


@pytest.mark.parametrize("base", [10_000.0, 500_000.0, 100.0])
def test_rotation_is_llamas(base: float) -> None:
    config = transformers.LlamaConfig(
        hidden_size=64,
        num_attention_heads=2,
        rope_parameters={"rope_type": "default", "rope_theta": base},
    )
    random = np.random.default_rng(0)
    q, k = (random.normal(size=(40, 32)).astype(np.float32) for _ in range(2))
    places = torch.arange(40)[None]
    tensors = [torch.tensor(part)[None, None] for part in (q, k)]
    cos, sin = LlamaRotaryEmbedding(config)(tensors[0], places)
    own = apply_rotary_pos_emb(*tensors, cos, sin)
    for ours, theirs in zip((q, k), own, strict=True):
        turned = encodings.rotated(ours, np.arange(40), base)
        # float32 angles of up to 39 radians leave their own 1e-6.
        np.testing.assert_allclose(turned, theirs[0, 0].numpy(), atol=2e-5)
        exact = encodings.rotated(ours[:6], np.arange(6), base)
        np.testing.assert_allclose(exact, theirs[0, 0, :6].numpy(), atol=1e-6)


@given(st.integers(0, 400), st.integers(-100, 100), st.integers(0, 9))
def test_a_rotated_score_needs_the_offset_alone(m: int, offset: int, seed: int) -> None:
    q, k = np.random.default_rng(seed).normal(size=(2, 32))
    n = m + offset
    score = float(encodings.rotated(q[None], [m])[0] @ encodings.rotated(k[None], [n])[0])
    terms = encodings.rope_terms(q, k, offset)
    assert terms.shape == (16,)
    assert score == pytest.approx(float(terms.sum()), abs=1e-9)


@pytest.mark.parametrize("heads", [1, 2, 3, 4, 6, 8, 12, 16, 20, 71])
def test_slopes_and_biases_are_blooms(heads: int) -> None:
    n = 9
    theirs = build_alibi_tensor(torch.ones(1, n, dtype=torch.long), heads, torch.float32)
    ours = encodings.slopes(heads)
    np.testing.assert_allclose(ours, theirs.numpy()[:, 0, 1], atol=1e-6)
    for slope, row in zip(ours, theirs.numpy()[:, 0], strict=True):
        bias = encodings.alibi(n, n, slope)
        # BLOOM leaves out what a softmax does not see: the query's own place.
        last = row - row[-1]
        np.testing.assert_allclose(bias[-1], last, atol=1e-6)
        assert not np.diagonal(bias).any()
        np.testing.assert_allclose(bias, bias.T)


def test_no_head_has_no_slope() -> None:
    with pytest.raises(ValueError, match="0 heads"):
        encodings.slopes(0)


@pytest.mark.parametrize("both", [True, False])
@pytest.mark.parametrize(("buckets", "furthest"), [(32, 128), (64, 256), (8, 20)])
def test_buckets_are_t5s(both: bool, buckets: int, furthest: int) -> None:
    offsets = np.arange(-600, 601)
    theirs = T5Attention._relative_position_bucket(
        torch.tensor(offsets), both, num_buckets=buckets, max_distance=furthest
    )
    ours = encodings.bucket(offsets, both=both, buckets=buckets, furthest=furthest)
    np.testing.assert_array_equal(ours, theirs.numpy())


@pytest.mark.parametrize("both", [True, False])
def test_a_buckets_nearest_distance_is_in_it_and_nearer_ones_are_not(both: bool) -> None:
    nearest = encodings.nearest(both=both)
    for number, distance in enumerate(nearest.tolist()):
        signs = [-1, 1] if both else [-1]
        found = [
            s * distance for s in signs if encodings.bucket([s * distance], both=both) == number
        ]
        if distance < 0:  # with both directions there is no distance 0 to the right
            assert both
            assert number == encodings.BUCKETS // 2
            continue
        assert found
        nearer = range(1 - distance, distance)
        assert number not in encodings.bucket(list(nearer), both=both).tolist() or distance == 0
