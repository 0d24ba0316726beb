"""A figure for a lecture hall: as large as a screen has room for, its words legible from the back.

Places grow with the room, words to at least the size that is asked for. Words that would then run
into each other, or over cells, are shortened or left out; numbers in cells all or none. Where words
at the edges need more room, the figure has it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from models.trace import Floats
from viz.board.board import Figure
from viz.board.box import Box, read_lines
from viz.board.scale import parts
from viz.board.theme import rgb
from viz.board.words import Span, Words, cells, shortened
from viz.board.words import words as read

STRETCH = 1.4  # times as much from left to right as downwards, at most
HIGHER = 1.25  # and the other way round
MOST = 2.2  # times as large as it was composed, at most
_SLACK = 0.86  # of a line's height that must stay free of others; letters fill no more
_VEIL = 0.72  # of a row that is not the chosen one, this much is covered
_DIGIT, _NARROW = 0.505, 0.26  # of the size of type: how wide a digit or a sign is, a comma
_EDGE = 0.16  # of the room that words at an edge may add to a figure


@dataclass(frozen=True, slots=True)
class Hall:
    """What there is to fill, in pixels: width and height; type: of words; cell: of cells' numbers.

    fixed: a figure that lies on another one keeps its edges, but for half a line below it.
    """

    width: float
    height: float
    type: float
    cell: float
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Enlarged:
    """figure: in the pixels of the hall; width: of it; left_out: so many words had no room."""

    figure: Figure
    width: float
    left_out: int


@dataclass(slots=True)
class _Kept:
    """Boxes that are taken, (box, 4): left, top, right, bottom."""

    taken: list[tuple[float, float, float, float]] = field(default_factory=list)
    composed: list[tuple[float, float, float, float]] = field(default_factory=list)

    def hits(self, now: Box, then: Box) -> bool:
        """Whether a box runs into one that it left alone where the figure was composed."""
        if not self.taken:
            return False
        return bool(
            (_over(np.array(self.taken), now) & ~_over(np.array(self.composed), then)).any()
        )

    def take(self, now: Sequence[Box], then: Sequence[Box]) -> None:
        """These are taken, too."""
        self.taken += map(_sides, now)
        self.composed += map(_sides, then)


def enlarged(figure: Figure, hall: Hall) -> Enlarged:
    """The figure for that room; one that is no Board's only grows."""
    data, layout = parts(figure, 1)
    if not all("range" in layout.get(axis, ()) for axis in ("xaxis", "yaxis")):
        return Enlarged(figure, hall.width, 0)
    size = float(layout["xaxis"]["range"][1]), float(layout["yaxis"]["range"][0])
    maps = [cells(trace) for trace in data if trace["type"] == "heatmap"]
    words = [_sized(one, maps, hall) for one in read(data, layout)]
    # Two figures on top of each other have the same edges, whatever their words are.
    edges = (0.0, 0.0, 0.0, hall.type / 2 if hall.fixed else 0.0)
    for _ in range(2):
        across, down = scales(size, hall, edges)
        limits = _limits(size, (across, down), hall)
        kept = _fitting(words, maps, (across, down), limits)
        edges = edges if hall.fixed else _beyond(kept, size, (across, down))
    return _drawn(figure, size, (across, down), edges, kept, len(words) - len(kept))


def lit(figure: Figure, veil: str) -> Figure:
    """The figure with a veil of that colour over all rows but the chosen ones."""
    red, green, blue = rgb(veil)
    look = {"type": "rect", "line": {"width": 0}, "layer": "above"}
    colour = f"rgba({red},{green},{blue},{_VEIL})"
    veils = [
        {**look, "fillcolor": colour, "x0": box.x, "x1": box.right, "y0": top, "y1": bottom}
        for box, row in getattr(figure, "_spots", ())
        for top, bottom in ((box.y, row.y), (row.bottom, box.bottom))
        if bottom - top > 1
    ]
    data, layout = parts(figure, 1)
    layout = {**layout, "shapes": [*layout.get("shapes", ()), *veils]}
    return Figure(data=data, layout=layout, _validate=False)


def scales(size: Span, hall: Hall, edges: Sequence[float] = (0, 0, 0, 0)) -> Span:
    """(across, down): pixels a pixel of the composed figure of that size.

    edges: pixels at the left, top, right and bottom that are not the figure's own.
    """
    wide, high = hall.width - edges[0] - edges[2], hall.height - edges[1] - edges[3]
    across, down = min(wide / size[0], MOST), min(high / size[1], MOST)
    return min(across, down * STRETCH), min(down, across * HIGHER)


def _sized(one: Words, maps: Sequence[tuple[Box, Span]], hall: Hall) -> Words:
    """With the least size that its words may have."""
    inside = -1
    if not one.angle and one.anchor == "middle center":
        for at, (box, _) in enumerate(maps):
            if box.x < one.x < box.right and box.y < one.y < box.bottom:
                inside = at
    return replace(one, cells=inside, size=hall.type if inside < 0 else hall.cell)


def _limits(size: Span, scale: Span, hall: Hall) -> Box:
    """What words may cover, in pixels of the figure."""
    whole = Box(0, 0, size[0] * scale[0], size[1] * scale[1])
    if hall.fixed:
        return replace(whole, height=whole.height + hall.type / 2)
    return whole.grown(_EDGE * hall.width / 2, _EDGE * hall.height)


