"""A judged pair, shares between sentences, and a word's cosines: pictures and sums."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from models.core.attention import HeadSteps
from models.trace import AttentionTrace
from tests.closeness import assert_close
from tests.viz.bert_records import SEGMENTS, SPECIAL, WORDS, judgement, occurrences, style
from tests.viz.figures import HOSTILE, cells, checked, close, plain, trace_of, words
from viz.bert.between import COLUMNS, WAYS, groups, part, table
from viz.bert.between_formulas import share, split
from viz.bert.next import judgement as drawn
from viz.bert.next import tipping
from viz.bert.next_formulas import logits, pooled, softmax
from viz.bert.senses import Senses, by_layer, cosines, in_order, snippet
from viz.bert.senses_formulas import cosine
from viz.board.notation import Notation
from viz.board.style import Style
from viz.board.theme import DARK, LIGHT
from viz.formula.writer import Writer


def numbers_in(tex: str) -> list[float]:
    return [float(n) for n in re.findall(r"-?\d+\.\d+", re.sub(r"#\w{6}", "", tex))]


# A judged pair


def test_strips_and_bars_are_the_models_vectors_and_what_they_tip() -> None:
    found = judgement()
    figure = drawn(found, style(), dim=3)
    checked(figure)
    first, own = [np.array(t.z)[0] for t in figure.data if t.type == "heatmap"]
    assert np.array_equal(first, found.first)
    h = found.first.astype(np.float64)
    assert found.pooler.bias is not None
    u = np.tanh(h @ found.pooler.weight + found.pooler.bias)
    assert_close(own, u)
    w, c = found.judge.weight.astype(np.float64), found.judge.bias
    assert c is not None
    assert_close(tipping(found), u * (w[:, 0] - w[:, 1]))
    apart = float(found.logits[0]) - float(found.logits[1])
    assert tipping(found).sum() + c[0] - c[1] == pytest.approx(apart, abs=1e-5)


@pytest.mark.parametrize("decimal", [".", ","])
def test_outcomes_are_both_logits_and_their_softmax(decimal: str) -> None:
    found = judgement()
    figure = drawn(found, style(DARK, decimal), dim=0)
    z = found.logits.astype(np.float64)
    p = np.exp(z) / np.exp(z).sum()
    texts = [plain(w.text).replace(",", ".") for w in words(figure)]
    for n in (0, 1):
        assert any(re.fullmatch(r"−?\d+\.\d\d", t) and close(t, z[n]) for t in texts)
        assert any(re.fullmatch(r"\d\.\d{4}", t) and close(t, p[n], 4) for t in texts)
    bars = [s for s in figure.layout.shapes if s.fillcolor == DARK.output]
    wide = sorted(s.x1 - s.x0 for s in bars)
    assert wide[0] / wide[1] == pytest.approx(p.min() / p.max(), abs=1e-3)


def test_the_sums_of_a_pair_follow_from_what_is_printed() -> None:
    found, w = judgement(), Writer(style(), 6, None)
    *factors, bias, inside, value = numbers_in(pooled(found, w, 5).chosen)
    terms = sum(a * b for a, b in zip(factors[::2], factors[1::2], strict=True))
    assert terms + bias == pytest.approx(inside, abs=1e-4)
    assert np.tanh(inside) == pytest.approx(value, abs=1e-5)
    assert value == pytest.approx(float(found.pooled[5]), abs=1e-5)
    for n, formula in enumerate(logits(found, w, 5)):
        *factors, bias, z = numbers_in(formula.chosen)
        terms = sum(a * b for a, b in zip(factors[::2], factors[1::2], strict=True))
        assert terms + bias == pytest.approx(z, abs=1e-4)
        assert z == pytest.approx(float(found.logits[n]), abs=1e-5)
    one, again, other, p = numbers_in(softmax(found, w).chosen)
    assert one == again
    assert one / (one + other) == pytest.approx(p, abs=1e-5)
    assert p == pytest.approx(found.probability, abs=1e-6)


def test_both_logits_write_out_what_the_chosen_number_contributes() -> None:
    found = judgement()
    small = int(np.abs(found.judge.weight[:, 0] * found.recomputed).argmin())
    for n, formula in enumerate(logits(found, Writer(style(), 6, 1), small)):
        weight, value, *_ = numbers_in(formula.chosen)
        assert weight == pytest.approx(float(found.judge.weight[small, n]), abs=1e-6)
        assert value == pytest.approx(float(found.recomputed[small]), abs=1e-6)


@pytest.mark.parametrize("count", [1, 12, 120])
def test_a_pair_of_any_tokens_can_be_drawn(count: int) -> None:
    figure = drawn(judgement(tuple((HOSTILE * 12)[:count]), d=700), style(), dim=699)
    checked(figure)
    assert "<script" not in str(figure.to_json())
    dims = {c[0] for c in cells(figure)[0].customdata}
    assert max(dims) < 700
    assert len(cells(figure)[0].x) <= 500


# Between two sentences


def pair() -> AttentionTrace:
    trace = trace_of(WORDS, SPECIAL)
    return replace(trace, source=replace(trace.source, segments=SEGMENTS))


def own(head: int) -> HeadSteps:
    return pair().block("encoder", 0).head(head)


@pytest.mark.parametrize("among", WAYS)
def test_a_way_is_cut_out_of_the_heads_own_matrix(among: str) -> None:
    places = {0: [1, 2], 1: [4, 5]}
    rows, columns = (places[s] for s in WAYS[among])
    found = part(pair(), 0, 1, among)
    assert np.array_equal(found.weights, own(1).weights[np.ix_(rows, columns)])
    assert found.axes.queries == [WORDS[i] for i in rows]
    assert found.axes.keys == [WORDS[j] for j in columns]
    row, column = found.axes.chosen.query, found.axes.chosen.key
    assert (found.query, found.key) == (rows[row], columns[column])
    asked = part(pair(), 0, 1, among, query=rows[1], key=columns[0])
    assert (asked.axes.chosen.query, asked.axes.chosen.key) == (1, 0)


def test_a_share_is_the_mean_of_row_sums_and_both_are_written() -> None:
    w = Writer(style(), 6, None)
    for among, (asks, answers) in WAYS.items():
        found = part(pair(), 0, 0, among)
        row, mean = share(pair(), found, among, w)
        rows, columns = groups(pair())[asks], groups(pair())[answers]
        a = own(0).weights.astype(np.float64)
        *terms, total = numbers_in(row.chosen)
        assert sum(terms) == pytest.approx(total, abs=1e-5)
        assert total == pytest.approx(a[found.query, columns].sum(), abs=1e-5)
        true = a[np.ix_(rows, columns)].sum(axis=1).mean()
        assert numbers_in(mean.result)[-1] == pytest.approx(true, abs=1e-5)


def test_a_whole_row_is_split_in_three_that_make_one() -> None:
    found = part(pair(), 0, 1, "all")
    *parts, total = numbers_in(split(pair(), found, Writer(style(), 6, None)).chosen)
    a = own(1).weights[found.query].astype(np.float64)
    assert parts == pytest.approx([a[[1, 2]].sum(), a[[4, 5]].sum(), a[[0, 3, 6]].sum()], abs=1e-5)
    assert sum(parts) == pytest.approx(total, abs=1e-5)
    assert total == pytest.approx(1, abs=1e-5)


def test_the_table_marks_the_chosen_head_and_way_and_shows_what_is_not_there() -> None:
    shares = np.arange(12).reshape(2, 2, 3) / 12
    shares[1, 1] = np.nan
    labels = {f"share.{name}": name for name in COLUMNS} | {"head_named": "h{n}"}
    html = table(shares, 1, "back", Style(LIGHT, Notation(","), labels))
    rows = html.split("<tr")[2:]
    assert [row.startswith(" class=on>") for row in rows] == [False, True]
    shown = re.findall(r">(–|\d,\d\d)</td>", rows[0])
    assert [float(v.replace(",", ".")) for v in shown] == pytest.approx(shares[0].ravel(), abs=5e-3)
    assert rows[1].count("–") == 3
    assert html.count("<th class=on>ba</th>") == 1


def test_a_sentence_without_words_is_refused() -> None:
    trace = trace_of(("[CLS]", "a", "[SEP]"), (True, False, True))
    alone = AttentionTrace("made", trace.source, trace.blocks)
    with pytest.raises(ValueError, match="no words"):
        part(alone, 0, 0, "forth")
    assert part(alone, 0, 0, "all").weights.shape == (3, 3)


# A word's cosines


def seen(layer: int = 1, **options: object) -> Senses:
    found = occurrences(**options)  # type: ignore[arg-type]
    senses = ("b", "a", "", "b", "a", "b")
    return Senses(found, senses, in_order(senses), layer, (0, 1), found.nearest(layer))


def test_occurrences_of_one_sense_stand_together_and_untold_ones_last() -> None:
    assert in_order(("b", "a", "", "b", "a")) == (0, 3, 1, 4, 2)
    assert in_order(("", "", "")) == (0, 1, 2)


@pytest.mark.parametrize("layer", [0, 2])
def test_cells_are_the_cosines_in_the_order_of_the_senses(layer: int) -> None:
    one = seen(layer)
    figure = cosines(one, style())
    checked(figure)
    v = one.found.vectors[layer].astype(np.float64)[list(one.order)]
    true = (v @ v.T) / np.outer(np.linalg.norm(v, axis=1), np.linalg.norm(v, axis=1))
    (shown,) = [np.array(t.z) for t in figure.data if t.type == "heatmap" and np.array(t.z).shape
                == true.shape]  # fmt: skip
    assert_close(shown, true)
    (points,) = cells(figure)
    for (a, b), text in zip(points.customdata, points.text, strict=True):
        assert close(text, true[one.order.index(a), one.order.index(b)])


def test_a_ring_stands_around_the_nearest_of_another_sentence() -> None:
    one = seen(1)
    figure = cosines(one, style())
    rings = [
        s for s in figure.layout.shapes if s.line.color == LIGHT.good and s.line.dash == "solid"
    ]
    assert len(rings) == len(one.order)
    v = one.found.cosines(1)
    sentence = [o.sentence for o in one.found.found]
    for number in one.order:
        others = {j: v[number, j] for j in range(6) if sentence[j] != sentence[number]}
        best = max(others, key=others.__getitem__)
        assert one.nearest[number] == best
    assert len({round(s.y0) for s in rings}) == len(rings)


def test_the_cosine_follows_from_the_numbers_that_are_printed() -> None:
    a, b = occurrences().vectors[1][:2]
    written = cosine(a, b, Writer(style(), 6, None), (1, 2))
    *factors, product = numbers_in(written.rows)
    assert sum(x * y for x, y in zip(factors[::2], factors[1::2], strict=True)) == pytest.approx(
        product, abs=1e-4
    )
    top, one, other, value = numbers_in(written.result)
    assert top == pytest.approx(product, abs=1e-6)
    assert top / (one * other) == pytest.approx(value, abs=1e-6)
    a, b = a.astype(np.float64), b.astype(np.float64)
    assert value == pytest.approx(a @ b / np.sqrt((a @ a) * (b @ b)), abs=1e-6)


def test_the_sentence_is_shown_around_its_word_and_escaped() -> None:
    texts = ("<b>x</b> yüz", *(f"yüz {n}" for n in range(4)))
    found = occurrences(texts=texts)
    assert "&lt;b&gt;" in snippet(found, 0)
    assert "<b>\u2068yüz\u2069</b>" in snippet(found, 1)
    long = occurrences(texts=("yüz " + "çok " * 60, *texts[1:]))
    assert len(plain(snippet(long, 0))) < 60


def test_only_where_both_senses_are_known_is_it_told_whether_they_agree() -> None:
    one = seen(1)
    pairs = [(one.senses[a], one.senses[b]) for a, b in enumerate(one.nearest) if b is not None]
    told = [pair for pair in pairs if all(pair)]
    assert len(told) < len(pairs), "somebody's sense or nearest is not known here"
    assert one.right == (sum(a == b for a, b in told), len(told))


@pytest.mark.parametrize("count", [1, 2, 3, 6])
def test_the_scale_of_colours_lies_within_the_picture_however_few_there_are(count: int) -> None:
    one = seen(1)
    few = replace(one, order=one.order[:count], chosen=(one.order[0], one.order[0]))
    few = replace(few, nearest=tuple(n if n in few.order else None for n in few.nearest))
    figure = cosines(few, style())
    width = float(figure.layout.width or figure.layout.xaxis.range[1])
    edges = [x for s in figure.layout.shapes for x in (s.x0, s.x1)]
    scale = [a.x for a in figure.layout.annotations if plain(a.text) in ("1", "−1")]
    places = [w.x for w in words(figure) if plain(w.text) in ("1", "0", "−1")]
    assert max([*edges, *scale, *places]) <= width


@pytest.mark.parametrize("decimal", [".", ","])
def test_the_curve_says_every_measured_share(decimal: str) -> None:
    curves = {"trained": (0.7, 0.54, 0.61), "before": (0.62, 0.47, 0.5)}
    figure = by_layer(curves, style(decimal=decimal), layer=2)
    checked(figure)
    texts = [plain(w.text).replace(",", ".") for w in words(figure)]
    for values in curves.values():
        assert all(f"{value:.2f}" in texts for value in values)
    lines = [t for t in figure.data if t.mode == "lines+markers"]
    for line, values in zip(lines, curves.values(), strict=True):
        spread = np.array(line.y)
        assert np.diff(spread) == pytest.approx(-np.diff(values) * 122, abs=1e-6)


@pytest.mark.parametrize("sign", [1, -1])
def test_a_product_too_long_for_its_row_goes_on_below(sign: int) -> None:
    a, b = (np.array([x, y, *[0.5] * 126], np.float32) for x, y in ((1.91, 2.66), (2.64, 1.49)))
    shown = cosine(sign * a, sign * b, Writer(style(), 2, 2), (1, 2)).rows
    *terms, whole = shown.split(r"\\")
    assert terms, "everything stands on one row"
    assert numbers_in(whole) == pytest.approx([float(a @ b)], abs=1e-3)
