"""How long does a network remember? Gradients, recall and products of three networks."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from models.memory.gradients import MOST, NETWORKS, SEEDS, Gradients, drawn
from pages.memory import TOPIC, clipping, gradients, products, recall
from pages.ui import about, controls, frame, inputs, parts, state, views
from pages.ui.text import notation, t
from viz.board.notation import shortened

_VIEWS: dict[str, Callable[[Gradients], None]] = {
    "gradients": gradients.view,
    "exploding": products.view,
}
_LONGEST = 44  # characters of the text in the line of provenance
_DRAW = "_draw"  # how often this visitor has drawn
_MEASURED = "accuracy_100"  # the length that the claim is about


def body() -> None:
    """Everything below the title. Only the open view is computed."""
    view = views.opened(TOPIC.views)
    inputs.own_model()
    if view == "recall":
        with st.columns([560, 1240])[0]:
            views.switch("memory", TOPIC.views)
        recall.settle()
        frame.notices()
        recall.view()
        frame.provenance("measured", t("memory.measured_how"), t("memory.networks_all"))
    elif view == "clipping":
        clipping.view()
    else:
        _on_text(view)
    for name, model_id in NETWORKS.items():
        parts.below(about.model, model_id, key=f"about-{name}")


def _on_text(view: str) -> None:
    controls.in_range("seed", SEEDS)
    found, _ = inputs.recorded(lambda w: gradients.back(w.text, int(state.get("seed")), cut=w.cut))
    if "<unk>" in found.tokens:
        state.notice("memory.unknown")
    if view == "gradients":
        controls.in_range("step", len(found.tokens))
    else:
        products.settle(found)
    _controls(found, view)
    frame.notices()
    _VIEWS[view](found)
    _provenance(found, view)


def _controls(found: Gradients, view: str) -> None:
    what_if = view == "exploding"
    count = max(len(found.tokens) - 2, 0)
    why = t("memory.seed_help")
    seed = partial(controls.choice, "seed", "controls.seed", range(SEEDS), str, help=why)
    draw = partial(controls.button, t("memory.draw"), "draw", _draw_another, count)
    controls.row(
        (520 if what_if else 560, partial(views.switch, "memory", TOPIC.views)),
        (270 if what_if else 600, partial(inputs.sentence, "memory.text")),
        *([] if what_if else [(220, partial(_length_control, count))]),
        (150 if what_if else 200, draw),
        (190 if what_if else 230, partial(seed, on_change=partial(state.put, "sigma", None))),
        *(products.cells(found) if what_if else []),
    )


def _length_control(count: int) -> None:
    """How many distractors the text has; another number draws another text."""
    st.session_state["distractors"] = count
    st.number_input(
        t("memory.distractors"),
        0,
        MOST - 2,
        step=1,
        key="distractors",
        on_change=lambda: _take(st.session_state["distractors"]),
    )


def _draw_another(count: int) -> None:
    st.session_state[_DRAW] = st.session_state.get(_DRAW, 0) + 1
    _take(count)


def _take(count: int) -> None:
    text = drawn(count, st.session_state.get(_DRAW, 0))
    state.put_all(text=text, cut=False, step=min(int(state.get("step")), count + 1))


def _provenance(found: Gradients, view: str) -> None:
    what_if = view == "exploding" and products.changed(found)
    apart = t("memory.apart", difference=notation().scientific(found.difference.absolute))
    shown = NETWORKS if view == "gradients" else ("rnn",)
    names = {NETWORKS[name]: t(f"memory.figure.{name}") for name in shown}
    frame.provenance(
        "whatif" if what_if else "live",
        "" if view == "gradients" else t(products.network(found)),
        t("memory.trained", seed=found.seed),
        frame.quote(shortened(found.text, _LONGEST)),
        apart,
        about.headlines(names, _MEASURED, "chance"),
    )


parts.page("memory", body)
