"""Figures that lie on top of each other, and how a figure is taken along in the size it was
composed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from viz.board.board import Figure
from viz.board.packed import packed
from viz.board.scale import width

TOP, GROUND = "-now", "-ground"  # end the key of what lies on top of another figure, or below one
_OTHER = (900, 500)  # pixels of a figure that says no size
_LISTS = ("shapes", "annotations", "images")

Sent = dict[str, Any]  # data and layout, as Plotly reads them


@dataclass(frozen=True, slots=True)
class Layered:
    """One picture: layers from the lowest up, all of one size. width, height: pixels.

    key: of the figure that answers clicks.
    """

    key: str
    layers: tuple[Sent, ...]
    width: int
    height: int


def layered(figures: Mapping[str, Figure]) -> tuple[Layered, ...]:
    """Figures by key, in the order in which they are seen; those that belong together as one."""
    found = []
    for key in figures:
        if key.endswith((TOP, GROUND)) and _base(key) in figures:
            continue
        keys = (one for one in (key + GROUND, key, key + TOP) if one in figures)
        layers = tuple(_sent(figures[one]) for one in keys)
        layout = layers[0]["layout"]
        size = int(layout["width"]), int(layout["height"])
        found.append(Layered(key, layers, *size))
    return tuple(found)


def flat(one: Layered) -> Sent:
    """All layers as one figure: what a program that knows no layers draws."""
    whole: Sent = {"data": [], "layout": dict(one.layers[-1]["layout"])}
    for layer in one.layers:
        whole["data"] += layer["data"]
    for name in _LISTS:
        whole["layout"][name] = [p for la in one.layers for p in la["layout"].get(name, ())]
    return whole


def _base(key: str) -> str:
    return key.removesuffix(TOP).removesuffix(GROUND)


def _sent(figure: Figure) -> Sent:
    """Data and layout, in pixels that the figure was composed with."""
    sent = packed(figure).to_dict()
    layout = dict(sent["layout"])
    ours = "range" in figure._layout.get("xaxis", ())
    layout["width"] = round(width(figure)) if ours else layout.get("width", _OTHER[0])
    layout.setdefault("height", _OTHER[1])
    return {"data": sent["data"], "layout": layout}
