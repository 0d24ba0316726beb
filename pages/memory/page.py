"""How long does a network remember? Gradients, recall and products of three networks."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import streamlit as st

from models.memory.gradients import (
    MOST,
    NETWORKS,
    SEEDS,
    Gradients,
    drawn,
)
from pages.memory import TOPIC, gradients, products, recall
from pages.ui import (
    about,
    controls,
    frame,
    state,
    views,
)
from pages.ui.text import notation, t
from viz.board.notation import shortened

_VIEWS: dict[str, Callable[[Gradients], None]] = {
    "gradients": gradients.view,
    "exploding": products.view,
}
VIEWS = TOPIC.views
_LONGEST = 44  # characters of the text in the line of provenance
_DRAW = "_draw"  # how often this visitor has drawn
_MEASURED = "accuracy_100"  # the length that the claim is about


def body() -> None:
    """Everything below the title. Only the open view is computed."""
    view = views.opened(VIEWS)
    controls.own_model()
    if view == "recall":
        _recall()
    else:
        _on_text(view)
    for name, model_id in NETWORKS.items():
        about.model(model_id, key=f"about-{name}")
    frame.learn("memory")


def _recall() -> None:
    with st.columns([560, 1240])[0]:
        _view_control()
    recall.settle()
    frame.notices()
    recall.view()
    frame.provenance("measured", escape(t("memory.measured_how")), escape(t("memory.networks_all")))


def _on_text(view: str) -> None:
    controls.in_range("seed", SEEDS)
    with st.spinner(t("frame.wait")):
        found, shown = controls.best(_back)
    controls.settle(shown, cut=len(found.tokens) if found.cut else None)
    _unknown(found)
    if view == "gradients":
        controls.in_range("step", len(found.tokens))
    else:
        products.settle(found)
    _controls(found, view)
    frame.notices()
    _VIEWS[view](found)
    _provenance(found, view)


def _back(wanted: controls.Input) -> Gradients:
    return gradients.back(wanted.text, int(state.get("seed")), cut=wanted.cut)


def _unknown(found: Gradients) -> None:
    if "<unk>" in found.tokens:
        state.notice("memory.unknown")


def _controls(found: Gradients, view: str) -> None:
    what_if = view == "exploding"
    widths = [560, 330, 150, 200, 240, 330] if what_if else [560, 600, 220, 200, 230]
    columns = st.columns(widths, vertical_alignment="bottom")
    with columns[0]:
        _view_control()
    with columns[1]:
        controls.sentence_control(t("memory.text"))
    if what_if:
        with columns[2]:
            _draw_button(found)
        with columns[3]:
            _seed_control()
        with columns[4]:
            products.matrix_control()
        with columns[5]:
            products.sigma_control(found)
        return
    with columns[2]:
        _length_control(found)
    with columns[3]:
        _draw_button(found)
    with columns[4]:
        _seed_control()


def _view_control() -> None:
    views.switch("memory", VIEWS)


def _length_control(found: Gradients) -> None:
    """How many distractors the text has; another number draws another text."""
    st.session_state["distractors"] = max(len(found.tokens) - 2, 0)
    st.number_input(
        t("memory.distractors"),
        0,
        MOST - 2,
        step=1,
        key="distractors",
        on_change=lambda: _take(st.session_state["distractors"]),
    )


def _draw_button(found: Gradients) -> None:
    count = max(len(found.tokens) - 2, 0)
    st.button(t("memory.draw"), key="draw", on_click=_draw_another, args=(count,), width="stretch")


def _draw_another(count: int) -> None:
    st.session_state[_DRAW] = st.session_state.get(_DRAW, 0) + 1
    _take(count)


def _take(count: int) -> None:
    state.put("text", drawn(count, st.session_state.get(_DRAW, 0)))
    state.put("cut", False)
    state.put("step", min(int(state.get("step")), count + 1))


def _seed_control() -> None:
    state.put("seed", state.get("seed"))
    st.segmented_control(
        t("controls.seed"),
        range(SEEDS),
        key="seed",
        required=True,
        help=t("memory.seed_help"),
        on_change=state.put,
        args=("sigma", None),
        persist_state="session",
    )


def _provenance(found: Gradients, view: str) -> None:
    what_if = view == "exploding" and products.changed(found)
    networks = t("memory.network_changed" if what_if else "memory.network_rnn")
    apart = t("memory.apart", difference=notation().scientific(found.difference.absolute))
    shown = NETWORKS if view == "gradients" else ("rnn",)
    names = {NETWORKS[name]: t(f"memory.figure.{name}") for name in shown}
    frame.provenance(
        "whatif" if what_if else "live",
        *([] if view == "gradients" else [escape(networks)]),
        escape(t("memory.trained", seed=found.seed)),
        f"“{frame.quote(shortened(found.text, _LONGEST))}”",
        escape(apart),
        about.headlines(names, _MEASURED, "chance"),
    )


frame.page("memory", body)
