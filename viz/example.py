"""A small matrix of attention weights as an HTML table: for a page that must draw at once."""

from __future__ import annotations

from collections.abc import Sequence

from models.trace import Floats
from viz.notation import Notation, for_html
from viz.theme import Theme, at, ink_on


def weights_table(
    weights: Floats, words: Sequence[str], *, theme: Theme, notation: Notation, digits: int = 3
) -> str:
    """weights: (query, key), 0–1 → HTML; queries down the side, keys along the top, all escaped."""
    head = "".join(f"<th>{for_html(word)}</th>" for word in words)
    rows = "".join(
        f"<tr><th>{for_html(word)}</th>{_cells(row, theme, notation, digits)}</tr>"
        for word, row in zip(words, weights, strict=True)
    )
    return f"<table class='example'><tr><td></td>{head}</tr>{rows}</table>"


def _cells(row: Floats, theme: Theme, notation: Notation, digits: int) -> str:
    cells = []
    for value in row:
        colour = at(theme.weights, float(value))
        style = f"background:{colour};color:{ink_on(colour)}"
        cells.append(f"<td style='{style}'>{notation.small(float(value), digits)}</td>")
    return "".join(cells)
