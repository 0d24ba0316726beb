"""The overview's payload: what a byte means, what pooling keeps, what is refused."""

from __future__ import annotations

import base64
import gc
import json
import weakref
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.core.attention import causal_mask
from models.trace import AttentionBlock, Floats
from viz.board.theme import DARK, LIGHT, Theme, rgb
from viz.heads import overview

LABELS = {name: name for name in overview.LABELS}


def softmaxed(*shape: int, seed: int = 0) -> Floats:
    e = np.exp(np.random.default_rng(seed).normal(size=shape)).astype(np.float32)
    weights: Floats = e / e.sum(axis=-1, keepdims=True)
    return weights


def cells(payload: dict[str, object]) -> overview.Codes:
    return np.frombuffer(base64.b64decode(str(payload["cells"])), dtype=np.uint8)


@given(st.floats(0, 1))
def test_a_byte_gives_back_the_root_of_its_weight(weight: float) -> None:
    code = overview.codes(np.full((1, 1, 1), weight))[0, 0, 0]
    assert code != overview.MASKED
    assert abs(code / overview.TOP - weight**0.5) <= 0.5 / overview.TOP + 1e-12


def test_a_masked_cell_is_not_a_cell_of_weight_zero() -> None:
    weights = np.array([[[1.0, 0.0], [1.0, 0.0]]])
    masked = np.array([[False, True], [False, False]])
    assert overview.codes(weights, masked).tolist() == [[[254, 255], [254, 0]]]


def test_one_mask_serves_all_heads() -> None:
    weights = softmaxed(3, 5, 5)
    shared = np.isneginf(causal_mask(5, 5))
    assert ((overview.codes(weights, shared) == overview.MASKED) == shared).all()


@pytest.mark.parametrize("length", [65, 100, 128, 512])
def test_a_weak_diagonal_survives_pooling(length: int) -> None:
    weights = np.eye(length, k=-1)[None] * 0.3 + 1e-6
    code = overview.codes(weights)[0]
    assert code.shape == (64, 64)
    strong = round(overview.TOP * 0.3**0.5)
    rows, columns = np.nonzero(code == strong)
    assert set(rows) >= set(range(1, 64))
    assert (np.abs(rows - columns) <= 1).all()


@given(st.integers(1, 300), st.integers(0, 2**32 - 1))
def test_pooling_loses_no_maximum_and_invents_none(length: int, seed: int) -> None:
    line = np.random.default_rng(seed).random(length)
    small = overview.pooled(line, axis=0)
    assert len(small) == min(length, 64)
    assert small.max() == line.max()
    assert set(small) <= set(line)


def test_a_pooled_cell_is_masked_only_when_all_its_cells_are() -> None:
    masked = np.zeros((128, 128), dtype=bool)
    masked[0, :4] = masked[1, 2:4] = True
    code = overview.codes(np.full((1, 128, 128), 1 / 128), masked)[0]
    assert np.argwhere(code == overview.MASKED).tolist() == [[0, 1]]


@pytest.mark.parametrize(("shape", "pooled"), [((2, 64, 64), False), ((2, 65, 3), True)])
def test_pooling_is_said(shape: tuple[int, ...], pooled: bool) -> None:
    made = overview.payload([softmaxed(*shape)], labels=LABELS, theme=LIGHT)
    assert made["pooled"] is pooled
    assert (made["rows"], made["columns"]) == (64, min(shape[2], 64))


def test_layers_of_different_heads_lie_one_after_another() -> None:
    layers = [softmaxed(2, 3, 4, seed=1), softmaxed(5, 3, 4, seed=2)]
    made = overview.payload(iter(layers), labels=LABELS, theme=LIGHT)
    assert made["heads"] == [2, 5]
    assert not made["masked"]
    expected = np.concatenate([overview.codes(layer).ravel() for layer in layers])
    assert (cells(made) == expected).all()


def test_one_layer_is_in_memory_at_a_time() -> None:
    before: list[weakref.ref[Floats]] = []

    def layers() -> Iterator[Floats]:
        for seed in range(3):
            gc.collect()
            assert [ref() for ref in before] == [None] * seed
            weights = np.array(softmaxed(1, 4, 4, seed=seed))
            before.append(weakref.ref(weights))
            yield weights
            del weights

    assert overview.payload(layers(), labels=LABELS, theme=LIGHT)["heads"] == [1, 1, 1]


