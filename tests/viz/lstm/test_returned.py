"""The figure of what is returned: numbers, frames and clicks stand where the record says."""

from __future__ import annotations

import numpy as np
import pytest

from models.lstm.returned import Returned
from tests.viz.figures import checked, plain, words
from viz.board.board import CELLS
from viz.board.notation import Notation
from viz.board.style import Style
from viz.board.theme import LIGHT
from viz.lstm.returned import Handed, handed_out

LABELS = {"forward": "layer {n} →", "backward": "layer {n} ←", "output": "output"}
STYLE = Style(LIGHT, Notation("."), LABELS)
ROWS, STEPS, UNITS = 4, 5, 3


def found() -> Returned:
    h = np.random.default_rng(0).uniform(-1, 1, (ROWS, STEPS, UNITS)).astype(np.float32)
    last = np.stack([h[row][0 if row % 2 else -1] for row in range(ROWS)])
    return Returned(np.hstack([h[2], h[3]]), h, last, 2 * last, 2)


def test_every_layers_state_stands_at_its_word_and_again_among_the_last() -> None:
    one = found()
    figure = handed_out(Handed(one, list("abcde"), 1, 2), STYLE)
    checked(figure)
    said = [plain(w.text).replace("−", "-") for w in words(figure)]
    numbers = [float(text) for text in said if text.replace("-", "").replace(".", "").isdigit()]
    assert one.c_n is not None
    true = [*one.h[:, :, 2].ravel(), *one.h_n[:, 2], *one.c_n[:, 2]]
    np.testing.assert_allclose(sorted(numbers), sorted(true), atol=0.00501)
    assert {"output", "layer 1 →", "layer 0 ←"} <= set(said)


def test_a_click_chooses_the_place() -> None:
    figure = handed_out(Handed(found(), list("abcde"), 1, 2), STYLE)
    (points,) = [trace for trace in figure.data if trace.name == CELLS]
    assert sorted({at for (at,) in points.customdata}) == list(range(STEPS))


def test_a_place_that_is_not_there_is_refused() -> None:
    with pytest.raises(IndexError, match="step"):
        Handed(found(), list("abcde"), STEPS, 0)
