"""Tables of what units follow, and of what silencing them breaks: HTML, every word escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from viz.board.notation import Notation


def share_bar(r: float, notation: Notation) -> str:
    """A correlation as a bar of |r|, its sign in the number."""
    width = 100 * min(abs(r), 1.0)
    kind = "minus" if r < 0 else "plus"
    return (
        f"<div class='follows'><div><span class='{kind}' style='width:{width:.1f}%'></span></div>"
        f"<b>{escape(notation.fixed(r, plus=True))}</b></div>"
    )


def broken(
    rows: Sequence[str],
    heads: Sequence[str],
    columns: Sequence[Sequence[float]],
    notation: Notation,
) -> str:
    """A row a figure, a column a model: as trained, then with units silenced."""
    head = "".join(f"<th>{escape(word)}</th>" for word in heads)
    body = "".join(
        f"<tr><td>{escape(name)}</td>"
        + "".join(f"<td class='value'>{escape(notation.fixed(one[at], 3))}</td>" for one in columns)
        + "</tr>"
        for at, name in enumerate(rows)
    )
    return f"<table class='broken'><tr><th></th>{head}</tr>{body}</table>"
