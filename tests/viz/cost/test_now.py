"""The cost page's sentences, put together anew."""

from __future__ import annotations

import numpy as np
import pytest

from models.cost.layers import LayerSizes
from models.cost.tiles import tiled
from models.cost.timings import stored
from tests.viz.sentences import BOTH, read, style, told
from viz.board.notation import Notation
from viz.cost import now
from viz.cost.layers import Costs
from viz.cost.tiles import Walk

SIGN = {"en": Notation(".", ","), "tr": Notation(",", ".")}


@BOTH
@pytest.mark.parametrize(
    ("n", "name", "then", "ratio"),
    [(512, "more", "then", 8), (16, "less", "then", 4), (64, "same", "then", 1),
     (4096, "more", "last", 64)],
)  # fmt: skip
def test_it_tells_both_layers_operations_and_the_steps(
    n: int, name: str, then: str, ratio: int, language: str
) -> None:
    drawn = Costs(LayerSizes(n, 64, 3, 64), stored().lengths, stored(), 0, 0)
    speak = style(language, "cost.now")
    said, after = now.layers(drawn, speak)
    write = speak.notation.grouped
    values = {
        "n": n,
        "d": 64,
        "attention": write(2 * n * n * 64),
        "recurrent": write(2 * n * 64 * 64),
        "ratio": ratio,
        "steps": n,
    }
    assert read(said) == told(language, f"cost.now.layers_{name}", **values)
    assert read(after) == told(language, f"cost.now.layers_{then}")


SCORES = np.array([1.0, 0.0, 3.0, 1.0, 2.0])


@BOTH
@pytest.mark.parametrize(
    ("step", "name", "then"),
    [(0, "first", "then"), (1, "raised", "then"), (2, "stays", "divide"), (3, "done", "end")],
)
def test_it_tells_what_a_tile_does_to_the_maximum(
    step: int, name: str, then: str, language: str
) -> None:
    row = tiled(SCORES, np.eye(5), 2)
    drawn = Walk(row, step, "abcde", "q", 0)
    said, after = now.tiles(drawn, style(language, "cost.now"))
    until = min(2 * step + 2, 5)
    so_far, before = SCORES[:until], SCORES[: min(2 * step, 4)]
    write = SIGN[language].fixed
    values = {
        "query": "q",
        "place": step + 1,
        "count": 3,
        "old": write(before.max(initial=0)),
        "new": write(so_far.max()),
        "kept": write(np.exp(1 - 3), 3),
        "n": 5,
        "size": 2,
        "l": write(np.exp(so_far - so_far.max()).sum(), 3),
    }
    assert read(said) == told(language, f"cost.now.tiles_{name}", **values)
    assert read(after) == told(language, f"cost.now.tiles_{then}")


@BOTH
def test_a_tile_of_masked_keys_is_told(language: str) -> None:
    row = tiled(np.array([-np.inf, -np.inf, 1.0]), np.eye(3), 2)
    said, _ = now.tiles(Walk(row, 0, "abc", "q", 0), style(language, "cost.now"))
    assert read(said) == told(language, "cost.now.tiles_masked", place=1, count=2)
