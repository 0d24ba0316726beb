"""RoPE's two conventions: which numbers turn together, and that only the columns' order differs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from transformers.models.gptj import modeling_gptj
from transformers.models.llama import modeling_llama

from models.core import encodings
from models.core.loaded import LoadedModel
from models.loading.quantized import halves_first
from models.positions import pairs, schemes
from models.positions.pairs import Convention, RotaryPairs, base_of, of_head, order, partners
from models.record import record

TEXT = "The animal was too tired"


@pytest.fixture(scope="module")
def worked() -> RotaryPairs:
    found = of_head(schemes.recorded("minilm", "I am a Robot"), 0, 2, encodings.BASE)
    assert found is not None
    return found


def test_each_convention_pairs_every_number_once() -> None:
    assert partners(6, "half").tolist() == [[0, 3], [1, 4], [2, 5]]
    assert partners(6, "neighbours").tolist() == [[0, 1], [2, 3], [4, 5]]
    columns = order(8, "neighbours")
    assert columns[partners(8, "neighbours")].tolist() == partners(8, "half").tolist()
    with pytest.raises(ValueError, match="7 numbers"):
        partners(7, "half")


def test_half_by_half_is_the_rotation_of_the_four_schemes() -> None:
    vectors = np.random.default_rng(0).normal(size=(9, 16))
    made = pairs.rotated(vectors, encodings.BASE, "half")
    np.testing.assert_allclose(made, encodings.rotated(vectors, np.arange(9)), atol=1e-12)


def test_neighbours_are_turned_as_gpt_j_turns_them() -> None:
    vectors = np.random.default_rng(1).normal(size=(9, 16)).astype(np.float32)
    table = modeling_gptj.create_sinusoidal_positions(9, 16)
    sin, cos = torch.split(table, 8, dim=-1)
    own = modeling_gptj.apply_rotary_pos_emb(
        torch.from_numpy(vectors)[None, :, None], sin[None], cos[None]
    )[0, :, 0]
    made = pairs.rotated(vectors, encodings.BASE, "neighbours")
    np.testing.assert_allclose(made, own.numpy(), atol=2e-6)


def test_reordered_columns_give_the_same_scores_and_mixed_ones_do_not(worked: RotaryPairs) -> None:
    right = worked.scores("half", "half")
    np.testing.assert_allclose(worked.scores("neighbours", "neighbours"), right, atol=1e-12)
    crossed: list[tuple[Convention, Convention]] = [("half", "neighbours"), ("neighbours", "half")]
    for stored, turns in crossed:
        mixed = worked.scores(stored, turns)
        assert worked.off(stored, turns) == pytest.approx(np.abs(mixed - right).max())
        assert worked.off(stored, turns) > 1
        np.testing.assert_allclose(mixed.diagonal(), right.diagonal(), atol=1e-12)


def test_the_checks_are_transformers_own_and_fail_for_another_rotation(worked: RotaryPairs) -> None:
    assert worked.own is None
    assert worked.check().rounding
    assert worked.same_scores().rounding
    half = modeling_llama.rotate_half(torch.arange(8.0)).tolist()
    assert half == [-4, -5, -6, -7, 0, 1, 2, 3]
    other = RotaryPairs(worked.q, worked.k, 500.0, worked.scaling, None, worked.by_library)
    assert not other.check().rounding
    assert not other.same_scores().rounding


def test_scores_are_those_of_the_view_above(worked: RotaryPairs) -> None:
    four = schemes.of_head(schemes.recorded("minilm", "I am a Robot"), 0, 2)
    np.testing.assert_allclose(worked.scores("half", "half"), four.scores("rope"), atol=1e-5)


@pytest.mark.parametrize("family", ["llama", "phi3"])
def test_a_rotary_models_own_vectors_are_met(
    tiny_model: Callable[[str], LoadedModel], family: str
) -> None:
    loaded = tiny_model(family)
    base = base_of(loaded)
    assert base is not None
    trace = record(loaded, TEXT, surroundings=True)
    found = of_head(trace, 1, 1, base)
    assert found is not None
    assert found.own is not None
    assert found.check().rounding
    assert found.same_scores().rounding
    steps = trace.all_blocks[1].head(1)
    raw = steps.raw * steps.scaling
    np.testing.assert_allclose(found.scores("half", "half"), raw, atol=1e-4)


def test_a_rotation_that_is_another_is_not_shown_as_the_models(
    tiny_model: Callable[[str], LoadedModel],
) -> None:
    loaded = tiny_model("llama")
    base = base_of(loaded)
    assert base is not None
    assert of_head(record(loaded, TEXT, surroundings=True), 1, 1, 3 * base) is None


def test_a_model_that_adds_positions_rotates_none(
    tiny_model: Callable[[str], LoadedModel],
) -> None:
    assert base_of(tiny_model("bert")) is None


def test_the_loader_of_gguf_files_undoes_this_order() -> None:
    weight = torch.arange(2 * 8 * 3).reshape(16, 3)  # head · d rows
    rows = order(8, "neighbours")
    stored = torch.cat([weight[start : start + 8][rows] for start in (0, 8)])
    assert torch.equal(halves_first(stored, 2), weight)
