"""All words moved by as many positions: a rotary model's vectors turn, its scores stay."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from models.catalog import load
from models.core.encodings import MOST, rotated
from models.core.loaded import LoadedModel
from models.errors import NoPositions
from models.positions import rotary
from models.positions.learned import without_positions
from models.positions.rotary import built, is_rotary, moved, room
from models.positions.schemes import of_head, recorded
from models.positions.shuffle import shuffled
from models.record import record
from tests.models import tiny

TEXT = "The animal was too tired"
ROTARY = ("llama", "phi3", "gemma2", "gpt_oss")
TINY = pytest.mark.parametrize("family", ROTARY)
# Angles are float32: at position 200 they lie up to 200·6e-8 off, times scores of about 30.
CLOSE = 2e-4


def ids(loaded: LoadedModel) -> tuple[int, ...]:
    return loaded.encode(TEXT).ids


@pytest.mark.parametrize("by", [1, 20, 180])
def test_in_the_model_built_here_only_the_vectors_know_where_they_stand(by: int) -> None:
    found = moved(None, range(12), by, layer=1, head=2)
    assert found.model_id is None
    assert found.turned > 1
    assert 0 < found.changed < 1e-5
    assert found.largest > 1
    np.testing.assert_allclose(found.before, found.after, rtol=0, atol=found.changed)
    assert found.before.shape == (12, 12)


@TINY
def test_in_a_loaded_rotary_model_only_the_vectors_know_where_they_stand(
    tiny_model: Callable[[str], LoadedModel], family: str
) -> None:
    loaded = tiny_model(family)
    found = moved(loaded, ids(loaded), 20, layer=1, head=1)
    own = record(loaded, TEXT).blocks[1].head(1)
    np.testing.assert_allclose(found.before, own.raw * own.scaling, atol=1e-4)
    assert found.model_id == loaded.card.id
    assert found.turned > 1
    assert found.changed < CLOSE < 1 < found.largest


@pytest.mark.parametrize("name", ["gpt2", "bert"])
def test_positions_that_are_added_change_the_scores(
    tiny_model: Callable[[str], LoadedModel], name: str
) -> None:
    loaded = tiny_model(name)
    assert not is_rotary(loaded)
    found = moved(loaded, ids(loaded), 20)
    assert found.turned > 1
    assert found.changed > 1


def test_the_first_layers_scores_are_those_of_its_own_weights_and_the_papers_rotation() -> None:
    head, n, by = 2, 7, 5
    found = moved(None, range(n), by, head=head)
    model = built()
    layer = model.layers[0]
    d = model.config.hidden_size // model.config.num_attention_heads
    with torch.inference_mode():
        x = layer.input_layernorm(model.embed_tokens(torch.arange(n)))
        q, k = (
            projection(x)[:, head * d : (head + 1) * d].double().numpy()
            for projection in (layer.self_attn.q_proj, layer.self_attn.k_proj)
        )
    for start, shown in ((0, found.before), (by, found.after)):
        places = np.arange(start, start + n)
        expected = rotated(q, places) @ rotated(k, places).T / np.sqrt(d)
        np.testing.assert_allclose(shown, expected, atol=1e-5)


def test_what_is_said_holds_for_every_layer_and_head(
    tiny_model: Callable[[str], LoadedModel],
) -> None:
    for model, tokens in ((None, (0, 1, 2, 3, 4)), (tiny_model("gpt2"), (5, 6, 7, 8, 9))):
        every = [
            moved(model, tokens, 9, layer=layer, head=head) for layer in (0, 1) for head in range(4)
        ]
        assert len({one.changed for one in every}) == 1
        differences = [np.abs(one.after - one.before).max() for one in every]
        assert max(differences) == every[0].changed
        assert max(np.abs(one.before).max() for one in every) == every[0].largest


def test_the_model_built_here_is_the_same_every_time() -> None:
    before = moved(None, range(5), 3)
    rotary.built.cache_clear()
    torch.manual_seed(77)
    np.testing.assert_array_equal(moved(None, range(5), 3).before, before.before)


@pytest.mark.parametrize("name", ["minilm", "gpt-mini", "translator"])
def test_models_with_a_table_are_not_taken_for_rotary_ones(name: str) -> None:
    assert not is_rotary(load(name))


def test_a_model_that_takes_no_positions_is_refused(
    tiny_model: Callable[[str], LoadedModel],
) -> None:
    with pytest.raises(ValueError, match="position_ids"):
        moved(tiny_model("t5"), (1, 2, 3), 4)


def test_there_is_room_up_to_the_models_last_position(
    tiny_model: Callable[[str], LoadedModel],
) -> None:
    assert room(tiny_model("llama"), 10) == 54


@TINY
def test_without_positions_a_rotary_models_keys_are_its_projections(
    tiny_model: Callable[[str], LoadedModel], family: str
) -> None:
    loaded = tiny_model(family)
    assert is_rotary(loaded)
    without = without_positions(loaded)
    for model, turned in ((loaded, True), (without, False)):
        for block in record(model, TEXT, surroundings=True).blocks:
            assert block.surroundings is not None
            assert block.surroundings.rotary == turned
    own, other = (dict(model.model.named_parameters()) for model in (loaded, without))
    assert all(own[path] is other[path] for path in own)


@TINY
def test_four_ways_start_from_a_rotary_models_projections(
    tiny_model: Callable[[str], LoadedModel], family: str
) -> None:
    loaded = tiny_model(family)
    found = of_head(recorded(loaded, TEXT), 0, 1)
    block = record(without_positions(loaded), TEXT).layers("decoder")[0]
    np.testing.assert_array_equal(found.q, block.q[1])
    at_zero = found.q[:1] @ found.k[:1].T * found.scaling
    own = record(loaded, TEXT).blocks[0].head(1).raw[:1, :1] * found.scaling
    np.testing.assert_allclose(own, at_zero, atol=1e-5)


def test_vectors_that_are_normed_on_the_way_are_checked_but_given_no_sinusoid(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    llama = tiny.FAMILIES["llama"]
    normed = replace(llama, config="Qwen3Config", model="Qwen3ForCausalLM")
    monkeypatch.setitem(tiny.FAMILIES, "qwen3", normed)
    loaded = load(str(tiny.save("qwen3", tmp_path)))
    assert is_rotary(loaded)
    found = moved(loaded, ids(loaded), 20)
    assert found.changed < CLOSE < 1 < found.turned
    with pytest.raises(NoPositions):
        of_head(recorded(loaded, TEXT), 0, 0)


def test_a_shuffle_moves_a_rotary_models_words(tiny_model: Callable[[str], LoadedModel]) -> None:
    found = shuffled(tiny_model("llama"), TEXT)
    assert found.causal
    assert found.on.largest > 0.1


def test_a_model_wider_than_the_pages_own_tables_is_compared_all_the_same(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    llama = tiny.FAMILIES["llama"]
    options = llama.options | {"hidden_size": MOST + 64, "num_hidden_layers": 1}
    monkeypatch.setitem(tiny.LARGE, "wide", replace(llama, options=options))
    loaded = load(str(tiny.save("wide", tmp_path)))
    found = of_head(recorded(loaded, TEXT), 0, 1)
    around = record(loaded, TEXT, surroundings=True).blocks[0].surroundings
    assert around is not None
    angles = 7 / 10_000 ** (np.arange(0, MOST + 64, 2) / (MOST + 64))
    row = np.stack((np.sin(angles), np.cos(angles)), axis=1).ravel()
    expected = row @ around.w_q.weight[:, 8:16]
    np.testing.assert_allclose(found.p_q[7], expected, rtol=1e-4, atol=1e-4)
