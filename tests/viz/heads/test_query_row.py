"""One query's row: score, eˢ, weight and Σ are those of the whole softmax, worked out anew."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.core.attention import HeadSteps, causal_mask
from tests.viz.figures import (
    HOSTILE,
    LABELS,
    NOTATION,
    Word,
    axes_of,
    cells,
    checked,
    close,
    exact,
    made,
    number,
    plain,
    ribbons,
    words,
)
from viz.board.axes import Axes, Choice
from viz.board.board import Figure
from viz.board.style import Style
from viz.board.theme import LIGHT
from viz.heads.query_row import query_row, shown_queries, weight_formula
from viz.tables.softmax import MOST_ROWS, shown_keys, written

QUERY = 1
STYLE = Style(LIGHT, NOTATION, LABELS)


def drawn(steps: HeadSteps, key: int = 2, hidden: frozenset[int] = frozenset()) -> Figure:
    return query_row(steps, axes_of(steps, (QUERY, key)), STYLE, hidden=hidden)


def rows(figure: Figure) -> list[list[Word]]:
    """The words right of the lines, row by row, below the heads; the last row is the foot."""
    found: dict[float, list[Word]] = {}
    for word in words(figure):
        if word.x > 100 and word.y > 30:
            found.setdefault(round(word.y, 3), []).append(word)
    return [sorted(found[y], key=lambda w: w.x) for y in sorted(found)]


def texts(row: list[Word]) -> list[str]:
    return [plain(word.text) for word in row]


def bars(figure: Figure) -> list[float]:
    """The lengths of the weights' bars, in pixels."""
    return [s.x1 - s.x0 for s in figure.layout.shapes if s.fillcolor == LIGHT.weight]


@pytest.mark.parametrize("spread", [0.5, 3.0, 15.0])
@pytest.mark.parametrize("sink", [None, 0.7])
def test_every_row_is_score_exponential_and_weight_of_its_key(
    spread: float, sink: float | None
) -> None:
    steps = made(9, 9, spread=spread, sink=sink)
    scores, weights = (array[QUERY] for array in exact(steps))
    top = scores.max() if abs(scores.max()) > 9 else 0.0
    figure = drawn(steps)
    *keys, foot = rows(figure)
    if sink is not None:
        *keys, last = keys
        name, score, e, weight = texts(last)
        rest = 1 - weights.sum()
        assert name == "the sink"
        assert close(score, sink)
        assert close(weight, rest)
        assert bars(figure)[-1] == pytest.approx(max(116 * rest, 1.5), abs=1e-3)
    assert len(keys) == 9
    for key, row in enumerate(keys):
        token, score, e, weight = texts(row)
        assert token == f"w{key}"
        assert close(score, scores[key])
        true = np.exp(scores[key] - top)
        assert close(e, true, 2 if true < 1000 else 0)
        assert close(weight, weights[key])
        assert bars(figure)[key] == pytest.approx(max(116 * weights[key], 1.5), abs=1e-3)
    sign, total, share = texts(foot)
    true = np.exp(scores - top).sum() + (0 if sink is None else np.exp(sink - top))
    assert sign == "Σ"
    assert close(total, true, 2 if true < 1000 else 0)
    assert share == "1.00"


def test_the_head_says_when_the_largest_score_was_taken_off() -> None:
    for spread, name in ((0.5, "exponential"), (60.0, "exponential_shifted")):
        steps = made(9, 9, spread=spread)
        assert (np.abs(steps.masked[QUERY].max()) > 9) == (name == "exponential_shifted")
        shown = {w.text for w in words(drawn(steps))}
        assert LABELS[name] in shown
        assert not {LABELS["exponential"], LABELS["exponential_shifted"]} - {LABELS[name]} & shown


