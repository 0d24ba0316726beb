"""What the stops below steps 1 and 7 of scores, and its examples by hand, call right is right."""

from __future__ import annotations

import numpy as np
import pytest

from models.catalog import load
from models.core.by_hand import steps
from models.record import record
from models.scores import places, splitting, symmetry, values
from models.scores.by_hand import decode, example_of
from models.trace import Projection
from tests.pages.claims import both


def test_with_one_matrix_both_directions_score_the_same() -> None:
    at, _ = both("scores", 6, "Equal")
    trace = record(at.model, at.text, surroundings=True)
    assert (trace.tokens[at.query], trace.tokens[at.key]) == ("it", "cat")
    found = symmetry.two_matrices(trace.block("encoder", at.layer).head(at.head))
    cells = (at.query, at.key), (at.key, at.query)
    own, same = ([one.raw[cell] for cell in cells] for one in (found.recorded, found.one_matrix))
    assert own == pytest.approx([19.05, 6.83], abs=0.005)
    assert same == pytest.approx([19.14, 19.14], abs=0.005)
    assert (found.recorded.themselves, found.one_matrix.themselves, len(trace.tokens)) == (
        1,
        10,
        10,
    )
    assert found.recorded.asymmetry == pytest.approx(1.48, abs=0.005)
    every = [one.asymmetry for one in symmetry.of_all_heads(trace, "encoder")]
    assert len(every) == 72
    assert [min(every), max(every)] == pytest.approx([0.87, 1.70], abs=0.005)


def test_a_query_is_made_from_all_of_x() -> None:
    at, _ = both("scores", 7, "From all 384")
    block = record(at.model, at.text, surroundings=True).block("encoder", at.layer)
    found = splitting.split(block, at.head)
    assert found is not None
    assert (found.width, found.heads, found.d, found.columns) == (384, 12, 32, (32, 64))
    assert found.lost(at.query) == pytest.approx(0.92, abs=0.005)
    for number in range(found.width):  # without any one of them the query is another
        less = found.x.copy()
        less[at.query, number] = 0
        other = Projection(found.w_q.weight, found.w_q.bias)(less)[at.query, 32:64]
        assert not np.array_equal(other, found.w_q(found.x)[at.query, 32:64])


def test_one_head_is_worse_than_four_at_four_questions_and_as_good_at_one() -> None:
    both("scores", 8, "Worse, but far better than chance")
    one, four = (places.accuracy(places.MODELS[name]) for name in ("one", "four"))
    assert one is not None
    assert four is not None
    runs = one.seeds["together"]
    assert len(runs) == 5
    assert one.mean("together") == pytest.approx(0.868, abs=0.0005)
    assert [runs.min(), runs.max()] == pytest.approx([0.50, 0.97], abs=0.005)
    assert four.mean("together") == 1
    assert one.baselines["chance"]["together"] == 0.125
    assert one.mean("one_by_one") == four.mean("one_by_one") == 1


def test_another_w_q_asks_another_question_of_the_same_keys() -> None:
    before, after = both("scores", 9, "Yes: $W_Q$ decides what is asked")
    what, when = decode(before.matrix), decode(after.matrix)
    assert (example_of(what), example_of(when)) == ("what", "when")
    for name in ("x", "w_k", "w_v"):
        assert np.array_equal(getattr(what, name), getattr(when, name))
    assert what.words[steps(what).weights[before.query].argmax()] == "l’Afrique"
    row = dict(zip(when.words, steps(when).weights[after.query].tolist(), strict=True))
    assert when.words[after.query] == "visite"
    assert [row["septembre"], row["en"]] == pytest.approx([0.840, 0.114], abs=0.0005)


def test_each_word_of_the_big_red_dog_looks_most_at_itself() -> None:
    at, _ = both("scores", 10, "In every row the word itself")
    hand = decode(at.matrix)
    weights = steps(hand).weights
    assert example_of(hand) == "dog"
    assert weights.argmax(axis=1).tolist() == [0, 1, 2, 3]
    assert weights.diagonal() == pytest.approx([0.71, 0.84, 0.62, 0.91], abs=0.0005)
    dog = hand.words.index("dog")
    assert (weights[:dog].argsort(axis=1)[:, -2] == dog).all()
    assert weights[:dog, dog].max() == pytest.approx(0.24, abs=0.0005)


def test_with_keys_for_values_an_induction_head_copies_nothing() -> None:
    both("scores", 11, "None")
    found = values.second_round(load(values.MODEL))
    assert (found.right, found.asked, found.shared_right) == (11, 11, 0)
    assert found.shared_loss == pytest.approx(8.48, abs=0.005)
    assert found.uniform == pytest.approx(4.48, abs=0.005)
