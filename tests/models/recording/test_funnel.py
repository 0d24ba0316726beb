"""Funnel's tokens become fewer from layer to layer: each layer's rows and columns are its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from transformers import FunnelConfig
from transformers.models.funnel.modeling_funnel import FunnelAttentionStructure

from models.catalog import load
from models.core import pooling
from models.core.loaded import LoadedModel
from models.core.tokens import named
from models.errors import TextTooShort
from models.heads import metrics
from models.heads.eager import against_eager
from models.record import record
from models.recording import capture
from models.trace import AttentionTrace
from tests.models import tiny
from tests.models.recording.test_sparse import TEXT, saved

WAYS: dict[str, dict[str, Any]] = {
    "as it is": {},
    "keys pooled, too": {"pool_q_only": False},
    "first not apart": {"separate_cls": False},
    "last not left out": {"truncate_seq": False},
    "factorized": {"attention_type": "factorized"},
    "repeated": {"block_repeats": [1, 2, 1]},
}
_SIZES = {"block_sizes": [1, 2, 1], "d_head": 8, "num_decoder_layers": 2}


def funnel(folder: Path, monkeypatch: pytest.MonkeyPatch, **more: Any) -> LoadedModel:
    return load(saved("funnel", folder, monkeypatch, **(_SIZES | more)))


def parts(trace: AttentionTrace) -> dict[tuple[int, ...], tuple[int, int]]:
    """The layers of each recording of a pass → (queries, keys)."""
    return {
        tuple(block.layer for block in one.blocks): (len(one.axes("encoder")[0]), len(one.tokens))
        for one in (trace, *trace.pooled)
    }


@pytest.mark.parametrize("count", range(4, 13))
@pytest.mark.parametrize("way", WAYS)
def test_places_are_pooled_as_the_family_pools_them(way: str, count: int) -> None:
    config = FunnelConfig(**WAYS[way] if way != "repeated" else {})
    own = FunnelAttentionStructure(config).pool_tensor(torch.eye(count)[None])[0]
    every = tuple((n,) for n in range(count))
    how = {"separate_first": config.separate_cls, "truncated": config.truncate_seq}
    found = pooling.pooled(every, **how)
    assert [tuple(np.flatnonzero(row)) for row in own.numpy()] == list(found)


@pytest.mark.parametrize("way", WAYS)
def test_every_layer_is_recorded_over_the_places_that_it_has(
    way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = funnel(tmp_path, monkeypatch, **WAYS[way])
    trace = record(loaded, TEXT, surroundings=True)
    n = len(trace.tokens)
    layers = 8 if way == "repeated" else 6
    assert sorted(layer for one in parts(trace) for layer in one) == list(range(layers))
    assert trace.every == tuple(range(layers))
    assert trace.numbers("encoder") == (0, layers - 2, layers - 1)
    for one in (trace, *trace.pooled):
        assert one.relative_fidelity() < 1e-5
        assert one.every == trace.every
        for block in one.blocks:
            assert block.whole
            assert np.allclose(block.weights.sum(axis=2), 1, atol=1e-5)
            assert [term.name for term in block.terms] == ["relative_position", "token_type"]
    queries = sorted({shape[0] for shape in parts(trace).values()}, reverse=True)
    assert queries[0] == n
    assert queries[1] in (n // 2, n // 2 + 1)
    assert queries[2] <= queries[1] // 2 + 1
    assert any(q != k for q, k in parts(trace).values()) == (way != "keys pooled, too")
    assert against_eager(loaded, TEXT).passed
    assert against_eager(loaded, TEXT).heads == 4 * layers


def test_a_pooled_place_is_the_mean_of_the_tokens_in_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = funnel(tmp_path, monkeypatch)
    model = loaded.model.funnel
    asked: list[np.ndarray[Any, Any]] = []
    for n in range(3):
        model.encoder.blocks[n][0].attention.q_head.register_forward_hook(
            lambda _, given, __: asked.append(given[0][0].numpy())
        )
    gave: list[np.ndarray[Any, Any]] = []
    model.encoder.blocks[0][0].register_forward_hook(lambda *x: gave.append(x[2][0][0].numpy()))
    trace = record(loaded, TEXT)
    rows = trace.with_layer(1).rows
    assert rows is not None
    tokens = list(trace.tokens)
    assert rows.tokens[:3] == ("[CLS]", f"{tokens[1]} + {tokens[2]}", f"{tokens[3]} + {tokens[4]}")
    assert rows.special == (True, *(False,) * (len(rows.tokens) - 1))
    assert "[SEP]" not in " ".join(rows.tokens)  # the last one is left out
    for place, name in enumerate(rows.tokens[1:], start=1):
        members = [2 * place - 1, 2 * place]
        members = [n for n in members if n < len(tokens) - 1]
        assert name == " + ".join(tokens[n] for n in members)
        assert np.allclose(asked[1][place], gave[0][members].mean(axis=0), atol=1e-5)
    assert np.allclose(asked[1][0], gave[0][0], atol=1e-5)
    four = trace.with_layer(3).rows
    assert four is not None
    assert four.tokens[1] == " + ".join(tokens[1:5])


def test_the_second_term_is_that_of_the_tokens_kinds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = saved("funnel", tmp_path, monkeypatch, **_SIZES)
    names = ["input_ids", "token_type_ids", "attention_mask"]
    tiny.settings(tmp_path, "tokenizer_config.json", model_input_names=names)
    loaded = load(folder)
    own = loaded.model.funnel.encoder.blocks[0][0].attention
    kept: list[np.ndarray[Any, Any]] = []
    own.q_head.register_forward_hook(lambda *given: kept.append(given[2][0].detach().numpy()))
    trace = record(loaded, TEXT, text_pair="the cat was tired")
    segments = np.array(trace.segments)
    assert set(segments) == {0, 1}
    alike = segments[:, None] == segments
    heads = own.r_s_bias.shape[0]
    q = kept[0].reshape(len(trace.tokens), heads, -1) + own.r_s_bias.detach().numpy()
    scores = np.einsum("qhd,shd->hqs", q, own.seg_embed.detach().numpy()) / np.sqrt(q.shape[2])
    wanted = np.where(alike, scores[:, :, 1:], scores[:, :, :1])
    wanted[:, 0] = wanted[:, :, 0] = 0  # nothing is added for [CLS]
    found = {term.name: term.values for term in trace.blocks[0].terms}
    assert np.allclose(found["token_type"], wanted, atol=1e-5)


def test_a_text_that_pooling_leaves_nothing_of_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = funnel(tmp_path, monkeypatch)
    with pytest.raises(TextTooShort) as refused:
        record(loaded, "a")
    assert refused.value.details["length"] == 3


def test_what_fails_for_another_reason_is_not_told_as_too_short(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = funnel(tmp_path, monkeypatch)

    def full(*_: object, **__: object) -> None:
        raise RuntimeError("no memory is left")

    monkeypatch.setattr(capture, "run", full)
    with pytest.raises(RuntimeError, match="no memory"):
        record(loaded, "a b c d e f g h")


def test_without_its_decoder_only_the_first_block_reads_all_tokens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = saved("funnel", tmp_path, monkeypatch, **_SIZES)
    tiny.settings(tmp_path, architectures=["FunnelForSequenceClassification"])

    def without(tensors: dict[str, torch.Tensor]) -> None:
        for name in [name for name in tensors if "decoder" in name or "lm_head" in name]:
            del tensors[name]

    tiny.weights(tmp_path, without)
    loaded = load(folder)
    assert type(loaded.model).__name__ == "FunnelBaseModel"
    trace = record(loaded, TEXT)
    assert trace.numbers("encoder") == (0,)
    assert trace.every == (0, 1, 2, 3)
    assert against_eager(loaded, TEXT).passed


def test_recordings_of_one_pass_are_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace = record(funnel(tmp_path, monkeypatch), TEXT)
    every = (trace, *trace.pooled)
    assert len({one.key for one in every}) == len(every) == 4
    for layer in trace.every:
        one = trace.with_layer(layer)
        assert layer in one.numbers("encoder")
        assert len(metrics.of_layer(one, "encoder", layer)) == 4
        assert (metrics.of_layer(one, "encoder", layer)[0].previous is None) == (
            one.rows is not None
        )
    assert trace.with_layer(99) is trace.with_layer(None) is trace


def test_a_place_is_named_by_all_that_it_is_made_of() -> None:
    source = named(("[CLS]", "a", "b", "[SEP]"), (True, False, False, True))
    found = pooling.named(source, ((0,), (1, 2), (2, 3), (0, 3)))
    assert found.tokens == ("[CLS]", "a + b", "b + [SEP]", "[CLS] + [SEP]")
    assert found.special == (True, False, False, True)
    with pytest.raises(ValueError, match="the tokens are"):
        pooling.sides(FunnelConfig(), 8, [("blocks.0", (8, 8)), ("blocks.1", (3, 8))])
