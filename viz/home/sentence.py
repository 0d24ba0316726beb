"""A sentence as a row of words: the chosen one, and how much of its attention each word gets.

What the component beside this file draws. Words reach it as text, never as HTML.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from models.trace import Floats
from viz.board.markup import Safe, filled, joined, template
from viz.board.notation import isolated, shortened, visible
from viz.board.theme import Theme, at, ink_on

LABELS = ("row", "percent", "special")
MOST_NAMED = 3  # words that the sentence names
LEAST_NAMED = 5  # percent, from which it names a second and a third one
LONGEST = 18  # characters of a word in the row
_COLOURS = ("ink", "muted", "page", "grid", "soft", "hatch", "q", "weight")
_HERE = Path(__file__).parent

_WORD = template("<b style='color:var(--{{ role }})'>{{ word }}</b>")
_PERCENT = template("<b style='color:var(--weight)'>{{ share }}</b>")


def script() -> str:
    """The row's JavaScript, one module."""
    return (_HERE / "sentence.js").read_text(encoding="utf-8")


def style() -> str:
    """The row's CSS."""
    return (_HERE / "sentence.css").read_text(encoding="utf-8")


def percents(row: Floats) -> list[int]:
    """(key,) weights 0–1 → whole percents, each rounded by itself."""
    return [round(100 * weight) for weight in row.tolist()]


def payload(
    weights: Floats,
    tokens: Sequence[str],
    special: Sequence[bool],
    goes_on: Sequence[bool],
    chosen: int,
    *,
    labels: Mapping[str, str],
    theme: Theme,
) -> dict[str, Any]:
    """What the component draws, JSON only. weights: (query, key), 0–1; tokens: as typed.

    special: which ones the model added; goes_on: which ones belong to the word before them.
    chosen: the query whose row is lit. labels: the words of `LABELS`; percent has a gap {n}.
    ValueError: tokens that do not fit the weights.
    """
    count = len(tokens)
    if weights.shape != (count, count) or {len(special), len(goes_on)} != {count}:
        marks = f"{len(special)} and {len(goes_on)} marks"
        raise ValueError(f"{weights.shape} weights, {count} tokens, {marks}")
    grounds = [at(theme.weights, n / 100) for n in range(101)]
    return {
        "words": [shortened(visible(token), LONGEST) for token in tokens],
        "special": list(special),
        "joined": list(goes_on),
        "percents": [percents(row) for row in weights],
        "chosen": chosen,
        "grounds": grounds,
        "inks": list(map(ink_on, grounds)),
        "colours": {name: getattr(theme, name) for name in _COLOURS},
        "labels": {name: labels[name] for name in LABELS},
    }


def told(weights: Floats, tokens: Sequence[str], query: int, labels: Mapping[str, str]) -> Safe:
    """One plain sentence of a query's row, the largest shares first, as HTML.

    weights: (query, key). labels: gives {query, shares}, first and more {share, key}, percent {n},
    itself. Named are the largest share and up to two more of at least LEAST_NAMED percent.
    """
    shares = percents(weights[query])
    order = sorted(range(len(shares)), key=lambda key: (-float(weights[query, key]), key))
    keys = [k for n, k in enumerate(order[:MOST_NAMED]) if n == 0 or shares[k] >= LEAST_NAMED]
    parts = []
    for n, key in enumerate(keys):
        word = labels["itself"] if key == query else isolated(shortened(tokens[key], LONGEST))
        share = _PERCENT(share=labels["percent"].format(n=shares[key]))
        sentence = labels["first" if n == 0 else "more"]
        parts.append(filled(sentence, share=share, key=_WORD(role="k", word=word)))
    looking = _WORD(role="q", word=isolated(shortened(tokens[query], LONGEST)))
    return filled(labels["gives"], query=looking, shares=joined(parts, ", "))
