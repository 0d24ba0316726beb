"""A figure as large as a window has room for: everything in it grows or shrinks alike.

Figures are composed in pixels of a window of 1920 × 1152 (`DESIGN`). Places keep their numbers,
since both axes run over the composed pixels; what a browser measures in its own pixels is what
changes: the figure's height, type, lines, marks and hatching. (CSS `zoom` would do the same and
lose the mouse in Plotly.)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from viz.board.board import Figure
from viz.board.box import read_lines, text_width

DESIGN = (1920, 1152)  # pixels of the window that figures and style sheets are composed for
SMALLEST = 7.5  # pixels of type below which nobody reads it, enlarged by two fingers or not
LEGIBLE = 9.0  # the same on a phone, where everything else is small, too
_LEAST = 5.0  # of words that would not fit at all: two fingers enlarge them, a cut is lost

_SIZED = frozenset({"height", "xgap", "ygap", "xshift", "yshift", "standoff", "borderpad"})


def scaled(figure: Figure, scale: float, room: float = 0, least: float = 0) -> Figure:
    """The same figure, `scale` times as large. 1: the figure itself.

    room: pixels that it has from left to right, where that is less than it would take; least: of
    `scale`, however little room there is.
    """
    data, layout = parts(figure, scale, room, least)
    same = layout is figure._layout
    return figure if same else Figure(data=data, layout=layout, _validate=False)


def width(figure: Figure) -> float:
    """Pixels from left to right that a figure was composed with."""
    return float(figure._layout["xaxis"]["range"][1])


def fitting(figure: Figure, scale: float, room: float, least: float = 0) -> float:
    """The scale with which it has `room` pixels from left to right; `least` where that is less."""
    return min(scale, max(room / width(figure), least)) if room else scale


def parts(
    figure: Figure, scale: float, room: float = 0, least: float = 0
) -> tuple[list[Any], dict[str, Any]]:
    """Traces and layout of `scaled`, to be read and never written; scale 1: the figure's own.

    Plotly copies all parts deeply wherever a figure is made or asked for them: here they are read.
    """
    data, layout = figure._data, figure._layout
    scale = fitting(figure, scale, room, least)
    if scale == 1:
        return data, layout
    smallest = LEGIBLE if least else SMALLEST
    grown = [_grown(trace, scale, smallest) for trace in data]
    if room:
        whole = width(figure)
        grown = [_inside(trace, whole, min(max(room / whole, least), 1)) for trace in grown]
    return grown, _grown(layout, scale, smallest)


def texts(figure: Figure) -> list[str]:
    """All words that a figure writes on itself, those under the pointer left out."""
    data, layout = parts(figure, 1)
    written = [trace.get("text", ()) for trace in data if trace.get("mode") != "lines"]
    lists = (part for part in written if isinstance(part, list))
    return [*(one["text"] for one in layout.get("annotations", ())), *(t for p in lists for t in p)]


def _inside(trace: dict[str, Any], width: float, scale: float) -> dict[str, Any]:
    """Words no longer than the room between their place and the figure's edges.

    width: of the figure as it was composed; scale: what a pixel of it has become.
    """
    if trace.get("mode") != "text":
        return trace
    font, anchors = trace["textfont"], trace["textposition"]
    sizes = np.broadcast_to(font["size"], len(trace["text"])).tolist()
    if isinstance(anchors, str):
        anchors = [anchors] * len(sizes)
    fitting = []
    for x, words, anchor, size in zip(trace["x"], trace["text"], anchors, sizes, strict=True):
        free = {"left": x, "right": width - x}.get(anchor.split()[-1], 2 * min(x, width - x))
        needed = max(text_width(line, 1) for line in read_lines(words))
        fitting.append(round(min(size, max(free * scale / max(needed, 1e-9), _LEAST)), 2))
    return {**trace, "textfont": {**font, "size": fitting}}


def _grown(part: Mapping[str, Any], scale: float, smallest: float) -> dict[str, Any]:
    return {name: _sized(name, value, scale, smallest) for name, value in part.items()}


def _sized(name: str, value: Any, scale: float, smallest: float) -> Any:
    """One property. Type stops shrinking where it could no longer be read."""
    if name.endswith("font"):
        size = value.get("size")
        return value if size is None else {**value, "size": _times(size, scale, smallest)}
    if name in ("line", "marker", "fillpattern"):
        kept = {key: value[key] for key in ("size", "width") if value.get(key) is not None}
        return {**value, **{key: _times(size, scale) for key, size in kept.items()}}
    if name in ("shapes", "annotations"):
        return [_grown(one, scale, smallest) for one in value]
    if name in ("template", "layout", "hoverlabel"):
        return _grown(value, scale, smallest)
    return _times(value, scale) if name in _SIZED else value


def _times(size: Any, scale: float, least: float = 0) -> Any:
    """A size in pixels, or one a mark; never below `least` unless it was there before."""
    if not isinstance(size, (int, float)):
        return [_times(one, scale, least) for one in np.asarray(size, dtype=float).tolist()]
    return round(max(size * scale, min(size, least)), 2)
