"""BigBird: blocks of long texts, all of attention of short ones, whatever was read before."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from transformers import AutoModelForCausalLM

from models.catalog import load
from models.core.by_length import ByLength
from models.core.loaded import LoadedModel
from models.errors import ForwardFails, TextTooLong, WeightsOnly
from models.heads.eager import against_eager
from models.positions import schemes
from models.record import batch, forward, inputs_of, record
from models.recording.eager import answer, twin
from models.trace import AttentionBlock, AttentionTrace, WeightsBlock
from tests.models import tiny
from tests.models.families.measuring import save
from tests.models.recording.test_sparse import saved

FAMILIES = ("big_bird", "bigbird_pegasus")
LONG = "the animal was too tired to cross the street " * 3
_SIZE, _RANDOM = 4, 1
SWITCH = (5 + 2 * _RANDOM) * _SIZE


def blocks(
    name: str, folder: Path, monkeypatch: pytest.MonkeyPatch, random: int = _RANDOM, **more: Any
) -> LoadedModel:
    """A checkpoint of block-sparse attention."""
    options = {"attention_type": "block_sparse", "block_size": _SIZE, "num_random_blocks": random}
    return load(saved(name, folder, monkeypatch, **options, **more))


def of_length(loaded: LoadedModel, tokens: int) -> AttentionTrace:
    """A recording of a text's first tokens, so many."""
    return record(limited(loaded, tokens), LONG * 4, target=target(loaded), cut=True)


def limited(loaded: LoadedModel, tokens: int) -> LoadedModel:
    """The model, reading no more than so many tokens."""
    return replace(loaded, limit=tokens)


def target(loaded: LoadedModel) -> str | None:
    """What an encoder-decoder is made to write."""
    return "the street" if loaded.is_encoder_decoder else None


def own(trace: AttentionTrace) -> Sequence[AttentionBlock]:
    """The blocks of self-attention over the text."""
    return trace.layers("encoder")


