"""The pictures' page with a visitor's own model, and a picture of the visitor's."""

from __future__ import annotations

from functools import partial

import streamlit as st

from models.catalog import accepts_local, showing
from models.core.loaded import LoadedModel
from models.errors import InputError, ReadsText
from models.loading.hub_errors import NotDownloaded
from models.vision.trace import VisitorTrace
from models.vision.visitor import MEGA, MOST_BYTES, decoded, example, prepared, see_picture
from pages.ui import caches, charts, controls, frame, inputs, lines, state, views
from pages.ui.text import notation, rich, t
from pages.vision import attention, picture
from viz.board.axes import Axes, Choice
from viz.steps.figure import Scene, check
from viz.steps.head import of_block
from viz.vision import now
from viz.vision.visitor import VisitorLook
from viz.vision.visitor import visitor as drawn

KEY, FILE = "own", "own-picture"
SUMS = ("score", "weight", "mix")
MOST = 8  # classes that are listed

Seen = tuple[VisitorTrace, tuple[str, ...]]


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
        kept = t("kept.model", model=caches.title(state.default("model")))
        inputs.explain(error, asked, kept)
        if not isinstance(error, NotDownloaded):  # that one opens once it is here
            state.put("model", None)
        return None
    return asked


def _seen(loaded: LoadedModel, data: bytes | None) -> Seen:
    """A file's bytes through a model, and what was done to read them; None: the example."""
    if data is None:
        return see_picture(loaded, example()), ()
    found = decoded(data)
    prepared(loaded, found.pixels)  # a model without a processor is no place for it
    return see_picture(loaded, found.pixels), found.steps


seen = caches.of_model(_seen, entries=4)


def body(model_id: str) -> None:
    """Everything below the title."""
    with st.spinner(t("frame.wait")):
        (trace, steps), name = _chosen(model_id)
        look = _look(trace)
    _controls(look)
    frame.notices()
    frame.now(*now.attention(look, picture.speak()))
    left, wide = st.columns([360, 1440], gap="medium")
    with wide:
        _view(look)
    with left, st.container(key="input", gap="xsmall"):
        _panel(look, name, steps)
    frame.provenance(
        "live",
        caches.title(model_id),
        frame.quote(name) if name else t("vision.own_example"),
        difference=trace.difference(),
        against="vision",
    )


def _chosen(model_id: str) -> tuple[Seen, str]:
    """The visitor's picture and its file's name; why it cannot be read is said: the example, ""."""
    file = st.session_state.get(FILE)
    if file is not None:
        try:
            return seen(model_id, file.getvalue()), str(file.name)
        except InputError as error:
            state.notice(f"error.{error.code}", **error.details, kept=t("vision.own_kept"))
    return seen(model_id, None), ""


def _look(trace: VisitorTrace) -> VisitorLook:
    blocks = trace.attention.layers("encoder")
    tokens = len(trace.attention.tokens)
    controls.in_range("dim", int(blocks[0].v.shape[2]))
    heads = blocks[0].heads
    places = [("layer", len(blocks)), ("head", heads), ("query", tokens), ("key", tokens)]
    return VisitorLook(trace, *(controls.in_range(name, count) for name, count in places))


def _controls(look: VisitorLook) -> None:
    left, right = st.columns([1240, 560], vertical_alignment="bottom", gap="medium")
    with left:
        controls.row(
            (185, partial(controls.counted, "layer", len(look.blocks))),
            (185, partial(controls.counted, "head", look.blocks[0].heads)),
            (330, _back),
            (500, controls.nothing),
        )
    with right:
        picture.steps(look)


def _back() -> None:
    controls.button(t("vision.own_back"), "own-back", state.put, "model", None)


def _view(look: VisitorLook) -> None:
    """Picture and weights; the sums of the chosen pair."""
    figure, right = frame.picture_and_sums(picture.WIDTHS)
    with figure:
        looks = rich("vision.looks", query=frame.token(look.tokens[look.query], "q"))
        frame.section(looks, t("vision.where", layer=look.layer, head=look.head))
        places = (("key", look.key), ("query", look.query))
        image = drawn(look, picture.style())
        charts.clickable(image, KEY, attention.choose, t("vision.attention"), *places)
    with right:
        block = look.blocks[look.layer]
        axes = Axes(look.tokens, look.tokens, Choice(look.query, look.key))
        scene = Scene(of_block(block, look.head), axes, dim=int(state.get("dim")))
        if state.get("sum") not in SUMS:
            state.put("sum", SUMS[0])
        chosen = views.chosen_sum("vision", SUMS)
        lines.titled(attention.heading(chosen, look, scene))
        attention.one_sum(chosen, scene)
        mixed = check(6, scene)
        frame.equal_to(t("vision.own_output"), notation().fixed(mixed.own, 4), mixed.difference)


def _panel(look: VisitorLook, name: str, steps: tuple[str, ...]) -> None:
    """The visitor's file, what was done to it, and what the model names it."""
    kinds, limit = ["png", "jpg", "jpeg"], MOST_BYTES // MEGA
    st.file_uploader(t("vision.own_file"), type=kinds, key=FILE, max_upload_size=limit)
    trace, (height, width) = look.own, look.own.shown.shape[:2]
    lines.hint(t("vision.own_size", height=height, width=width, **_grid(trace)))
    for step in steps:
        lines.hint(t(f"vision.step.{step}"))
    lines.hint(t("vision.own_private" if name else "vision.own_example_said"))
    if not len(trace.logits):
        lines.remark(t("vision.own_no_classifier"))
        return
    frame.section(t("vision.own_classes", count=len(trace.logits)))
    rows = [
        (trace.classes[n], float(trace.logits[n]), float(trace.probabilities[n]))
        for n in trace.likeliest(MOST)
    ]
    lines.logits(rows, 0)


def _grid(trace: VisitorTrace) -> dict[str, int]:
    rows, columns = trace.grid
    return {"rows": rows, "columns": columns, "added": trace.added}


def chooser() -> None:
    """Below the page: which model, on one's own machine."""
    if not accepts_local():
        return
    with st.expander(t("vision.own_model"), key="own-model"):
        lines.hint(t("vision.own_model_said"))
        inputs.model("picture")
