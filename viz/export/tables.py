"""Tables of numbers, for who reads a figure without seeing it: headings and cells as text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from viz.board.notation import Notation, visible

MOST_ROWS, MOST_COLUMNS = 120, 40  # of one table: more is nothing to listen to
DIGITS = 4
NONE = "–"  # a cell without a number

Row = tuple[str, tuple[str, ...]]  # what it is called, its cells


@dataclass(frozen=True, slots=True)
class HeadedTable:
    """rows: as many cells each as columns has headings; (): lines of several lengths, without any.

    corner: what stands in the cells, "" where the headings say it. whole: rows and columns, before
    it was `cut`.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    corner: str = ""
    whole: tuple[int, int] = (0, 0)


def cut(table: HeadedTable) -> HeadedTable:
    """The first rows and columns; headings that are alike are numbered."""
    whole = (len(table.rows), len(table.columns) or max(len(cells) for _, cells in table.rows))
    heads = apart([head for head, _ in table.rows])[:MOST_ROWS]
    cells = (own[:MOST_COLUMNS] for _, own in table.rows)
    rows = tuple(zip(heads, cells, strict=False))
    return replace(
        table, columns=tuple(apart(table.columns)[:MOST_COLUMNS]), rows=rows, whole=whole
    )


def apart(heads: Sequence[str]) -> list[str]:
    """Of headings that are alike the second, third … says that it is."""
    seen = Counter[str]()
    found = []
    for head in heads:
        seen[head] += 1
        found.append(f"{head} ({seen[head]})" if head and seen[head] > 1 else head)
    return found


def number(value: Any, notation: Notation) -> str:
    """With `DIGITS` decimals, in powers of ten where it would read as 0; whole ones whole."""
    kind = np.asarray(value).dtype.kind
    if kind in "iub":
        return notation.grouped(int(value))
    return NONE if np.isnan(value) else notation.tiny(float(value), DIGITS)


def array(
    name: str,
    values: NDArray[Any],
    labels: Sequence[Sequence[str] | None],
    notation: Notation,
) -> HeadedTable:
    """values: (…), of any shape: its last axis across, all others down. labels: of each axis, None:
    its places are numbered."""
    shown = values.reshape(-1, 1) if values.ndim == 1 else values
    axes = [_names(size, own) for size, own in zip(values.shape, labels, strict=True)]
    down, across = (axes, [""]) if values.ndim == 1 else (axes[:-1], axes[-1])
    heads = [" · ".join(place) for place in product(*down)]
    flat = shown.reshape(len(heads), -1)
    rows = tuple(
        (head, tuple(number(one, notation) for one in row[:MOST_COLUMNS]))
        for head, row in zip(heads, flat[:MOST_ROWS], strict=False)
    )
    whole = (len(heads), flat.shape[1])
    columns = tuple(apart(across)[:MOST_COLUMNS]) if values.ndim > 1 else (name,)
    return HeadedTable(called(name, values.shape), columns, tuple(_numbered(rows)), whole=whole)


def called(name: str, shape: Sequence[int]) -> str:
    """An array's name with its shape: "weights (10 × 10)"."""
    return f"{name} ({' × '.join(map(str, shape))})".strip()


def _names(size: int, labels: Sequence[str] | None) -> list[str]:
    return [str(n) for n in range(size)] if labels is None else list(map(visible, labels))


def _numbered(rows: Sequence[Row]) -> list[Row]:
    heads = apart([head for head, _ in rows])
    return [(head, cells) for head, (_, cells) in zip(heads, rows, strict=True)]
