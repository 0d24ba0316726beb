"""Everything that a page's figures show, read out as tables.

A figure that says its numbers mark by mark is read from there; a matrix or a curve that does not,
from what it is drawn of; any other gives what is written in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from viz.board.board import Figure
from viz.board.notation import Notation
from viz.board.theme import Theme
from viz.export import curves, marks, matrices, words
from viz.export.layers import GROUND, TOP
from viz.export.tables import HeadedTable


@dataclass(frozen=True, slots=True)
class Saying:
    """How tables speak. names: key of a figure → what it is; figure: what any other is called.

    place: heads the column of what marks are; curve: a line without a name; written: the words.
    theme: its quiet words name nothing.
    """

    notation: Notation
    theme: Theme
    names: Mapping[str, str]
    figure: str
    place: str
    curve: str
    written: str


def tables(figures: Mapping[str, Figure], saying: Saying) -> tuple[HeadedTable, ...]:
    """figures: by key, as they were composed; those that lie on each other are one."""
    found = []
    for key in figures:
        if key.endswith((TOP, GROUND)):
            continue
        layers = [figures[one] for one in (key + GROUND, key, key + TOP) if one in figures]
        found += _one(layers, saying.names.get(key, saying.figure), saying)
    return tuple(found)


def _one(layers: list[Figure], name: str, saying: Saying) -> list[HeadedTable]:
    traces = [trace for layer in layers for trace in layer._data]
    labels = [one for layer in layers for one in layer._layout.get("annotations", ())]
    planes = [plane for layer in layers for plane in getattr(layer, "_planes", ())]
    written = words.words(traces, labels)
    found = [*_numbers(traces, planes, written, name, saying)]
    # Marks that only name what they stand beside leave its numbers to what is written there.
    if any(sign.isdigit() for table in found for _, cells in table.rows for sign in "".join(cells)):
        return found
    return [words.lines(written, f"{name} · {saying.written}")] if written else found


def _numbers(
    traces: list[Any],
    planes: list[Any],
    written: list[words.Inscription],
    name: str,
    saying: Saying,
) -> Iterator[HeadedTable]:
    notation = saying.notation
    yield from marks.tables(traces, name, saying.place)
    yield from matrices.tables(traces, written, name, notation)
    quiet = (saying.theme.ink, saying.theme.muted, "")
    yield from curves.tables(traces, planes, written, name, notation, saying.curve, quiet)
