"""Signal and gradient by depth: the stacks are torch's, and each step back is its Jacobian's."""

from __future__ import annotations

import numpy as np
import pytest

from models.neuron import depth, depth_autograd
from models.neuron.depth import BENDS, GAINS, INNER, SEEDS, STARTS, WAYS, WIDTH, Bend, Start, Way

EVERY_WAY = pytest.mark.parametrize("way", WAYS)
EVERY_BEND = pytest.mark.parametrize("bend", BENDS)


@EVERY_WAY
@EVERY_BEND
@pytest.mark.parametrize("start", STARTS)
def test_signal_and_gradient_of_every_layer_are_torchs(way: Way, bend: Bend, start: Start) -> None:
    found = depth.stack(3, 4, way, bend, start)
    x, gradient = depth_autograd.by_torch(found)
    for ours, theirs in zip((*found.x, *found.gradient), (*x, *gradient), strict=True):
        assert ours == pytest.approx(theirs, rel=0, abs=1e-12 * float(np.abs(theirs).max()))


@EVERY_WAY
@EVERY_BEND
def test_a_step_back_is_that_of_small_differences(way: Way, bend: Bend) -> None:
    found = depth.stack(1, 2, way, bend, "he")
    given = depth.weights(1, 2, "he")
    g, h = found.gradient[1], 1e-6

    def block(x: np.ndarray) -> np.ndarray:
        z = given.w[0] @ (depth.layer_norm(x) if found.normed else x)
        bent = np.tanh(z) if bend == "tanh" else np.maximum(z, 0)
        return np.asarray(given.v[0] @ bent)

    x = found.x[0]
    slopes = [(g @ block(x + h * e) - g @ block(x - h * e)) / (2 * h) for e in np.eye(WIDTH)]
    assert found.back[0] == pytest.approx(np.array(slopes), abs=1e-6)
    assert found.gradient[0] == pytest.approx(found.back[0] + (g if found.path else 0))


@pytest.mark.parametrize("start", STARTS)
def test_weights_have_the_variance_that_is_said(start: Start) -> None:
    given = depth.weights(0, 8, start)
    share = {"linear": 1 / 3, "lecun": 1.0, "he": 2.0}[start]
    assert float(given.w.var()) == pytest.approx(share / WIDTH, rel=0.02)
    assert float(given.v.var()) == pytest.approx(share / INNER, rel=0.02)
    assert depth.rms(given.x) == pytest.approx(1.0)
    assert np.linalg.norm(given.r) == pytest.approx(1.0)


def test_torchs_own_layer_begins_within_the_same_limits() -> None:
    import torch

    layer = torch.nn.Linear(WIDTH, 4096, bias=False)
    largest = float(layer.weight.detach().abs().max())
    assert largest == pytest.approx(GAINS["linear"] / WIDTH**0.5, rel=1e-3)
    assert np.abs(depth.weights(0, 8, "linear").w).max() == pytest.approx(largest, rel=1e-3)


def test_a_deeper_stack_begins_with_the_blocks_of_a_shorter_one() -> None:
    short, long = depth.weights(2, 2, "linear"), depth.weights(2, 8, "linear")
    assert (short.w == long.w[:2]).all()
    assert (short.v == long.v[:2]).all()


@EVERY_WAY
def test_the_drawn_stack_is_the_median_of_all(way: Way) -> None:
    found = depth.comparison(4, "tanh", "linear")
    one, every = found.stacks[way], found.gradients[way]
    assert every.shape == found.signals[way].shape == (SEEDS, 5)
    assert float(one.sizes[0]) == np.median(every[:, 0])
    assert (every[one.seed] == one.sizes).all()
    assert (found.signals[way][one.seed] == one.signal).all()
    again = depth.stack(one.seed, 4, way, "tanh", "linear")
    assert (again.gradient == one.gradient).all()


def test_a_wrong_step_back_is_no_rounding(monkeypatch: pytest.MonkeyPatch) -> None:
    right = depth.comparison(4, "tanh", "linear")
    assert depth_autograd.check(right).rounding
    monkeypatch.setattr(depth, "norm_back", lambda x, gradient: gradient / x.std())
    wrong = depth.comparison(4, "tanh", "linear")
    assert not depth_autograd.check(wrong).rounding
    assert depth_autograd.gradient_check(wrong.stacks["plain"]).rounding
    assert not depth_autograd.gradient_check(wrong.stacks["both"]).rounding


@pytest.mark.parametrize(
    ("way", "bend", "blocks"), [("post", "tanh", 2), ("plain", "gelu", 2), ("plain", "tanh", 0)]
)
def test_what_cannot_be_stacked_is_refused(way: Way, bend: Bend, blocks: int) -> None:
    with pytest.raises(ValueError, match="no such stack"):
        depth.stack(0, blocks, way, bend, "linear")
