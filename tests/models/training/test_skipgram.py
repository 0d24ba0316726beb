"""Pairs, counted vectors and the loss of skip-gram, each against a computation of another kind."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
import torch
from torch.nn.functional import binary_cross_entropy_with_logits

from models.architectures.skipgram_model import SkipGramConfig, SkipGramModel
from models.training.skipgram_pairs import WINDOW, counted_vectors, numbered

COUNTS = np.array([0.0, 4.0, 3.0, 2.0])


def model() -> SkipGramModel:
    torch.manual_seed(0)
    return SkipGramModel(SkipGramConfig(vocab_size=6, hidden_size=4))


def test_the_loss_is_a_cross_entropy_of_seen_and_drawn_pairs() -> None:
    one = model().double()
    words, contexts = torch.tensor([1, 2, 5]), torch.tensor([3, 0, 1])
    negatives = torch.tensor([[2, 4], [1, 1], [0, 3]])
    e, c = one.embedding.weight, one.context.weight
    seen = (e[words] * c[contexts]).sum(-1, keepdim=True)
    drawn = torch.einsum("pd,pkd->pk", e[words], c[negatives])
    logits = torch.cat((seen, drawn), dim=1)
    asked = torch.zeros_like(logits)
    asked[:, 0] = 1.0
    own = binary_cross_entropy_with_logits(logits, asked, reduction="none").sum(1).mean()
    made = one.loss(words, contexts, negatives)
    assert float(made.detach()) == pytest.approx(float(own.detach()), rel=1e-12)


def test_the_model_gives_rows_of_its_table() -> None:
    one = model()
    ids = torch.tensor([[4, 0, 2]])
    assert torch.equal(one(ids).last_hidden_state[0], one.embedding.weight[[4, 0, 2]])


def test_pairs_are_neighbours_within_the_window_and_of_one_sentence() -> None:
    corpus = numbered([("a", "b", "c"), ("c", "a")] * 3000, ("<unk>", "a", "b", "c"), COUNTS)
    pairs = Counter(map(tuple, corpus.pairs(1).tolist()))
    assert WINDOW >= 2
    assert (1, 1) not in pairs
    assert all(0 not in pair for pair in pairs)
    assert pairs[1, 3]
    assert pairs[3, 1]
    assert corpus.negative[0] == 0
    assert corpus.negative.sum() == pytest.approx(1.0)
    assert np.array_equal(corpus.pairs(1), corpus.pairs(1))


def test_counted_vectors_of_full_width_give_back_the_information() -> None:
    rows = np.random.default_rng(2).integers(0, 5, (400, 2))
    pairs = np.concatenate((rows, rows[:, ::-1]))  # symmetric, as both words see each other
    table = np.zeros((5, 5))
    for word, other in pairs.tolist():
        table[word, other] += 1
    p = table / table.sum()
    information = np.maximum(np.log(p / np.outer(p.sum(1), p.sum(0))), 0)
    made = counted_vectors(pairs, 5, 5).astype(np.float64)
    # U √Σ: rows' products are those of (M Mᵀ)^½.
    values, vectors = np.linalg.eigh(information @ information.T)
    root = vectors @ np.diag(np.sqrt(np.maximum(values, 0))) @ vectors.T
    assert made @ made.T == pytest.approx(root, abs=1e-5)
