"""The next word as bars, of one network or of two side by side: HTML, every word escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from viz.notation import Notation, visible

Bar = tuple[str, Sequence[float]]  # a word, and its probability in each network


def bars(
    rows: Sequence[Bar],
    *,
    heads: Sequence[str] = (),
    goes_on: str | None = None,
    notation: Notation,
) -> str:
    """A row a word with a bar and a number for each probability; bars go from 0 to 1.

    heads: what stands above the columns. goes_on: the word that follows in the text, marked.
    """
    body = "".join(_row(word, values, word == goes_on, notation) for word, values in rows)
    head = ""
    if heads:
        cells = "".join(f"<th colspan='2'>{escape(word)}</th>" for word in heads)
        head = f"<tr><th></th>{cells}</tr>"
    return f"<table class='next'>{head}{body}</table>"


def _row(word: str, values: Sequence[float], marked: bool, notation: Notation) -> str:
    cells = "".join(
        f"<td class='bar'><div><span style='width:{100 * min(max(v, 0.0), 1.0):.1f}%'></span></div>"
        f"</td><td class='value'>{escape(notation.small(v))}</td>"
        for v in values
    )
    kind = " class='on'" if marked else ""
    sign = "→ " if marked else ""
    return f"<tr{kind}><td class='word'>{sign}<bdi>{escape(visible(word))}</bdi></td>{cells}</tr>"
