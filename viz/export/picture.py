"""A figure as PNG or SVG without anybody's browser window: by kaleido, through a Chromium at hand.

For slides and scripts; on a page the visitor's own browser does it (`pages/ui/export/pictures.js`).
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable
from functools import cache
from threading import Lock
from typing import Any, Literal

from viz.export.layers import Layered, flat

SLIDE = 1920  # pixels that a slide is wide
BROWSER_VARIABLE = "BROWSER_PATH"  # as kaleido itself reads it
_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
_PATIENCE = 60.0  # seconds

Kind = Literal["png", "svg"]

_one_at_a_time = Lock()  # kaleido has one server a process


class NoBrowser(RuntimeError):
    """No Chromium is here that could draw a figure."""


@cache
def chromium() -> str | None:
    """The path of a Chromium that answers; None: there is none.

    Some distributions have a stub of that name, which only tells where to get the real one.
    """
    named = os.environ.get(BROWSER_VARIABLE)
    paths = [named] if named else [path for name in _NAMES if (path := shutil.which(name))]
    return next((path for path in paths if _answers(path)), None)


def _answers(path: str) -> bool:
    try:
        ran = subprocess.run([path, "--version"], capture_output=True, timeout=_PATIENCE)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return ran.returncode == 0


def pictures(
    figures: Iterable[Layered], kind: Kind = "png", *, page: str, across: int = SLIDE
) -> list[bytes]:
    """Figures as the bytes of a file each, in one browser; a figure's layers are one picture. Each
    is asked for when the one before it is drawn.

    page: colour behind them, "#RRGGBB". across: pixels from left to right of a PNG; an SVG keeps
    its own. NoBrowser: no Chromium is here.
    """
    path = chromium()
    if path is None:
        raise NoBrowser(f"no Chromium is here: install one, or name it in {BROWSER_VARIABLE}")
    import kaleido  # type: ignore[import-untyped]  # which takes a while, and which few need

    with _one_at_a_time:
        options = {"path": path, "timeout": _PATIENCE, "mathjax": False}
        kaleido.start_sync_server(**options, silence_warnings=True)
        try:
            return [_drawn(kaleido.calc_fig_sync, one, kind, page, across) for one in figures]
        finally:
            kaleido.stop_sync_server(silence_warnings=True)


def picture(figure: Layered, kind: Kind = "png", *, page: str, across: int = SLIDE) -> bytes:
    """As `pictures`, of one."""
    return pictures([figure], kind, page=page, across=across)[0]


def _drawn(draw: Any, one: Layered, kind: Kind, page: str, across: int) -> bytes:
    sent = flat(one)
    sent["layout"] |= {"paper_bgcolor": page}
    # A little more: a pixel that is not whole is cut off.
    scale = (across + 0.01) / one.width if kind == "png" else 1
    size = {"width": one.width, "height": one.height}
    return bytes(draw(sent, opts={"format": kind, "scale": scale, **size}))
