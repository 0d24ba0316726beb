"""A drawing board in pixels: matrices, numbers, labels, frames and curves in one figure.

One pair of axes runs over the whole figure, x from 0 to the nominal width to the right and
y from 0 downwards, so that everything on a board lines up. On a narrower screen x shrinks
with the figure; sizes of type stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import plotly.graph_objects as go

from models.trace import Floats
from viz.board.box import Box, outlines, word_box
from viz.board.composed import Composed
from viz.board.notation import bold
from viz.board.shading import Shading, number_inks, symmetric
from viz.board.theme import FONT, Theme, rgb, template
from viz.board.wrapping import PlacedWords, settled

__all__ = ["CELLS", "Board", "Box", "Figure", "Place", "Shading", "number_inks", "symmetric"]

Figure = go.Figure  # pages name the type without importing plotly
Place = tuple[float, float]  # x, y in pixels

CELLS = "cells"  # the name of the trace whose points answer clicks


@dataclass(slots=True)
class Board:
    """Collects traces, shapes and labels; `figure()` hands out the Plotly figure."""

    width: int
    height: int
    theme: Theme
    traces: list[dict[str, Any]] = field(default_factory=list)
    shapes: list[dict[str, Any]] = field(default_factory=list)
    labels: list[dict[str, Any]] = field(default_factory=list)
    words: list[PlacedWords] = field(default_factory=list)
    uprights: list[tuple[int, float, Place]] = field(default_factory=list)  # trace, x, ends
    spots: list[tuple[Box, Box]] = field(default_factory=list)  # a matrix, its chosen row
    planes: list[Any] = field(default_factory=list)  # pairs of axes: where numbers lie

    def matrix(self, values: Floats, box: Box, shading: Shading, *, gap: float = 1.0) -> None:
        """Cells by colour. values: (row, column); NaN and −inf stay the board's own colour."""
        rows, columns = values.shape
        shown = np.where(np.isfinite(values), values, np.nan).astype(np.float32)
        wide, high = box.width / columns, box.height / rows
        places = {"x0": box.x + wide / 2, "dx": wide, "y0": box.y + high / 2, "dy": high}
        scale = {"zmin": shading.low, "zmax": shading.high, "colorscale": list(shading.scale)}
        look = {"showscale": False, "hoverinfo": "skip", "xgap": gap, "ygap": gap}
        self.traces.append({"type": "heatmap", "z": shown, **places, **scale, **look})

    def grid(self, box: Box) -> None:
        """The colour that shows between cells."""
        self.fill(box, self.theme.grid)

    def hatch(
        self, masked: np.ndarray[Any, np.dtype[np.bool_]], box: Box, shape: str = "/"
    ) -> None:
        """Grey with stripes over every masked cell: unlike any small number. shape: of stripes."""
        if not masked.any():
            return
        stripes = {"shape": shape, "size": 9, "solidity": 0.12}
        stripes |= {"fgcolor": self.theme.hatch, "bgcolor": self.theme.mask}
        self._area(*outlines(masked, box), self.theme.mask, fillpattern=stripes)

    def _area(self, xs: Any, ys: Any, colour: str, **more: Any) -> None:
        """A filled polygon without an edge; None among its places parts several."""
        filled = {"line": {"width": 0}, "fill": "toself", "fillcolor": colour, **more}
        self._scatter(xs, ys, "lines", hoverinfo="skip", **filled)

    def _scatter(self, xs: Any, ys: Any, mode: str, **more: Any) -> None:
        self.traces.append({"type": "scatter", "x": xs, "y": ys, "mode": mode, **more})

    def cells(
        self,
        box: Box,
        shape: tuple[int, int],
        *,
        texts: Sequence[str] | None = None,
        inks: Sequence[str] | None = None,
        size: float = 18,
        hover: Sequence[str] | None = None,
        ids: Sequence[Any] | None = None,
        at_cells: Sequence[tuple[int, int]] | None = None,
    ) -> None:
        """Numbers on cells, and the points that answer a click with (row, column).

        texts, inks, hover: one a cell, row by row. at_cells: only these cells have points.
        """
        x, y = box.centres(shape)
        places = list(np.ndindex(*shape)) if at_cells is None else at_cells
        flat = [row * shape[1] + column for row, column in places]
        side = max(2.0, min(box.width / shape[1], box.height / shape[0]) * 0.9)
        self.clicks(x[flat], y[flat], [*map(list, places)] if ids is None else ids, side, hover)
        if texts is not None:
            font = {"size": size, "color": inks, "family": FONT}
            said = {"text": list(texts), "textfont": font, "textposition": "middle center"}
            self.traces[-1] |= {"mode": "markers+text", **said}

    def clicks(
        self,
        x: Floats,
        y: Floats,
        ids: Sequence[Any],
        size: float | Sequence[float],
        hover: Sequence[str] | None = None,
    ) -> None:
        """Unseen squares that answer a click with their id, at these places in pixels.

        size: of all, or of each; hover: what each says when pointed at.
        """
        unseen = {"marker": {"opacity": 0}}
        look = {"marker": {"size": size, "opacity": 0, "symbol": "square"}, "selected": unseen}
        # hoverinfo "skip" would swallow the click, too.
        self._scatter(
            x, y, "markers", **look, unselected=unseen, customdata=ids, hoverinfo="none", name=CELLS
        )
        if hover is not None:
            template = "%{hovertext}<extra></extra>"
            self.traces[-1] |= {"hovertext": list(hover), "hovertemplate": template}

    def text(
        self,
        x: float,
        y: float,
        body: str,
        *,
        size: float = 18,
        colour: str | None = None,
        anchor: str = "middle center",
        room: float | None = None,
    ) -> None:
        """Words or a number at a place; `anchor` says where the text lies from it. May hold <b>.

        room: pixels to the side, None: up to the board's edge; longer words go on below.
        """
        self.words.append(PlacedWords(x, y, body, anchor, size, colour or self.theme.ink, room))

    def note(
        self, x: float, y: float, words: str, *, size: float = 16, anchor: str = "middle right"
    ) -> None:
        """Quiet words, their left end at x unless `anchor` says otherwise."""
        self.text(x, y, words, size=size, colour=self.theme.muted, anchor=anchor)

    def tick(self, x: float, y: float, word: str, chosen: bool, *, size: float = 16) -> None:
        """One of many words along an edge: the chosen one bold and in ink, the others quiet."""
        colour = self.theme.ink if chosen else self.theme.muted
        self.text(x, y, bold(word, chosen), size=size, colour=colour)

    def slanted(
        self, x: float, y: float, body: str, *, size: float, colour: str, angle: float = -40
    ) -> None:
        """A column's label, its lower left end at (x, y)."""
        place = {"x": x, "y": y, "xanchor": "left", "yanchor": "bottom", "showarrow": False}
        font = {"size": size, "color": colour}
        self.labels.append({"text": body, "textangle": angle, "font": font, **place})

    def frame(self, box: Box, colour: str, width: float = 2, dash: str = "solid") -> None:
        """An empty rectangle."""
        self._rectangle(box, line={"color": colour, "width": width, "dash": dash})

    def fill(self, box: Box, colour: str, *, layer: str = "below") -> None:
        """A filled rectangle."""
        self._rectangle(box, line={"width": 0}, fillcolor=colour, layer=layer)

    def _rectangle(self, box: Box, **style: Any) -> None:
        self.shapes.append(
            {"type": "rect", "x0": box.x, "x1": box.right, "y0": box.y, "y1": box.bottom, **style}
        )

    def line(
        self,
        xs: Sequence[float] | Floats,
        ys: Sequence[float] | Floats,
        colour: str,
        width: float = 1,
        *,
        dash: str = "solid",
        symbol: str = "",
        size: float = 9,
    ) -> None:
        """A straight line or polyline; symbol: what marks its points (width 0: only these)."""
        look = {"color": colour, "width": width, "dash": dash}
        self._scatter(xs, ys, "lines", line=look, hoverinfo="skip")
        if symbol:
            self.traces[-1]["mode"] = "lines+markers" if width else "markers"
            self.traces[-1]["marker"] = {"symbol": symbol, "size": size, "color": colour}

    def upright(
        self, x: float, ends: Place, colour: str, width: float, *, dash: str = "solid"
    ) -> None:
        """A line down at x, left out where the figure has words. ends: its top, its bottom."""
        self.uprights.append((len(self.traces), x, ends))
        self.line([x, x], ends, colour, width, dash=dash)

    def band(self, xs: Floats, low: Floats, high: Floats, colour: str) -> None:
        """The room between two polylines over the same xs, in a thin veil of the colour."""
        tint = "rgba({},{},{},0.18)".format(*rgb(colour))
        self._area(np.concatenate((xs, xs[::-1])), np.concatenate((low, high[::-1])), tint)

    def curve(self, start: Place, end: Place, colour: str, width: float) -> None:
        """An S-shaped ribbon from one place to another."""
        self.curves([(start, end)], colour, width)

    def curves(
        self, pairs: Sequence[tuple[Place, Place]], colour: str, width: float, *, down: bool = False
    ) -> None:
        """Many such ribbons of one colour and width, as one shape; down: they begin downwards."""
        pieces = []
        for (x0, y0), (x1, y1) in pairs:
            x, y = (x0 + x1) / 2, (y0 + y1) / 2
            bend = (x0, y, x1, y) if down else (x, y0, x, y1)
            places = (f"{place:.1f}" for place in (x0, y0, *bend, x1, y1))
            pieces.append("M {} {} C {} {} {} {} {} {}".format(*places))
        path = " ".join(pieces)
        if path:
            line = {"color": colour, "width": width}
            self.shapes.append({"type": "path", "path": path, "line": line, "layer": "below"})

    def scale_bar(self, box: Box, shading: Shading, ticks: Sequence[tuple[float, str]]) -> None:
        """A horizontal colour bar with its ticks' words below."""
        ramp = np.linspace(shading.low, shading.high, 64, dtype=np.float32)[None, :]
        self.matrix(ramp, box, shading, gap=0)
        self.frame(box, self.theme.grid, 1)
        for value, word in ticks:
            x = box.x + box.width * (value - shading.low) / (shading.high - shading.low)
            self.tick(x, box.bottom + 14, word, False)

    def figure(self) -> Composed:
        """Everything so far as one Plotly figure, without margins."""
        self.words = settled(self.words, self.width, self.height)
        for trace, x, ends in self.uprights:
            ys = self._between_words(x, ends)
            self.traces[trace] |= {"x": np.full(len(ys), x), "y": ys}
        drawn = Composed(
            [*self.traces, *self._word_traces()],
            {
                "template": template(self.theme.name),
                "height": self.height,
                "xaxis": {"range": [0, self.width], "visible": False},
                "yaxis": {"range": [self.height, 0], "visible": False},
                "shapes": [*self.shapes],
                "annotations": [*self.labels],
                "hovermode": "closest",
            },
        )
        # Not part of the picture: who presents may light the first; tables read the others.
        drawn._spots, drawn._planes = self.spots, self.planes
        return drawn

    def _between_words(self, x: float, ends: Place) -> Floats:
        """Where a line down at x runs: pairs of ends, gaps between them."""
        top, bottom = ends
        places = (word_box(*_place(word)[:5]) for word in self.words)
        there = (one for one in places if one.y < bottom and one.bottom > top)
        crossed = sorted((one.y, one.bottom) for one in there if one.x <= x <= one.right)
        parts = [top, *(y for a, b in crossed for y in (a, np.nan, b)), bottom]
        return np.array(parts).clip(*ends)

    def _word_traces(self) -> Iterator[dict[str, Any]]:
        if not self.words:
            return
        parts = zip(*map(_place, self.words), strict=True)
        x, y, text, anchor, size, colour = (list(part) for part in parts)
        font = {"size": size, "color": colour, "family": FONT}
        said = {"mode": "text", "text": text, "textposition": anchor, "textfont": font}
        yield {"type": "scatter", "x": x, "y": y, **said, "hoverinfo": "skip", "cliponaxis": False}


def _place(one: PlacedWords) -> tuple[float, float, str, str, float, str]:
    return one.x, one.y, one.text, one.anchor, one.size, one.colour
