"""Where a figure's marks are on screen, by what they carry."""

from __future__ import annotations

from playwright.sync_api import Locator, Position

_PLACE = """(plot, [wanted, said]) => {
  const { xaxis, yaxis } = plot._fullLayout;
  for (const trace of plot._fullData.filter(one => one.name === "cells").reverse()) {
    const at = trace.customdata.findIndex((carried, i) =>
      wanted.every((value, k) => carried[k] === value)
      && `${trace.hovertemplate} ${trace.hovertext?.[i]}`.includes(said));
    if (at < 0) continue;
    return { x: xaxis._offset + xaxis.d2p(trace.x[at]), y: yaxis._offset + yaxis.d2p(trace.y[at]) };
  }
  throw new Error(`no mark carries ${wanted}`);
}"""


def mark_at(plot: Locator, *carried: int | str, said: str = "") -> Position:
    """Pixels from the plot's corner of the mark that carries these, the one drawn last.

    said: what it says when it is pointed at, beside words that others share.
    """
    found: Position = plot.evaluate(_PLACE, [carried, said])
    return found
