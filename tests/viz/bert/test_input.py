"""The picture and the sums of BERT's entrance."""

from __future__ import annotations

import re

import numpy as np
import pytest

from tests.closeness import assert_close
from tests.viz.bert_records import embedded, style
from tests.viz.figures import HOSTILE, cells, checked, close, plain, words
from viz.bert.input import embedding_step, embedding_strips, group_of, lines, rows_of, shadings
from viz.bert.input_formulas import mean, norm, sums
from viz.board.theme import DARK
from viz.formula.writer import Writer

PLACE, DIM = 4, 7


def exact(found: object) -> dict[str, np.ndarray]:
    """What is drawn, in float64 from the tables."""
    parts = {n: p.astype(np.float64) for n, p in found.parts.items()}  # type: ignore[attr-defined]
    x = np.sum(list(parts.values()), axis=0)
    mu, var = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
    y = (x - mu) / np.sqrt(var + found.eps) * found.scale + found.shift  # type: ignore[attr-defined]
    return {**parts, "sum": x, "norm": y}


@pytest.mark.parametrize("segments", [True, False])
@pytest.mark.parametrize("decimal", [".", ","])
def test_tall_rows_hold_the_chosen_dimension_of_every_part(segments: bool, decimal: str) -> None:
    found = embedded(segments=segments)
    figure = embedding_strips(found, style(decimal=decimal), dim=DIM)
    step = embedding_step(found, style(decimal=decimal), place=PLACE, dim=DIM)
    checked(figure)
    checked(step)
    tall = [np.array(t.z) for t in figure.data if t.type == "heatmap" and np.array(t.z).shape
            == (1, len(found.tokens))]  # fmt: skip
    true = exact(found)
    assert len(tall) == len(true) == (5 if segments else 4)
    said = [w for w in words(step) if re.fullmatch(r"−?\d[.,]\d\d", plain(w.text))]
    by_height: dict[float, list[str]] = {}
    for word in sorted(said, key=lambda w: w.x):
        by_height.setdefault(word.y, []).append(plain(word.text).replace(",", "."))
    rows = [texts for y, texts in sorted(by_height.items()) if len(texts) == len(found.tokens)]
    for shown, texts, values in zip(tall, rows, true.values(), strict=True):
        assert_close(shown[0], values[:, DIM])
        assert all(close(a, b) for a, b in zip(texts, values[:, DIM], strict=True))


def test_thin_rows_are_the_largest_of_their_group_and_one_scale_serves_all_tables() -> None:
    found = embedded(d=130)
    assert group_of(130) == 3
    shown = lines(found.token, 3)
    assert shown.shape == (44, len(found.tokens))
    for line in range(43):
        part = found.token[:, 3 * line : 3 * line + 3]
        true = part[np.arange(len(part)), np.abs(part).argmax(axis=1)]
        assert np.array_equal(shown[line], true)
    assert np.array_equal(shown[43], found.token[:, 129])
    scales = shadings(found, style())
    before = np.stack([v for n, v in rows_of(found).items() if n != "norm"])
    assert {scales[n] for n in ("token", "segment", "position", "sum")} == {scales["token"]}
    assert (np.abs(before) <= scales["token"].high).mean() == pytest.approx(0.99, abs=0.002)


def test_every_point_carries_a_piece_and_a_dimension_that_are_there() -> None:
    found = embedded(d=130)
    figure = embedding_strips(found, style(DARK), dim=0)
    (points,) = cells(figure)
    places, dims = np.array(points.customdata).T
    assert set(places) == set(range(len(found.tokens)))
    assert dims.min() >= 0
    assert dims.max() < 130
    assert len(set(dims)) > 10


@pytest.mark.parametrize("count", [1, 3, 40, 200])
def test_any_length_and_any_token_can_be_drawn(count: int) -> None:
    found = embedded(tuple((HOSTILE * 20)[:count]))
    figure = embedding_strips(found, style(), dim=3)
    step = embedding_step(found, style(), place=count - 1, dim=3)
    for one in (figure, step):
        checked(one)
        assert "<script" not in str(one.to_json())
    assert len(cells(figure)[0].x) < 3000


def numbers_in(tex: str) -> list[float]:
    """Every decimal number of a formula; the room between its lines is none of them."""
    return [float(n) for n in re.findall(r"-?\d+\.\d+", re.sub(r"\[[\d.]+em\]", "", tex))]


def test_the_sums_say_what_the_tables_hold_and_the_norm_follows_from_them() -> None:
    found, w = embedded(), Writer(style(), 6, 3)
    true = exact(found)
    shown = numbers_in(sums(found, w, PLACE, DIM).chosen)
    assert shown == pytest.approx([true[n][PLACE, DIM] for n in true if n != "norm"], abs=1e-6)
    x = true["sum"][PLACE]
    written = mean(found, w, PLACE, DIM)
    assert numbers_in(written.result)[1::2] == pytest.approx([x.mean(), x.var()], abs=1e-6)
    shown = numbers_in(norm(found, w, PLACE, DIM).chosen)
    assert shown[0] == pytest.approx(x[DIM], abs=1e-6)
    assert shown[-1] == pytest.approx(true["norm"][PLACE, DIM], abs=1e-5)
    made = (shown[0] - shown[1]) / np.sqrt(shown[2]) * shown[-3] + shown[-2]
    assert made == pytest.approx(shown[-1], abs=1e-4)


def test_the_chosen_number_stands_in_both_sums_however_small() -> None:
    found = embedded()
    x = exact(found)["sum"][PLACE]
    smallest = int(np.abs(x).argmin())
    spread = mean(found, Writer(style(), 6, 1), PLACE, smallest).chosen
    mu, sigma = (numbers_in(line)[0] for line in spread.split(r"\\")[:2])
    assert [mu, sigma] == pytest.approx([x[smallest]] * 2, abs=1e-6)


def test_written_terms_and_the_rest_add_up_to_the_sum() -> None:
    found, w = embedded(), Writer(style(), 6, 3)
    *terms, total = numbers_in(mean(found, w, PLACE, DIM).rows.split(r"\sigma")[0])
    assert sum(terms) == pytest.approx(total, abs=1e-5)
    assert total == pytest.approx(exact(found)["sum"][PLACE].sum(), abs=1e-5)
