"""Deletion curves: what is removed, what it costs, and the verdict that follows by a rule."""

from __future__ import annotations

import json

import numpy as np
import pytest

from models.core.rollout import rollout, with_residual
from models.measured import CHECKPOINTS
from models.vision import deletion as d
from models.vision import digits
from models.vision.deletion import FILLS, RANDOM, Fill, Gain
from models.vision.digit import see
from models.vision.trace import PictureTrace
from tests.closeness import assert_close
from tests.present import present

MODEL = "vit-digits"
HELD_OUT = digits.split()[1]
BY_FILL = pytest.mark.parametrize("fill", FILLS)


@pytest.fixture(scope="module")
def seen() -> PictureTrace:
    return see(MODEL, HELD_OUT.pixels[0])


@BY_FILL
def test_removed_patches_hold_the_filling_and_all_others_the_picture(
    fill: Fill, seen: PictureTrace
) -> None:
    order = d.at_random(16)[3]
    other = {"paper": np.zeros((8, 8)), "mean": digits.split()[0].pixels.mean(axis=0)}[fill]
    made = d.removed(seen.pixels, order, fill)
    assert made.shape == (17, 8, 8)
    for count, picture in enumerate(made):
        for row in range(8):
            for column in range(8):
                gone = 4 * (row // 2) + column // 2 in order[:count]
                expected = other[row, column] if gone else seen.pixels[row, column]
                assert picture[row, column] == pytest.approx(expected, abs=1e-7)


@BY_FILL
def test_the_batch_gives_what_the_model_gives_picture_by_picture(
    fill: Fill, seen: PictureTrace
) -> None:
    shares = d.shares(seen.attention, "rollout", 0, 0)
    found = d.deletion(MODEL, seen, shares, fill)
    assert found.target == seen.named
    assert found.random.shape == (RANDOM, 17)
    for name in ("most", "least", "ink"):
        pictures = d.removed(seen.pixels, found.orders[name], fill)
        own = [see(MODEL, picture).probabilities[seen.named] for picture in pictures]
        assert_close(found.curves[name], own)
    own = [
        see(MODEL, picture).probabilities[seen.named]
        for picture in d.removed(seen.pixels, found.random_orders[5], fill)
    ]
    assert_close(found.random[5], own)


def test_patches_go_by_falling_attention_rising_attention_and_ink(seen: PictureTrace) -> None:
    shares = d.shares(seen.attention, "layer", 0, 0)
    found = d.deletion(MODEL, seen, shares, "paper")
    assert (np.diff(shares[list(found.orders["most"])]) <= 0).all()
    assert (np.diff(shares[list(found.orders["least"])]) >= 0).all()
    ink = [
        HELD_OUT.pixels[0][r : r + 2, c : c + 2].sum() for r in (0, 2, 4, 6) for c in (0, 2, 4, 6)
    ]
    assert (np.diff(np.array(ink)[list(found.orders["ink"])]) <= 0).all()
    orders = {tuple(sorted(order)) for order in found.random_orders}
    assert orders == {tuple(range(16))}
    assert len(set(found.random_orders)) == RANDOM
    assert found.random_orders == d.at_random(16)


def test_each_ranking_is_the_row_of_cls_without_itself(seen: PictureTrace) -> None:
    blocks = seen.attention.layers("encoder")
    own = blocks[1].weights[2, 0, 1:]
    np.testing.assert_allclose(d.shares(seen.attention, "head", 1, 2), own, atol=1e-7)
    last = blocks[-1].weights.mean(axis=0)[0, 1:]
    np.testing.assert_allclose(d.shares(seen.attention, "layer", 0, 0), last, atol=1e-6)
    rolled = rollout([with_residual(block.weights) for block in blocks])[-1][0, 1:]
    np.testing.assert_allclose(d.shares(seen.attention, "rollout", 0, 0), rolled, atol=1e-12)


def test_an_area_is_the_mean_height_by_trapezoids() -> None:
    curve = np.random.default_rng(0).random(17).astype(np.float32)
    assert d.area(curve) == pytest.approx(np.trapezoid(curve.astype(np.float64)) / 16, abs=1e-12)
    assert d.area(np.ones(17)) == 1
    assert d.area(np.array([1.0, 0.0])) == 0.5


@pytest.mark.parametrize(
    ("larger", "equal", "smaller", "expected"),
    [
        (20, 0, 0, "more"),
        (19, 0, 1, "more"),
        (18, 0, 2, "unclear"),
        (2, 0, 18, "unclear"),
        (1, 0, 19, "less"),
        (0, 0, 20, "less"),
        (0, 20, 0, "unclear"),
        (18, 2, 0, "unclear"),
    ],
)
def test_the_verdict_counts_the_random_orders_that_do_as_well(
    larger: int, equal: int, smaller: int, expected: str
) -> None:
    assert d.verdict(0.5, [0.6] * larger + [0.5] * equal + [0.4] * smaller) == expected


def test_where_nothing_changes_nothing_is_claimed() -> None:
    blank = see(MODEL, np.zeros((8, 8), np.float32))
    found = d.deletion(MODEL, blank, d.shares(blank.attention, "layer", 0, 0), "paper")
    assert np.ptp(found.random) == pytest.approx(0, abs=1e-6)
    assert d.verdict(found.areas["most"], found.random_areas) == "unclear"


@pytest.mark.parametrize(
    ("mean", "expected"),
    [(0.021, "more"), (0.019, "unclear"), (-0.019, "unclear"), (-0.021, "less")],
)
def test_two_standard_errors_decide_over_many_pictures(mean: float, expected: str) -> None:
    assert Gain(mean, 0.01).verdict == expected


@BY_FILL
def test_the_stored_curves_are_what_the_model_does_now(fill: Fill) -> None:
    told = present(d.measured(MODEL, "rollout", fill))
    assert told.pictures == len(HELD_OUT.labels)
    curves = []
    for pixels in HELD_OUT.pixels:
        one = see(MODEL, pixels)
        ranked = d.shares(one.attention, "rollout", 0, 0)
        orders = [d.falling(ranked), d.by_ink(one)]
        curves.append(d.after(MODEL, one, orders, fill))
    mean = np.mean(curves, axis=0)
    np.testing.assert_allclose(told.curves["most"], mean[0], atol=2e-3)
    np.testing.assert_allclose(told.curves["ink"], mean[1], atol=2e-3)
    gains = [d.area(ink) - d.area(most) for most, ink in curves]
    assert told.over_ink.mean == pytest.approx(np.mean(gains), abs=2e-3)
    error = np.std(gains, ddof=1) / np.sqrt(len(gains))
    assert told.over_ink.error == pytest.approx(error, abs=2e-3)


def test_the_stored_figures_fit_each_other() -> None:
    told = json.loads((CHECKPOINTS / MODEL / d.FILE).read_text("utf-8"))
    names = {"layer", "rollout", *(f"head-{n}-{h}" for n in range(3) for h in range(4))}
    for fill in FILLS:
        assert told["fills"][fill]["by"].keys() == names
        for name in names:
            found = present(d.measured(MODEL, name, fill))
            for order, curve in found.curves.items():
                assert found.areas[order] == pytest.approx(d.area(curve), abs=2e-5)
            gain = found.areas["random"] - found.areas["most"]
            assert found.over_random.mean == pytest.approx(gain, abs=3e-5)
            assert (found.low <= found.curves["random"] + 1e-5).all()
            assert (found.curves["random"] <= found.high + 1e-5).all()


def test_what_was_not_measured_has_no_figures() -> None:
    assert d.measured(MODEL, "head-9-9", "paper") is None
    assert d.measured("nowhere", "layer", "paper") is None


def test_what_the_lesson_says_of_deletion_was_measured() -> None:
    found = {
        (by, fill): present(d.measured(MODEL, by, fill))
        for by in ("rollout", "layer")
        for fill in FILLS
    }
    assert all(found["rollout", fill].over_random.verdict == "more" for fill in FILLS)
    assert found["rollout", "paper"].over_ink.verdict == "less"
    assert found["rollout", "mean"].over_ink.verdict == "more"
    assert found["layer", "paper"].over_random.verdict == "more"
    assert found["layer", "paper"].over_random.mean < 0.05
    assert found["layer", "mean"].over_random.verdict == "unclear"


def test_what_the_lesson_says_of_the_model_holds() -> None:
    seen = [see(MODEL, pixels) for pixels in HELD_OUT.pixels]
    blank = np.array([one.embedding.patches.sum(axis=1) == 0 for one in seen])

    def given_to_blank(layer: int, head: int) -> float:
        rows = np.array([d.shares(one.attention, "head", layer, head) for one in seen])
        return float(((rows * blank).sum(axis=1) / rows.sum(axis=1)).mean())

    assert given_to_blank(1, 0) < 0.1
    last = np.array([d.shares(one.attention, "layer", 0, 0) for one in seen])
    on_blank = float(((last * blank).sum(axis=1) / last.sum(axis=1)).mean())
    assert on_blank == pytest.approx(blank.mean(), abs=0.02)
    assert given_to_blank(2, 0) == pytest.approx(blank.mean(), abs=0.02)
    wrong = [i for i, one in enumerate(seen) if one.named != HELD_OUT.labels[i]]
    assert len(wrong) == 3
    assert 333 in wrong
    assert (HELD_OUT.labels[333], seen[333].named) == (8, 1)
    assert seen[333].probabilities[1] > 0.9
    nothing = see(MODEL, np.zeros((8, 8), np.float32))
    assert nothing.named == 2
    assert nothing.probabilities[2] == pytest.approx(0.9, abs=0.05)
