"""The maps of a comparison read back: numbers by place, hatched where there are none; its sums."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from models.heads import alignment, compare, divergence
from models.heads.alignment import Both
from models.record import record
from models.trace import AttentionTrace
from tests.viz.figures import HOSTILE, LABELS, NOTATION, cells, checked, plain, words
from tests.viz.sentences import BOTH, per_cent, read, style, told
from viz.board.board import Figure
from viz.board.style import Style
from viz.board.theme import DARK, LIGHT
from viz.board.tokens import typed_axes
from viz.formula.writer import Writer
from viz.heads import compare as pictures
from viz.heads import compare_formulas as formulas
from viz.heads import now
from viz.heads.compare import Compared

CAT, RAIN = (f"The cat sat down because it was {word}" for word in ("tired", "raining"))
SAID = {
    "only_in_one": "only in one",
    "masked": "masked",
    "heads_axes": "layer head",
    "layer_axis": "layer",
    "points": "points",
    "bits": "bits",
    "rest": "{n} more",
}
STYLE = Style(LIGHT, NOTATION, LABELS | SAID)


@cache
def trace(text: str, model: str = "minilm") -> AttentionTrace:
    found: AttentionTrace = record(model, text)
    return found


def seen(cell: tuple[int, int] = (6, 2), text: str = RAIN) -> Compared:
    both = Both(trace(CAT), trace(text))
    grid = alignment.grid(both, "encoder", "encoder")
    found = compare.compared(
        grid, (both.first.block("encoder", 3), 1), (both.second.block("encoder", 3), 1)
    )
    axes = zip(typed_axes(both.first, "encoder"), typed_axes(both.second, "encoder"), strict=True)
    rows, columns = (pictures.words(grid, n, *pair) for n, pair in enumerate(axes))
    return Compared(found, (rows, columns), cell)


def sound(figure: Figure) -> Figure:
    checked(figure)
    return figure


def heat(figure: Figure) -> np.ndarray:
    return np.asarray(next(trace.z for trace in figure.data if trace.type == "heatmap"))


def stripes(figure: Figure) -> list[str]:
    """The shapes of all hatching."""
    return [t.fillpattern.shape for t in figure.data if t.type == "scatter" and t.fill == "toself"]


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_three_maps_are_a_b_and_a_minus_b_in_points(theme: object) -> None:
    style = Style(DARK if theme is DARK else LIGHT, NOTATION, LABELS | SAID)
    shown = seen()
    a, b, difference = (
        sound(one)
        for one in (
            pictures.side(shown, 0, style),
            pictures.side(shown, 1, style),
            pictures.difference(shown, style),
        )
    )
    np.testing.assert_allclose(heat(a), shown.both.first)
    np.testing.assert_allclose(heat(b), shown.both.second)
    np.testing.assert_allclose(heat(difference), 100 * (shown.both.first - shown.both.second))
    scale = next(t for t in difference.data if t.type == "heatmap")
    assert scale.zmin == -scale.zmax
    assert list(map(stripes, (a, b, difference))) == [["x"]] * 3
    rows = [plain(w.text) for w in words(difference) if plain(w.text) in shown.words[0]]
    assert {"tired", "raining"} <= set(rows)


def test_only_in_one_is_never_a_number() -> None:
    shown = seen()
    missing = np.isnan(shown.both.difference)
    figure = pictures.difference(shown, STYLE)
    assert (np.isnan(heat(figure)) == missing).all()
    (points,) = cells(figure)
    for carried, said in zip(points.customdata, points.hovertext, strict=True):
        assert (carried == shown.identity(*shown.cell)) == (plain(said).startswith("it → cat"))
        assert ("only in one" in said) == ("tired" in said), said
    assert not any("raining" in said for said in points.hovertext), "no token of the first"
    assert len(points.customdata) == 10 * 10


def test_equal_texts_differ_nowhere_and_nothing_is_hatched() -> None:
    shown = seen(text=CAT)
    figure = sound(pictures.difference(shown, STYLE))
    assert not heat(figure).any()
    assert stripes(figure) == []


def test_masked_stays_masked_and_is_striped_otherwise() -> None:
    both = Both(trace(CAT), trace(CAT, "gpt-mini"))
    grid = alignment.grid(both, "encoder", "decoder")
    found = compare.compared(
        grid, (both.first.block("encoder", 0), 0), (both.second.block("decoder", 0), 0)
    )
    names = tuple(map(str, range(len(grid.rows))))
    figure = sound(pictures.side(Compared(found, (names, names), (1, 1)), 1, STYLE))
    assert sorted(stripes(figure)) == ["/", "x"]


def test_of_what_is_masked_in_both_no_difference_is_written() -> None:
    decoder = trace(CAT, "gpt-mini")
    grid = alignment.grid(Both(decoder, decoder), "decoder", "decoder")
    heads = (decoder.block("decoder", 0), 0), (decoder.block("decoder", 0), 1)
    names = tuple(map(str, range(len(grid.rows))))
    seen = Compared(compare.compared(grid, *heads), (names, names), (1, 1))
    figure = sound(pictures.difference(seen, STYLE))
    shown = [one.text for one in words(figure)] + figure.to_json().split('"')
    assert not any("\u221e" in one or "∞" in one for one in shown)
    assert any("masked" in one for one in shown)


@pytest.mark.parametrize("word", HOSTILE)
def test_hostile_tokens_stand_letter_by_letter(word: str) -> None:
    shown = seen()
    names = (word, *shown.words[0][1:])
    figure = pictures.difference(Compared(shown.both, (names, names), (0, 0)), STYLE)
    spoken = [w.text for w in words(figure)] + list(cells(figure)[0].hovertext)
    assert not any(re.search(r"<(?!/?b>|/?i>|/?su[bp]>)[a-z/]", text) for text in spoken)


def test_a_number_a_head_stands_where_the_head_does() -> None:
    values = [np.array([0.0, 0.5]), np.array([0.25, 1.0, 0.75])]
    figure = sound(pictures.heads(values, (2, 5), (5, 1), STYLE))
    (points,) = cells(figure)
    assert points.customdata == ([2, 0], [2, 1], [5, 0], [5, 1], [5, 2])
    shown = heat(figure)
    assert np.isnan(shown[0, 2])
    np.testing.assert_allclose(shown[1], values[1])
    assert "0.2500" in points.hovertext[2]


def test_all_pairs_carry_both_heads() -> None:
    values = np.array([[0, 0.2, 0.4], [0.2, 0, 0.6], [0.4, 0.6, 0]])
    figure = sound(pictures.pairs(values, [(0, 1), (3, 2)], (0, 2), STYLE))
    (points,) = cells(figure)
    assert points.customdata[2] == [0, 0, 3, 1]
    assert "0.4000" in points.hovertext[2]
    np.testing.assert_allclose(heat(figure), values)


def test_the_sum_of_a_cell_has_both_weights_and_their_difference() -> None:
    w = Writer(STYLE)
    steps = [trace(text).block("encoder", 3).head(1) for text in (CAT, RAIN)]
    lines = [formulas.weight(one, (6,), (2,), n, w) for n, one in enumerate(steps)]  # type: ignore[arg-type]
    a, b = (float(one.weights[6, 2]) for one in steps)
    tex = formulas.subtracted(lines, a, b, w)
    for number in (f"{a:.4f}", f"{b:.4f}", f"+{100 * (a - b):.2f}"):
        assert number in tex
    for one in steps:
        e = np.exp(one.masked[6].astype(float))
        assert NOTATION.tex_significant(float(e.sum()), 4) in tex
        assert float(e[2] / e.sum()) == pytest.approx(float(one.weights[6, 2]), abs=1e-6)


def test_several_tokens_are_summed_and_averaged() -> None:
    steps = trace(CAT).block("encoder", 3).head(1)
    tex = formulas.weight(steps, (1, 2), (3, 4), 0, Writer(STYLE))
    mean = steps.weights[1:3, 3:5].astype(float).sum() / 2
    assert f"{mean:.4f}" in tex
    assert r"\tfrac{1}{2}" in tex


def test_the_terms_of_a_row_add_up_to_its_divergence() -> None:
    blocks = [trace(CAT).block("encoder", layer) for layer in (3, 0)]
    p, q = (divergence.rows(b, h)[8] for b, h in zip(blocks, (1, 2), strict=True))
    names = (*trace(CAT).tokens, "sink")
    tex = formulas.row(p, q, 7, names, Writer(STYLE, most=2))
    numbers = re.findall(r"underbrace\{(-?[\d.]+)\}", tex)
    total = float(divergence.divergence(p, q))
    assert sum(map(float, numbers)) == pytest.approx(total, abs=2e-4)
    assert f"{total:.4f}" in tex
    assert "sink" not in tex


def test_a_row_without_a_sink_counts_only_its_keys() -> None:
    blocks = [trace(CAT).block("encoder", layer) for layer in (3, 0)]
    p, q = (divergence.rows(b, h)[8] for b, h in zip(blocks, (1, 2), strict=True))
    tokens = trace(CAT).tokens
    short, whole = (
        formulas.row(p, q, 7, (*tokens, "sink"), Writer(STYLE, most=most)) for most in (2, None)
    )
    assert whole.count("underbrace") == len(tokens)
    left = len(tokens) - short.count("underbrace") + 1  # what the others come to has a brace, too
    assert re.search(rf"\D{left}\D", short.split("underbrace")[-1])


@BOTH
def test_the_sentence_says_where_they_differ_most(language: str) -> None:
    spoken = style(language, "heads.now")
    shown = seen()
    a, b = (float(one[6, 2]) for one in (shown.both.first, shown.both.second))
    values = {"query": "it", "key": "cat", "first": per_cent(language, a)}
    values["second"] = per_cent(language, b)
    said = now.compared(shown, "sentence", spoken).said
    assert read(said) == told(language, "heads.now.compare_sentence", **values)
    same = now.compared(seen(text=CAT), "model", spoken).said
    assert read(same) == told(language, "heads.now.compare_same_model")
    nothing = replace(shown, both=replace(shown.both, second=shown.both.second * np.nan))
    assert read(now.compared(nothing, "head", spoken).said) == told(
        language, "heads.now.compare_none"
    )
