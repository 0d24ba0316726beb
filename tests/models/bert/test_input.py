"""BERT's entrance: the sum of its tables and the layer norm, against the model's own modules."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch

from models.bert.input import embedded
from models.catalog import load
from models.core.loaded import LoadedModel
from models.errors import EmptyText, NoEmbeddings, TextTooLong
from models.record import inputs_of
from models.recording import layer_calls
from tests.closeness import CLOSE, assert_close

A, B = "Ayşe saw the cat in the park.", "The cat slept."
FAMILIES = ("bert-mini", "minilm", "bert", "roberta", "distilbert", "albert")


@pytest.fixture
def named(tiny_model: Callable[[str], LoadedModel]) -> Callable[[str], LoadedModel]:
    return lambda name: load(name) if name in ("bert-mini", "minilm") else tiny_model(name)


def own_tables(model: LoadedModel) -> torch.nn.Module:
    """The module that holds the tables."""
    modules: list[torch.nn.Module] = list(model.model.modules())
    return next(m for m in modules if hasattr(m, "word_embeddings"))


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("pair", ["", B])
def test_sum_and_norm_are_those_of_the_models_own_module(
    named: Callable[[str], LoadedModel], name: str, pair: str
) -> None:
    model = named(name)
    found = embedded(model, A, pair)
    module = own_tables(model)
    encoded = model.encode(A, pair or None)
    inputs = inputs_of(model, encoded)
    wanted = {n: v for n, v in inputs.items() if n in ("input_ids", "token_type_ids")}
    with torch.inference_mode():
        own = module(**wanted)[0].double().numpy()
    x = np.sum([part.astype(np.float64) for part in found.parts.values()], axis=0)
    centred = x - x.mean(axis=1, keepdims=True)
    spread = np.sqrt((centred**2).mean(axis=1, keepdims=True) + found.eps)
    made = centred / spread * found.scale + found.shift
    assert np.abs(found.total - x).max() <= 1e-6
    assert_close(made, own)
    assert np.abs(found.output - own).max() <= 1e-6
    assert found.difference().relative <= CLOSE
    assert_close(found.normed, made)


@pytest.mark.parametrize("name", FAMILIES)
def test_every_part_is_the_row_of_its_table(named: Callable[[str], LoadedModel], name: str) -> None:
    model = named(name)
    found = embedded(model, A, B)
    module = own_tables(model)
    tables = {
        "token": "word_embeddings",
        "segment": "token_type_embeddings",
        "position": "position_embeddings",
    }
    for part, rows in found.parts.items():
        table = getattr(module, tables[part]).weight.detach().numpy()
        assert np.array_equal(rows, table[list(found.rows[part])])
    assert found.rows["token"] == tuple(model.encode(A, B).ids)
    if name != "roberta":  # the tiny one's first token counts as padding
        assert len(set(found.rows["position"])) == len(found.tokens)
    assert (found.segment is None) == (name == "distilbert")


def test_the_second_sentence_has_the_other_segment() -> None:
    found = embedded("bert-mini", A, B)
    assert found.rows["segment"] == found.segments
    assert set(found.segments) == {0, 1}


def test_what_the_model_has_no_piece_for_is_marked() -> None:
    found = embedded("bert-mini", "The cat 日 slept.")
    unknown = [typed for typed, mark in zip(found.typed, found.unknown, strict=True) if mark]
    assert unknown == ["日"]


@pytest.mark.parametrize("name", ["gpt2", "llama", "t5"])
def test_a_model_with_another_entrance_says_so(
    tiny_model: Callable[[str], LoadedModel], name: str
) -> None:
    with pytest.raises(NoEmbeddings):
        embedded(tiny_model(name), A)


def test_what_cannot_be_read_is_refused_or_cut() -> None:
    with pytest.raises(EmptyText):
        embedded("bert-mini", "  ")
    with pytest.raises(TextTooLong):
        embedded("bert-mini", "the cat " * 60)
    assert embedded("bert-mini", "the cat " * 60, cut=True).cut


def test_two_visitors_at_once_get_their_own_numbers() -> None:
    texts = [f"The cat saw {n} dogs." for n in ("two", "three", "four", "ten")] * 4
    alone = {text: embedded("bert-mini", text).output for text in set(texts)}
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda text: embedded("bert-mini", text).output, texts))
    for text, found in zip(texts, together, strict=True):
        assert np.array_equal(found, alone[text])


def test_only_layers_with_a_known_weight_can_be_watched() -> None:
    model = load("bert-mini").model
    with pytest.raises(ValueError, match="none of the layers"):
        layer_calls.forward(model, {}, {"odd": torch.nn.Tanh()})
