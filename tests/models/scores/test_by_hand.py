"""Attention worked by hand: the lesson's own numbers, and whatever a visitor may hand in."""

from __future__ import annotations

from math import isfinite

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.core import by_hand as byhand
from models.core.attention import causal_mask
from models.core.by_hand import ByHand, of_lists, worked_example
from models.errors import InputError
from models.scores.by_hand import cut_off, decode, encode, resized, rounding, surroundings

SCORES = [[10, -7, -5], [-7, 5, 3], [-5, 3, 5]]


def test_the_lessons_scores_come_out_exactly() -> None:
    made = byhand.steps(worked_example())
    assert made.raw.dtype == np.float64
    assert made.raw.tolist() == SCORES


def test_the_lessons_unscaled_row_comes_out() -> None:
    made = byhand.steps(worked_example(), divide=False)
    assert made.weights[1] == pytest.approx([5.4e-6, 0.881, 0.119], rel=0.005)
    assert made.output[1] == pytest.approx([2.000, -0.762], abs=5e-4)


def test_the_lessons_scaled_rows_come_out() -> None:
    made = byhand.steps(worked_example())
    expected = [[1.000, 6.0e-6, 2.5e-5], [1.7e-4, 0.804, 0.196], [6.8e-4, 0.195, 0.804]]
    assert made.weights == pytest.approx(np.array(expected), rel=0.03, abs=5e-7)
    outputs = [[-3.000, 1.000], [1.999, -0.609], [1.997, 0.609]]
    assert made.output == pytest.approx(np.array(outputs), abs=5e-4)


def test_steps_agree_with_the_formula_written_out_independently() -> None:
    x = np.array([[-3, 1], [2, -1], [2, 1]], dtype=np.float64)
    w_q, w_k, w_v = (np.random.default_rng(seed).normal(size=(2, 2)) for seed in (1, 2, 3))
    hand = ByHand(("a", "b", "c"), x, w_q, w_k, w_v)
    made = byhand.steps(hand, mask=causal_mask(3, 3))
    for i in range(3):
        scores = [sum((x[i] @ w_q) * (x[j] @ w_k)) / np.sqrt(2) for j in range(i + 1)]
        shares = np.exp(scores) / np.exp(scores).sum()
        output = sum(share * (x[j] @ w_v) for j, share in enumerate(shares))
        assert made.weights[i, : i + 1] == pytest.approx(shares, abs=1e-12)
        assert made.weights[i, i + 1 :].tolist() == [0.0] * (2 - i)
        assert made.output[i] == pytest.approx(output, abs=1e-12)


def test_cutting_off_two_digits_is_what_gives_the_slides_outputs() -> None:
    made = byhand.steps(worked_example())
    shown = [rounding(made, query).cut_output for query in range(3)]
    assert np.round(shown, 2).tolist() == [[-2.97, 0.99], [1.98, -0.61], [1.98, 0.61]]


def test_rounding_to_two_digits_does_not_give_the_slides_outputs() -> None:
    found = rounding(byhand.steps(worked_example()), 1)
    assert found.rounded_output == pytest.approx((2.00, -0.60))
    assert found.exact == pytest.approx((1.999, -0.609), abs=5e-4)
    assert sum(found.cut) == pytest.approx(0.99)


def test_cutting_off_keeps_a_digit_that_is_already_short() -> None:
    assert cut_off(np.array([0.29, 0.57, 1.0, 0.999])).tolist() == [0.29, 0.57, 1.0, 0.99]


def test_surroundings_are_one_head_whose_projection_out_changes_nothing() -> None:
    around = surroundings(worked_example())
    assert np.array_equal(around.w_o(around.concat), around.projected)
    assert np.array_equal(around.concat, byhand.steps(worked_example()).output)


numbers = st.floats(-byhand.LARGEST, byhand.LARGEST, allow_nan=False)
words = st.text(min_size=1, max_size=byhand.LONGEST_WORD).filter(str.strip)


