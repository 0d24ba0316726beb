"""What is written in a figure."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

from viz.board.markup import Safe, read
from viz.export.tables import HeadedTable

LINE = 9  # pixels between words of one line
MARK = "▶"  # stands before the chosen row

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
    """Words in the order in which one reads them, a row a line.

    Where most stand one below another, and something heads each column, that heads the table.
    """
    rows = _rows(written)
    columns = _columns(rows)
    if columns and (headed := _headed(rows, columns, name)):
        return headed
    shown = ((first.text, tuple(word.text for word in rest)) for first, *rest in rows)
    return HeadedTable(name, (), tuple(shown))


def _headed(
    rows: Sequence[Sequence[Inscription]], columns: Sequence[int], name: str
) -> HeadedTable | None:
    """The lines in columns; None: a column has no head of its own."""
    placed = [_placed(row, columns) for row in rows]
    wide = max(n + 1 for cells in placed for n, cell in enumerate(cells) if cell)
    table = [cells[:wide] for cells in placed]
    top = next(n for n, row in enumerate(rows) if len(row) == 1 or table[n][0])
    heads = [" ".join(filter(None, own)) for own in zip(*table[:top], strict=True)][1:]
    if len(heads) > 1 and not heads[-1]:  # what stands beyond belongs to the last that has a head
        heads.pop()
        table = [[*cells[:-2], " ".join(filter(None, cells[-2:]))] for cells in table]
    if not heads or not all(heads) or len(set(heads)) < len(heads):
        return None
    below: list[tuple[str, tuple[str, ...]]] = []
    for cells in table[top:]:
        # What stands in no row's first column is led by its first word.
        first = next(n for n, cell in enumerate(cells) if cell)
        rest = [*cells[1:first], *[""] * bool(first), *cells[first + 1 :]]
        below.append((cells[first], tuple(rest)))
    return HeadedTable(name, tuple(heads), tuple(below))


def _rows(written: Sequence[Inscription]) -> list[list[Inscription]]:
    """Lines from top to bottom, each from left to right."""
    rows: list[list[Inscription]] = []
    for word in sorted(written, key=lambda word: word.y):
        if rows and word.y - rows[-1][0].y < LINE:
            rows[-1].append(word)
        else:
            rows.append([word])
    return [sorted(row, key=lambda word: word.x) for row in rows]


def _columns(rows: Sequence[Sequence[Inscription]]) -> list[int]:
    """Where columns end: pixels at which words of several lines stand; []: most stand elsewhere."""
    places = [[round(word.x) for word in row if word.text != MARK] for row in rows if len(row) > 1]
    seen = Counter(x for own in places for x in set(own))
    columns = sorted(x for x, count in seen.items() if count > 1)
    if len(columns) < 2 or 2 * sum(seen[x] for x in columns) < seen.total():
        return []
    found: list[int] = []
    for n, x in enumerate(columns):
        begin, end = found[-1] if found else -inf, columns[min(n + 1, len(columns) - 1)]
        # What no line has beside each other is one column: a number behind its bar, or a word.
        if n + 1 == len(columns) or any(sum(begin < p <= end for p in own) > 1 for own in places):
            found.append(x)
    return found


def _placed(row: Sequence[Inscription], columns: Sequence[int]) -> list[str]:
    """A line's cells, a last one for what stands beyond all columns. A head stands before its
    column's numbers, a mark before the word that it marks."""
    cells = [""] * (len(columns) + 1)
    for word in row:
        at = bisect_left(columns, round(word.x))
        if len(row) == 1 and at < len(columns):
            at = 0
        cells[at] = f"{cells[at]} {word.text}".lstrip()
    return cells


def _plain(html: str) -> str:
    return read(Safe(str(html).replace("<br>", " "))).strip()
