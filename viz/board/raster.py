"""A fine matrix as a picture: a pixel a cell, in the colours that its numbers have.

In JSON a cell takes about four bytes and a browser paints it by itself; in a PNG it takes one or
less, and the browser only has to stretch it (`pixelated`, as pages/ui/frame.css says).
"""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from viz.board.box import Box
from viz.board.theme import Scale, rgb

_LEAST = 300  # cells from which on a picture is shorter than their numbers
# So many steps of a scale are told apart in so few cells; of a fine matrix nobody can tell more.
_STEPS = ((1_000, 254), (10_000, 126), (np.inf, 62))
_CLEAR = 255  # the palette's entry of a cell without a number

Layer = dict[str, Any]
Chunk = tuple[bytes, bytes]
Indices = npt.NDArray[np.uint8]


def is_fine(heatmap: Mapping[str, Any]) -> bool:
    """Whether its many cells touch each other and only show colours between two ends."""
    touching = not heatmap.get("xgap") and not heatmap.get("ygap")
    low, high = heatmap.get("zmin"), heatmap.get("zmax")
    ends = low is not None and high is not None and low < high
    silent = heatmap.get("hoverinfo") == "skip"
    return touching and ends and silent and np.size(heatmap["z"]) >= _LEAST


def raster(heatmap: Mapping[str, Any]) -> Layer:
    """The layout image that shows what the heat map shows, at its place."""
    z = np.asarray(heatmap["z"], dtype=np.float64)
    rows, columns = z.shape
    wide, high = heatmap["dx"], heatmap["dy"]
    share = (z - heatmap["zmin"]) / (heatmap["zmax"] - heatmap["zmin"])
    known = np.isfinite(share)
    # An even number of steps: the middle of a scale stays exactly its middle.
    last = next(steps for cells, steps in _STEPS if z.size <= cells)
    shades = np.full(z.shape, _CLEAR, np.uint8)
    shades[known] = np.rint(share[known].clip(0, 1) * last)
    return {
        "source": _png(shades, last, heatmap["colorscale"]),
        "x": round(heatmap["x0"] - wide / 2, 2),
        "y": round(heatmap["y0"] - high / 2, 2),
        "sizex": round(wide * columns, 2),
        "sizey": round(high * rows, 2),
        **{"xref": "x", "yref": "y", "sizing": "stretch", "layer": "below"},
    }


def coloured(pixels: Indices, box: Box) -> Layer:
    """(height, width, 3) of red, green, blue → the layout image that fills a box with it."""
    rows, columns, _ = pixels.shape
    lines = np.zeros((rows, 1 + 3 * columns), np.uint8)
    lines[:, 1:] = pixels.reshape(rows, -1)
    place = {"x": box.x, "y": box.y, "sizex": box.width, "sizey": box.height}
    return {
        "source": _encoded(rows, columns, 2, lines),
        **place,
        **{"xref": "x", "yref": "y", "sizing": "stretch", "layer": "below"},
    }


def _encoded(rows: int, columns: int, kind: int, lines: Indices, *more: Chunk) -> str:
    """A PNG as an address. kind: the format's own number; lines: each begins with its filter."""
    chunks = (
        (b"IHDR", struct.pack(">2I5B", columns, rows, 8, kind, 0, 0, 0)),
        *more,
        (b"IDAT", zlib.compress(lines.tobytes(), 6)),
        (b"IEND", b""),
    )
    parts = [
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    ]
    whole = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"".join(parts))
    return "data:image/png;base64," + whole.decode()


def _png(shades: Indices, last: int, scale: Scale) -> str:
    """With a palette of those shades of the scale that occur."""
    used, places = np.unique(shades, return_inverse=True)
    stops = [at for at, _ in scale]
    colours = np.array([rgb(colour) for _, colour in scale], dtype=np.float64)
    palette = np.stack([np.interp(used / last, stops, part) for part in colours.T], axis=1)
    seen = np.where(used == _CLEAR, 0, 255).astype(np.uint8)
    rows, columns = shades.shape
    lines = np.zeros((rows, columns + 1), np.uint8)  # each begins with its filter: none
    lines[:, 1:] = places.reshape(shades.shape)
    chunks = (
        (b"PLTE", np.rint(palette).astype(np.uint8).tobytes()),
        # What nothing is said of is seen; no number is the last that occurs.
        *([(b"tRNS", seen.tobytes())] if used[-1] == _CLEAR else []),
    )
    return _encoded(rows, columns, 3, lines, *chunks)
