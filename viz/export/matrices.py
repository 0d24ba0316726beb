"""Matrices that a figure shows by colour, as tables: their cells say nothing themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from models.trace import Floats
from viz.board.box import Box
from viz.board.notation import Notation
from viz.export.tables import HeadedTable, number
from viz.export.words import Inscription, Part

_NEAR = 70  # pixels from a matrix to the word that belongs to its row or column
_ASIDE = 12  # pixels that such a word may stand aside


def tables(
    traces: Sequence[Part], written: Sequence[Inscription], name: str, notation: Notation
) -> Iterator[HeadedTable]:
    """Of each matrix whose cells say nothing themselves. written: gives rows and columns names."""
    said = [place for trace in traces if trace.get("hovertext") is not None for place in _at(trace)]
    for trace in traces:
        if trace["type"] != "heatmap":
            continue
        values, box = np.asarray(trace["z"]), _box(trace)
        if _is_scale(values) or not np.isfinite(values).any():
            continue
        if any(box.x <= x <= box.right and box.y <= y <= box.bottom for x, y in said):
            continue
        yield _matrix(values, box, written, name, notation)


def _at(trace: Part) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in zip(trace["x"], trace["y"], strict=True)]


def _box(trace: Part) -> Box:
    rows, columns = np.shape(trace["z"])
    dx, dy = float(trace["dx"]), float(trace["dy"])
    x, y = float(trace["x0"]) - dx / 2, float(trace["y0"]) - dy / 2
    return Box(x, y, dx * columns, dy * rows)


def _is_scale(values: Floats) -> bool:
    """A colour bar: one row or column in even steps."""
    steps = np.diff(values.ravel())
    return min(values.shape) == 1 and len(steps) > 40 and bool(np.allclose(steps, steps[0]))


def _matrix(
    values: Floats, box: Box, written: Sequence[Inscription], name: str, notation: Notation
) -> HeadedTable:
    rows, columns = values.shape
    wide, high = box.width / columns, box.height / rows
    heads = []
    for row in range(rows):
        middle = box.y + (row + 0.5) * high
        near = [w for w in written if abs(w.y - middle) <= min(high / 2, _ASIDE)]
        left = [w for w in near if box.x - 2 * _NEAR <= w.x <= box.x + 1]
        heads.append(max(left, key=lambda w: w.x).text if left else str(row))
    titles = []
    for column in range(columns):
        middle = box.x + (column + 0.5) * wide
        near = [w for w in written if abs(w.x - middle) <= min(wide / 2, _ASIDE)]
        above = [w for w in near if box.y - _NEAR <= w.y <= box.y + 1]
        below = [w for w in near if box.bottom - 1 <= w.y <= box.bottom + _NEAR]
        found = [max(above, key=lambda w: w.y)] if above else sorted(below, key=lambda w: w.y)
        titles.append(found[0].text if found else str(column))
    cells = [tuple(number(v, notation) for v in row) for row in values]
    return HeadedTable(name, tuple(titles), tuple(zip(heads, cells, strict=True)))
