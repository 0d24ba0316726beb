"""The picture of hidden places, and the sums of one candidate."""

from __future__ import annotations

import re

import numpy as np
import pytest

from models.bert.trace import MaskedText
from tests.viz.bert_records import VOCABULARY, masked_text, style
from tests.viz.figures import HOSTILE, cells, checked, close, plain, words
from viz.bert.columns import Pieces, columns
from viz.bert.mask import masking
from viz.bert.mask_formulas import logit, softmax
from viz.board.theme import DARK, LIGHT
from viz.formula.writer import Writer
from viz.tables.pieces import named, spaced


def shares(z: np.ndarray) -> np.ndarray:
    e = np.exp(z.astype(np.float64))
    return np.asarray(e / e.sum())


def bars(found: MaskedText, colour: str) -> list[float]:
    """Heights of the bars of one colour, as shares of the chart's height."""
    figure = masking(found, style(), place=1)
    rects = [s for s in figure.layout.shapes if s.type == "rect" and s.fillcolor == colour
             and s.layer == "above"]  # fmt: skip
    grid = sorted({t.y[0] for t in figure.data if t.mode == "lines" and len(t.y) == 2
                   and t.y[0] == t.y[1] and t.line.color == LIGHT.grid})  # fmt: skip
    high = grid[-1] - grid[0]
    return [(s.y1 - s.y0) / high for s in sorted(rects, key=lambda s: s.x0)]


@pytest.mark.parametrize("which", ["read", "hidden"])
def test_bars_are_as_high_as_what_stands_there_is_likely(which: str) -> None:
    found = masked_text()
    answers = getattr(found, which)
    colour = LIGHT.hatch if which == "read" else LIGHT.output
    asked = [i for i, special in enumerate(found.special) if not special]
    true = [shares(answers[i].logits)[found.stood[i]] for i in asked]
    shown = bars(found, colour)
    assert len(shown) == len(true)
    for a, b in zip(shown, true, strict=True):
        assert a == pytest.approx(b, abs=5e-3)


@pytest.mark.parametrize("decimal", [".", ","])
def test_the_table_below_holds_both_shares_the_rank_and_the_first_guess(decimal: str) -> None:
    found = masked_text()
    figure = masking(found, style(DARK, decimal), place=2)
    checked(figure)
    for place in (1, 2, 4, 5):
        x = next(w.x for w in words(figure) if plain(w.text) == found.typed[place])
        column = [plain(w.text) for w in sorted(words(figure), key=lambda w: w.y) if w.x == x]
        read, hidden = found.read[place].logits, found.hidden[place].logits
        own = found.stood[place]
        numbers = [t.replace(",", ".") for t in column if re.fullmatch(r"0([.,]\d\d)?", t)]
        for text, z in zip(numbers, (read, hidden), strict=True):
            assert close(text, shares(z)[own])
        assert str(1 + int((hidden > hidden[own]).sum())) in column
        guess = named(VOCABULARY[int(hidden.argmax())], True)
        assert any(text.removeprefix("✓ ") == guess for text in column)


def test_masked_places_say_so_and_chips_toggle_while_the_rest_only_chooses() -> None:
    found = masked_text()
    figure = masking(found, style(), place=2)
    marks = [w for w in words(figure) if w.text == "[MASK]"]
    assert len(marks) == len(found.masked) == 1
    (points,) = cells(figure)
    ids = np.array(points.customdata)
    assert set(ids[:, 0]) == set(range(len(found.typed)))
    high, low = np.array(points.y)[ids[:, 1] == 1], np.array(points.y)[ids[:, 1] == 0]
    assert high.max() < low.min()


def test_where_a_mask_was_typed_there_is_no_bar_and_a_question_mark() -> None:
    found = masked_text(typed_mask=2)
    assert len(bars(found, LIGHT.output)) == 3
    texts = [plain(w.text) for w in words(masking(found, style(), place=2))]
    assert texts.count("?") == 3


@pytest.mark.parametrize("count", [1, 5, 64, 200])
def test_any_length_and_any_token_can_be_drawn(count: int) -> None:
    found = masked_text(tuple((HOSTILE * 20)[:count]))
    figure = masking(found, style(), place=0)
    checked(figure)
    assert "<script" not in str(figure.to_json())
    own = found.shares(0)
    assert own is not None
    shown = [plain(w.text) for w in words(figure) if w.y > 500]
    assert style().notation.share(own[1]) in [f"0{t}" if t.startswith(".") else t for t in shown]


def numbers_in(tex: str) -> list[float]:
    return [float(n) for n in re.findall(r"-?\d+\.\d+", tex)]


def test_a_candidates_logit_is_the_sum_of_the_terms_that_are_written() -> None:
    found, w = masked_text(), Writer(style(), 6, None)
    answer = found.hidden[1]
    row = found.weight[9].astype(np.float64)
    written = logit(answer.features, found.weight[9], float(found.bias[9]), w, "köpek").chosen
    *factors, bias, total = numbers_in(re.sub(r"#\w{6}", "", written))
    products = [a * b for a, b in zip(factors[::2], factors[1::2], strict=True)]
    assert sum(products) + bias == pytest.approx(total, abs=1e-4)
    assert total == pytest.approx(float(answer.features @ row) + found.bias[9], abs=1e-5)
    assert total == pytest.approx(float(answer.logits[9]), abs=1e-4)


def test_its_probability_is_the_softmax_of_all_logits() -> None:
    found, w = masked_text(), Writer(style(), 4, None)
    z = found.hidden[1].logits
    chosen = int(np.argsort(z)[-2])
    written = softmax(z, chosen, w, "köpek").chosen
    mine, total, share = numbers_in(re.sub(r"#\w{6}", "", written))[-3:]
    assert share == pytest.approx(shares(z)[chosen], abs=1e-6)
    assert mine / total == pytest.approx(share, abs=1e-4)


def test_names_say_what_begins_a_word() -> None:
    assert spaced(VOCABULARY)
    assert [named(raw, True) for raw in ("▁kedi", "du", ".", "▁")] == ["kedi", "-du", ".", "␣"]
    assert named("cat", False) == "cat"


@pytest.mark.parametrize(("count", "rows"), [(4, 1), (18, 2), (40, 1)])
def test_names_stand_level_while_there_is_room(count: int, rows: int) -> None:
    made = Pieces(("garden",) * count, (False,) * count, (0,) * count, (False,) * count)
    at = columns(made, 100, 940)
    assert (at.rows, at.level > 0) == (rows, count < 40)
    assert at.width <= 940 + 1e-6
