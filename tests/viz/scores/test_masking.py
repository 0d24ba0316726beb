"""The row that is masked in four ways: every number on it, sums, formulas, sentences."""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
import pytest

from models.record import record
from models.scores.masking import MaskedRow, masked_row, masking
from tests.viz.figures import HOSTILE, cells, checked, close, number, plain, words
from tests.viz.sentences import BOTH, fixed, quoted, read, style
from viz.formula.layout import bold
from viz.formula.writer import Writer
from viz.scores import remarks
from viz.scores.masking import HEIGHT, MOST, WIDTH, columns, ways
from viz.scores.masking import masking as picture
from viz.scores.masking_formulas import fractions

TEXT = "The cat sat down because it was tired"
WORDS = ("[CLS]", *TEXT.split(), "[SEP]")
CHOSEN = 2


@lru_cache
def row() -> MaskedRow:
    steps, _ = masking(record("minilm", TEXT).block("encoder", 3).head(1))
    return masked_row(steps, 6)


def long_row(count: int = 60) -> MaskedRow:
    scores = np.random.default_rng(1).normal(size=count)
    return MaskedRow(scores, np.arange(count) > count // 2)


def numbers(made: MaskedRow) -> list[np.ndarray]:
    """What the nine rows hold, worked out anew."""
    e, open_ = np.exp(made.scores), ~made.masked
    other = e.copy()
    other[made.masked.argmax()] = e[open_].max()
    return [
        np.where(open_, made.scores, -np.inf),
        e * open_ / e[open_].sum(),
        np.where(open_, made.scores, 0),
        np.where(open_, e, 1) / (e[open_].sum() + made.masked.sum()),
        e / e.sum(),
        e * open_ / e.sum(),
        e * open_ / e[open_].sum(),
        e * open_ / e[open_].sum(),
        e * open_ / other.sum(),
    ]


@BOTH
def test_every_cell_is_its_number(language: str) -> None:
    figure = picture(row(), WORDS, CHOSEN, style(language, "scores.masking.figure"))
    checked(figure)
    traces = cells(figure)
    assert len(traces) == 9
    for trace, wanted in zip(traces, numbers(row()), strict=True):
        for text, value in zip(trace.text, wanted, strict=True):
            assert close(text.replace(",", "."), value)


def test_beside_every_row_of_weights_stand_its_sum_and_what_is_masked_of_it() -> None:
    figure = picture(row(), WORDS, CHOSEN, style("en", "scores.masking.figure"))
    tinted = style("en").theme.bad
    shown = [w for w in words(figure) if re.fullmatch(r"[\d.]+", plain(w.text))]
    by_row: dict[float, list[tuple[float, bool]]] = {}
    for word in sorted(shown, key=lambda w: (w.y, w.x)):
        found = number(word.text), word.colour == tinted
        by_row.setdefault(round(word.y, 1), []).append(found)
    wanted = [made for place, made in enumerate(numbers(row())) if place not in (0, 2)]
    assert len(by_row) == len(wanted) == 7
    for pair, made in zip(by_row.values(), wanted, strict=True):
        (total, wrong), (masked, visible) = pair
        assert total == pytest.approx(made.sum(), abs=5e-5)
        assert masked == pytest.approx(made[7:].sum(), abs=5e-5)
        assert (wrong, visible) == (abs(made.sum() - 1) > 1e-6, made[7:].sum() > 0)


def test_forbidden_and_zeroed_cells_are_hatched_and_unlike() -> None:
    kinds = [[(line.forbidden, line.zeroed) for line in way.lines] for way in ways(row())]
    assert kinds == [
        [(True, False)] * 2,
        [(False, False)] * 2,
        [(False, False), (False, True), (False, True)],
        [(True, False), (False, True)],
    ]
    figure = picture(row(), WORDS, CHOSEN, style("en", "scores.masking.figure"))
    areas = [t for t in figure.data if t.type == "scatter" and t.fill == "toself"]
    shapes = [t.fillpattern.shape for t in areas if t.fillpattern.shape]
    assert shapes == ["/", "/", "x", "x", "/", "x"]


def test_of_many_keys_the_strongest_the_chosen_and_the_next_one_have_a_column() -> None:
    made = long_row()
    shown = columns(made, 3)
    assert len(shown) == MOST
    assert shown == sorted(shown)
    assert {3, 31, made.strongest} <= set(shown)
    figure = picture(made, [f"w{n}" for n in range(60)], 3, style("en", "scores.masking.figure"))
    assert any("not shown: 45" in word.text for word in words(figure))
    assert columns(row(), 0) == list(range(10))


@BOTH
def test_nothing_leaves_the_figure_and_no_word_lies_on_another(language: str) -> None:
    for made, keys in ((row(), WORDS), (long_row(), tuple("w" * 12 for _ in range(60)))):
        figure = picture(made, keys, CHOSEN, style(language, "scores.masking.figure"))
        for word in words(figure):
            assert 0 <= word.x <= WIDTH
            assert 0 <= word.y <= HEIGHT
        lines = [w for w in words(figure) if w.x < 250]
        heights = sorted({round(w.y, 1) for w in lines})
        assert len(heights) == len(lines)  # each name in a line of its own
        assert min(np.diff(heights)) > 20


@pytest.mark.parametrize("token", HOSTILE)
def test_a_visitors_token_brings_no_markup(token: str) -> None:
    keys = [token, *WORDS[1:7], token, *WORDS[8:]]
    figure = picture(row(), keys, 0, style("en", "scores.masking.figure"))
    checked(figure)
    texts = [w.text for w in words(figure)]
    assert not any("<img" in text or "<script" in text for text in texts)


@BOTH
def test_the_fractions_come_to_the_weights(language: str) -> None:
    tex = fractions(row(), CHOSEN, Writer(style(language, "scores.masking.figure")))
    e = np.exp(row().scores)
    found = e[CHOSEN] / np.array([e[:7].sum(), e[:7].sum() + 3, e.sum()])
    for value in (*found, e[:7].sum() / e.sum()):
        assert rf"\mathbf{{{value:.4f}}}".replace(".", "." if language == "en" else "{,}") in tex


def test_a_denominator_that_is_only_zeros_is_not_written() -> None:
    """Every e^{s − m} is 0 beside e^0: the weights are there, 0/0 is not."""
    w = Writer(style("en", "scores.masking.figure"))
    made = MaskedRow(np.array([-800.0, -801, -802]), np.array([False, False, True]))
    infinite, zero, after, left = fractions(made, 0, w).split(r"\\")
    assert rf"\mathbf{{{1 / (1 + np.exp(-1)):.4f}}}" in infinite
    assert rf"\mathbf{{{1 / (1 + np.exp(-1) + np.exp(-2)):.4f}}}" in after
    assert r"\frac" in zero
    assert not any(r"\frac" in row for row in (infinite, after, left))


@BOTH
def test_the_sentences_say_these_numbers(language: str) -> None:
    speak = style(language, "scores.masking.said")
    zero, after, future = map(read, remarks.masked(row(), "it", WORDS, CHOSEN, speak))
    e = np.exp(row().scores)
    other = e.sum() - e[7] + e[2]
    assert fixed(language, 100 * 3 / (e[:7].sum() + 3), 1) in zero
    assert fixed(language, e[:7].sum() / e.sum(), 4) in after
    assert fixed(language, e[7:].sum() / e.sum(), 4) in after
    for value in (e[2] / e.sum(), e[2] / other, e[2] / e[:7].sum()):
        assert fixed(language, value, 4) in future
    for value in row().scores[[2, 7]]:
        assert fixed(language, value) in future
    assert quoted("was") in future


@BOTH
def test_what_is_left_never_reads_as_all_of_the_row(language: str) -> None:
    """Scores far apart: the masked keys had next to nothing, but something."""
    made = MaskedRow(np.array([20.0, 3.0, 1.0]), np.array([False, False, True]))
    lost = np.exp(1.0 - 20) / np.exp(np.array([0.0, -17, -19])).sum()
    assert made.lost == pytest.approx(lost)
    mantissa, power = f"{lost:.1e}".split("e-0")
    sign = "." if language == "en" else ","
    after = read(remarks.masked(made, "c", "abc", 0, style(language, "scores.masking.said"))[1])
    assert f"1 − {mantissa.replace('.', sign)}·10⁻{'⁰¹²³⁴⁵⁶⁷⁸⁹'[int(power)]}" in after
    labels = style(language, "scores.masking.figure")
    assert rf"1 - {mantissa.replace('.', '{,}' if sign == ',' else '.')}" in fractions(
        made, 0, Writer(labels)
    )
    shown = [plain(w.text) for w in words(picture(made, "abc", 0, labels)) if "1 − " in w.text]
    assert len(shown) == 1


@BOTH
def test_where_nothing_is_lost_the_row_is_left_whole(language: str) -> None:
    """The masked key's weight is exactly 0: not "1 − 0.0·10⁰"."""
    made = MaskedRow(np.array([900.0, 899.0, 0.0]), np.array([False, False, True]))
    assert made.lost == 0
    labels = style(language, "scores.masking.figure")
    assert rf"= {bold('1')}" in fractions(made, 0, Writer(labels))
    after = read(remarks.masked(made, "c", "abc", 0, style(language, "scores.masking.said"))[1])
    assert "1 −" not in after
    assert re.search(r"\b1\b.*\b0 (of the row|kadarı)", after)


@BOTH
def test_with_a_sink_the_sum_lacks_its_share_too(language: str) -> None:
    """Both next to nothing: the row's weights would read as 1, and lack what both had."""
    made = MaskedRow(np.array([2.0, 1.0, -12.0]), np.array([False, False, True]), sink=-11.0)
    e = np.exp(np.array([2.0, 1.0, -12.0, -11.0]))
    lacks, lost = ((e[2] + e[3]) / e.sum(), e[2] / e.sum())
    words_ = [f"{value:.1e}".split("e")[0].replace(".", "." if language == "en" else ",")
              for value in (lacks, lost)]  # fmt: skip
    assert words_[0] != words_[1]
    after = read(remarks.masked(made, "c", "abc", 0, style(language, "scores.masking.said"))[1])
    assert f"1 − {words_[0]}·10⁻⁶" in after
    labels = style(language, "scores.masking.figure")
    sums = [plain(w.text) for w in words(picture(made, "abc", 0, labels)) if "1 − " in w.text]
    assert f"1 − {words_[0]}·10⁻⁶" in sums
    right = f"{e[3] / (e[:2].sum() + e[3]):.1e}".split("e")[0]
    assert f"1 − {right.replace('.', '.' if language == 'en' else ',')}·10⁻⁶" in sums
