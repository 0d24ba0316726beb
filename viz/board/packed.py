"""A figure as it is sent: the same picture in fewer bytes and fewer parts.

Places are sent to a hundredth of a pixel, cells' colours as small whole numbers, what is alike for
all marks once; rectangles and lines of one look that follow each other are one, since a browser
takes about as long over each part, small or large. Nothing that can be seen, pointed at or clicked
changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import numpy as np

from models.trace import Floats
from viz.board.board import Figure
from viz.board.composed import Composed
from viz.board.hover import Ticks, only, told_once
from viz.board.kept import kept
from viz.board.raster import is_fine, raster
from viz.board.scale import parts, scaled

_MANY_CELLS = 100  # of more, nobody can tell 255 steps of colour from 9,999
_PLACE = 2  # digits of a place in pixels that is sent as text

Part = Mapping[str, Any]

# Streamlit hands every new figure to Plotly a second time, with what it sets itself and all lists
# copied. Where that is no change Plotly does not draw it again: lists of one revision count as the
# same (arrays never do, nor do templates), and what Streamlit would set is there before.
_ONCE: Part = {"datarevision": 1, "template": "none"}
_CLICKED: Part = {"clickmode": "event+select", "dragmode": "pan"}


class Sent(Composed):
    """A figure whose parts go out as they stand."""

    def to_dict(self) -> dict[str, Any]:
        """What Streamlit asks for."""
        return {"data": self._data, "layout": self._layout}


@kept
def packed(
    figure: Figure, scale: float = 1, room: float = 0, least: float = 0, *, answers: bool = False
) -> Figure:
    """The same figure in fewer bytes, `scaled` as told; the one handed in stays as it is.

    answers: it is clicked on.
    """
    traces, whole = parts(figure, scale, room, least)
    layout = {**_spelled(whole), **_ONCE, **(_CLICKED if answers else {})}
    if not all("range" in layout.get(axis, ()) for axis in ("xaxis", "yaxis")):
        return scaled(figure, scale, room, least)  # none of a Board's: its places are not pixels
    x, y = (Ticks(abs(np.ptp(layout[axis]["range"]))) for axis in ("xaxis", "yaxis"))
    pictures = [raster(trace) for trace in traces if _is_fine(trace)]
    traces = [trace for trace in traces if not _is_fine(trace)]
    apart = (one for trace in _lines_joined(traces) for one in _words_apart(trace))
    sent = enumerate(map(_trace, apart))
    data = [one for at, trace in sent for one in _told(trace, x, y, f"trace {at}")]
    layout["height"] = int(layout["height"])  # as Streamlit will measure it
    layout |= {"xaxis": {**layout["xaxis"], **x.axis()}, "yaxis": {**layout["yaxis"], **y.axis()}}
    layout["shapes"] = _rectangles_joined(layout.get("shapes", ()))
    if pictures:
        layout["images"] = [*layout.get("images", ()), *pictures]
    layout["annotations"] = [_rounded(part) for part in layout.get("annotations", ())]
    return Sent(data, layout)


def _spelled(layout: Part) -> dict[str, Any]:
    """With the template's layout written into it: a template counts as a change of everything."""
    look = layout.get("template", {}).get("layout", {})
    axes = {name: {**look.get(name, {}), **layout.get(name, {})} for name in ("xaxis", "yaxis")}
    return {**look, **layout, **axes}


def _is_fine(trace: Part) -> bool:
    return trace["type"] == "heatmap" and is_fine(trace)


def _trace(trace: Part) -> Part:
    return {**trace, **_colours(trace)} if trace["type"] == "heatmap" else _scatter(trace)


def _lines_joined(traces: Sequence[Part]) -> Iterator[Part]:
    """Lines of one look that follow each other as one line with gaps."""
    for look, group in groupby(traces, _look):
        first, *others = group
        if look is None:
            yield from (first, *others)
        else:
            lines = (first, *others)
            places = {axis: _with_gaps([line[axis] for line in lines]) for axis in "xy"}
            yield {**first, **places} if others else first


def _look(trace: Part) -> Part | None:
    """All but where it lies; None: it is no line."""
    plain = trace.get("mode") == "lines" and "fill" not in trace
    return {name: trace[name] for name in trace if name not in "xy"} if plain else None


def _with_gaps(lines: Sequence[Sequence[float] | Floats]) -> list[float | None]:
    return [place for line in lines for place in (*line, None)]


