"""Tokens that a model pools on its way, as Funnel-Transformer does (Dai et al. 2020). No torch.

From one block of layers to the next every two neighbours become one. The layer in between has the
pooled ones at its queries and, where the queries alone are pooled, those before at its keys.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from models.core.block import AttentionBlock
from models.core.tokens import Encoded

JOINED = " + "
Groups = tuple[tuple[int, ...], ...]  # which of the text's tokens stand at each place


def pooled(groups: Groups, *, separate_first: bool, truncated: bool) -> Groups:
    """Each two neighbours as one.

    separate_first: the first stays alone. truncated: the last is left out then.
    """
    first, rest = (groups[:1], groups[1:]) if separate_first else ((), groups)
    if separate_first and truncated:
        rest = rest[:-1]
    pairs = (rest[n : n + 2] for n in range(0, len(rest), 2))
    return (*first, *(tuple(one for group in pair for one in group) for pair in pairs))


def sides(
    config: Any, count: int, layers: Sequence[tuple[str, tuple[int, int]]]
) -> list[tuple[Groups, Groups]]:
    """(queries, keys) of each layer of a text of `count` tokens.

    layers: (path, (queries, keys)) as recorded, in order. ValueError: it does not pool like this.
    """
    every: Groups = tuple((n,) for n in range(count))
    now, found = every, []
    for path, shape in layers:
        if "decoder" in path.split("."):
            now = every
        rows = columns = now
        if shape != (len(now), len(now)):
            rows = pooled(now, separate_first=config.separate_cls, truncated=config.truncate_seq)
            columns = now if config.pool_q_only else rows
        if shape != (len(rows), len(columns)):
            raise ValueError(f"{path} is {shape}, the tokens are {(len(rows), len(columns))}")
        found.append((rows, columns))
        now = rows
    return found


def named(source: Encoded, groups: Groups) -> Encoded:
    """Places of pooled tokens: those of a text, joined; special where all of them are."""
    each = [(group, group[0]) for group in groups]
    return Encoded(
        ids=tuple(source.ids[first] for _, first in each),
        tokens=tuple(JOINED.join(source.tokens[n] for n in group) for group in groups),
        typed=tuple(JOINED.join(source.typed[n] for n in group) for group in groups),
        special=tuple(all(source.special[n] for n in group) for group in groups),
        segments=tuple(source.segments[first] for _, first in each),
        inputs={},
        cut=source.cut,
        unknown=tuple(any(source.unknown[n] for n in group) for group in groups)
        if source.unknown
        else (),
    )


def by_axes(
    config: Any, source: Encoded, paths: Sequence[str], blocks: Sequence[AttentionBlock]
) -> tuple[tuple[AttentionBlock, ...], list[dict[str, Any]]]:
    """The blocks over the text's own tokens, and by each other pair of axes a recording's parts.

    paths: of each block's module. ValueError: it does not pool like this.
    """
    shapes = [(path, block.shape) for path, block in zip(paths, blocks, strict=True)]
    both = sides(config, len(source.ids), shapes)
    found: dict[tuple[Groups, Groups], list[AttentionBlock]] = {}
    for block, axes in zip(blocks, both, strict=True):
        found.setdefault(axes, []).append(block)
    full = tuple(found.pop(both[0]))  # the first layer reads the text itself
    others: list[dict[str, Any]] = []
    for (rows, columns), each in found.items():
        own = {"source": named(source, columns), "blocks": tuple(each)}
        others.append(own | {"rows": None if rows == columns else named(source, rows)})
    return full, others