@pytest.mark.parametrize("count", [16, 17, 40, 512])
def test_more_keys_than_rows_fold_into_exactly_the_rest(count: int) -> None:
    steps = made(count, count, spread=2.0)
    scores, weights = (array[QUERY] for array in exact(steps))
    key = int(np.argmin(weights))
    figure = drawn(steps, key)
    *keys, foot = rows(figure)
    folded = count > MOST_ROWS
    assert len(keys) == min(count, MOST_ROWS + 1)
    shown = [int(texts(row)[0][1:]) for row in keys[: MOST_ROWS if folded else count]]
    assert shown == sorted(shown), "in the order of the sentence"
    assert key in shown
    best = set(np.argsort(-weights)[: MOST_ROWS - 1].tolist())
    assert best <= set(shown)
    if folded:
        name, e, weight = texts(keys[-1])
        rest = [j for j in range(count) if j not in shown]
        assert name == f"{len(rest)} others"
        assert close(e, np.exp(scores[rest]).sum())
        assert close(weight, weights[rest].sum(), 3)
        together = sum(weights[shown]) + weights[rest].sum()
        assert together == pytest.approx(1)
    assert close(texts(foot)[1], np.exp(scores).sum(), 2 if np.exp(scores).sum() < 1000 else 0)
    assert texts(foot)[2] == "1.00"


@pytest.mark.parametrize("count", [8, 30])
def test_hidden_tokens_keep_their_share_of_the_whole_softmax(count: int) -> None:
    steps = made(count, count)
    scores, weights = (array[QUERY] for array in exact(steps))
    hidden = frozenset({0, count - 1})
    *keys, foot = rows(drawn(steps, 2, hidden))
    shown = [int(texts(row)[0][1:]) for row in keys[:-1]]
    assert not hidden & set(shown)
    name, e, weight = texts(keys[-1])
    rest = [j for j in range(count) if j not in shown]
    assert name == ("2 hidden" if count == 8 else f"{len(rest)} others")
    assert close(e, np.exp(scores[rest]).sum())
    assert close(weight, weights[rest].sum(), 3)
    assert close(texts(foot)[1], np.exp(scores).sum())
    assert texts(foot)[2] == "1.00"


def test_a_masked_key_has_minus_infinity_no_share_and_no_line() -> None:
    steps = made(6, 6, mask=causal_mask(6, 6))
    *keys, _ = rows(drawn(steps, 0))
    for key, row in enumerate(keys):
        _, score, e, weight = texts(row)
        assert (score == "−∞") == (key > QUERY)
        if key > QUERY:
            assert (number(e), number(weight)) == (0, 0)
    heights = [round(row[0].y, 3) for row in keys]
    drawn_to = [
        end
        for shape in drawn(steps, 0).layout.shapes
        if shape.type == "path"
        for (_, start), (_, end) in ribbons(shape.path)
        if start == heights[QUERY]
    ]
    assert sorted(drawn_to) == heights[: QUERY + 1]


def test_a_click_on_a_word_names_its_query_or_key() -> None:
    steps = made(30, 30)
    figure = drawn(steps, 2)
    queries, keys = ([tuple(c) for c in trace.customdata] for trace in cells(figure))
    assert {key for _, key in queries} == {2}
    assert {query for query, _ in keys} == {QUERY}
    assert QUERY in {query for query, _ in queries}
    named = [int(texts(row)[0][1:]) for row in rows(figure)[: len(keys)]]
    assert [key for _, key in keys] == named
    for points, row in zip(cells(figure)[1].y, rows(figure), strict=False):
        assert points == pytest.approx(row[0].y)


@pytest.mark.parametrize("count", [3, 40])
def test_plotly_knows_every_property_of_the_figure(count: int) -> None:
    checked(drawn(made(count, count, mask=causal_mask(count, count)), 0))


