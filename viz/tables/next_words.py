"""The next word as bars: of one network or several side by side, or beside its logit. HTML."""

from __future__ import annotations

from collections.abc import Sequence

from viz.board.markup import Safe
from viz.board.notation import Notation
from viz.tables.bars import Bar, Row, of_probability, table

Shares = tuple[str, Sequence[float]]  # a word, and its probability in each network
Scored = tuple[str, float, float]  # a word, its logit, its probability


def bars(
    rows: Sequence[Shares],
    *,
    heads: Sequence[str] = (),
    goes_on: str | None = None,
    notation: Notation,
) -> Safe:
    """A row a word with a bar and a number for each probability; bars go from 0 to 1.

    heads: what stands above the columns. goes_on: the word that follows in the text, marked.
    """
    made = []
    for word, shares in rows:
        cells, marked = [of_probability(p, notation) for p in shares], word == goes_on
        made.append(Row(word, cells, marked, "→ " if marked else ""))
    return table("next", made, heads)


def logit_bars(
    rows: Sequence[Scored],
    *,
    chosen: int,
    heads: tuple[str, str],
    notation: Notation,
    digits: int = 3,
) -> Safe:
    """A row a word, bars of logit (from 0 on, to the largest shown) and probability (0 to 1).

    chosen: the row that stands out.
    """
    top = max((logit for _, logit, _ in (*rows, ("", 1e-9, 0.0))))  # all may lie below 0
    made = []
    for at, (word, logit, p) in enumerate(rows):
        length = Bar(logit / top, notation.fixed(logit, digits - 2))
        made.append(Row(word, (length, of_probability(p, notation, digits)), at == chosen))
    return table("logits", made, heads)
