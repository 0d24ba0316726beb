"""Reading figures back: the words, numbers and clickable cells that a board has drawn."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.core.attention import Scoring, stepped
from models.core.tokens import named
from models.trace import AttentionBlock, AttentionTrace, Floats, HeadSteps
from viz.board.axes import Axes, Choice
from viz.board.board import CELLS, Figure
from viz.board.notation import Notation

NOTATION = Notation()
LABELS = {
    "query_axis": "query axis",
    "query_axis_2": "query axis 2",
    "key_axis": "key axis",
    "query": "query head",
    "key": "key head",
    "score": "score head",
    "exponential": "exponential head",
    "exponential_shifted": "shifted head",
    "weight": "weight head",
    "others": "{n} others",
    "sink": "the sink",
    "hidden": "{n} hidden",
}
# Of the small picture of all, beside a window.
WHOLE = {
    "whole": "all {rows} by {columns}",
    "pooled": "largest of {rows} by {columns}",
    "pooled_size": "largest in size of {rows} by {columns}",
    "outside": "another {share} outside",
    "whole_then": "click a square",
    "near": "nearer",
    "far": "farther",
    "all_keys": "of {n} keys",
    "percent": "{n} %",
}
HOSTILE = (
    "<script>window.hacked=1</script>",
    "</script>",
    "<img src=x onerror=window.hacked=2>",
    "<b>x</b>",
    "a&lt;b&b",
    "\\alpha{$#%_^~",
    "ışĞİöüç",
    "مرحبا",
    "日本語",
    "e\u0301\u0302",
    " ",
    "\n",
)


def together(below: Figure, top: Figure) -> Figure:
    """Two figures that lie on top of each other, as one."""
    assert (below.layout.height, below.layout.xaxis) == (top.layout.height, top.layout.xaxis)
    layout = top.layout.to_plotly_json()
    layout["shapes"] = [*below.layout.shapes, *top.layout.shapes]
    layout["annotations"] = [*below.layout.annotations, *top.layout.annotations]
    return Figure(data=[*below.data, *top.data], layout=layout)


@dataclass(frozen=True)
class Word:
    """A piece of text where it stands, in pixels."""

    x: float
    y: float
    text: str
    size: float
    colour: str


def made(
    queries: int = 6,
    keys: int = 6,
    *,
    spread: float = 1.0,
    mask: Floats | None = None,
    sink: float | None = None,
    seed: int = 0,
) -> HeadSteps:
    """One head of random numbers in float32, as a model gives them."""
    random = np.random.default_rng([seed, queries, keys])
    q, k, v = (random.normal(size=(n, 8)).astype(np.float32) for n in (queries, keys, keys))
    mask = None if mask is None else mask.astype(np.float32)
    return stepped(q * spread, k, v, Scoring(scaling=8**-0.5, mask=mask, sink=sink))


def exact(steps: HeadSteps) -> tuple[Floats, Floats]:
    """(masked scores, weights), worked out anew from q, k and the mask in float64."""
    s = np.einsum("qd,kd->qk", steps.q.astype(np.float64), steps.k.astype(np.float64))
    s = s * steps.scaling + (0 if steps.mask is None else steps.mask)
    e = np.exp(s)
    total = e.sum(axis=1, keepdims=True) + (0 if steps.sink is None else np.exp(steps.sink))
    return s, e / total


def axes_of(steps: HeadSteps, chosen: tuple[int, int] = (1, 2)) -> Axes:
    """Axes of a head with made-up tokens."""
    queries, keys = steps.raw.shape
    names = [f"w{i}" for i in range(max(queries, keys))]
    return Axes(names[:queries], names[:keys], Choice(*chosen))


def trace_of(
    tokens: Sequence[str], special: Sequence[bool] = (), *, heads: int = 2, layers: int = 1
) -> AttentionTrace:
    """An encoder's trace with random q, k, v and its own true outputs."""
    n = len(tokens)
    blocks = []
    for layer in range(layers):
        parts = [made(n, n, seed=layer * heads + head) for head in range(heads)]
        q, k, v, out = (
            np.stack([getattr(p, name) for p in parts]) for name in ("q", "k", "v", "output")
        )
        blocks.append(AttentionBlock("encoder", layer, q, k, v, 8**-0.5, out))
    return AttentionTrace("made", named(tokens, special), tuple(blocks))


def words(figure: Figure) -> list[Word]:
    """All text of a figure that is not in its clickable cells, slanted labels included."""
    found = [Word(a.x, a.y, a.text, a.font.size, a.font.color) for a in figure.layout.annotations]
    for trace in figure.data:
        if trace.type == "scatter" and trace.mode == "text":
            parts = (trace.x, trace.y, trace.text, trace.textfont.size, trace.textfont.color)
            found += [Word(*each) for each in zip(*parts, strict=True)]
    return found


def at_row(figure: Figure, y: float) -> list[Word]:
    """Words at one height, from left to right."""
    return sorted((w for w in words(figure) if abs(w.y - y) < 1e-6), key=lambda w: w.x)


def cells(figure: Figure) -> list[Any]:
    """The traces whose points answer clicks."""
    return [trace for trace in figure.data if trace.name == CELLS]


def plain(text: str) -> str:
    """A label without our own markup and direction marks."""
    return re.sub(r"</?b>|[\u2068\u2069]", "", text)


def number(text: str) -> float:
    """A number as it stands on the figure."""
    text = plain(text).replace("−", "-").replace("∞", "inf")
    mantissa, _, power = text.partition("·10")
    raised = power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
    return float(mantissa) * 10.0 ** int(raised or 0)


def close(shown: str, true: Any, digits: int = 2) -> bool:
    """The figure's number is the true one, rounded: or says that it is too small to be read."""
    if plain(shown).startswith("< "):
        return bool(0 < true < number(plain(shown)[2:]))
    if np.isinf(true):
        return bool(number(shown) == true)
    return bool(abs(number(shown) - true) <= 0.5 * 10.0**-digits + 2e-6 * max(1.0, abs(true)))


def ribbons(path: str) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """(start, end) of every curve of an SVG path."""
    numbers = [[float(n) for n in re.findall(r"-?[\d.]+", part)] for part in path.split("M")[1:]]
    return [((n[0], n[1]), (n[-2], n[-1])) for n in numbers]


def checked(figure: Figure) -> None:
    """Every property is one that Plotly knows, with a value that it takes: ValueError if not."""
    Figure(json.loads(figure.to_json()))


def inside(rectangles: Any, x: float, y: float) -> bool:
    """Whether a place lies in one of a filled trace's rectangles."""
    xs, ys = list(rectangles.x), list(rectangles.y)
    for start in range(0, len(xs), 6):
        left, right = min(xs[start : start + 5]), max(xs[start : start + 5])
        top, bottom = min(ys[start : start + 5]), max(ys[start : start + 5])
        corners = list(zip(xs[start : start + 4], ys[start : start + 4], strict=True))
        assert corners == [(left, top), (right, top), (right, bottom), (left, bottom)]
        if left <= x <= right and top <= y <= bottom:
            return True
    return False
