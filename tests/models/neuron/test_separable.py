"""Which labellings of four points a line parts: proofs checked, and lines drawn at random."""

from __future__ import annotations

import numpy as np

from models.neuron import separable
from models.neuron.xor import LABELS, POINTS, mean_loss

EVERY = separable.labellings()
XOR = tuple(LABELS.astype(int).tolist())


def test_each_labelling_has_one_proof_and_the_two_without_a_line_are_xor_and_its_opposite() -> None:
    assert len({one.labels for one in EVERY}) == 16
    assert all((one.line is None) != (one.shared is None) for one in EVERY)
    none = {one.labels for one in EVERY if one.line is None}
    assert none == {XOR, tuple(1 - label for label in XOR)}


def test_every_line_parts_its_labels() -> None:
    for one in EVERY:
        if one.line is not None:
            side = POINTS @ one.line[:2] + one.line[2] > 0
            np.testing.assert_array_equal(side, np.array(one.labels) == 1)


def test_a_shared_point_is_a_mixture_of_either_labels_points() -> None:
    for one in EVERY:
        if one.shared is not None:
            for label in (0, 1):
                own = POINTS[np.array(one.labels) == label]
                # Shares that are not negative and sum to 1: it lies between them.
                system = np.vstack([own.T, np.ones(len(own))])
                shares, *_ = np.linalg.lstsq(system, np.append(one.shared, 1.0), rcond=None)
                assert (shares > -1e-12).all()
                np.testing.assert_allclose(shares @ own, one.shared, atol=1e-12)


def test_lines_at_random_find_the_same_labellings_and_no_other() -> None:
    random = np.random.default_rng(0)
    w, b = random.normal(size=(20_000, 2)), random.normal(size=(20_000, 1))
    sides = (w @ POINTS.T + b > 0).astype(int)
    found = {tuple(side) for side in sides.tolist()}
    assert found == {one.labels for one in EVERY if one.line is not None}
    assert int((sides == LABELS).sum(axis=1).max()) == separable.best_by_count().agrees == 3


def test_the_best_line_by_count_is_not_the_best_by_loss() -> None:
    best = separable.best_by_count()
    assert best.line is not None
    share = 1 / (1 + np.exp(-(POINTS @ best.line[:2] + best.line[2])))
    loss = -np.log(np.where(LABELS == 1, share, 1 - share)).mean()
    assert np.isclose(best.loss, loss)
    assert best.loss > np.log(2)


def test_no_weights_get_below_ln_2_and_a_lines_size_changes_its_loss() -> None:
    """The mean loss is convex and its gradient at 0 is 0: (½ − y) sums to 0, and so by each x."""
    joined = np.column_stack((POINTS, np.ones(4)))
    assert not ((0.5 - LABELS) @ joined).any()
    drawn = np.random.default_rng(0).normal(0, 2, (2000, 3))
    assert mean_loss(drawn @ joined.T).min() > np.log(2)
    w1, w2, b = separable.best_by_count().weights
    sizes = [float(mean_loss(joined @ (s * np.array([w1, w2, b])))) for s in (1, 0.1)]
    assert sizes[0] > sizes[1] > np.log(2)
