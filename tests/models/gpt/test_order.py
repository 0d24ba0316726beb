"""Temperature, top-k and top-p in every order, against transformers' own processors in it."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from transformers import (
    LogitsProcessorList,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

from models.catalog import load
from models.core.sampling import Settings, stages
from models.gpt.generation import against_processors, next_logits
from models.gpt.order import EXAMPLE, EXAMPLE_LOGITS, LIBRARY, OTHERS, Order, active, chain, orders

ORDERS = (LIBRARY, *OTHERS.values())
EVERY = pytest.mark.parametrize("order", ORDERS, ids="-".join)
SCORES = st.integers(2, 30).flatmap(
    lambda n: arrays(np.float32, n, elements=st.floats(-9, 9, width=32), unique=True)
)


def processors(way: Settings, order: Order) -> LogitsProcessorList:
    """The library's own list, in this order."""
    own = {
        "temperature": TemperatureLogitsWarper(way.temperature),
        "top_k": TopKLogitsWarper(way.top_k),
        "top_p": TopPLogitsWarper(way.top_p),
    }
    return LogitsProcessorList([own[one] for one in order])


def test_the_orders_are_all_there_are() -> None:
    assert len(set(ORDERS)) == 6
    assert all(sorted(one) == sorted(LIBRARY) for one in ORDERS)
    assert all("".join(name[-1] if "_" in name else name[0] for name in order) == code
               for code, order in OTHERS.items())  # fmt: skip


def test_the_worked_example_keeps_one_token_or_two() -> None:
    """Logits (3, 2, 1), T = 0.5, p = 0.8, by hand."""
    found = orders(EXAMPLE_LOGITS, EXAMPLE, OTHERS["pkt"])
    e = np.exp(np.array([6.0, 4.0, 2.0]))
    np.testing.assert_allclose(found.library.shares[1], e / e.sum(), rtol=1e-12)
    assert e[0] / e.sum() > 0.8
    assert found.library.order == ("temperature", "top_p")
    assert found.library.kept == {0}
    assert found.library.probabilities.tolist() == [1, 0, 0]
    plain = np.exp([3.0, 2.0, 1.0]) / np.exp([3.0, 2.0, 1.0]).sum()
    assert plain[0] < 0.8 < plain[0] + plain[1]
    np.testing.assert_allclose(found.other.reaching, plain[:2], rtol=1e-12)
    np.testing.assert_allclose(
        found.other.probabilities, [1 / (1 + np.exp(-2)), 1 / (1 + np.exp(2)), 0], rtol=1e-6
    )
    assert found.only_other == (1,)
    assert not found.only_library
    assert found.distance == pytest.approx(1 / (1 + np.exp(2)), rel=1e-6)


@EVERY
@pytest.mark.parametrize(
    "way", [Settings(0.5, 10, 0.8), Settings(1.7, 40, 0.9), Settings(0.8, 3, 0.5)], ids=str
)
def test_every_order_is_what_the_librarys_processors_give_in_it(
    way: Settings, order: Order
) -> None:
    loaded = load("gpt-mini")
    logits = next_logits(loaded, loaded.encode("The old").ids)
    found = chain(logits, way, order)
    now, rows = torch.from_numpy(np.array(logits))[None], []
    for one in processors(way, order):
        now = one(None, now)
        rows.append(now[0].numpy())
    for ours, theirs in zip(found.scores, rows, strict=True):
        np.testing.assert_array_equal(np.isneginf(ours), np.isneginf(theirs))
        np.testing.assert_allclose(ours, theirs, rtol=1e-6)
    np.testing.assert_allclose(
        found.probabilities, now[0].double().softmax(-1).numpy(), rtol=1e-5, atol=1e-12
    )
    assert against_processors(found).rounding


def test_a_check_against_processors_in_the_wrong_order_fails() -> None:
    found = chain(EXAMPLE_LOGITS, EXAMPLE, OTHERS["pkt"])
    other = chain(EXAMPLE_LOGITS, EXAMPLE)
    swapped = type(found)(found.settings, found.logits, other.order, found.scores)
    assert against_processors(swapped).absolute > 0.1


def test_the_librarys_order_is_what_is_sampled_from() -> None:
    loaded = load("gpt-mini")
    logits = next_logits(loaded, loaded.encode("Yaşlı").ids)
    for way in (Settings(0.7, 8, 0.9), Settings(2.0, 0, 0.6), Settings()):
        same = stages(logits, way)
        np.testing.assert_array_equal(chain(logits, way).probabilities, same.probabilities)


@given(SCORES, st.floats(0.1, 3), st.integers(1, 20))
def test_a_temperature_moves_past_top_k_without_a_trace(
    scores: np.ndarray, temperature: float, k: int
) -> None:
    way = Settings(temperature, k)
    before, after = chain(scores, way), chain(scores, way, OTHERS["kpt"])
    # Dividing may round two neighbours to one number, which then both stay.
    if len(np.unique(scores / np.float32(temperature))) == len(scores):
        assert before.kept == after.kept
        np.testing.assert_allclose(before.probabilities, after.probabilities, atol=1e-6)


@given(SCORES, st.floats(0.3, 3), st.integers(1, 20), st.floats(0.05, 0.95))
def test_the_distance_is_0_where_the_same_tokens_stay(
    scores: np.ndarray, temperature: float, k: int, p: float
) -> None:
    found = orders(scores, Settings(temperature, k, p), OTHERS["kpt"])
    assert 0 <= found.distance <= 1
    if not found.differ:
        assert found.distance == pytest.approx(0, abs=1e-6)
    else:
        assert set(found.only_library) | set(found.only_other)
        assert found.distance > 0


def test_what_a_small_temperature_leaves_no_probability_is_not_kept() -> None:
    """Of logits one apart e^(−1 / 0.001) is 0 in double precision, cut or not."""
    found = orders(EXAMPLE_LOGITS, Settings(0.001, 0, 0.95), OTHERS["pkt"])
    assert np.isfinite(found.other.scores[-1]).all()
    assert found.library.kept == found.other.kept == {0}
    assert found.distance == 0
    assert not found.differ
    assert not found.only_other


def test_a_chain_is_ranked_and_normalized_once() -> None:
    found = chain(EXAMPLE_LOGITS, EXAMPLE, OTHERS["pkt"])
    assert found.ranking is found.ranking
    assert found.kept is found.kept
    assert all(one is again for one, again in zip(found.shares, found.shares, strict=True))
    with pytest.raises(ValueError, match="read-only"):
        found.probabilities[0] = 0.5


def test_what_is_not_set_is_left_out_and_greedy_applies_nothing() -> None:
    assert active(Settings(), LIBRARY) == ()
    assert active(Settings(0.0, 5, 0.5), LIBRARY) == ()
    assert active(Settings(1.0, 5, 0.5), OTHERS["ptk"]) == ("top_p", "top_k")
    found = chain(np.array([1.0, 0.0], np.float32), Settings())
    assert found.kept == {0, 1}
    assert len(found.shares) == 1
    assert len(found.reaching) == 0