def _fitting(
    words: Sequence[Words], maps: Sequence[tuple[Box, Span]], scale: Span, limits: Box
) -> list[Words]:
    """Those that have room: as large as the figure has become, else as small as they may be, else
    shortened."""
    across, down = scale
    grown = [replace(one, size=max(one.size, one.composed * down)) for one in words]
    tight, full = (
        {one.cells for one in sized if one.cells >= 0 and not _in_cell(one, maps, scale)}
        for sized in (grown, words)
    )
    kept, boxes = [], _Kept()
    for box, _ in maps:
        boxes.take([_scaled(box, scale)], [box])
    for one, large in sorted(
        zip(words, grown, strict=True), key=lambda both: both[0].rank, reverse=True
    ):
        if one.cells in full and "<b>" not in one.text:
            continue
        for tried in [*([] if one.cells in tight else [large]), *shortened(one)]:
            now, then = tried.boxes(across, down, tried.size), one.boxes(1, 1, one.composed)
            # A number that has room in its cell meets no other one.
            held = one.cells >= 0 and one.cells not in full
            free = held or not any(boxes.hits(a, b) for a, b in zip(now, then, strict=True))
            # Nobody reaches further beyond an edge than where the figure was composed.
            if free and all(
                _holds(_round(limits, _scaled(b, scale)), _letters(a))
                for a, b in zip(now, then, strict=True)
            ):
                boxes.take(now, then)
                kept.append(tried)
                break
    return kept


def _scaled(box: Box, scale: Span) -> Box:
    across, down = scale
    return Box(box.x * across, box.y * down, box.width * across, box.height * down)


def _round(one: Box, other: Box) -> Box:
    """What holds both."""
    x, y = min(one.x, other.x), min(one.y, other.y)
    return Box(x, y, max(one.right, other.right) - x, max(one.bottom, other.bottom) - y)


def _in_cell(one: Words, maps: Sequence[tuple[Box, Span]], scale: Span) -> bool:
    wide, high = maps[one.cells][1]
    lines = read_lines(one.text)
    longest = max(sum(_NARROW if c in ",." else _DIGIT for c in line) for line in lines)
    room = wide * scale[0], high * scale[1]
    return longest * one.size <= room[0] * 0.96 and len(lines) * one.size <= room[1]


def _sides(box: Box) -> tuple[float, float, float, float]:
    return box.x, box.y, box.right, box.bottom


def _letters(box: Box) -> Box:
    """What letters fill of a line."""
    air = box.height * (1 - _SLACK)
    return Box(box.x + 1, box.y + air, box.width - 2, box.height - 2 * air)


def _over(taken: Floats, box: Box) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """(box, 4) → (box,): which of them lie over that one, by more than letters leave free."""
    box = _letters(box)
    across = (taken[:, 0] < box.right) & (taken[:, 2] > box.x)
    down = (taken[:, 1] < box.bottom) & (taken[:, 3] > box.y)
    return np.asarray(across & down)


def _holds(limits: Box, box: Box) -> bool:
    return (
        limits.x <= box.x
        and limits.y <= box.y
        and box.right <= limits.right
        and box.bottom <= limits.bottom
    )


def _beyond(kept: Sequence[Words], size: Span, scale: Span) -> tuple[float, float, float, float]:
    """Pixels that words reach beyond the left, upper, right and lower edge."""
    boxes = [box for one in kept for box in one.boxes(*scale, one.size)]
    wide, high = size[0] * scale[0], size[1] * scale[1]
    return (
        max([0, *(-box.x for box in boxes)]),
        max([0, *(-box.y for box in boxes)]),
        max([0, *(box.right - wide for box in boxes)]),
        max([0, *(box.bottom - high for box in boxes)]),
    )


def _drawn(
    figure: Figure,
    size: Span,
    scale: Span,
    edges: Sequence[float],
    kept: Sequence[Words],
    left_out: int,
) -> Enlarged:
    """The figure in its new pixels, with these words."""
    across, down = scale
    data, layout = parts(figure, down)
    said = {one.where: one for one in kept}
    traces = [_said(trace, at, said) for at, trace in enumerate(data)]
    notes = [
        {**one, "text": said[-1, place].text, "font": {**one["font"], "size": said[-1, place].size}}
        for place, one in enumerate(layout.get("annotations", ()))
        if (-1, place) in said
    ]
    left, top, right, bottom = edges
    x = [-left / across, size[0] + right / across]
    y = [size[1] + bottom / down, -top / down]
    layout = {
        **layout,
        "annotations": notes,
        "height": round(size[1] * down + top + bottom),
        "xaxis": {**layout["xaxis"], "range": x},
        "yaxis": {**layout["yaxis"], "range": y},
    }
    whole = size[0] * across + left + right
    return Enlarged(Figure(data=traces, layout=layout, _validate=False), whole, left_out)


def _said(
    trace: Mapping[str, Any], at: int, said: Mapping[tuple[int, int], Words]
) -> Mapping[str, Any]:
    """A trace with the words that stay."""
    if "text" not in trace.get("mode", ""):
        return trace
    shown = [said.get((at, place)) for place in range(len(trace["text"]))]
    sizes = [round(one.size, 2) if one else 1 for one in shown]
    texts = [one.text if one else "" for one in shown]
    return {**trace, "text": texts, "textfont": {**trace["textfont"], "size": sizes}}
