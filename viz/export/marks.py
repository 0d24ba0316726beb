"""What a figure's marks say when they are pointed at, as tables.

Of "it → cat: 0.59", "it → dog: 0.07" … the first word belongs to the row of the picture, the second
to its column, and the number is each mark's own: such marks are a matrix. Others are a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from viz.board.hover import VARYING
from viz.board.markup import Safe, read
from viz.export.tables import HeadedTable, apart

_KINDS = 8  # kinds of sentence of one trace; of more each mark is a line of its own
_PARTED = re.compile(r" · |, |; |<br>")
_EDGES = " \u00a0:→=·,;()"


@dataclass(frozen=True, slots=True)
class _Mark:
    """A mark's place in pixels, and what differs in its sentence from those of its kind."""

    x: float
    y: float
    parts: tuple[str, ...]


def tables(traces: Sequence[Mapping[str, Any]], name: str, place: str) -> Iterator[HeadedTable]:
    """A table a kind of sentence. name: what the figure is; place: heads a list's first column."""
    for trace in traces:
        texts = trace.get("hovertext")
        if texts is None or isinstance(texts, str):
            continue
        kinds: dict[tuple[str, ...], list[_Mark]] = {}
        for x, y, text in zip(trace["x"], trace["y"], texts, strict=True):
            parts = VARYING.split(str(text))
            mark = _Mark(round(float(x), 1), round(float(y), 1), tuple(parts[1::2]))
            kinds.setdefault(tuple(parts[::2]), []).append(mark)
        alone = [marks for marks in kinds.values() if _all_alike(marks)]
        if len(kinds) > _KINDS or len(alone) > 1 or len(alone) == len(kinds):
            yield _lines(texts, name, place)
            continue
        for kind, marks in kinds.items():
            if not _all_alike(marks) and (found := _table(kind, marks, name, place)):
                yield found


def _all_alike(marks: Sequence[_Mark]) -> bool:
    return len({mark.parts for mark in marks}) == 1


def _lines(texts: Sequence[str], name: str, place: str) -> HeadedTable:
    """Sentences without anything in common: their first words, and what follows."""
    rows = dict.fromkeys(map(_plain, texts))
    split = (re.split(r": | · |, ", row, maxsplit=1) for row in rows if row)
    return HeadedTable(name, (), tuple((head, tuple(rest)) for head, *rest in split))


def _table(
    kind: tuple[str, ...], marks: Sequence[_Mark], name: str, place: str
) -> HeadedTable | None:
    """None: they only say where they stand, several the same."""
    columns = list(zip(*(mark.parts for mark in marks), strict=True))
    before, after = _affixes(kind)
    varying = [at for at, column in enumerate(columns) if len(set(column)) > 1]
    fixed = [at for at in range(len(columns)) if at not in varying]

    def words(mark: _Mark, ats: Sequence[int]) -> str:
        return " · ".join(_plain(f"{before[at]} {mark.parts[at]}{after[at]}") for at in ats)

    shared = words(marks[0], fixed)
    named = f"{name} · {shared}" if shared else name
    down = [at for at in varying if _follows(marks, at, "y") and not _follows(marks, at, "x")]
    across = [at for at in varying if _follows(marks, at, "x") and not _follows(marks, at, "y")]
    own = [at for at in varying if at not in (*down, *across)]
    if down and across and own and len({(m.x, m.y) for m in marks}) == len(marks):
        return _matrix(marks, (down, across, own), words, named, _corner(before, own))
    if len(varying) == 1:
        return _single(marks, varying[0], words, named, place)
    first, *rest = varying
    heads = tuple(_plain(before[at]) or place for at in rest)
    rows = dict.fromkeys(
        (own[0], own[1:])
        for own in (tuple(_plain(mark.parts[at] + after[at]) for at in varying) for mark in marks)
    )
    return HeadedTable(named, tuple(apart(heads)), tuple(rows), _plain(before[first]) or place)


def _single(
    marks: Sequence[_Mark], at: int, words: Any, name: str, place: str
) -> HeadedTable | None:
    said = [words(mark, [at]) for mark in marks]
    if len(set(said)) < len(said):
        return None
    return HeadedTable(name, (place,), tuple((str(n), (one,)) for n, one in enumerate(said)))


def _corner(before: Sequence[str], own: Sequence[int]) -> str:
    return " · ".join(filter(None, (_plain(before[at]) for at in own)))


def _matrix(
    marks: Sequence[_Mark],
    ats: tuple[list[int], list[int], list[int]],
    words: Any,
    name: str,
    corner: str,
) -> HeadedTable:
    down, across, own = ats
    heads = {mark.y: words(mark, down) for mark in sorted(marks, key=lambda mark: mark.y)}
    columns = {mark.x: words(mark, across) for mark in sorted(marks, key=lambda mark: mark.x)}
    cells = {(mark.y, mark.x): " · ".join(_plain(mark.parts[at]) for at in own) for mark in marks}
    rows = tuple((head, tuple(cells.get((y, x), "") for x in columns)) for y, head in heads.items())
    return HeadedTable(f"{name} · {corner}" if corner else name, tuple(columns.values()), rows)


def _follows(marks: Sequence[_Mark], at: int, axis: str) -> bool:
    """Whether a part is the same at each place on that axis."""
    found: dict[float, str] = {}
    return all(
        found.setdefault(getattr(mark, axis), mark.parts[at]) == mark.parts[at] for mark in marks
    )


def _affixes(kind: Sequence[str]) -> tuple[list[str], list[str]]:
    """What stands before and behind each part that differs."""
    before, after = [kind[0].strip(_EDGES)], list[str]()
    for between in kind[1:-1]:
        behind, *rest = _PARTED.split(between, maxsplit=1)
        if not rest and not behind.lstrip().startswith("%"):
            behind, rest = "", [between]
        after.append(behind.rstrip(_EDGES))
        before.append("".join(rest).strip(_EDGES))
    return before, [*after, kind[-1].rstrip(_EDGES)]


def _plain(html: str) -> str:
    """What one reads of it."""
    return read(Safe(html.replace("<br>", ", "))).strip(_EDGES)
