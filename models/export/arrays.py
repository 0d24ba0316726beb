"""A record's own arrays by name, each with what stands along its axes.

Of attention and of recurrent networks that is what was chosen on the page: one head's steps, one
layer's gates. Any other record gives every array that it holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.trace import AttentionBlock, AttentionTrace, Floats, RecurrentTrace

MOST = 2**21  # numbers that all arrays of one file hold; larger ones are named and left out
STEPS = ("q", "k", "v", "raw", "scaled", "mask", "masked", "weights", "output")
PARTS = ("x", "i", "f", "g", "o", "r", "z", "n", "c", "h")
_DEEPEST = 6  # records inside records

Labels = tuple[str, ...] | None  # one a place of an axis; None: its places are numbered
Walk = Iterator["NamedArray"]


@dataclass(frozen=True, slots=True)
class Selection:
    """What is chosen on a page; None: the page lets nothing of the kind be chosen."""

    kind: str | None = None
    layer: int | None = None
    head: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class NamedArray:
    """values: (…), of any shape. labels: of each axis. path: Python behind the record's own name.

    ValueError: not as many labels as axes, or not as many as places.
    """

    name: str
    values: NDArray[Any]
    labels: tuple[Labels, ...]
    path: str = ""

    def __post_init__(self) -> None:
        sizes = [size if given is None else len(given) for size, given in self._axes()]
        if tuple(sizes) != self.values.shape or len(self.labels) != self.values.ndim:
            raise ValueError(f"{self.name} is {self.values.shape}, its labels are {sizes}")

    def _axes(self) -> Iterator[tuple[int, Labels]]:
        return zip(self.values.shape, self.labels, strict=False)


def named(record: object, choice: Selection = Selection()) -> tuple[NamedArray, ...]:
    """The arrays of a record, or of a tuple or mapping of records; () where it holds none."""
    return tuple(_walk(record, choice, "", "", (), 0))


def within(
    arrays: Sequence[NamedArray], most: int = MOST
) -> tuple[tuple[NamedArray, ...], tuple[str, ...]]:
    """(what fits into so many numbers, in order; the names of what is left out)."""
    kept, left, room = list[NamedArray](), list[str](), most
    for each in arrays:
        if each.values.size <= room:
            kept.append(each)
            room -= each.values.size
        else:
            left.append(each.name)
    return tuple(kept), tuple(left)


def _walk(
    part: object, choice: Selection, name: str, path: str, tokens: tuple[str, ...], depth: int
) -> Walk:
    if depth > _DEEPEST:
        return
    for kind, own in _OWN.items():
        if isinstance(part, kind):
            yield from own(part, choice, name, path)
            return
    if isinstance(part, np.ndarray):
        if part.size and part.dtype.kind in "fiub":
            yield NamedArray(name, part, _labels(part, tokens), path)
        return
    here = getattr(part, "tokens", tokens) if is_dataclass(part) else tokens
    spoken = here if isinstance(here, tuple) and all(isinstance(o, str) for o in here) else tokens
    for step, way, inner in _inside(part):
        below = step if not name else f"{name}.{step}"
        yield from _walk(inner, choice, below, path + way, spoken, depth + 1)


def _inside(part: object) -> Iterator[tuple[str, str, object]]:
    """(name, Python, value) of what a record, a mapping or a tuple holds."""
    if is_dataclass(part):
        for field in fields(part):
            yield field.name, f".{field.name}", getattr(part, field.name)
    elif isinstance(part, Mapping):
        for key, value in part.items():
            yield str(key), f"[{key!r}]", value
    elif isinstance(part, tuple | list) and not all(isinstance(o, str) for o in part):
        for at, value in enumerate(part):
            yield str(at), f"[{at}]", value


def _labels(values: NDArray[Any], tokens: tuple[str, ...]) -> tuple[Labels, ...]:
    """An axis as long as the text has its tokens along it."""
    return tuple(tokens if size == len(tokens) > 1 else None for size in values.shape)


def _attention(trace: AttentionTrace, choice: Selection, name: str, path: str) -> Walk:
    """The chosen head of the chosen layer, of each kind that was not left out by the choice."""
    here = trace.with_layer(choice.layer)
    kinds = [kind for kind in here.kinds if choice.kind in (None, kind)] or list(here.kinds)
    for kind in kinds:
        numbers = here.numbers(kind)
        layer = choice.layer if choice.layer in numbers else numbers[0]
        block = here.block(kind, layer)
        before = ".".join(part for part in (name, kind if len(kinds) > 1 else "") if part)
        way = path if here is trace else f"{path}.with_layer({layer})"
        at = f'{way}.block("{kind}", {layer})'
        yield from _block(block, here.axes(kind), choice.head, before, at)


def _block(
    block: AttentionBlock,
    axes: tuple[tuple[str, ...], tuple[str, ...]],
    head: int | None,
    name: str,
    path: str,
) -> Walk:
    """One head's steps; without a chosen head the weights of all (head, query, key)."""
    queries, keys = axes
    start = f"{name}." if name else ""
    if head is None or not 0 <= head < block.heads:
        yield NamedArray(f"{start}weights", block.weights, (None, queries, keys), f"{path}.weights")
        return
    steps = block.head(head)
    along: dict[str, tuple[Labels, ...]] = dict.fromkeys(STEPS, (queries, keys))
    along |= {"q": (queries, None), "output": (queries, None)}
    along |= {"k": (keys, None), "v": (keys, None)}
    for step in STEPS:
        values = getattr(steps, step)
        if values is not None and values.size:
            yield NamedArray(start + step, values, along[step], f"{path}.head({head}).{step}")


def _recurrent(trace: RecurrentTrace, choice: Selection, name: str, path: str) -> Walk:
    """The chosen layer's input, gates and states, each (step, unit); of all layers where none is
    chosen."""
    chosen = range(len(trace.layers))
    if choice.layer is not None and choice.layer in chosen:
        chosen = range(choice.layer, choice.layer + 1)
    for layer in chosen:
        before = ".".join(
            part for part in (name, f"layer{layer}" if len(chosen) > 1 else "") if part
        )
        for part in PARTS:
            values: Floats | None = getattr(trace.layers[layer], part)
            if values is not None and len(values) == len(trace.tokens):
                shown = f"{before}.{part}" if before else part
                way = f"{path}.layers[{layer}].{part}"
                yield NamedArray(shown, values, (trace.tokens, None), way)


_OWN: dict[type, Callable[[Any, Selection, str, str], Walk]] = {
    AttentionTrace: _attention,
    RecurrentTrace: _recurrent,
}
