"""x + p through W_Q in parts, against torch's own modules and the models' own queries."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch
from torch.nn import functional

from models.catalog import load
from models.core.arrays import ROUNDING
from models.errors import FixedPositions, NoPositions, NotSummed
from models.positions.added import AddedPositions, added
from models.record import record

MODELS = ("minilm", "bert-mini", "gpt-mini", "induction", "translator")
TEXT = "I am a Robot"


@pytest.fixture(scope="module", params=MODELS)
def found(request: pytest.FixtureRequest) -> AddedPositions:
    return added(request.param, TEXT)


def test_parts_sum_and_joined_are_the_models_own_queries(found: AddedPositions) -> None:
    trace = record(found.model_id, TEXT)
    own = trace.layers(trace.kinds[0])[0].q  # (head, token, d), by another way through the model
    token, position = found.parts
    ours = token + position + found.constant
    ours = ours.reshape(len(ours), found.heads, -1).swapaxes(0, 1)
    assert np.abs(ours - own).max() <= ROUNDING * np.abs(own).max()
    for one in (found.difference(), found.difference_at_once(), found.difference_joined()):
        assert one.rounding


def test_a_wrong_part_is_told(found: AddedPositions) -> None:
    other = dataclasses.replace(found, position_in=np.roll(found.position_in, 1, axis=0))
    assert not other.difference().rounding


def test_the_tables_own_rows_are_the_two_vectors() -> None:
    found, tables = added("bert-mini", TEXT), load("bert-mini").model.bert.embeddings
    ids = torch.tensor(found.source.ids)
    with torch.no_grad():
        token = tables.word_embeddings(ids) + tables.token_type_embeddings(torch.zeros_like(ids))
        position = tables.position_embeddings(torch.arange(len(ids)))
        normed = functional.layer_norm(
            token + position,
            (found.width,),
            tables.LayerNorm.weight,
            tables.LayerNorm.bias,
            tables.LayerNorm.eps,
        )
    np.testing.assert_allclose(found.token, token, atol=1e-6)
    np.testing.assert_allclose(found.position, position, atol=1e-6)
    entered = found.token_in + found.position_in + found.shift
    np.testing.assert_allclose(entered, normed, atol=1e-5)


def test_the_translator_has_no_norm_in_between_and_longer_words() -> None:
    found, model = added("translator", TEXT), load("translator").model
    assert found.deviations is None
    assert not found.shift.any()
    rows = model.get_input_embeddings().weight[list(found.source.ids)].detach()
    np.testing.assert_allclose(found.token, rows * found.width**0.5, atol=1e-5)


def test_shares_are_of_the_sizes_of_both_parts() -> None:
    found = added("minilm", TEXT)
    token, position = (part[:, found.columns(2)] for part in found.parts)
    sizes = np.linalg.norm(token) ** 2, np.linalg.norm(position) ** 2
    assert found.shares[2] == pytest.approx(sizes[1] / sum(sizes))
    assert int(found.shares.argmax()) == 2


def test_every_matrix_of_a_layer_has_one_side_on_the_path() -> None:
    found, model = added("gpt-mini", TEXT), load("gpt-mini").model
    d = found.width
    assert found.cost.first == 3 * d * d
    assert found.cost.layers == len(model.transformer.h) * 12 * d * d


def test_what_cannot_be_told_apart_is_refused() -> None:
    with pytest.raises(FixedPositions):
        added("memory-attention", "ABC?")
    assert issubclass(NotSummed, NoPositions)
    with pytest.raises(IndexError, match=r"head 4 is not in 0\.\.3"):
        added("gpt-mini", TEXT).columns(4)


def test_an_embedding_that_is_projected_is_no_sum() -> None:
    from transformers import AlbertConfig, AlbertModel

    loaded = load("bert-mini")
    config = AlbertConfig(
        vocab_size=loaded.model.config.vocab_size,
        embedding_size=16,
        hidden_size=32,
        intermediate_size=32,
        num_attention_heads=2,
        num_hidden_layers=1,
        attn_implementation=loaded.model.config._attn_implementation,
    )
    torch.manual_seed(0)
    model = AlbertModel(config).eval()
    projected = dataclasses.replace(loaded, model=model, attention=loaded.attention[:1])
    with pytest.raises(NotSummed):
        added(projected, TEXT)
