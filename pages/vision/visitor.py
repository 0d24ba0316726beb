"""The pictures' page with a visitor's own model, and a picture of the visitor's."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import streamlit as st

from models.catalog import accepts_local, showing
from models.core.arrays import Difference
from models.core.loaded import LoadedModel
from models.errors import InputError, ReadsText
from models.loading.hub_errors import NotDownloaded
from models.recording.eager import EagerCheck
from models.vision.eager import against_eager
from models.vision.trace import VisitorTrace
from models.vision.visitor import MEGA, MOST_BYTES, decoded, example, fitting, prepared, see_picture
from pages.ui import caches, charts, controls, frame, inputs, lines, state, views, whole_pass
from pages.ui.text import notation, rich, t
from pages.vision import attention, overview, own_rollout, picture
from viz.board.axes import Axes, Choice
from viz.steps.figure import Scene, check
from viz.steps.head import of_block
from viz.vision import now
from viz.vision.visitor import VisitorLook
from viz.vision.visitor import visitor as drawn

KEY, FILE = "own", "own-picture"
VIEWS = ("attention", "overview", "rollout")
SUMS = ("score", "weight", "mix")
MOST = 8  # classes that are listed

_CHECKED = "own-checked"  # the picture whose whole pass is held against eager attention


@dataclass(frozen=True, slots=True)
class Seen:
    """A picture's way through a visitor's model. steps: what was done to read it; difference: of
    the trace, to be told with every step."""

    trace: VisitorTrace
    steps: tuple[str, ...]
    difference: Difference


@dataclass(frozen=True, slots=True)
class Given:
    """What the visitor has given: a file's bytes, None: none that can be read; and its name."""

    data: bytes | None = None
    name: str = ""


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
        trace = see_picture(loaded, example())
        return Seen(trace, (), trace.difference())
    found = decoded(data)
    prepared(loaded, found.pixels)  # a model without a processor is no place for it
    trace = see_picture(loaded, found.pixels)
    return Seen(trace, (*found.steps, *fitting(loaded, found.pixels.shape)), trace.difference())


seen = caches.of_model(_seen, entries=4)


def _held(loaded: LoadedModel, data: bytes | None) -> EagerCheck:
    """The same picture against eager attention."""
    return against_eager(loaded, _seen(loaded, data).trace.pixels)


def _mixed(loaded: LoadedModel, data: bytes | None) -> own_rollout.Mixed:
    """What the rollout of that picture multiplies."""
    return own_rollout.mixed(seen(loaded.card.id, data).trace)


mixed = caches.of_model(_mixed, entries=2)
_eager = caches.of_model(_held, entries=8)
_once = caches.in_background(_held, entries=16)


def body(model_id: str) -> None:
    """Everything below the title."""
    with st.spinner(t("frame.wait")):
        found, given = _chosen(model_id)
        look = _look(found.trace)
        view = _view(look)
        layers = mixed(model_id, given.data) if view == "rollout" else ()
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
        _panel(look, given, found.steps)
    frame.provenance(
        "live",
        caches.title(model_id),
        frame.quote(given.name) if given.name else t("vision.own_example"),
        difference=found.difference,
        against="vision",
    )
    _whole_pass(model_id, given)


def _whole_pass(model_id: str, given: Given) -> None:
    """The model against transformers' eager attention: once a checkpoint, in the background, and
    on this picture where asked."""
    place = model_id, given.name, hash(given.data)
    asked = st.session_state.get(_CHECKED) == place
    if asked:
        found = _eager(model_id, given.data)
        words = t("vision.eager.found", agree=found.agree, heads=found.heads)
        whole_pass.verdict(words, found)
    else:
        if (once := _once(model_id, None)) is not None:
            words = t("vision.eager.once", agree=once.agree, heads=once.heads)
            whole_pass.verdict(words, once)
        controls.button(t("vision.eager.run"), "eager", _check, place)


def _check(place: tuple[str, str, int]) -> None:
    st.session_state[_CHECKED] = place


def _chosen(model_id: str) -> tuple[Seen, Given]:
    """The visitor's picture; why it cannot be read is said, and the example shown."""
    file = st.session_state.get(FILE)
    if file is not None:
        try:
            given = Given(file.getvalue(), str(file.name))
            return seen(model_id, given.data), given
        except InputError as error:
            state.notice(f"error.{error.code}", **error.details, kept=t("vision.own_kept"))
    return seen(model_id, None), Given()


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
            (400, partial(controls.choice, "own_view", "vision.own_view", VIEWS, wrap=False)),
            (185, partial(controls.counted, "layer", len(look.blocks))),
            (185, partial(controls.counted, "head", look.blocks[0].heads)),
            (260, _back),
            (170, controls.nothing),
        )
    with right:
        picture.steps(look)


def _back() -> None:
    controls.button(t("vision.own_back"), "own-back", state.put, "model", None)


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


def _panel(look: VisitorLook, given: Given, steps: tuple[str, ...]) -> None:
    """The visitor's file, what was done to it, and what the model names it."""
    kinds, limit = ["png", "jpg", "jpeg"], MOST_BYTES // MEGA
    st.file_uploader(t("vision.own_file"), type=kinds, key=FILE, max_upload_size=limit)
    _reads(look.own)
    trace = look.own
    for step in steps:
        lines.hint(t(f"vision.step.{step}"))
    lines.hint(t("vision.own_private" if given.name else "vision.own_example_said"))
    if not len(trace.logits):
        lines.remark(t("vision.own_no_classifier"))
        return
    frame.section(t("vision.own_classes", count=len(trace.logits)))
    rows = [
        (trace.classes[n], float(trace.logits[n]), float(trace.probabilities[n]))
        for n in trace.likeliest(MOST)
    ]
    lines.logits(rows, 0)


def _reads(trace: VisitorTrace) -> None:
    """What the model reads: pixels, patches, tokens of its own; of a pair, which half this is."""
    (height, width), (rows, columns) = trace.pixels.shape[-2:], trace.grid
    said = [t("vision.own_size", height=height, width=width, rows=rows, columns=columns)]
    if any(trace.left_out):
        below, right = trace.left_out
        said.append(t("vision.own_left_out", below=below, right=right))
    names = ", ".join(trace.attention.tokens[: trace.added])
    added = t("vision.own_added", count=trace.added, names=names)
    said.append(added if trace.added else t("vision.own_none"))
    said += [t("vision.own_pooled")] if trace.pooled else []
    said += [t("vision.own_half")] if trace.half else []
    lines.hint(" ".join(said))


def chooser() -> None:
    """Below the page: which model, on one's own machine."""
    if not accepts_local():
        return
    with st.expander(t("vision.own_model"), key="own-model"):
        lines.hint(t("vision.own_model_said"))
        inputs.model("picture")
