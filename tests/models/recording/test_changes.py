"""Steps between two arrays are measured, and none is seen where there is another."""

from __future__ import annotations

import numpy as np
import pytest

from models.core.arrays import Floats
from models.core.encodings import rotated
from models.recording.changes import CHANGED, named, step

HEADS, D, TOKENS = 2, 8, 6
rng = np.random.default_rng(0)
A = rng.normal(size=(TOKENS, HEADS * D)).astype("f4")


def by_head(array: Floats) -> Floats:
    return array.reshape(TOKENS, HEADS, D)


def turned(array: Floats, width: int = D, *, first: bool = True) -> Floats:
    result = by_head(array).astype(np.float64).copy()
    columns = slice(0, width) if first else slice(D - width, D)
    for head in range(HEADS):
        result[:, head, columns] = rotated(result[:, head, columns], np.arange(TOKENS))
    return result.reshape(A.shape).astype("f4")


def normed(array: Floats, *, centred: bool = False, whole: bool = False) -> Floats:
    each = array.reshape(TOKENS, 1, -1) if whole else by_head(array)
    each = each - each.mean(-1, keepdims=True) if centred else each
    unit = each / np.sqrt((each**2).mean(-1, keepdims=True) + 1e-6)
    weight = np.random.default_rng(1).normal(1, 0.3, size=unit.shape[1:])
    made: Floats = (unit * weight + (0.2 if centred else 0)).reshape(A.shape).astype("f4")
    return made


GATE = 1 / (1 + np.exp(-rng.normal(size=A.shape)))
STEPS = {
    "": A,
    "scaled": A * np.float32(0.125),
    "clipped": np.clip(A, -1, 1),
    "rotated": turned(A),
    "normed": normed(A),
    "gated": A * GATE,
}


@pytest.mark.parametrize("name", STEPS)
def test_a_step_is_named(name: str) -> None:
    assert step(A, STEPS[name], HEADS, [GATE]) == name


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("width", [2, 4, 6])
def test_part_of_the_columns_can_be_rotated(width: int, first: bool) -> None:
    assert step(A, turned(A, width, first=first), HEADS) == "rotated"


@pytest.mark.parametrize(("centred", "whole"), [(True, False), (False, True), (True, True)])
def test_norms_of_a_head_or_of_all_with_and_without_a_mean(centred: bool, whole: bool) -> None:
    assert step(A, normed(A, centred=centred, whole=whole), HEADS) == "normed"


@pytest.mark.parametrize(
    "other",
    [
        rng.normal(size=A.shape),  # another matrix altogether
        np.roll(A, 1, axis=1),  # other columns
        A + 0.5,
        A * rng.normal(1, 0.2, size=A.shape),  # times what is no gate that was recorded
        turned(A) * np.linspace(1, 2, HEADS * D),
    ],
)
def test_what_is_none_of_them_is_none(other: Floats) -> None:
    assert step(A, other.astype("f4"), HEADS) is None
    assert named(A, other.astype("f4"), [], HEADS) == (CHANGED,)


def test_a_factor_that_is_the_same_for_all_tokens_is_no_gate() -> None:
    weight = np.broadcast_to(rng.normal(1, 0.3, size=HEADS * D), A.shape)
    assert step(A, (A * weight).astype("f4"), HEADS, [weight]) is None


def test_steps_come_in_their_order() -> None:
    inner = normed(A)
    assert named(A, turned(inner), [inner], HEADS) == ("normed", "rotated")
    first = turned(A)
    assert named(A, normed(first), [first], HEADS) == ("rotated", "normed")
    between = [np.clip(A, -1, 1), normed(np.clip(A, -1, 1))]
    assert named(A, turned(between[1]), between, HEADS) == ("clipped", "normed", "rotated")


def test_a_rotation_that_differs_by_head_is_none() -> None:
    other = turned(A).copy()
    other[:, D:] = A[:, D:]
    assert step(A, other, HEADS) is None