def seen(tokens: int, size: int, random: int) -> np.ndarray[Any, Any]:
    """(query, key): how often a cell is in the sum, by the paper's pattern, without a draw."""
    count = -(-tokens // size)
    often = np.zeros((count, count), int)
    often[[0, -1]] = 1
    for row in range(1, count - 1):
        often[row, sorted({0, row - 1, row, row + 1, count - 1})] = 1
        often[row, 0] += random
    return often.repeat(size, 0).repeat(size, 1)[:tokens, :tokens]


@pytest.mark.parametrize("random", [1, 3])
@pytest.mark.parametrize("name", FAMILIES)
def test_long_texts_weights_are_those_of_q_k_and_the_blocks(
    name: str, random: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = blocks(name, tmp_path, monkeypatch, random)
    given: dict[int, torch.Tensor] = {}
    for module in loaded.model.modules():
        for part in (getattr(module, "query", None), getattr(module, "key", None)):
            if isinstance(part, nn.Linear):
                part.register_forward_hook(lambda one, _, out: given.setdefault(id(one), out[0]))
    trace = of_length(loaded, min((5 + 2 * random) * _SIZE + 3, loaded.limit))
    tokens = len(trace.tokens)
    often = seen(tokens, _SIZE, random)
    at = {id(module): module for module in loaded.model.modules()}
    attentions = [m for m in at.values() if type(m).__name__.endswith("BlockSparseAttention")]
    assert len(own(trace)) == len(attentions) == 2
    for block, module in zip(own(trace), attentions, strict=True):
        assert isinstance(block, WeightsBlock)
        q, k = (
            given[id(part)][:tokens].numpy().astype(float).reshape(tokens, block.heads, -1)
            for part in (module.query, module.key)
        )
        scores = np.einsum("qhd,khd->hqk", q, k) / np.sqrt(q.shape[2])
        parts = often * np.exp(scores - scores.max(axis=2, keepdims=True))
        assert np.allclose(block.weights, parts / parts.sum(axis=2, keepdims=True), atol=1e-5)
        assert (block.computed == (often > 0)).all()
        assert (block.weights[:, often == 0] == 0).all()
        assert block.elsewhere is None
    assert trace.relative_fidelity() < 1e-5
    assert trace.by_length == ByLength((5 + 2 * random) * _SIZE, random)


@pytest.mark.parametrize("name", FAMILIES)
def test_the_switch_is_where_transformers_has_it(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = blocks(name, tmp_path, monkeypatch)
    for tokens in (SWITCH - 1, SWITCH, SWITCH + 1, SWITCH + _SIZE):
        trace = of_length(loaded, tokens)
        assert len(trace.tokens) == tokens
        assert {block.whole for block in own(trace)} == {tokens <= SWITCH}
        assert trace.relative_fidelity() < 1e-5
        inputs = _inputs(loaded, trace)
        fresh = type(loaded.model).from_pretrained(tmp_path, attn_implementation="eager").eval()
        with torch.inference_mode():
            plain = fresh(**inputs)
            mine = forward(loaded, inputs)
        assert torch.allclose(plain.logits, mine.logits, atol=1e-5)
        assert against_eager(limited(loaded, tokens), LONG * 4, target=target(loaded)).passed


def _inputs(loaded: LoadedModel, trace: AttentionTrace) -> dict[str, Any]:
    inputs = inputs_of(loaded, trace.source)
    if trace.target_side is not None:
        inputs["decoder_input_ids"] = batch(trace.target_side.ids)
    return inputs


@pytest.mark.parametrize("name", FAMILIES)
def test_what_was_read_before_changes_nothing(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = blocks(name, tmp_path, monkeypatch)
    short, long = SWITCH - 5, SWITCH + 5
    first = {tokens: of_length(loaded, tokens) for tokens in (long, short)}
    for tokens in (short, long, long, short):
        trace = of_length(loaded, tokens)
        assert _same(trace, first[tokens])
    assert {block.whole for block in own(first[short])} == {True}
    assert {block.whole for block in own(first[long])} == {False}


@pytest.mark.parametrize("name", FAMILIES)
def test_its_eager_twin_reads_a_text_as_long_as_it_is(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = blocks(name, tmp_path, monkeypatch)
    trace = of_length(loaded, SWITCH + 5)
    own = answer(forward(loaded, _inputs(loaded, trace)))
    of_length(loaded, SWITCH - 5)  # another thread's, say
    eager = replace(loaded, model=twin(loaded.model))
    assert np.allclose(answer(forward(eager, _inputs(loaded, trace))), own, atol=1e-5)


def _same(one: AttentionTrace, other: AttentionTrace) -> bool:
    pairs = zip(one.blocks, other.blocks, strict=True)
    return all(
        a.whole == b.whole and np.allclose(a.weights, b.weights, atol=1e-6) for a, b in pairs
    )


def test_threads_that_read_short_and_long_texts_do_not_meet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = blocks("big_bird", tmp_path, monkeypatch)
    wanted = {tokens: of_length(loaded, tokens) for tokens in (SWITCH - 5, SWITCH + 5)}
    wrong: list[object] = []

    def read(tokens: int) -> None:
        try:
            wrong.extend(
                tokens for _ in range(12) if not _same(of_length(loaded, tokens), wanted[tokens])
            )
        except Exception as error:  # a thread's own would be lost
            wrong.append(error)

    threads = [threading.Thread(target=read, args=(tokens,)) for tokens in list(wanted) * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_pass_that_fails_leaves_the_next_its_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = blocks("big_bird", tmp_path, monkeypatch)
    with pytest.raises(IndexError):
        loaded.model(input_ids=torch.tensor([[10_000]]))
    done = threading.Thread(target=of_length, args=(loaded, SWITCH + 1), daemon=True)
    done.start()
    done.join(30)
    assert not done.is_alive()


def test_a_decoder_is_recorded_as_far_as_its_mask_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.models.families.measuring._doors", lambda _: (AutoModelForCausalLM,))
    loaded = blocks("big_bird", tmp_path, monkeypatch, is_decoder=True)
    assert loaded.limit == SWITCH
    trace = of_length(loaded, SWITCH)
    assert trace.kinds == ("decoder",)
    assert trace.block("decoder", 0).sight.name == "causal"
    with pytest.raises(TextTooLong):
        record(loaded, LONG * 2)
    # What the limit is for: beyond it a token that comes later changes what stands before.
    ids = torch.tensor([[9] * (SWITCH + 4)])
    other = ids.clone()
    other[0, -1] = 11
    with torch.inference_mode():
        one, two = (loaded.model(input_ids=each).logits[0, 0] for each in (ids, other))
    assert not torch.allclose(one, two)


def test_what_needs_q_and_k_refuses_long_texts_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = blocks("big_bird", tmp_path, monkeypatch)
    long = LONG * 2
    with pytest.raises(WeightsOnly):
        schemes.recorded(loaded, long)
    assert schemes.recorded(loaded, "the cat").block("encoder", 0).whole
    # Its copy without positions takes turns with it and changes none of its modules.
    assert not own(record(loaded, long))[0].whole


def test_blocks_that_a_text_is_filled_up_to_have_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = blocks("big_bird", tmp_path, monkeypatch, max_position_embeddings=42)
    assert loaded.limit == 40
    trace = record(loaded, LONG * 3, cut=True)
    assert len(trace.tokens) == 40
    assert trace.relative_fidelity() < 1e-5


@pytest.mark.parametrize("places", [SWITCH - 1, SWITCH])
def test_a_text_that_is_filled_up_to_no_blocks_has_all_places(
    places: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = blocks("big_bird", tmp_path, monkeypatch, max_position_embeddings=places)
    assert loaded.limit == places
    trace = record(loaded, LONG * 3, cut=True)
    assert len(trace.tokens) == places
    assert trace.whole_kinds == ("encoder",)


@pytest.mark.parametrize("random", [0, -1])
def test_without_random_blocks_transformers_reads_no_long_text(
    random: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = blocks("big_bird", tmp_path, monkeypatch, random=random)
    assert loaded.limit == (5 + 2 * random) * _SIZE
    assert of_length(loaded, loaded.limit).whole_kinds == ("encoder",)
    with pytest.raises((RuntimeError, ValueError)):
        loaded.model(input_ids=torch.full((1, loaded.limit + 1), 9))


def test_a_setting_that_only_short_texts_have_is_refused_as_one_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = blocks("big_bird", tmp_path, monkeypatch).card.id
    tiny.settings(tmp_path, attention_probs_dropout_prob=-1)
    with pytest.raises(ForwardFails, match="dropout"):
        load(folder)


def test_a_family_without_blocks_is_left_as_it_is(tmp_path: Path) -> None:
    trace = record(str(save("big_bird", tmp_path)), LONG)
    assert trace.by_length is None
    assert trace.whole_kinds == ("encoder",)
