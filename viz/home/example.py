"""A small matrix of attention weights as an HTML table: for a page that must draw at once."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np

from models.trace import Floats, HeadSteps
from viz.board.notation import Notation, for_html
from viz.board.theme import Theme, at, ink_on


def weights_table(
    weights: Floats, words: Sequence[str], *, theme: Theme, notation: Notation, digits: int = 3
) -> str:
    """weights: (query, key), 0–1 → HTML; queries down the side, keys along the top, all escaped."""
    head = "".join(f"<th>{for_html(word)}</th>" for word in words)
    rows = "".join(
        f"<tr><th>{for_html(word)}</th>{_cells(row, theme, notation, digits)}</tr>"
        for word, row in zip(words, weights, strict=True)
    )
    return f"<table class='weights'><tr><td></td>{head}</tr>{rows}</table>"


def _cells(row: Floats, theme: Theme, notation: Notation, digits: int) -> str:
    cells = []
    for value in row:
        colour = at(theme.weights, float(value))
        style = f"background:{colour};color:{ink_on(colour)}"
        cells.append(f"<td style='{style}'>{escape(notation.small(float(value), digits))}</td>")
    return "".join(cells)


def cell_sum(
    steps: HeadSteps, words: Sequence[str], query: int, key: int, *, notation: Notation
) -> str:
    """One weight's whole way, q·k → ÷√d → eˢ → ÷ Σ, as four lines of HTML; words escaped.

    softmax(QKᵀ/√d_k): Vaswani et al. 2017, eq. 1.
    """
    fixed = notation.fixed
    terms = " + ".join(
        f"{_bracketed(fixed(float(a), 0))}·{_bracketed(fixed(float(b), 0))}"
        for a, b in zip(steps.q[query], steps.k[key], strict=True)
    )
    raw, scaled = float(steps.raw[query, key]), float(steps.scaled[query, key])
    e = np.exp(steps.masked[query].astype(np.float64))
    total, weight = float(e.sum()), float(steps.weights[query, key])
    lines = (
        (f"{_named(words[query], 'q')} · {_named(words[key], 'k')}", f"{terms} = {fixed(raw, 0)}"),
        ("÷ √d", f"{fixed(raw, 0)} ÷ √{steps.q.shape[1]} = {fixed(scaled)}"),
        ("<i>e<sup>s</sup></i>", f"<i>e</i><sup>{fixed(scaled)}</sup> = {fixed(float(e[key]))}"),
        ("÷ Σ", f"{fixed(float(e[key]))} ÷ {fixed(total)} = <b>{fixed(weight, 3)}</b>"),
    )
    rows = "".join(f"<tr><td>{name}</td><td>{sums}</td></tr>" for name, sums in lines)
    return f"<table class='sums'>{rows}</table>"


def _bracketed(number: str) -> str:
    return number if number[0].isdigit() else f"({number})"


def _named(word: str, role: str) -> str:
    return f"<b style='color:var(--{role})'>{for_html(word)}</b>"
