"""Measured figures of attention heads, from their weights. Numpy only.

Means are over the rows of words: the special tokens' own rows are left out, unless the
model was given nothing else. Entropy as in information theory (Shannon 1948), divided by
its largest possible value; the other shares as Clark et al. 2019 count them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from models.trace import AttentionTrace, Floats, Kind

Bools = NDArray[np.bool_]
Label = Literal["previous", "next", "self", "first", "separator", "diffuse"]

DECISIVE = 0.6  # a share from which a head is named by it
DIFFUSE = 0.9  # normalised entropy from which a head is called diffuse


@dataclass(frozen=True, slots=True)
class HeadFigures:
    """One head, each a mean over the rows of words; None where there is nothing to measure.

    entropy: −Σ α ln α / ln(visible keys), 0 one key to 1 all alike; rows that see a single
    key have none. previous, next, own: the weight on the token before, after, itself,
    over rows that see it. first: on a special token before all words ([CLS], <s>);
    separator: on all other special tokens ([SEP], </s>). distance: Σ α·|query − key|, tokens.
    Cross-attention has only entropy, first and separator: its axes are two texts; so has a layer
    that pools its queries, whose places are others than its keys'.
    """

    entropy: float | None
    previous: float | None
    next: float | None
    own: float | None
    first: float | None
    separator: float | None
    distance: float | None


def of_layer(trace: AttentionTrace, kind: Kind, layer: int) -> tuple[HeadFigures, ...]:
    """All heads of one layer. KeyError, IndexError: no such kind, layer."""
    block = trace.block(kind, layer)
    target = trace.special if trace.target_special is None else trace.target_special
    special = target if kind == "decoder" else trace.special
    queries = target if kind == "cross" else None
    if trace.rows is not None:
        queries = trace.rows.special
    return figures(block.weights, special, mask=block.mask, query_special=queries)


def figures(
    weights: Floats,
    special: Sequence[bool],
    *,
    mask: Floats | None = None,
    query_special: Sequence[bool] | None = None,
) -> tuple[HeadFigures, ...]:
    """(head, query, key) → one HeadFigures a head. ValueError: `special` does not fit the weights.

    special: which keys the model added itself. mask: additive, −inf where a key is not
    visible. query_special: which queries the model added; give it for cross-attention only.
    """
    heads, queries, keys = weights.shape
    rows_special = special if query_special is None else query_special
    if len(special) != keys or len(rows_special) != queries:
        raise ValueError(f"{len(rows_special)} × {len(special)} marks for {queries} × {keys}")
    rows = _word_rows(rows_special)
    seen = np.ones(weights.shape, bool)
    if mask is not None:
        seen &= ~np.isneginf(mask)
    alpha, seen = weights[:, rows], seen[:, rows]
    shares = {"entropy": _entropy(alpha, seen), **_on_special(alpha, special)}
    if query_special is None:
        shares |= _by_place(alpha, seen, rows)
    return tuple(_head(shares, head) for head in range(heads))


def _head(shares: dict[str, Floats | None], head: int) -> HeadFigures:
    def value(name: str) -> float | None:
        of_heads = shares.get(name)
        return None if of_heads is None or np.isnan(of_heads[head]) else float(of_heads[head])

    names = ("entropy", "previous", "next", "own", "first", "separator", "distance")
    return HeadFigures(*(value(name) for name in names))


def _word_rows(special: Sequence[bool]) -> NDArray[np.intp]:
    words = np.flatnonzero(~np.asarray(special, bool))
    return words if len(words) else np.arange(len(special))


def _mean_over(values: Floats, counted: Bools) -> Floats:
    """(head, row) → (head,): the mean of the counted rows; NaN where there is none."""
    count = counted.sum(axis=1)
    total = np.where(counted, values, 0).sum(axis=1, dtype=np.float64)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _entropy(alpha: Floats, seen: Bools) -> Floats:
    visible = seen.sum(axis=-1)
    # A sink takes part of a row's sum: what is left is made a distribution first.
    p = alpha / np.maximum(alpha.sum(axis=-1, keepdims=True), np.finfo(np.float32).tiny)
    bits = -(p * np.log(np.where(p > 0, p, 1))).sum(axis=-1)
    return _mean_over(bits / np.log(np.maximum(visible, 2)), visible > 1)


def _on_special(alpha: Floats, special: Sequence[bool]) -> dict[str, Floats | None]:
    marks = np.asarray(special, bool)
    leads = marks & (np.arange(len(marks)) == 0)
    found: dict[str, Floats | None] = {}
    for name, keys in (("first", leads), ("separator", marks & ~leads)):
        share = alpha[:, :, keys].sum(axis=-1)
        found[name] = share.mean(axis=1, dtype=np.float64) if keys.any() else None
    return found


def _by_place(alpha: Floats, seen: Bools, rows: NDArray[np.intp]) -> dict[str, Floats | None]:
    """What depends on where a key stands beside its query."""
    length = alpha.shape[-1]
    found: dict[str, Floats | None] = {}
    for name, step in (("previous", -1), ("next", 1), ("own", 0)):
        keys = rows + step
        exists = (keys >= 0) & (keys < length)
        at = np.arange(len(rows)), np.clip(keys, 0, length - 1)
        found[name] = _mean_over(alpha[:, at[0], at[1]], seen[:, at[0], at[1]] & exists)
    distance = np.abs(rows[:, None] - np.arange(length)[None, :])
    found["distance"] = (alpha * distance).sum(axis=-1).mean(axis=1, dtype=np.float64)
    return found


def label(figures: HeadFigures) -> tuple[Label, float] | None:
    """What a head decisively does, and the figure that says so; None: nothing decisive."""
    shares: dict[Label, float | None] = {
        "previous": figures.previous,
        "next": figures.next,
        "self": figures.own,
        "first": figures.first,
        "separator": figures.separator,
    }
    known = {name: share for name, share in shares.items() if share is not None}
    name = max(known, key=known.__getitem__, default=None)
    if name is not None and known[name] >= DECISIVE:
        return name, known[name]
    entropy = figures.entropy
    return None if entropy is None or entropy < DIFFUSE else ("diffuse", entropy)
