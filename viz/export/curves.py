"""Curves as tables: each place on their pair of axes is the number that lies there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import numpy as np

from models.trace import Floats
from viz.board.box import Box
from viz.board.notation import Notation
from viz.board.plane import Plane
from viz.export.tables import NONE, HeadedTable, Row
from viz.export.words import Inscription, Part

_NEAR = 70  # pixels from an axis to the word of a tick
_LONGEST = 48  # characters of a curve's name
_PIXEL = 1e-6  # of an axis: what float32 may leave of a place


def tables(
    traces: Sequence[Part],
    planes: Sequence[Plane],
    written: Sequence[Inscription],
    name: str,
    notation: Notation,
    called: str,
    quiet: Collection[str],
) -> Iterator[HeadedTable]:
    """A table a pair of axes: its curves beside each other, a row a place on its x axis.

    called: what stands before the number of a curve for which no word of its colour is written.
    quiet: colours of words that name no curve.
    """
    names = [w for w in written if w.colour not in quiet and len(w.text) <= _LONGEST]
    for plane in planes:
        found = [one for one in map(_curve, traces) if one is not None and _inside(one, plane.box)]
        if not found:
            continue
        columns: dict[str, dict[float, str]] = {}
        ticks: dict[float, str] = {}
        for at, (xs, ys, colour) in enumerate(found, 1):
            head = _called(colour, names, xs[-1], ys[-1]) or f"{called} {at}"
            while head in columns:
                head += " ′"
            own = columns.setdefault(head, {})
            for x, y in zip(xs.tolist(), ys.tolist(), strict=True):
                place = round(x, 1)
                ticks.setdefault(place, _tick(x, plane, written, notation))
                own[place] = _height(y, plane, notation)
        rows: list[Row] = [
            (ticks[x], tuple(one.get(x, NONE) for one in columns.values())) for x in sorted(ticks)
        ]
        yield HeadedTable(name, tuple(columns), tuple(rows))


def _curve(trace: Part) -> tuple[Floats, Floats, str] | None:
    """x and y in pixels, and the colour, of a line that is more than a straight one along an axis;
    None: it is none."""
    mode = str(trace.get("mode", ""))
    if trace["type"] != "scatter" or "fill" in trace or trace.get("hoverinfo") != "skip":
        return None
    if not ("lines" in mode or mode == "markers"):
        return None
    xs, ys = (np.asarray(trace[axis], np.float64) for axis in "xy")
    kept = np.isfinite(xs) & np.isfinite(ys)
    xs, ys = xs[kept], ys[kept]
    if len(xs) < 3 or np.ptp(xs) < 1:
        return None
    look = trace.get("line") or trace.get("marker") or {}
    return xs, ys, str(look.get("color", ""))


def _inside(curve: tuple[Floats, Floats, str], box: Box) -> bool:
    xs, ys, _ = curve
    across = box.x - 1 <= xs.min() and xs.max() <= box.right + 1
    return bool(across and box.y - 1 <= ys.min() and ys.max() <= box.bottom + 1)


def _called(colour: str, names: Sequence[Inscription], x: float, y: float) -> str:
    """The word of a curve's colour that stands nearest to its end."""
    own = [w for w in names if w.colour == colour and not w.text[:1].isdigit()]
    return min(own, key=lambda w: abs(w.y - y) + abs(w.x - x)).text if own else ""


def _tick(x: float, plane: Plane, written: Sequence[Inscription], notation: Notation) -> str:
    """The word below the axis at that place, or the number that lies there."""
    low = plane.box.bottom
    near = [w for w in written if abs(w.x - x) < 1 and low < w.y <= low + _NEAR]
    if near:
        return min(near, key=lambda w: w.y).text
    share = (x - plane.box.x) / plane.box.width
    return _number(share, plane.x, plane.x_log, notation)


def _height(y: float, plane: Plane, notation: Notation) -> str:
    """The number at that height; of what lies on an edge that it is there, or beyond."""
    share = (plane.box.bottom - y) / plane.box.height
    value = _number(share, plane.y, plane.y_log, notation)
    if share < _PIXEL:
        return f"≤ {value}"
    return f"≥ {value}" if share > 1 - _PIXEL else value


def _number(share: float, ends: tuple[float, float], log: bool, notation: Notation) -> str:
    """What lies at that share of an axis, to four digits."""
    low, high = ends
    value = low + share * (high - low)
    if log:
        return _written(10.0**value, notation)
    whole = round(value)
    if abs(value - whole) < _PIXEL * abs(high - low):
        return notation.grouped(whole)
    return _written(value, notation)


def _written(value: float, notation: Notation) -> str:
    """Thousands are grouped, millions in powers of ten."""
    if 10_000 <= abs(value) < 1e6:
        return notation.grouped(round(value))
    return notation.scientific(value, 3) if abs(value) >= 1e6 else notation.significant(value, 4)
