"""The heads page's sentences: their numbers worked out anew from q, k and the mask."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from models.record import record
from models.trace import AttentionTrace
from tests.viz.sentences import BOTH, per_cent, read, style, told, weights, whom
from viz.heads import now
from viz.heads.view import head_view

TEXT = "The cat sat down because it was tired"
WORDS = ("[CLS]", *TEXT.split(), "[SEP]")


@lru_cache
def trace(model: str = "minilm", text: str = TEXT) -> AttentionTrace:
    found: AttentionTrace = record(model, text)
    return found


@BOTH
@pytest.mark.parametrize("cell", [(6, 2), (6, 0), (2, 6), (0, 9), (3, 3)])
@pytest.mark.parametrize("place", [(3, 1), (0, 2), (5, 11)])
def test_it_says_whom_the_chosen_query_looks_at(
    place: tuple[int, int], cell: tuple[int, int], language: str
) -> None:
    layer, head = place
    view = head_view(trace(), "encoder", layer, head, query=cell[0], key=cell[1])
    row = weights(trace().blocks[layer], head)[cell[0]]
    said, then = now.heads(view, style(language, "heads.now"))
    assert read(said) == whom(language, WORDS[cell[0]], WORDS, row, cell[1], own=cell[0])
    assert read(then) == told(language, "heads.now.then")


@BOTH
def test_what_is_hidden_is_not_named(language: str) -> None:
    view = head_view(trace(), "encoder", 3, 1, query=6, key=2, hide=True)
    row = weights(trace().blocks[3], 1)[6]
    said = read(now.heads(view, style(language, "heads.now")).said)
    assert said == whom(language, "it", WORDS, row, 2, own=6, without=(0, 9))
    assert "[CLS]" not in said


@BOTH
def test_a_masked_cell_is_called_so(language: str) -> None:
    gpt = trace("gpt-mini", "The old cat")
    view = head_view(gpt, "decoder", 0, 0, query=1, key=len(gpt.tokens) - 1)
    row = weights(gpt.blocks[0], 0)[1]
    said = read(now.heads(view, style(language, "heads.now")).said)
    assert row[-1] == 0
    assert said == whom(language, view.query_token, view.full.keys, row, len(row) - 1, own=1)


@BOTH
def test_bertviz_strongest_line_is_the_largest_weight(language: str) -> None:
    own = weights(trace().blocks[4], 5)
    row, column = np.unravel_index(own.argmax(), own.shape)
    found = trace().blocks[4].weights[5]
    said, _ = now.strongest(found, WORDS, WORDS, (4, 5), style(language, "heads.now"))
    assert read(said) == told(
        language,
        "heads.now.head_view",
        layer=4,
        head=5,
        query=WORDS[row],
        key=WORDS[column],
        share=per_cent(language, float(own[row, column])),
    )


@BOTH
def test_the_model_view_counts_the_heads(language: str) -> None:
    said, _ = now.all_heads(6, 12, style(language, "heads.now"))
    assert read(said) == told(language, "heads.now.model_view", count=72, layers=6, heads=12)
