"""What is written in a figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from viz.board.markup import Safe, read
from viz.export.tables import HeadedTable

LINE = 9  # pixels between words of one line

Part = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Inscription:
    """A text on the board, its place in pixels and its colour."""

    x: float
    y: float
    text: str
    colour: str


def words(traces: Sequence[Part], labels: Sequence[Part]) -> list[Inscription]:
    """All that is written. traces, labels: of the figure."""
    found = [
        Inscription(float(part["x"]), float(part["y"]), _plain(part["text"]), "")
        for part in labels
        if part.get("text")
    ]
    for trace in traces:
        texts = trace.get("text")
        if texts is None or isinstance(texts, str):
            continue
        colours = trace.get("textfont", {}).get("color", "")
        each = [colours] * len(texts) if isinstance(colours, str) else list(colours or ())
        each += [""] * (len(texts) - len(each))
        places = zip(trace["x"], trace["y"], texts, each, strict=True)
        found += [Inscription(float(x), float(y), _plain(s), c or "") for x, y, s, c in places if s]
    return [word for word in found if word.text]


def lines(written: Sequence[Inscription], name: str) -> HeadedTable:
    """Words in the order in which one reads them, a row a line."""
    rows: list[list[Inscription]] = []
    for word in sorted(written, key=lambda word: word.y):
        if rows and word.y - rows[-1][0].y < LINE:
            rows[-1].append(word)
        else:
            rows.append([word])
    ordered = (sorted(row, key=lambda word: word.x) for row in rows)
    shown = ((first.text, tuple(word.text for word in rest)) for first, *rest in ordered)
    return HeadedTable(name, (), tuple(shown))


def _plain(html: str) -> str:
    return read(Safe(str(html).replace("<br>", " "))).strip()
