"""What of a head is shown: the chosen cell, hidden special tokens, the tokens as typed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.trace import AttentionTrace
from tests.viz.bertviz_traces import translator
from tests.viz.figures import LABELS, NOTATION, cells, exact, trace_of
from viz.board.grid import weights_map
from viz.board.style import Style
from viz.board.theme import LIGHT
from viz.board.tokens import special_axes, special_names, typed_axes
from viz.heads.view import head_view, other_spellings

TOKENS = ("[CLS]", "the", "cat", "saw", "the", "fish", "[SEP]")
SPECIAL = (True, False, False, False, False, False, True)


@pytest.fixture(scope="module")
def trace() -> AttentionTrace:
    return trace_of(TOKENS, SPECIAL)


@given(st.integers(0, 6), st.integers(0, 6), st.booleans())
def test_the_asked_for_cell_is_chosen_unless_it_is_hidden(query: int, key: int, hide: bool) -> None:
    trace = trace_of(TOKENS, SPECIAL)
    chosen = head_view(trace, "encoder", 0, 1, query=query, key=key, hide=hide).full.chosen
    assert chosen.query == query or (hide and SPECIAL[query])
    assert chosen.key == key or (hide and SPECIAL[key])
    assert not (hide and (SPECIAL[chosen.query] or SPECIAL[chosen.key]))


@pytest.mark.parametrize("hide", [False, True])
def test_without_a_wish_a_word_that_looks_at_another_word_is_chosen(
    trace: AttentionTrace, hide: bool
) -> None:
    for head in range(2):
        view = head_view(trace, "encoder", 0, head, hide=hide)
        query, key = view.full.chosen.query, view.full.chosen.key
        assert not SPECIAL[query]
        assert not SPECIAL[key]
        assert query != key
        words = [j for j in range(7) if not SPECIAL[j] and j != query]
        assert key == max(words, key=lambda j: view.steps.weights[query, j])


def test_hiding_leaves_rows_and_columns_out_and_changes_no_number(trace: AttentionTrace) -> None:
    whole = head_view(trace, "encoder", 0, 0, query=2, key=3)
    view = head_view(trace, "encoder", 0, 0, query=2, key=3, hide=True)
    assert view.hidden == {0, 6}
    assert view.axes.queries == view.axes.keys == list(TOKENS[1:6])
    assert np.array_equal(view.weights, whole.weights[1:6, 1:6])
    assert np.abs(view.weights - exact(view.steps)[1][1:6, 1:6]).max() < 1e-6
    assert (view.weights.sum(axis=1) < 1).all(), "not renormalised"
    assert (view.axes.chosen.query, view.axes.chosen.key) == (1, 2), "the same cell, two along"
    assert view.full.keys == TOKENS
    assert view.weights.shape == (5, 5)


def test_clicks_in_a_picture_without_special_tokens_still_name_the_whole_text(
    trace: AttentionTrace,
) -> None:
    view = head_view(trace, "encoder", 0, 0, hide=True)
    style = Style(LIGHT, NOTATION, LABELS)
    figure = weights_map(view.weights, view.axes, style, masked=view.masked)
    ids = [tuple(c) for c in cells(figure)[0].customdata]
    assert ids == [(q, k) for q in range(1, 6) for k in range(1, 6)]


def test_a_text_of_special_tokens_only_is_shown_whole() -> None:
    view = head_view(trace_of(["[CLS]", "[SEP]"], [True, True]), "encoder", 0, 0, hide=True)
    assert view.axes.shape == (2, 2)
    assert not view.hidden


@pytest.mark.parametrize(
    ("query", "key", "name"), [(7, 0, "query"), (0, 7, "key"), (-1, 0, "query")]
)
def test_a_cell_that_is_not_there_is_refused_with_the_range(
    trace: AttentionTrace, query: int, key: int, name: str
) -> None:
    with pytest.raises(IndexError, match=rf"{name} .* 0\.\.6"):
        head_view(trace, "encoder", 0, 0, query=query, key=key)


def test_the_difference_is_that_of_the_chosen_row_to_the_models_own_output(
    trace: AttentionTrace,
) -> None:
    assert head_view(trace, "encoder", 0, 1, query=3).difference.absolute == 0
    block = trace.blocks[0]
    own = block.output.copy()
    own[1, 3, 5] += 0.25
    own[1, 4, 5] += 9
    own[0, 3, 5] += 9
    other = replace(trace, blocks=(replace(block, output=own),))
    assert head_view(other, "encoder", 0, 1, query=3).difference.absolute == pytest.approx(0.25)


def test_a_translators_axes_are_the_sides_that_the_kind_looks_from_and_at() -> None:
    trace = translator()
    assert trace.target_side is not None
    sides = [
        replace(one, typed=tuple(f"{letter}{i}" for i in range(len(one.ids))), special=special)
        for letter, one, special in (
            ("s", trace.source, (False, False, False, True)),
            ("t", trace.target_side, (True, False, False, False, False, False)),
        )
    ]
    typed = replace(trace, source=sides[0], target_side=sides[1])
    source, target = typed.typed, typed.target_typed
    assert typed_axes(typed, "encoder") == (source, source)
    assert typed_axes(typed, "decoder") == (target, target)
    assert typed_axes(typed, "cross") == (target, source)
    queries, keys = special_axes(typed, "cross")
    assert (queries.tolist(), keys.tolist()) == (
        [True, False, False, False, False, False],
        [False, False, False, True],
    )
    assert special_names(typed, "cross") == ["</s>"]
    assert special_names(typed, "decoder") == ["<s>"]
    view = head_view(typed, "cross", 0, 2, hide=True)
    assert view.weights.shape == (5, 3)
    chosen = view.full.chosen
    assert (view.query_token, view.full.keys[chosen.key]) == (f"t{chosen.query}", f"s{chosen.key}")


def test_masked_cells_follow_the_rows_and_columns_that_are_left() -> None:
    trace = translator()
    assert trace.target_side is not None
    marked = replace(trace.target_side, special=(True, False, False, False, False, False))
    trace = replace(trace, target_side=marked)
    view = head_view(trace, "decoder", 0, 0, hide=True)
    assert view.masked is not None
    assert np.array_equal(view.masked, ~np.tri(5, dtype=bool))


def test_only_spellings_that_differ_in_letters_are_told() -> None:
    trace = trace_of(["[CLS]", "sai", "##r", "cat", "sai", "cat"])
    typed = ("[CLS]", "Şai", "##r", "Cat", "Şai", " cat")
    trace = replace(trace, source=replace(trace.source, typed=typed))
    assert other_spellings(trace) == [("Şai", "sai")]


def test_padding_is_never_drawn_and_rows_keep_what_lies_on_it(trace: AttentionTrace) -> None:
    padded = replace(trace, padding=2)
    whole, view = (head_view(one, "encoder", 0, 1, query=2, key=1) for one in (trace, padded))
    assert view.axes.shape == (5, 5)
    assert view.hidden == {5, 6}
    assert (view.weights == whole.steps.weights[:5, :5]).all()
    assert view.weights.sum(axis=1).max() < 1
    assert view.weight == whole.weight
    chosen = head_view(padded, "encoder", 0, 1, query=6, key=5).full.chosen
    assert max(chosen.query, chosen.key) < 5


def test_padding_of_the_source_hides_nothing_that_is_written() -> None:
    trace = translator()
    padded = replace(trace, padding=1)
    rows, columns = trace.block("cross", 0).shape
    assert head_view(padded, "cross", 0, 0).axes.shape == (rows, columns - 1)
    whole = head_view(trace, "decoder", 0, 0).axes.shape
    assert head_view(padded, "decoder", 0, 0).axes.shape == whole
