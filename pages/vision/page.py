"""What does a Transformer look at in a picture? A digit, its patches, and attention over them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from models.core.clearest import clearest
from models.errors import InputError
from models.vision.deletion import FILLS
from pages.ui import about, controls, frame, parts, state, views
from pages.ui.text import rich, t
from pages.vision import TOPIC, attention, deletion, picture, rollout, visitor
from pages.vision.picture import Shown
from viz.board.sentence import Now

_VIEWS: dict[str, Callable[[Shown], None]] = {
    "attention": attention.view,
    "rollout": rollout.view,
    "deletion": deletion.view,
}

_SAID: dict[str, Callable[[Shown], Now | None]] = {
    "attention": attention.said,
    "rollout": rollout.said,
    "deletion": deletion.said,
}


def body() -> None:
    """Everything below the title: a visitor's own model, or the digits."""
    model = visitor.model()
    if model is not None:
        try:
            visitor.body(model)
        except InputError as error:  # not even of the example does it make numbers
            visitor.away(error, model)
            model = None
    if model is None:
        _digits()
    parts.below(visitor.chooser)


def _digits() -> None:
    """The page's own model. Only the open view is computed."""
    view = views.opened(TOPIC.views)
    with st.spinner(t("frame.wait")):
        shown = picture.chosen()
    if view == "deletion":
        deletion.settle(shown)
    _controls(shown, view)
    frame.notices()
    said = _SAID[view](shown)
    if said is not None:
        frame.now(*said, why=_why(shown, view))
    left, wide = st.columns([360, 1440], gap="medium")
    with left, st.container(key="input", gap="xsmall"):
        picture.panel(shown)
    with wide:
        _VIEWS[view](shown)
    picture.provenance(shown)
    parts.below(about.model, picture.MODEL)


def _why(shown: Shown, view: str) -> str:
    """Why the page's own head and patch are shown first; "" where anything else was chosen."""
    if view != "attention" or not state.usual("picture", "drawn", "layer", "head", "query", "key"):
        return ""
    blocks = shown.trace.attention.layers("encoder")
    patches = range(1, len(shown.tokens))
    place = clearest([block.weights for block in blocks], shown.query, patches)
    if place != (shown.layer, shown.head, shown.key):
        return ""
    values = {"layer": shown.layer, "head": shown.head, "count": len(blocks) * blocks[0].heads}
    return rich("vision.now.attention_why", query=frame.token(shown.tokens[0], "q"), **values)


def _controls(shown: Shown, view: str) -> None:
    found = shown.blocks
    head = partial(controls.counted, "head", found[0].heads)
    first = partial(views.switch, "vision", TOPIC.views, wrap=False)
    back = partial(picture.back_control, shown)
    left, right = st.columns([1240, 560], vertical_alignment="bottom", gap="medium")
    with left:
        if view == "deletion":
            controls.row(
                (330, first),
                (165, picture.picture_control),
                (200, back),
                (300, partial(deletion.ranking_control, shown)),
                (215, partial(controls.select, "fill", "vision.fill", FILLS)),
            )
        else:
            controls.row(
                (340, first),
                (185, picture.picture_control),
                (230, back),
                (185, partial(controls.counted, "layer", len(found))),
                (185, head if view == "attention" else controls.nothing),
                (50, controls.nothing),
            )
    with right:
        (deletion if view == "deletion" else picture).steps(shown)


parts.page("vision", body)
