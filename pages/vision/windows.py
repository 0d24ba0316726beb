"""The pictures' page with a visitor's model whose attention stays within windows: Swin, Swin v2."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import streamlit as st

from models.core.arrays import Difference
from models.core.loaded import LoadedModel
from models.vision.window_trace import PADDING, WindowTrace
from models.vision.windows import see_windows
from pages.ui import caches, charts, controls, frame, lines, state, views
from pages.ui.text import notation, rich, t
from pages.vision import attention, given, picture, window_overview
from viz.vision import now
from viz.vision.windows import WindowLook
from viz.vision.windows import windows as drawn

KEY = "own-windows"
VIEWS = ("attention", "overview")


@dataclass(frozen=True, slots=True)
class SeenWindows:
    """A picture's way through such a model. steps: what was done to read it; difference: of the
    trace, to be told with every step."""

    trace: WindowTrace
    steps: tuple[str, ...]
    difference: Difference


def _seen(loaded: LoadedModel, data: bytes | None) -> SeenWindows:
    """A file's bytes through a model, and what was done to read them; None: the example."""
    pixels, steps = given.opened(loaded, data)
    trace = see_windows(loaded, pixels)
    return SeenWindows(trace, steps, trace.difference())


seen = caches.of_model(_seen, entries=4, own=True)


def body(model_id: str) -> None:
    """Everything below the title."""
    with st.spinner(t("frame.wait")):
        found, file = given.chosen(model_id, seen)
        view = views.settled("own_view", VIEWS)
        look = _look(found.trace, in_picture=view == "overview")
    _controls(look)
    frame.notices()
    frame.now(*now.attention(look, picture.speak()))
    left, wide = st.columns([360, 1440], gap="medium")
    with wide:
        (window_overview.view if view == "overview" else _view)(look)
    with left, st.container(key="input", gap="xsmall"):
        given.panel(found.trace, file, _reads(look), found.steps)
    origin = given.origin(model_id, file)
    frame.provenance("live", *origin, difference=found.difference, against="vision_windows")
    scores = t("vision.windows.cosine") if look.here.cosine else t("vision.windows.bias")
    lines.hint(f"{scores} {t('vision.windows.no_rollout')}")
    given.against_eager_attention(model_id, file)


def _look(trace: WindowTrace, *, in_picture: bool) -> WindowLook:
    """in_picture: the query is a cell of the picture, the window's first in place of another."""
    layer = controls.in_range("layer", len(trace.layers))
    here = trace.layers[layer]
    controls.in_range("dim", int(here.v.shape[-1]))
    tokens = here.size**2
    places = [("head", here.heads), ("window", here.windows), ("query", tokens), ("key", tokens)]
    look = WindowLook(trace, layer, *(controls.in_range(name, count) for name, count in places))
    if in_picture and look.places[look.query] == PADDING:
        first = next(token for token, place in enumerate(look.places) if place != PADDING)
        state.put("query", first)
        look = replace(look, query=first)
    return look


def _controls(look: WindowLook) -> None:
    left, right = st.columns([1240, 560], vertical_alignment="bottom", gap="medium")
    with left:
        controls.row(
            (290, partial(controls.choice, "own_view", "vision.own_view", VIEWS, wrap=False)),
            (185, partial(controls.counted, "layer", len(look.trace.layers))),
            (185, partial(controls.counted, "head", look.here.heads)),
            (185, partial(controls.counted, "window", look.here.windows)),
            (260, given.back),
            (95, controls.nothing),
        )
    with right:
        picture.steps(look)


def _view(look: WindowLook) -> None:
    """The window in the picture, and its weights; the sums of the chosen pair."""
    figure, right = frame.picture_and_sums(picture.WIDTHS)
    with figure:
        query = frame.token(look.tokens[look.query], "q")
        where = {"layer": look.layer, "head": look.head, "window": look.window}
        frame.section(rich("vision.looks", query=query), t("vision.window_where", **where))
        places = (("key", look.key), ("query", look.query), ("window", look.window))
        image = drawn(look, picture.style())
        charts.clickable(image, KEY, _choose, t("vision.attention"), *places)
    with right:
        attention.of_pair(look, look.block, cosine=look.here.cosine)


def _choose(name: str, number: int) -> None:
    """A click names a window, or a token of the chosen one."""
    state.put(name, int(number))


def _reads(look: WindowLook) -> str:
    """What the model reads, and what this layer does with it."""
    trace, here = look.trace, look.here
    (height, width), (rows, columns) = trace.pixels.shape[-2:], trace.layers[0].grid
    said = [t("vision.own_size", height=height, width=width, rows=rows, columns=columns)]
    (rows, columns), (height, width) = here.grid, trace.cell(here)
    sizes = {"rows": rows, "columns": columns, "height": height, "width": width}
    stages = {"stage": here.stage, "last": trace.stages - 1}
    windows = {"size": here.size, "windows": here.windows}
    said.append(t("vision.windows.stage", **sizes, **stages, **windows))
    if here.shift:
        mask = notation().fixed(here.mask_value, 0)
        said.append(t("vision.windows.shifted", shift=here.shift, mask=mask))
    if (here.places < 0).any():
        said.append(t("vision.windows.filled_cosine" if here.cosine else "vision.windows.filled"))
    return " ".join(said)
