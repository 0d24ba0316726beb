"""A figure as it is sent: the same picture in fewer bytes.

Places are sent as 32-bit numbers, cells' colours and what clicks carry as small whole numbers,
what is alike for all marks once. Nothing that can be seen, pointed at or clicked changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from viz.board.board import Figure
from viz.board.hover import Ticks, told_once
from viz.board.scale import parts, scaled

_MANY = 8  # marks from which on an array is shorter than a list
_MANY_CELLS = 100  # of more, nobody can tell 255 steps of colour from 65,535
_NONE = "rgba(0,0,0,0)"
_TRACE = 240  # bytes that one more trace takes
_PLACE = 2  # digits of a place in pixels that is sent as text

Part = Mapping[str, Any]


def packed(figure: Figure, scale: float = 1, room: float = 0) -> Figure:
    """The same figure in fewer bytes, `scaled` as told; the one handed in stays as it is."""
    traces, whole = parts(figure, scale, room)
    layout = dict(whole)
    if not all("range" in layout.get(axis, ()) for axis in ("xaxis", "yaxis")):
        return scaled(figure, scale, room)  # none of a Board's: its places are not pixels
    x, y = (Ticks(abs(np.ptp(layout[axis]["range"]))) for axis in ("xaxis", "yaxis"))
    sent = (one for trace in traces for one in _trace(trace))
    data = [one for at, trace in enumerate(sent) for one in _told(trace, x, y, f"trace {at}")]
    layout |= {"xaxis": {**layout["xaxis"], **x.axis()}, "yaxis": {**layout["yaxis"], **y.axis()}}
    for name in ("shapes", "annotations"):
        if name in layout:
            layout[name] = [_rounded(part) for part in layout[name]]
    return Figure(data=data, layout=layout, _validate=False)


def _trace(trace: Part) -> Iterator[Part]:
    if trace["type"] == "heatmap":
        yield {**trace, **_colours(trace)}
    elif trace.get("mode") == "text":
        yield from map(_scatter, _by_look(trace))
    else:
        yield _scatter(trace)


def _told(trace: Part, x: Ticks, y: Ticks, name: str) -> list[Part]:
    """A trace that says its marks' words once; parts of one say in `meta` that they are."""
    found = list(told_once(trace, x, y))
    return found if len(found) == 1 else [{**one, "meta": name} for one in found]


def _rounded(part: Part) -> dict[str, Any]:
    """Places to a hundredth of a pixel."""
    return {k: round(v, _PLACE) if isinstance(v, float) and k[0] in "xy" else v
            for k, v in part.items()}  # fmt: skip


def _colours(heatmap: Part) -> dict[str, Any]:
    """Numbers of cells that only give colours, as steps of the scale; 0: no number, no colour."""
    z, low, high = np.asarray(heatmap["z"]), heatmap.get("zmin"), heatmap.get("zmax")
    if heatmap.get("hoverinfo") != "skip" or low is None or high is None or low >= high:
        return {}
    if z.size < _MANY:
        return {}
    kind = np.uint8 if z.size > _MANY_CELLS else np.uint16
    # An odd number of steps from 1 on: the middle of a scale stays exactly its middle.
    last = int(np.iinfo(kind).max)
    share = (z.astype(np.float64) - low) / (high - low)
    steps = np.where(np.isnan(share), 0, np.rint(1 + share.clip(0, 1) * (last - 1)))
    scale = [((1 + at * (last - 1)) / last, colour) for at, colour in heatmap["colorscale"]]
    edge = (0.5 / last, scale[0][1])
    none = [(0.0, _NONE), (edge[0], _NONE), edge] if np.isnan(share).any() else [(0.0, edge[1])]
    return {"z": steps.astype(kind), "zmin": 0, "zmax": last, "colorscale": [*none, *scale]}


def _scatter(trace: Part) -> dict[str, Any]:
    unseen = trace["mode"] == "markers" and trace["marker"].get("opacity") == 0
    found = {**trace, **{axis: _places(trace[axis], unseen=unseen) for axis in "xy"}}
    for name in ("marker", "textfont"):
        if name in trace:
            # The family is the template's.
            found[name] = {k: _once(v) for k, v in trace[name].items() if k != "family"}
    if "textposition" in trace:
        found["textposition"] = _once(trace["textposition"])
    if "customdata" in trace:
        found["customdata"] = _carried(trace["customdata"])
    return found


def _places(values: Any, *, unseen: bool) -> Any:
    """Pixels. A gap (None) is NaN in an array: Plotly takes both alike."""
    places = np.asarray(values, dtype=np.float64)
    if unseen:
        places = np.rint(places)
    if places.size < _MANY:
        return [None if np.isnan(v) else round(v, _PLACE) for v in places.tolist()]
    whole = not (places % 1).any() and np.abs(places).max() < 2**15
    return places.astype(np.int16 if whole else np.float32)


def _once(values: Any) -> Any:
    """One value instead of a list in which all are equal; sizes to a hundredth of a pixel."""
    if isinstance(values, str) or not isinstance(values, Sequence | np.ndarray) or not len(values):
        return values
    if all(value == values[0] for value in values):
        return values[0]
    return [round(value, _PLACE) if isinstance(value, float) else value for value in values]


def _carried(ids: Sequence[Sequence[Any]]) -> Any:
    """What marks carry: whole numbers, equally many each, as an array; else as it is."""
    if len(ids) < _MANY or len({len(one) for one in ids}) > 1:
        return ids
    numbers = np.array(ids)
    if numbers.dtype.kind != "i" or not numbers.size:
        return ids
    kind = np.result_type(np.min_scalar_type(numbers.min()), np.min_scalar_type(numbers.max()))
    return numbers.astype(kind) if kind.itemsize <= 4 else ids


def _by_look(words: Part) -> list[Part]:
    """Words of equal place, size and colour together, where that is shorter than to say each."""
    font, count = words["textfont"], len(words["text"])
    each = [words["textposition"], font["size"], font["color"]]
    if not all(isinstance(one, Sequence) and len(one) == count for one in each):
        return [words]
    groups: dict[tuple[Any, ...], list[int]] = {}
    for place, look in enumerate(zip(*each, strict=True)):
        groups.setdefault(look, []).append(place)
    alike = [len(set(one)) == 1 for one in each]
    said = sum(len(str(one)) for one, once in zip(each, alike, strict=True) if not once)
    if (len(groups) - 1) * _TRACE > said:
        return [words]
    return [
        {
            **words,
            **{name: [words[name][at] for at in places] for name in ("x", "y", "text")},
            "textposition": anchor,
            "textfont": {**font, "size": size, "color": colour},
        }
        for (anchor, size, colour), places in groups.items()
    ]
