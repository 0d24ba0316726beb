"""The table of prefix matching: every layer, or those that matter and what the rest comes to."""

from __future__ import annotations

from html import unescape

import numpy as np
import pytest

from viz.board.notation import Notation
from viz.gpt.prefix_table import Scores, prefix_table


def drawn(layers: int) -> tuple[str, np.ndarray]:
    scores = np.random.default_rng(5).uniform(size=(layers, 3)).astype(np.float32)
    best = divmod(int(scores.argmax()), 3)
    found = Scores("a model", list(scores), None, best)
    return prefix_table(found, "layer", Notation(), lambda *rest: f"rest {rest}"), scores


@pytest.mark.parametrize("layers", [1, 2, 8])
def test_few_layers_are_all_there(layers: int) -> None:
    html, _ = drawn(layers)
    assert html.count("<tr>") == layers + 1
    assert "rest" not in html


def test_of_many_layers_the_highest_and_what_the_others_reach() -> None:
    html, scores = drawn(30)
    highest = scores.max(axis=1)
    limit = np.sort(highest)[-8]
    for layer in range(30):
        assert (f"<tr><th>{layer}</th>" in html) == (highest[layer] >= limit)
    assert f"rest {(22, f'{np.sort(highest)[-9]:.3f}')}" in unescape(html)
    assert html.count("class='best'") == 1
