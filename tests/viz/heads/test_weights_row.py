"""A head of weights alone as it is drawn: what was never computed is hatched and has no number."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from models.core.tokens import named
from models.trace import AttentionTrace, WeightsBlock
from tests.viz.figures import LABELS, NOTATION, WHOLE, cells, checked, plain, words
from viz.board.board import Figure
from viz.board.grid import weights_map
from viz.board.style import Style
from viz.board.theme import LIGHT
from viz.heads import now
from viz.heads.compare_formulas import weight
from viz.heads.view import HeadView, head_view
from viz.heads.weights_row import weights_row

SPARSE = {"absent": "never computed", "elsewhere": "no tokens"}
STYLE = Style(LIGHT, NOTATION, LABELS | WHOLE | SPARSE)
TOKENS = ("a", "b", "c", "d", "e", "f")


def block(elsewhere: float | None = None, count: int = 6) -> WeightsBlock:
    """One head: a band of two tokens on each side, of which the second behind is masked."""
    apart = np.subtract.outer(np.arange(count), np.arange(count))
    computed, hidden = np.abs(apart) <= 2, apart == -2
    found = np.where(computed & ~hidden, 1.0 + np.arange(count), 0).astype(np.float32)
    found *= (1 - (elsewhere or 0)) / found.sum(axis=1, keepdims=True)
    empty = np.empty((1, count, 0), np.float32)
    output = np.ones((1, count, 2), np.float32)
    return WeightsBlock(
        kind="encoder",
        layer=0,
        q=empty,
        k=empty,
        v=empty,
        scaling=np.nan,
        output=output,
        mask=np.where(computed & ~hidden, 0, -np.inf)[None],
        found=found[None],
        computed=computed[None],
        mixed=output,
        elsewhere=None if elsewhere is None else np.full((1, count), elsewhere, np.float32),
    )


def view(query: int = 3, key: int = 2, elsewhere: float | None = None) -> HeadView:
    trace = AttentionTrace("a model", named(TOKENS), (block(elsewhere),))
    return head_view(trace, "encoder", 0, 0, query=query, key=key)


def bars(figure: Figure) -> list[float]:
    return [s.x1 - s.x0 for s in figure.layout.shapes if s.fillcolor == LIGHT.weight]


def column(figure: Figure, x: float) -> list[str]:
    """What stands at this x below the heads, from above."""
    there = [word for word in words(figure) if word.x == x and word.y > 30]
    return [plain(word.text) for word in sorted(there, key=lambda word: word.y)]


def test_cells_never_computed_are_hatched_otherwise_than_masked_ones() -> None:
    seen = view()
    figure = weights_map(seen.weights, seen.axes, STYLE, masked=seen.masked, absent=seen.absent)
    checked(figure)
    filled = [trace for trace in figure.data if trace.type == "scatter" and trace.fill == "toself"]
    patterns = {trace.fillpattern.shape for trace in filled}
    assert patterns == {"/", "x"}
    heat = np.asarray(next(trace.z for trace in figure.data if trace.type == "heatmap"))
    assert (np.isnan(heat) == (seen.weights == 0)).all()
    computed = block().computed[0]
    (points,) = cells(figure)
    for (i, j), text in zip(np.ndindex(6, 6), points.text, strict=True):
        assert (plain(text) == "") == (not computed[i, j])
        assert (plain(text) == "−∞") == (j == i + 2)
    said = json.dumps(figure.to_plotly_json(), default=str, ensure_ascii=False)
    assert said.count("never computed") == int((~computed).sum())


def test_nothing_is_masked_where_all_that_is_hidden_was_never_computed() -> None:
    one = block()
    plain = replace(one, mask=np.where(one.computed, 0, -np.inf))
    seen = head_view(AttentionTrace("a model", named(TOKENS), (plain,)), "encoder", 0, 0)
    assert seen.masked is None
    assert seen.absent is not None


def test_a_window_of_many_tokens_takes_no_uncomputed_cell_for_the_largest() -> None:
    many = block(count=60)
    names = tuple(f"t{n}" for n in range(60))
    seen = head_view(AttentionTrace("a model", named(names), (many,)), "encoder", 0, 0)
    figure = weights_map(seen.weights, seen.axes, STYLE, masked=seen.masked, absent=seen.absent)
    maps = [np.asarray(trace.z) for trace in figure.data if trace.type == "heatmap"]
    pooled = next(one for one in maps if one.shape == (30, 30))
    there = many.weights[0].reshape(30, 2, 30, 2).max(axis=(1, 3)) > 0
    assert np.isfinite(pooled[there]).all()
    assert pooled.max(where=np.isfinite(pooled), initial=0) == many.weights.max()


@pytest.mark.parametrize("elsewhere", [None, 0.25])
def test_the_row_lists_weights_and_why_a_key_has_none(elsewhere: float | None) -> None:
    seen = view(query=3, elsewhere=elsewhere)
    figure = weights_row(seen, STYLE)
    checked(figure)
    assert column(figure, 400) == ["never computed", "", "", "", "", "−∞"] or column(
        figure, 400
    ) == ["never computed", "−∞"]
    weights = seen.steps.weights[3]
    drawn = [*weights[1:], *([] if elsewhere is None else [elsewhere])]
    assert bars(figure) == pytest.approx([max(116 * w, 1.5) for w in drawn], abs=1e-3)
    assert column(figure, 418)[-1] == "1.00"
    assert ("no tokens" in column(figure, 185)) == (elsewhere is not None)


def test_of_a_cell_never_computed_it_is_said_and_no_weight_told() -> None:
    labels = {"uncomputed": "no score of {query} for {key}", "then_weight": "click"}
    assert view(query=0, key=5).uncomputed
    said, then = now.heads(view(query=0, key=5), Style(LIGHT, NOTATION, labels))
    assert "no score of" in said
    assert then == "click"
    assert not view(query=0, key=2).uncomputed  # masked


def test_no_softmax_is_written_of_a_weight_alone() -> None:
    class Letters:
        """What of a writer is asked for here."""

        def tint(self, _: str, body: str) -> str:
            return body

        def share(self, value: float) -> str:
            return f"{value:.3f}"

    writer: Any = Letters()
    written = weight(block().head(0), (3,), (2,), 0, writer)
    assert "e^" not in written
    assert "nan" not in written
    assert f"{block().weights[0, 3, 2]:.3f}" in written


@pytest.mark.parametrize("wrong", ["found", "mixed"])
def test_shapes_that_do_not_fit_are_refused(wrong: str) -> None:
    one = block()
    fields: dict[str, Any] = {
        name: getattr(one, name)
        for name in (
            "kind",
            "layer",
            "q",
            "k",
            "v",
            "scaling",
            "output",
            "found",
            "computed",
            "mixed",
        )
    }
    fields[wrong] = fields[wrong][:, :3]
    with pytest.raises(ValueError, match=r"weights|mixed"):
        WeightsBlock(**fields)
