"""What of one head lies within a sentence of a pair, or goes from one to the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.trace import AttentionTrace, Floats
from viz.board.axes import Axes, Choice
from viz.board.markup import Safe, template
from viz.board.style import Style

Ints = NDArray[np.intp]
# Which sentence asks and which answers: 0 and 1.
WAYS = {"first": (0, 0), "second": (1, 1), "forth": (0, 1), "back": (1, 0)}

COLUMNS = ("aa", "ab", "as", "ba", "bb", "bs")  # the first sentence's three, then the second's

_TABLE = template(
    "<table class='between'><tr><th></th>{% for word, on in heads %}"
    "<th{% if on %} class=on{% endif %}>{{ word }}</th>{% endfor %}</tr>"
    "{% for name, chosen, cells in rows %}<tr{% if chosen %} class=on{% endif %}>"
    "<td>{{ name }}</td>"
    "{% for number, veil, on in cells %}<td{% if on %} class=on{% endif %} "
    "style='background:color-mix(in srgb,var(--weight) {{ veil }}%,transparent)'>{{ number }}</td>"
    "{% endfor %}</tr>{% endfor %}</table>"
)


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A head's weights between two groups of pieces.

    weights: (row, column); axes: their pieces with the chosen cell. full: the head's whole matrix;
    query, key: the chosen cell's places in the whole text.
    """

    weights: Floats
    axes: Axes
    full: Floats
    query: int
    key: int


def groups(trace: AttentionTrace) -> tuple[Ints, Ints, Ints]:
    """Places of the first sentence's words, of the second's, of the special tokens."""
    special = np.array(trace.special, bool)
    second = np.array(trace.segments) == 1
    first, then = np.flatnonzero(~special & ~second), np.flatnonzero(~special & second)
    return first, then, np.flatnonzero(special)


def part(
    trace: AttentionTrace,
    layer: int,
    head: int,
    among: str,
    *,
    query: int | None = None,
    key: int | None = None,
) -> Part:
    """One way of `WAYS` of one head, or "all". A cell outside it gives way to its strongest.

    IndexError: no such layer or head. ValueError: a sentence has no words.
    """
    full = trace.block("encoder", layer).head(head).weights
    places, words = groups(trace), trace.typed or trace.tokens
    every = np.arange(len(full))
    rows, columns = (every, every) if among == "all" else (places[n] for n in WAYS[among])
    if not len(rows) or not len(columns):
        raise ValueError(f"no words for {among!r}")
    weights = full[np.ix_(rows, columns)]
    if query is None or key is None or query not in rows or key not in columns:
        # A word that looks at another word says more than a full stop, [CLS] or itself.
        dull = np.array([not any(map(str.isalpha, word)) for word in words])
        dull[places[2]] = True
        plain = dull[rows][:, None] | dull[columns] | (rows[:, None] == columns)
        worth = np.where(plain, weights - 1.0, weights)
        row, column = np.unravel_index(int(worth.argmax()), worth.shape)
        query, key = int(rows[row]), int(columns[column])
    chosen = Choice(int(np.searchsorted(rows, query)), int(np.searchsorted(columns, key)))
    down, across = ([words[i] for i in side] for side in (rows, columns))
    axes = Axes(down, across, chosen, rows.tolist(), columns.tolist())
    return Part(weights, axes, full, query, key)


def table(shares: Floats, head: int, among: str, style: Style) -> Safe:
    """HTML, a row a head: its six shares. shares: (head, 2, 3) of models.heads.metrics.between.

    The chosen head's row is marked, and so is the column that `among` is about.
    style.labels: share.aa … (COLUMNS), head_named (n).
    """
    marked = 3 * WAYS[among][0] + WAYS[among][1] if among in WAYS else -1
    named, heads = style.labels["head_named"], [style.labels[f"share.{name}"] for name in COLUMNS]

    def cell(n: int, value: float) -> tuple[str, str, bool]:
        """A share, how strongly its cell is filled, in percent, and whether it is marked."""
        if np.isnan(value):
            return "–", "0", n == marked
        return style.notation.fixed(value), f"{min(max(value, 0.0), 1.0) * 45:.0f}", n == marked

    rows = [
        (named.format(n=h), h == head, [cell(n, v) for n, v in enumerate(row.ravel().tolist())])
        for h, row in enumerate(shares)
    ]
    return _TABLE(heads=[(word, n == marked) for n, word in enumerate(heads)], rows=rows)