@pytest.mark.parametrize("token", HOSTILE)
def test_a_hostile_token_stays_a_word(token: str) -> None:
    steps = made(3, 3)
    axes = Axes([token] * 3, [token] * 3, Choice(1, 1))
    figure = query_row(steps, axes, STYLE)
    json.loads(figure.to_json())
    for word in words(figure):
        assert "<" not in re.sub(r"</?b>|^< ", "", word.text)
    assert len({w.y for w in words(figure) if w.x == 185 and w.y > 30}) == 3, "equal, yet apart"


def test_a_formula_shows_the_same_numbers_as_the_row() -> None:
    steps = made(9, 9, spread=2.0)
    scores, weights = (array[QUERY] for array in exact(steps))
    text = weight_formula(steps, axes_of(steps, (QUERY, 2)), STYLE)
    *_, filled, numbers, result = text.split(" = ")
    (power,) = re.findall(r"e\^\{\\textcolor\{#\w+\}\{(.*?)\}\}", filled)
    assert close(power, scores[2])
    top, total = (float(x) for x in re.findall(r"\{(-?[\d.]+)\}", numbers))
    assert top == pytest.approx(np.exp(scores[2]), rel=1e-3)
    assert total == pytest.approx(np.exp(scores).sum(), rel=1e-3)
    (alpha,) = re.findall(r"\\mathbf\{([\d.]+)\}", result)
    assert float(alpha) == pytest.approx(weights[2], abs=5.1e-5)
    assert top / total == pytest.approx(weights[2], rel=3e-3)


@pytest.mark.parametrize("token", HOSTILE)
@pytest.mark.parametrize("spread", [1.0, 60.0])
def test_a_formula_stays_balanced_whatever_was_typed(token: str, spread: float) -> None:
    steps = made(3, 3, spread=spread)
    axes = Axes([token] * 3, [token] * 3, Choice(1, 1))
    text = weight_formula(steps, axes, STYLE)
    bare = text.replace("\\\\", "").replace(r"\{", "").replace(r"\}", "")
    assert bare.count("{") == bare.count("}")
    assert bare.count(r"\begin") == bare.count(r"\end") == int(spread > 9)
    assert not set("<>$\n") & set(re.sub(r"\\\$", "", bare))


@given(st.floats(0, 1e4))
def test_an_exponential_never_reads_as_zero_unless_it_is(e: float) -> None:
    text = written(e, NOTATION)
    assert close(text, e, 2 if e < 1000 else 0) or e >= 1000
    assert text.startswith("< ") or (number(text) == 0) == (e == 0)


@given(st.integers(1, 600), st.integers(1, 20), st.data())
def test_the_chosen_query_and_its_neighbours_fill_the_room(
    count: int, room: int, data: st.DataObject
) -> None:
    chosen = data.draw(st.integers(0, count - 1))
    shown = shown_queries(range(count), chosen, room)
    assert chosen in shown
    assert len(shown) == min(count, room)
    assert shown == list(range(shown[0], shown[0] + len(shown)))


@given(st.integers(1, 60), st.data())
def test_the_strongest_keys_and_the_chosen_one_are_shown(count: int, data: st.DataObject) -> None:
    weights = np.array(data.draw(st.lists(st.floats(0, 1), min_size=count, max_size=count)))
    hidden = frozenset(data.draw(st.sets(st.integers(0, count - 1), max_size=count - 1)))
    chosen = data.draw(st.sampled_from([j for j in range(count) if j not in hidden]))
    shown = shown_keys(weights, chosen, hidden)
    assert chosen in shown
    assert len(shown) <= MOST_ROWS
    assert not hidden & set(shown)
    left = [j for j in range(count) if j not in hidden and j not in shown]
    others = [weights[j] for j in shown if j != chosen]
    assert not left or max(weights[left]) <= min(others)


def test_hidden_queries_are_not_listed_beside_the_others() -> None:
    assert shown_queries([1, 2, 3, 5], 3, 10) == [1, 2, 3, 5]
    assert shown_queries([1, 2, 3, 5], 5, 2) == [3, 5]
