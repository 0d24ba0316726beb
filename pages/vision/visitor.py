"""The pictures' page with a visitor's own model, and a picture of the visitor's."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import streamlit as st

from models.catalog import accepts_local, load, showing
from models.core.arrays import Difference
from models.core.loaded import LoadedModel
from models.errors import InputError, ReadsText
from models.loading.hub_errors import NotDownloaded
from models.trace import AttentionBlock
from models.vision.trace import VisitorTrace
from models.vision.visitor import see_picture
from pages.ui import caches, charts, controls, frame, inputs, lines, state, views
from pages.ui.text import rich, t
from pages.vision import attention, given, overview, own_rollout, picture, windows
from viz.vision import now
from viz.vision.visitor import PoolingLook, VisitorLook
from viz.vision.visitor import visitor as drawn

KEY = "own"
VIEWS = ("attention", "overview", "rollout")


@dataclass(frozen=True, slots=True)
class Seen:
    """A picture's way through a visitor's model. steps: what was done to read it; difference: of
    the trace, to be told with every step."""

    trace: VisitorTrace
    steps: tuple[str, ...]
    difference: Difference


def model() -> str | None:
    """The visitor's model in the address, where it opens here; why not is said. None: the page's
    own is shown."""
    asked = str(state.get("model"))
    if asked == state.default("model"):
        return None
    try:
        with st.spinner(t("frame.wait")):
            showing(asked, "picture", ReadsText, "reads no pictures")
    except InputError as error:
        away(error, asked)
        return None
    return asked


def away(error: InputError, asked: str) -> None:
    """The page's own model is shown in its place, and why is said."""
    inputs.explain(error, asked, t("kept.model", model=caches.title(state.default("model"))))
    if not isinstance(error, NotDownloaded):  # that one opens once it is here
        state.put("model", None)


def _seen(loaded: LoadedModel, data: bytes | None) -> Seen:
    """A file's bytes through a model, and what was done to read them; None: the example."""
    pixels, steps = given.opened(loaded, data)
    trace = see_picture(loaded, pixels)
    return Seen(trace, steps, trace.difference())


seen = caches.of_model(_seen, entries=4, own=True)


def _mixed(loaded: LoadedModel, data: bytes | None) -> own_rollout.Mixed:
    """What the rollout of that picture multiplies."""
    return own_rollout.mixed(seen(loaded.card.id, data).trace)


mixed = caches.of_model(_mixed, entries=2, own=True)


def body(model_id: str) -> None:
    """Everything below the title."""
    reads = load(model_id).pictures
    if reads is not None and reads.windowed:
        windows.body(model_id)
        return
    with st.spinner(t("frame.wait")):
        found, file = given.chosen(model_id, seen)
        look = _look(found.trace)
        view = "attention" if isinstance(look, PoolingLook) else _view(look)
        layers = mixed(model_id, file.data) if view == "rollout" else ()
    _controls(look)
    frame.notices()
    if layers:
        frame.now(*own_rollout.said(look, layers))
    else:
        frame.now(*now.attention(look, picture.speak()))
    left, wide = st.columns([360, 1440], gap="medium")
    with wide:
        if layers:
            own_rollout.view(look, layers)
        else:
            {"attention": _attention, "overview": overview.view}[view](look)
    with left, st.container(key="input", gap="xsmall"):
        given.panel(found.trace, file, _reads(found.trace), found.steps)
    origin = given.origin(model_id, file)
    frame.provenance("live", *origin, difference=found.difference, against="vision")
    given.against_eager_attention(model_id, file)


def _look(trace: VisitorTrace) -> VisitorLook:
    """Of a layer, or of what pools all patches behind the last: that is one more of the attention
    view, and none of the others.
    """
    blocks = trace.attention.layers("encoder")
    if trace.pooling is not None and state.get("layer") == len(blocks):
        if views.settled("own_view", VIEWS) == "attention":
            return _pooling_look(trace, trace.pooling.block)
        state.put("layer", len(blocks) - 1)
    tokens = len(trace.attention.tokens)
    controls.in_range("dim", int(blocks[0].v.shape[2]))
    heads = blocks[0].heads
    places = [("layer", len(blocks)), ("head", heads), ("query", tokens), ("key", tokens)]
    return VisitorLook(trace, *(controls.in_range(name, count) for name, count in places))


def _pooling_look(trace: VisitorTrace, block: AttentionBlock) -> PoolingLook:
    controls.in_range("dim", int(block.v.shape[2]))
    keys = block.shape[1]
    head, key = controls.in_range("head", block.heads), controls.in_range("key", keys)
    return PoolingLook(trace, block.layer, head, keys, key)


def _controls(look: VisitorLook) -> None:
    layers = len(look.trace.attention.layers("encoder"))
    if look.own.pooling is not None and state.get("own_view") == "attention":
        layers += 1
    left, right = st.columns([1240, 560], vertical_alignment="bottom", gap="medium")
    with left:
        controls.row(
            (400, partial(controls.choice, "own_view", "vision.own_view", VIEWS, wrap=False)),
            (185, partial(controls.counted, "layer", layers)),
            (185, partial(controls.counted, "head", look.blocks[0].heads)),
            (260, given.back),
            (170, controls.nothing),
        )
    with right:
        picture.steps(look)


def _view(look: VisitorLook) -> str:
    """Which view is open; a rollout of too many numbers is said to be none."""
    view = views.settled("own_view", VIEWS)
    if view == "rollout" and not own_rollout.fits(look.own):
        tokens, layers = len(look.tokens), len(look.blocks)
        state.notice("error.too_many_tokens", tokens=tokens, layers=layers)
        state.put("own_view", None)
        return VIEWS[0]
    return view


def _attention(look: VisitorLook) -> None:
    """Picture and weights; the sums of the chosen pair."""
    figure, right = frame.picture_and_sums(picture.WIDTHS)
    with figure:
        looks = rich("vision.looks", query=frame.token(look.tokens[look.query], "q"))
        pooled, at = isinstance(look, PoolingLook), {"layer": look.layer, "head": look.head}
        where = t("vision.pooling.where", **at) if pooled else t("vision.where", **at)
        frame.section(looks, where)
        places = (("key", look.key), *(() if pooled else (("query", look.query),)))
        image = drawn(look, picture.style())
        charts.clickable(image, KEY, attention.choose, t("vision.attention"), *places)
    with right:
        block = look.blocks[look.layer]
        if isinstance(look, PoolingLook):
            attention.of_pair(look, block, look.axes, t("vision.pooling.output"))
        else:
            attention.of_pair(look, block)


def _reads(trace: VisitorTrace) -> str:
    """What the model reads: pixels, patches, tokens of its own; of a pair, which half this is."""
    (height, width), (rows, columns) = trace.pixels.shape[-2:], trace.grid
    said = [t("vision.own_size", height=height, width=width, rows=rows, columns=columns)]
    if any(trace.left_out):
        below, right = trace.left_out
        said.append(t("vision.own_left_out", below=below, right=right))
    names = ", ".join(trace.attention.tokens[: trace.added])
    added = t("vision.own_added", count=trace.added, names=names)
    said.append(added if trace.added else t("vision.own_none"))
    if trace.pooling is not None:
        said.append(t("vision.own_pooled", layer=trace.pooling.block.layer))
    said += [t("vision.own_half")] if trace.half else []
    return " ".join(said)


def chooser() -> None:
    """Below the page: which model, on one's own machine."""
    if not accepts_local():
        return
    with st.expander(t("vision.own_model"), key="own-model"):
        lines.hint(t("vision.own_model_said"))
        inputs.model("picture")
