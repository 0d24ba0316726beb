"""A model's own table of positions, the model without it, and four ways in its place."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
import torch

from models.catalog import load
from models.core.encodings import MOST, alibi, bucket, offsets, rotated, sinusoidal, slopes
from models.core.loaded import LoadedModel
from models.errors import FixedPositions, NoPositions
from models.positions.learned import learned, without_positions
from models.positions.schemes import PARTS, WAYS, along_all, bias_of, of_head, recorded
from models.positions.shuffle import drawn, shuffled
from models.record import record
from tests.closeness import CLOSE, assert_close

TEXT = "I am a Robot"
SHIPPED = ("minilm", "bert-mini", "gpt-mini", "induction")


@pytest.mark.parametrize("name", SHIPPED)
def test_the_learned_table_is_the_weight_of_the_file(name: str) -> None:
    found = learned(name)
    weight = load(name).model.get_parameter(f"{found.path}.weight")
    np.testing.assert_array_equal(found.table, weight.detach().numpy())
    assert not found.table.flags.writeable


@pytest.mark.parametrize(
    ("family", "name", "skipped"),
    [
        ("bert", "embeddings.position_embeddings", 0),
        ("roberta", "embeddings.position_embeddings", 1),  # rows up to its padding's
        ("distilbert", "embeddings.position_embeddings", 0),
        ("gpt2", "transformer.wpe", 0),
        ("opt", "model.decoder.embed_positions", 2),
        ("bart", "model.encoder.embed_positions", 2),
    ],
)
def test_the_first_row_is_the_one_that_the_first_word_gets(
    tiny_model: Callable[[str], LoadedModel], family: str, name: str, skipped: int
) -> None:
    loaded = tiny_model(family)
    found = learned(loaded)
    assert found.path == name
    weight = loaded.model.get_parameter(f"{name}.weight").detach().numpy()
    np.testing.assert_array_equal(found.table, weight[skipped:])


def test_pictures_have_positions_too() -> None:
    found = learned("vit-digits")
    assert found.table.shape == (17, 64)


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("translator", FixedPositions),
        ("memory-attention", FixedPositions),
        ("lstm", NoPositions),
        ("seq2seq", NoPositions),
    ],
)
def test_a_model_without_a_learned_table_says_so(name: str, error: type[NoPositions]) -> None:
    with pytest.raises(NoPositions) as raised:
        learned(name)
    assert type(raised.value) is error
    assert raised.value.details["model"] == load(name).card.title


@pytest.mark.parametrize("family", ["llama", "t5"])
def test_rotation_and_biases_are_no_table(
    tiny_model: Callable[[str], LoadedModel], family: str
) -> None:
    with pytest.raises(NoPositions):
        learned(tiny_model(family))


@pytest.mark.parametrize("name", [*SHIPPED, "translator"])
def test_the_copy_shares_every_weight_but_the_table_and_the_original_is_untouched(
    name: str,
) -> None:
    loaded = load(name)
    before = {path: weight.clone() for path, weight in loaded.model.state_dict().items()}
    without = without_positions(loaded)
    own, other = (dict(model.named_parameters()) for model in (loaded.model, without.model))
    differing = {path for path in own if own[path].data_ptr() != other[path].data_ptr()}
    assert differing
    assert all("position" in path or "wpe" in path for path in differing)
    assert not any(other[path].any() for path in differing)
    record(without, TEXT)
    for path, weight in loaded.model.state_dict().items():
        assert torch.equal(weight, before[path]), path


def test_a_recording_without_positions_is_that_models_own() -> None:
    trace = record(without_positions(load("minilm")), TEXT, surroundings=True)
    assert trace.difference().relative <= CLOSE
    around = trace.block("encoder", 0).surroundings
    assert around is not None
    assert_close(around.w_q(around.x), around.q_before)
    own = record("minilm", TEXT)
    assert np.abs(own.block("encoder", 0).q - trace.block("encoder", 0).q).max() > 0.1


@pytest.mark.parametrize("name", ["minilm", "bert-mini", "translator"])
@pytest.mark.parametrize("seed", [0, 3])
def test_without_positions_the_outputs_follow_the_shuffle(name: str, seed: int) -> None:
    found = shuffled(name, "the cat saw the old dog", seed)
    assert not found.causal
    assert found.off.largest < 1e-5
    assert found.on.largest > 0.1
    assert found.off.largest == found.off.differences.max()


@pytest.mark.parametrize("name", ["gpt-mini", "induction"])
def test_a_causal_mask_alone_tells_order(name: str) -> None:
    found = shuffled(name, "a b c d e f")
    assert found.causal
    assert found.off.largest > 0.1


def test_outputs_are_the_models_own_put_back_in_the_typed_order() -> None:
    loaded = load("minilm")
    found = shuffled(loaded, TEXT, 1)
    encoded = loaded.encode(TEXT)
    ids = torch.tensor([[encoded.ids[token] for token in found.order]])
    with torch.inference_mode():
        rows = loaded.model(input_ids=ids).last_hidden_state[0].numpy()
    for place, token in enumerate(found.order):
        assert_close(found.on.after[token], rows[place])


def test_a_shuffle_moves_words_only_and_never_nothing() -> None:
    special = (True, False, False, False, True)
    orders = [drawn(special, seed) for seed in range(40)]
    assert all(order[0] == 0 and order[-1] == 4 for order in orders)
    assert all(sorted(order) == list(range(5)) for order in orders)
    assert tuple(range(5)) not in orders
    assert len(set(orders)) == 5
    assert drawn((True, False, True), 0) == (0, 1, 2)


@pytest.mark.parametrize(("name", "head"), [("minilm", 5), ("gpt-mini", 2)])
def test_each_way_is_what_its_paper_says_on_the_same_q_and_k(name: str, head: int) -> None:
    found = of_head(recorded(name, TEXT), 1, head)
    trace = record(without_positions(load(name)), TEXT, surroundings=True)
    block = trace.layers(trace.kinds[0])[1]
    around = block.surroundings
    assert around is not None
    q, k = block.q[head].astype(np.float64), block.k[head].astype(np.float64)
    n, d = q.shape
    seen = np.ones((n, n), bool) if block.mask is None else np.tri(n, dtype=bool)
    columns = slice(head * d, (head + 1) * d)
    x = around.x.astype(np.float64) + sinusoidal(n, around.x.shape[1])
    parts = []
    for projection in (around.w_q, around.w_k):
        assert projection.bias is not None
        parts.append(x @ projection.weight[:, columns] + projection.bias[columns])
    distance = np.arange(n)[None] - np.arange(n)[:, None]
    # Up to 8 every distance has a bucket of its own, 8 shares one with all up to 11.
    expected = {
        "sinusoid": parts[0] @ parts[1].T / np.sqrt(d),
        "rope": rotated(q, np.arange(n)) @ rotated(k, np.arange(n)).T / np.sqrt(d),
        "alibi": q @ k.T / np.sqrt(d) - slopes(block.heads)[head] * np.abs(distance),
        "t5": q @ k.T / np.sqrt(d) - np.log2(1 + np.minimum(np.abs(distance), 8)),
    }
    for way in WAYS:
        shown = found.scores(way)
        assert_close(shown[seen], expected[way][seen])
        assert np.isneginf(shown[~seen]).all()
    assert_close(sum(found.parts.values()), expected["sinusoid"])
    assert tuple(found.parts) == PARTS


def test_prescaled_queries_get_a_prescaled_sinusoid(
    tiny_model: Callable[[str], LoadedModel],
) -> None:
    loaded = tiny_model("opt")
    found = of_head(recorded(loaded, "the animal was tired"), 0, 1)
    projection = loaded.model.model.decoder.layers[0].self_attn.q_proj
    d = found.q.shape[1]
    weight = projection.weight.detach().numpy().astype(np.float64)[d : 2 * d]
    expected = sinusoidal(MOST, found.width) @ weight.T * d**-0.5
    assert_close(found.p_q, expected)


def test_a_cells_parts_add_up_to_its_score_in_every_way() -> None:
    found = of_head(recorded("minilm", TEXT), 1, 5)
    cell = found.cell(4, 1)
    assert cell.distance == 3
    for way in WAYS:
        assert cell.totals[way] == pytest.approx(float(found.scores(way)[4, 1]), abs=1e-9)


def test_only_the_sinusoids_score_knows_where_the_pair_stands() -> None:
    found = of_head(recorded("minilm", TEXT), 0, 0)
    for way in WAYS:
        curves, moved = along_all(found, way, 4, 1, (20, 200), offsets(16))
        assert (moved > 0.1) == (way == "sinusoid")
        assert moved == pytest.approx(float(np.abs(curves[0] - curves[1]).max()))
        if way != "sinusoid":
            assert moved < 1e-9
            here = found.scores(way)[4, 1]
            assert curves[0][offsets(16) == -3] == pytest.approx(here, abs=1e-9)
    with pytest.raises(ValueError, match="neighbours"):
        found.along("sinusoid", 4, 1, 3, offsets(16))


def test_the_what_if_bias_falls_with_the_buckets_nearest_distance() -> None:
    assert [bias_of(r) for r in (-1, 0, 1, 3)] == [0, 0, -1, -2]
    falling = [bias_of(abs(o)) for o in range(8)]
    assert all(b < a for a, b in pairwise(falling))
    assert bucket([-7])[0] == 7
    assert alibi(2, 2, 0.5)[0, 1] == -0.5