def test_a_causal_block_is_masked_above_its_diagonal() -> None:
    rng = np.random.default_rng(3)
    q, k, v = (rng.normal(size=(2, 6, 4)).astype(np.float32) for _ in range(3))
    mask = causal_mask(6, 6).astype(np.float32)
    block = AttentionBlock("decoder", 0, q, k, v, 0.5, np.zeros_like(v), mask=mask)
    made = overview.of_blocks([block], labels=LABELS, theme=DARK)
    code = cells(made).reshape(2, 6, 6)
    assert made["masked"]
    assert ((code == overview.MASKED) == np.isneginf(mask)).all()
    root = np.sqrt(block.weights)[:, ~np.isneginf(mask)]
    assert np.allclose(code[:, ~np.isneginf(mask)] / overview.TOP, root, atol=0.5 / overview.TOP)


def test_layers_keep_the_models_own_numbers() -> None:
    q = np.random.default_rng(0).normal(size=(2, 3, 4)).astype(np.float32)
    blocks = [AttentionBlock("encoder", layer, q, q, q, 0.5, q) for layer in (2, 5)]
    assert overview.of_blocks(blocks, labels=LABELS, theme=DARK)["numbers"] == [2, 5]
    made = overview.payload([softmaxed(1, 2, 2)] * 2, labels=LABELS, theme=DARK)
    assert made["numbers"] == [0, 1]
    with pytest.raises(ValueError, match="one number a layer"):
        overview.payload([softmaxed(1, 2, 2)], labels=LABELS, theme=DARK, numbers=[1, 2])


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_colours_run_from_the_page_to_the_strongest_weight(theme: Theme) -> None:
    table = overview.lookup(theme)
    assert tuple(table[0]) == rgb(theme.weights[0][1]) == rgb(theme.page)
    assert tuple(table[overview.TOP]) == rgb(theme.weights[-1][1])
    assert tuple(table[overview.MASKED]) == rgb(theme.mask)
    steps = np.abs(np.diff(table[: overview.MASKED].astype(int), axis=0))
    assert steps.max() <= 4, "no jump that would look like an edge in the weights"


def test_the_same_input_gives_the_same_message() -> None:
    """Streamlit then sends it by its hash alone."""
    one, other = (
        json.dumps(overview.payload([softmaxed(2, 3, 3)], labels=LABELS, theme=LIGHT))
        for _ in range(2)
    )
    assert one == other


def test_words_come_from_the_caller_and_none_may_be_missing() -> None:
    turkish = LABELS | {"head": "başlık", "grid": "Bütün dikkat başlıkları"}
    made = overview.payload([softmaxed(1, 2, 2)], labels=turkish, theme=LIGHT, captions=[["ığşİ"]])
    assert made["labels"] == turkish
    assert made["captions"] == [["ığşİ"]]
    with pytest.raises(KeyError, match="masked"):
        overview.payload(
            [softmaxed(1, 2, 2)],
            labels={n: n for n in overview.LABELS if n != "masked"},
            theme=LIGHT,
        )


@pytest.mark.parametrize(
    "layers",
    [
        [],
        [softmaxed(1, 2, 2), softmaxed(1, 3, 3)],
        [softmaxed(1, 70, 70), softmaxed(1, 71, 71)],
        [softmaxed(2, 2)],
        [np.full((1, 2, 2), np.nan)],
        [np.full((1, 2, 2), 1.5)],
        [np.full((1, 2, 2), -0.1)],
        [np.zeros((0, 2, 2))],
    ],
)
def test_what_is_no_attention_is_refused(layers: list[Floats]) -> None:
    with pytest.raises(ValueError, match=r"not|one"):
        overview.payload(layers, labels=LABELS, theme=LIGHT)


def test_masks_and_captions_must_fit_the_layers() -> None:
    layer = softmaxed(2, 3, 3)
    with pytest.raises(ValueError, match="one mask a layer"):
        overview.payload([layer], [None, None], labels=LABELS, theme=LIGHT)
    with pytest.raises(ValueError, match="one mask a layer"):
        overview.payload([layer, layer], [None], labels=LABELS, theme=LIGHT)
    with pytest.raises(ValueError, match="broadcast"):
        overview.payload([layer], [np.zeros((5, 5), dtype=bool)], labels=LABELS, theme=LIGHT)
    with pytest.raises(ValueError, match="captions"):
        overview.payload([layer], labels=LABELS, theme=LIGHT, captions=[["only one"]])


def test_only_what_is_no_padding_is_drawn() -> None:
    q = np.random.default_rng(0).normal(size=(2, 5, 4)).astype(np.float32)
    block = AttentionBlock("encoder", 0, q, q, q, 0.5, q)
    made = overview.of_blocks([block], (3, 4), labels=LABELS, theme=DARK)
    assert (made["rows"], made["columns"]) == (3, 4)
    drawn = cells(made).reshape(2, 3, 4)
    assert (drawn == overview.codes(block.weights[:, :3, :4])).all()
