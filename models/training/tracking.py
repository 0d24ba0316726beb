"""Which units follow something that the text says: a word's property against a unit's state.

The state is an LSTM's c, an RNN's h, after a word was read. How closely a unit follows a property
is Pearson's correlation over words; where the property is yes or no this is the point-biserial
one. The sign is kept; units are ranked without it, on one sample, and reported on another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import torch
from torch import Tensor

from models.training import gates
from models.training.mixture import Line

Values = Iterator[tuple[int, float]]  # (word's place, value)
Batch = tuple[Sequence[Line], Tensor]


def _number(language: str) -> Callable[[Line], Values]:
    """1: the subject is plural; from the subject to the word before the verb."""

    def values(line: Line) -> Values:
        said = line.agreement
        if said is not None and line.language == language:
            for at in range(said.subject, said.verb):
                yield at, float(said.number == "plural")

    return values


def _inside(line: Line) -> Values:
    """1: the word stands in a relative clause."""
    if line.agreement is not None:
        yield from enumerate(map(float, line.agreement.inside))


def _position(line: Line) -> Values:
    """0 at a sentence's first word, 1 at its second …"""
    if line.agreement is not None:
        yield from enumerate(map(float, range(len(line.words))))


def _depth(line: Line) -> Values:
    """How many brackets are open after this one; the end mark is left out."""
    yield from enumerate(map(float, line.depth[:-1]))


PROPERTIES: Mapping[str, Callable[[Line], Values]] = MappingProxyType(
    {
        "number": _number("en"),
        "turkish_number": _number("tr"),
        "inside": _inside,
        "position": _position,
        "depth": _depth,
    }
)


def correlations(model: Any, batches: Sequence[Batch]) -> dict[str, Tensor]:
    """property → (layer, unit): the correlation of each unit's state with it.

    batches: lines with their ids (line, word), the ends filled up; each line is read from a state
    of zeros. 0 where a unit never moves.
    """
    read = [_states(model, ids) for _, ids in batches]
    return {name: _correlation(values, batches, read) for name, values in PROPERTIES.items()}


def _correlation(
    values: Callable[[Line], Values], batches: Sequence[Batch], read: Sequence[Tensor]
) -> Tensor:
    states, wanted = [], []
    for (lines, _), state in zip(batches, read, strict=True):
        marked = [(r, t, v) for r, line in enumerate(lines) for t, v in values(line)]
        if marked:
            rows, steps, said = (torch.tensor(column) for column in zip(*marked, strict=True))
            states.append(state[:, rows, steps])
            wanted.append(said)
    return pearson(torch.cat(states, dim=1), torch.cat(wanted))


@torch.inference_mode()
def _states(model: Any, ids: Tensor) -> Tensor:
    """(line, word) → (layer, line, word, unit)."""
    read = gates.layers(model.recurrent, model.embedding(ids))
    return torch.stack([layer.state() for layer in read])


def pearson(states: Tensor, wanted: Tensor) -> Tensor:
    """(layer, word, unit), (word,) → (layer, unit)."""
    a = states.double() - states.double().mean(1, keepdim=True)
    b = wanted.double() - wanted.double().mean()
    r: Tensor = torch.einsum("lwu,w->lu", a, b) / (a.norm(dim=1) * b.norm())
    return r.nan_to_num(0.0)


def ranked(r: Tensor) -> list[tuple[int, int]]:
    """(layer, unit) of every unit, the closest follower first. r: (layer, unit)."""
    order = r.abs().flatten().argsort(descending=True, stable=True).tolist()
    return [divmod(at, r.shape[1]) for at in order]
