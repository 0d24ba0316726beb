"""Word-level attention, aligned share and error rate: against sums by hand, </s> counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
import torch
from torch import Tensor

from models.catalog import load
from models.grammar.grammar import Pair, derivations
from models.record import record
from models.training import alignment, tokenizer

# The cat ate the fish . ← Kedi balığı yedi . : sure 1-0, 2-2, 4-1, 5-3; possible 0-0, 3-1.
GOLD = {0: 0, 1: 0, 2: 2, 3: 1, 4: 1, 5: 3}
END = 4  # the column of </s>


def cat() -> Pair:
    (pair,) = derivations("Kedi balığı yedi.", "tr")
    return pair


def looking(at: Mapping[int, int]) -> Tensor:
    """(1, 1, target word, source word + 1): 0.6 where it says, the rest spread evenly."""
    weights = torch.full((1, 1, 6, 5), 0.1)
    for word, place in at.items():
        weights[0, 0, word, place] = 0.6
    return weights


@pytest.mark.parametrize(
    ("changed", "share", "error"),
    [
        ({}, 1, 0),
        ({1: 2}, 2 / 3, 1 - (3 + 5) / 10),  # cat → yedi: a sure link and a possible one lost
        ({0: 2}, 1, 1 - (4 + 5) / 10),  # the → yedi: only a possible one, and no content word
        ({2: END}, 2 / 3, 1 - (3 + 5) / 10),  # ate → </s>
        (dict.fromkeys(range(6), END), 0, 1),
    ],
)
def test_share_and_error_rate_are_those_counted_by_hand(
    changed: Mapping[int, int], share: float, error: float
) -> None:
    weights = looking({**GOLD, **changed})
    assert float(alignment.aligned([weights], [cat()])) == pytest.approx(share)
    assert float(alignment.error_rate([weights], [cat()])) == pytest.approx(error)


def test_a_head_that_rests_on_the_end_mark_is_not_aligned_though_all_else_is() -> None:
    weights = looking(GOLD)
    weights[..., END] = 0.7
    assert float(alignment.aligned([weights], [cat()])) == 0
    assert float(alignment.aligned([weights[..., :END]], [cat()])) == 1  # the trap


def test_several_sentences_count_by_their_words() -> None:
    (short,) = derivations("Kedi uyudu.", "tr")  # The cat slept.: two content words
    weights = torch.full((1, 1, 4, 4), 0.1)
    weights[0, 0, :, 3] = 0.9
    both = [looking(GOLD), weights], [cat(), short]
    assert float(alignment.aligned(*both)) == pytest.approx(3 / 5)
    # A ∩ S and A ∩ P of the first sentence alone; |A| + |S| of both: 6 + 4 + 4 + 3.
    assert float(alignment.error_rate(*both)) == pytest.approx(1 - 10 / 17)


@pytest.mark.parametrize("after", [0, 1])
def test_word_weights_are_the_recorded_ones_summed_by_hand(after: int) -> None:
    pairs = [
        pair
        for text in ("Öğretmenin kitabı eski.", "Kitabı okudun mu?", "Kedi uyudu.")
        for pair in derivations(text, "tr")
    ]
    loaded = load("translator")
    found = alignment.word_weights(loaded.model, loaded.tokenizer, pairs, after)
    for pair, weights in zip(pairs, found, strict=True):
        assert np.allclose(weights.numpy(), by_hand(pair, after), atol=1e-5)


def by_hand(pair: Pair, after: int) -> np.ndarray:
    """The same from record's trace, loop by loop."""
    trace = record("translator", pair.source, target=pair.target)
    words = load("translator").tokenizer
    _, heard = tokenizer.word_of_pieces(words, pair.source_words)
    _, said = tokenizer.word_of_pieces(words, pair.target_words)
    blocks = trace.layers("cross")
    found = np.zeros((len(blocks), 4, len(pair.target_words), len(pair.source_words) + 1))
    for layer, block in enumerate(blocks):
        for word in range(len(pair.target_words)):
            # The decoder's inputs begin with the start token: row i predicts piece i.
            row = block.weights[:, first(said, word) + after]
            for piece, owner in enumerate(heard):
                column = len(pair.source_words) if owner is None else owner
                found[layer, :, word, column] += row[:, piece]
    return found


def first(owners: Sequence[int | None], word: int) -> int:
    return next(piece for piece, owner in enumerate(owners) if owner == word)