def _rectangles_joined(shapes: Sequence[Part]) -> list[Part]:
    """Rectangles of one look that follow each other in a layer as one path."""
    found: list[Part] = []
    for layer in ("below", "above"):
        mine = [shape for shape in shapes if shape.get("layer", "above") == layer]
        for look, group in groupby(mine, _rectangle):
            first, *others = group
            if look is None or not others:
                found += map(_rounded, (first, *others))
            else:
                path = "".join(map(_outline, (first, *others)))
                found.append({"type": "path", "path": path, **look})
    return found


def _rectangle(shape: Part) -> Part | None:
    """All but where it lies; None: none, or one below which another may shine through."""
    if shape["type"] != "rect" or shape.get("fillcolor", "").startswith("rgba"):
        return None
    return {name: shape[name] for name in shape if name not in ("type", "x0", "x1", "y0", "y1")}


def _outline(shape: Part) -> str:
    x0, x1, y0, y1 = (f"{round(shape[name], _PLACE):g}" for name in ("x0", "x1", "y0", "y1"))
    return f"M{x0},{y0}H{x1}V{y1}H{x0}Z"


def _told(trace: Part, x: Ticks, y: Ticks, name: str) -> list[Part]:
    """A trace that says its marks' words once; parts of one say in `meta` that they are."""
    found = list(told_once(trace, x, y))
    return found if len(found) == 1 else [{**one, "meta": name} for one in found]


def _words_apart(trace: Part) -> Iterator[Part]:
    """What is written on marks, then the marks: their words are seen, they are not."""
    if "customdata" not in trace or "text" not in trace:
        yield trace
        return
    yield from _written(trace)
    yield {k: v for k, v in trace.items() if not k.startswith("text")} | {"mode": "markers"}


def _written(trace: Part) -> Iterator[Part]:
    """The words of a trace; nothing where there are none."""
    at = [place for place, word in enumerate(trace["text"]) if word]
    if at:
        own = {k: trace[k] for k in ("type", "x", "y", "text", "textfont", "textposition")}
        yield {**only(own, at, len(trace["text"])), "mode": "text", "hoverinfo": "skip"}


def _rounded(part: Part) -> dict[str, Any]:
    """Places to a hundredth of a pixel."""
    return {k: round(v, _PLACE) if isinstance(v, float) and k[0] in "xy" else v
            for k, v in part.items()}  # fmt: skip


def _colours(heatmap: Part) -> dict[str, Any]:
    """Numbers of cells that only give colours, as steps of the scale; None: no number."""
    z, low, high = np.asarray(heatmap["z"]), heatmap.get("zmin"), heatmap.get("zmax")
    if heatmap.get("hoverinfo") != "skip" or low is None or high is None or low >= high:
        return {"z": z.tolist()}
    # An odd number of steps from 0 on: the middle of a scale stays exactly its middle.
    last = 254 if z.size > _MANY_CELLS else 9998
    share = (z.astype(np.float64) - low) / (high - low)
    steps = np.rint(share.clip(0, 1) * last)
    return {"z": [_numbers(row) for row in steps], "zmin": 0, "zmax": last}


def _scatter(trace: Part) -> dict[str, Any]:
    unseen = trace["mode"] == "markers" and trace["marker"].get("opacity") == 0
    digits = 0 if unseen else _PLACE
    places = {axis: np.asarray(trace[axis], dtype=np.float64).round(digits) for axis in "xy"}
    found = {**trace, **{axis: _numbers(each) for axis, each in places.items()}}
    if unseen:
        # Plotly would draw each, which takes longer than all that is seen; it finds them without.
        found["marker"] = {**found["marker"], "maxdisplayed": 1}
    for name in ("marker", "textfont"):
        if name in trace:
            # The family is the template's.
            found[name] = {k: _once(v) for k, v in found[name].items() if k != "family"}
    if "textposition" in trace:
        found["textposition"] = _once(trace["textposition"])
    return found


def _numbers(values: Floats) -> list[float | None]:
    """As they are written shortest; None: a gap, or no number."""
    return [None if v != v else int(v) if v % 1 == 0 else v for v in values.tolist()]


def _once(values: Any) -> Any:
    """One value instead of a list in which all are equal; sizes to a hundredth of a pixel."""
    if isinstance(values, str) or not isinstance(values, Sequence | np.ndarray) or not len(values):
        return values
    if all(value == values[0] for value in values):
        return values[0]
    return [_shorter(value) for value in values]


def _shorter(value: Any) -> Any:
    """A size to a hundredth of a pixel; #AABBCC as #ABC."""
    if isinstance(value, str) and len(value) == 7 and value[1::2] == value[2::2]:
        return "#" + value[1::2]
    return round(value, _PLACE) if isinstance(value, float) else value
