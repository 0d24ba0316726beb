"""What the component to draw a small picture in takes as its data; its JS and CSS lie beside."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from viz.board.theme import Theme

LABELS = ("grid", "level", "clear", "pixel")
_COLOURS = ("ink", "muted", "page", "grid", "hatch", "accent", "k")
_HERE = Path(__file__).parent


def script() -> str:
    """The component's JavaScript."""
    return (_HERE / "pad.js").read_text(encoding="utf-8")


def style() -> str:
    """Its CSS."""
    return (_HERE / "pad.css").read_text(encoding="utf-8")


def payload(
    code: str,
    side: int,
    *,
    marked: tuple[int, int, int, int] | None = None,
    labels: Mapping[str, str],
    theme: Theme,
) -> dict[str, Any]:
    """code: a sign a pixel, 0 to g; marked: row, column, rows, columns of a framed part.

    labels: the words of LABELS; `pixel` with row, column, value to fill in. ValueError: the code
    is not side × side signs long.
    """
    if len(code) != side * side:
        raise ValueError(f"{len(code)} pixels are no picture of {side} × {side}")
    return {
        "code": code,
        "side": side,
        "marked": None if marked is None else list(marked),
        "labels": {name: labels[name] for name in LABELS},
        "colours": {name: getattr(theme, name) for name in _COLOURS},
    }