@st.composite
def by_hand(draw: st.DrawFn) -> ByHand:
    n, d = draw(st.integers(2, 8)), draw(st.integers(1, 6))

    def matrix(rows: int) -> list[list[float]]:
        row = st.lists(numbers, min_size=d, max_size=d)
        return draw(st.lists(row, min_size=rows, max_size=rows))

    chosen = draw(st.lists(words, min_size=n, max_size=n))
    return of_lists(chosen, matrix(n), matrix(d), matrix(d), matrix(d))


@given(by_hand())
def test_a_link_gives_back_exactly_the_same_numbers_and_words(hand: ByHand) -> None:
    assert decode(encode(hand)).same(hand)


def test_the_links_own_signs_may_stand_in_words() -> None:
    words = ("a,b", "~;", "%2C", "%257E%")
    x = np.arange(4.0)[:, None]
    hand = ByHand(words, x, np.eye(1), np.eye(1), np.eye(1) * 2)
    assert decode(encode(hand)).words == words


@given(by_hand())
def test_any_accepted_numbers_give_rows_that_sum_to_one_and_finite_outputs(hand: ByHand) -> None:
    made = byhand.steps(hand)
    assert made.weights.sum(axis=1) == pytest.approx(np.ones(len(hand.words)))
    assert np.isfinite(made.output).all()


@given(st.text(max_size=200))
def test_any_text_in_a_link_is_read_or_refused_but_never_breaks(code: str) -> None:
    try:
        hand = decode(code)
    except InputError:
        return
    assert np.isfinite(hand.x).all()


@given(by_hand(), st.integers(2, 8), st.integers(1, 6))
def test_resizing_keeps_what_fits(hand: ByHand, n: int, d: int) -> None:
    grown = resized(hand, n, d)
    rows, columns = min(n, len(hand.words)), min(d, hand.dimensions)
    assert grown.x.shape == (n, d)
    assert np.array_equal(grown.x[:rows, :columns], hand.x[:rows, :columns])
    assert grown.words[:rows] == hand.words[:rows]


def test_a_grown_identity_stays_an_identity() -> None:
    assert np.array_equal(resized(worked_example(), 3, 4).w_q, np.eye(4))


@pytest.mark.parametrize(
    "code",
    [
        "a,b~1;nan",
        "a,b~1;inf",
        "a,b~1;1e400",
        "a,b~1;1001",
        "a,b~1;x",
        "a,b~1;",
        "a~1",
        "a,b~1,2;3",
        "a,b~1;2~1,2;3,4",
        "a, ~1;2",
        "a,b",
        "a,b~1;2~~~~",
        ",".join("abcdefghi") + "~" + ";".join("123456789"),
        "a,b~" + "1,1,1,1,1,1,1;1,1,1,1,1,1,1",
        "a,b~1;" + "9" * 9000,
    ],
)
def test_bad_links_are_refused(code: str) -> None:
    with pytest.raises(InputError):
        decode(code)


@pytest.mark.parametrize(
    ("text", "value"), [("0,5", 0.5), ("−2", -2.0), ("1e2", 100.0), (3, 3.0), ("-0.25", -0.25)]
)
def test_numbers_are_read_as_people_write_them(text: object, value: float) -> None:
    assert byhand.checked_number(text) == value


@given(st.one_of(st.none(), st.text(), st.floats(), st.integers(), st.lists(st.integers())))
def test_whatever_comes_out_of_a_table_is_a_good_number_or_refused(value: object) -> None:
    try:
        number = byhand.checked_number(value)
    except byhand.BadNumber:
        return
    assert isfinite(number)
    assert abs(number) <= byhand.LARGEST


def test_matrices_cannot_be_written_to() -> None:
    with pytest.raises(ValueError, match="read-only"):
        worked_example().x[0, 0] = 1
