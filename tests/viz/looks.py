"""Whether a figure's curves could be told apart on paper in grey."""

from __future__ import annotations

import numpy as np

from viz.board.board import Figure


def by_colour_alone(figure: Figure) -> list[set[str]]:
    """The colours of curves over one pair of axes that differ in nothing else: no dashes, no marks
    of their points, no width."""
    found = []
    for plane in figure._planes:
        colours: dict[tuple[object, ...], set[str]] = {}
        for trace in figure._data:
            if trace["type"] != "scatter" or "lines" not in trace["mode"] or "fill" in trace:
                continue
            x, y = (np.asarray(trace[axis], np.float64) for axis in "xy")
            box = plane.box
            inside = (x >= box.x - 1) & (x <= box.right + 1) & (y >= box.y - 1)
            inside &= y <= box.bottom + 1
            if len(x) < 3 or not inside[np.isfinite(y)].all():
                continue
            line, mark = trace["line"], trace.get("marker", {})
            look = line["dash"], line["width"], mark.get("symbol")
            colours.setdefault(look, set()).add(line["color"])
        found += [alike for alike in colours.values() if len(alike) > 1]
    return found
