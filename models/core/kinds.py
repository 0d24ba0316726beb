"""The three kinds of attention, and whose tokens ask and answer in each."""

from __future__ import annotations

from typing import Literal, TypeVar, get_args

Kind = Literal["encoder", "decoder", "cross"]
KINDS: tuple[Kind, ...] = get_args(Kind)

Side = TypeVar("Side")


def sides(kind: Kind, source: Side, target: Side) -> tuple[Side, Side]:
    """What the (queries, keys) of a kind have, of what the source and the target have."""
    return {
        "encoder": (source, source),
        "decoder": (target, target),
        "cross": (target, source),
    }[kind]
