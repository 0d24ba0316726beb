"""From scores to a token: the library's own processors, stage by stage, on all kinds of scores."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from transformers import (
    GenerationConfig,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

from models.catalog import load
from models.core.sampling import Settings, draw, stages, uniform
from models.gpt.generation import against_library, next_logits

CLOSE = 1e-6
VALUES = st.floats(-30, 30, width=32)
SCORES = st.integers(1, 40).flatmap(lambda n: arrays(np.float32, n, elements=VALUES))
# A few values only: most scores tie with others.
TIES = st.integers(1, 40).flatmap(
    lambda n: arrays(np.float32, n, elements=st.sampled_from([-2.0, 0.0, 0.5, 3.0]))
)
WAYS = st.builds(
    Settings,
    temperature=st.sampled_from([0.01, 0.1, 0.5, 0.7, 1.0, 1.3, 2.0]) | st.floats(0.05, 3),
    top_k=st.integers(0, 45),
    top_p=st.sampled_from([1e-9, 0.1, 0.5, 0.9, 0.999, 1.0]) | st.floats(0, 1),
    least=st.integers(1, 4),
)


def of_library(scores: np.ndarray, way: Settings) -> list[np.ndarray]:
    """÷ T, after top-k, after top-p, softmax: transformers' own, in `generate`'s order."""
    now = torch.from_numpy(scores.copy())[None]
    found = []
    if way.temperature != 1.0:
        now = TemperatureLogitsWarper(float(way.temperature))(None, now)
    found.append(now)
    if way.top_k != 0:
        now = TopKLogitsWarper(way.top_k, min_tokens_to_keep=way.least)(None, now)
    found.append(now)
    if way.top_p < 1.0:
        now = TopPLogitsWarper(way.top_p, min_tokens_to_keep=way.least)(None, now)
    found.append(now)
    found.append(now.double().softmax(-1))
    return [one[0].numpy() for one in found]


def near_the_cut(scores: np.ndarray, way: Settings) -> bool:
    """A partial sum so near 1 − p that rounding decides: torch's or ours, neither is wrong."""
    after_k = of_library(scores, way)[1].astype(np.float64)
    e = np.sort(np.exp(after_k - after_k.max()))
    return bool((np.abs((e / e.sum()).cumsum() - (1 - way.top_p)) < 1e-6).any())


def same_stages(scores: np.ndarray, way: Settings) -> None:
    ours = stages(scores, way)
    if way.top_p < 1 and near_the_cut(scores, way):
        return
    theirs = of_library(scores, way)
    for mine, own in zip(
        (ours.divided, ours.after_k, ours.after_p, ours.probabilities), theirs, strict=True
    ):
        # Which of several equal scores top-p cuts torch's sort leaves open: equal ones as a group.
        mine, own = (stage[np.lexsort((stage, scores))] for stage in (mine, own))
        np.testing.assert_array_equal(np.isneginf(mine), np.isneginf(own))
        np.testing.assert_allclose(mine, own, rtol=CLOSE, atol=CLOSE)
    assert against_library(ours).rounding


@given(SCORES, WAYS)
def test_every_stage_is_the_librarys(scores: np.ndarray, way: Settings) -> None:
    same_stages(scores, way)


@given(TIES, WAYS)
def test_ties_are_kept_and_cut_as_the_library_does(scores: np.ndarray, way: Settings) -> None:
    same_stages(scores, way)


@pytest.mark.parametrize("text", ["The old", "Yaşlı", "The old man that saw"])
@pytest.mark.parametrize(
    "way",
    [
        Settings(),
        Settings(0.05, 0, 1.0),
        Settings(0.8, 10, 0.9),
        Settings(1.0, 1, 1.0),
        Settings(1.5, 0, 1e-6),
        Settings(1.0, 3, 0.2, least=3),
        Settings(0.0),
    ],
    ids=str,
)
def test_a_models_own_scores_are_treated_as_the_library_does(text: str, way: Settings) -> None:
    loaded = load("gpt-mini")
    scores = next_logits(loaded, loaded.encode(text).ids)
    found = stages(scores, way)
    assert against_library(found).rounding  # scores ÷ 0.05 round by twenty times as much
    if not way.greedy:
        same_stages(scores, way)


def test_generate_puts_its_processors_in_this_order() -> None:
    model = load("gpt-mini").model
    wanted = GenerationConfig(do_sample=True, temperature=0.7, top_k=5, top_p=0.8, num_beams=1)
    model._prepare_special_tokens(wanted)
    found = model._get_logits_processor(wanted, input_ids_seq_length=1)
    assert [type(one) for one in found] == [
        TemperatureLogitsWarper,
        TopKLogitsWarper,
        TopPLogitsWarper,
    ]
    assert [one.min_tokens_to_keep for one in found[1:]] == [Settings().least] * 2


def test_one_alone_takes_all_and_nothing_changes_without_cuts() -> None:
    scores = np.array([0.5, 2.0, -1.0], np.float32)
    for way in (Settings(1.0, 1), Settings(1.0, 0, 0.0), Settings(1e-3), Settings(0.0)):
        assert stages(scores, way).probabilities.tolist() == pytest.approx([0, 1, 0])
    whole = stages(scores, Settings())
    np.testing.assert_allclose(
        whole.probabilities, torch.from_numpy(scores).double().softmax(0), atol=1e-12
    )
    assert whole.kept.tolist() == [1, 0, 2]


def test_top_p_keeps_the_token_that_reaches_p() -> None:
    scores = np.log(np.array([0.1, 0.5, 0.4], np.float32))
    assert stages(scores, Settings(top_p=0.45)).kept.tolist() == [1]
    assert stages(scores, Settings(top_p=0.55)).kept.tolist() == [1, 2]
    assert stages(scores, Settings(top_p=0.95)).kept.tolist() == [1, 2, 0]


@given(SCORES | TIES, WAYS, st.floats(0, 1, exclude_max=True))
def test_a_draw_falls_into_the_chosen_tokens_share(
    scores: np.ndarray, way: Settings, u: float
) -> None:
    found = stages(scores, way)
    drawn = draw(found, u)
    assert found.probabilities[drawn.chosen] > 0
    assert drawn.start <= u
    assert u < drawn.end or drawn.place == len(drawn.ids) - 1
    assert drawn.end - drawn.start == pytest.approx(found.probabilities[drawn.chosen], abs=1e-9)
    assert drawn.ends[-1] == pytest.approx(1)


def test_tokens_are_drawn_as_often_as_their_probability_says() -> None:
    found = stages(np.array([1.0, 0.0, 2.0, -1.0], np.float32), Settings(1.3, 3, 0.95))
    many = 20_000
    counts = np.bincount([draw(found, uniform(s, 0)).chosen for s in range(many)], minlength=4)
    spread = np.sqrt(found.probabilities * (1 - found.probabilities) / many)
    assert (np.abs(counts / many - found.probabilities) <= 5 * spread).all()


def test_a_seeds_numbers_are_the_same_whatever_was_drawn_before() -> None:
    assert uniform(3, 5) == uniform(3, 5)
    several = {uniform(seed, step) for seed in range(20) for step in range(20)}
    assert len(several) == 400
    assert all(0 <= u < 1 for u in several)


@pytest.mark.parametrize(
    "wrong",
    [
        {"temperature": -0.1},
        {"temperature": np.inf},
        {"temperature": np.nan},
        {"top_k": -1},
        {"top_p": 1.1},
        {"top_p": -0.1},
        {"least": 0},
    ],
)
def test_settings_out_of_range_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"\d|nan|inf"):
        Settings(**wrong)  # type: ignore[arg-type]
