"""A judged pair, against transformers' own outputs and its layers by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from transformers import AutoTokenizer, BertForPreTraining

from models.bert.examples import pairs
from models.bert.next import judged
from models.core.loaded import LoadedModel
from models.errors import EmptyText, NoHead
from models.measured import CHECKPOINTS
from tests.closeness import CLOSE, assert_close

FOLDER = str(CHECKPOINTS / "bert-mini")


@pytest.mark.parametrize("example", pairs(), ids=lambda one: f"{one.language}-{one.relation}")
def test_a_pair_is_judged_as_transformers_judges_it(example: object) -> None:
    first, second = example.first, example.second  # type: ignore[attr-defined]
    found = judged("bert-mini", first, second)
    model = BertForPreTraining.from_pretrained(FOLDER).double().eval()
    inputs = AutoTokenizer.from_pretrained(FOLDER)(first, second, return_tensors="pt")
    with torch.inference_mode():
        states = model.bert(**inputs)
        z = model.cls.seq_relationship(states.pooler_output)[0].numpy()
    h = states.last_hidden_state[0, 0].numpy()
    u = np.tanh(h @ found.pooler.weight + found.pooler.bias)
    assert_close(found.first, h)
    assert_close(found.pooled, u)
    assert_close(found.logits, z)
    assert np.abs(u @ found.judge.weight + found.judge.bias - z).max() <= 1e-9 + 1e-6
    e = np.exp(z - z.max())
    assert found.probability == pytest.approx(e[0] / e.sum(), abs=1e-5)
    assert found.difference().relative <= CLOSE


def test_what_cannot_be_judged_is_refused(minilm: LoadedModel) -> None:
    with pytest.raises(NoHead):
        judged(minilm, "The cat slept.", "It was tired.")
    with pytest.raises(EmptyText):
        judged("bert-mini", "The cat slept.", " \u200b")
