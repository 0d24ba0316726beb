"""What the bert page's views share: their switch, model and texts, the place that is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from models.bert.heads import fills_masks, judges_pairs
from models.core.arrays import Difference
from models.core.loaded import LoadedModel
from pages.bert import TOPIC
from pages.ui import about, caches, charts, controls, frame, state, views
from pages.ui.text import t
from viz.board.style import Style

VIEWS = TOPIC.views
WIDTHS = (1110, 700)  # picture and sums, pixels
VIEW, MODEL, SENTENCE = 500, 250, 360  # controls


def style() -> Style:
    """Colours, numbers and words of the figures and formulas."""
    return charts.style("bert.figure")


def view_control() -> None:
    """Which of the page's parts is open."""
    views.switch("bert", VIEWS, wrap=False)


def shared_controls(columns: Sequence[st.delta_generator.DeltaGenerator]) -> None:
    """View, model and the two sentences, in the first four columns."""
    with columns[0]:
        view_control()
    with columns[1]:
        controls.model_control(family="bert")
    with columns[2]:
        controls.sentence_control(t("bert.first"))
    with columns[3]:
        second_control()


def second_control() -> None:
    """The second sentence."""
    state.put("pair", state.get("pair"))
    st.text_input(
        t("bert.second"),
        key="pair",
        placeholder=t("controls.pair_hint"),
        on_change=state.put,
        args=("cut", False),
        persist_state="session",
        autocomplete="off",
    )


def _heads_of(loaded: LoadedModel) -> frozenset[str]:
    """Which of BERT's two heads a model has: "words", "pairs"."""
    has = {"words": fills_masks(loaded), "pairs": judges_pairs(loaded)}
    return frozenset(name for name, there in has.items() if there)


_heads = caches.of_model(_heads_of, entries=32)


def able(model_id: str, head: str) -> str:
    """The model itself where it has that head ("words", "pairs"), else the page's own; it is said.

    Raises errors.InputError for a model that cannot be loaded.
    """
    if head in _heads(model_id):
        return model_id
    own = str(state.default("model"))
    state.notice(f"bert.no_{head}", model=caches.title(model_id), own=caches.title(own))
    return own


def place(count: int) -> int:
    """The piece in the address, kept in the text."""
    return controls.in_range("step", count)


def switches(*, all_terms: bool = True) -> None:
    """More digits; all terms of the sums."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        state.put("exact", state.get("exact"))
        st.toggle(t("scores.more_digits"), key="exact", persist_state="session")
        if all_terms:
            state.put("all", state.get("all"))
            st.toggle(t("scores.all_terms"), key="all", persist_state="session")


def provenance(
    model_id: str,
    texts: Sequence[str | None],
    *extra: str,
    difference: Difference | None,
    against: str,
    figure: str | None = None,
    beside: str = "",
) -> None:
    """Model, texts and largest difference; extra: plain words between them.

    figure, beside: which of the model's measured figures is told, beside which baseline's; None:
    none belongs here.
    """
    parts = [escape(caches.title(model_id)), *map(escape, extra)]
    parts += [f"“{frame.quote(text)}”" for text in texts if text]
    headline = "" if figure is None else about.headline(model_id, figure, beside=beside)
    frame.provenance(
        "live", *parts, *([headline] if headline else []), difference=difference, against=against
    )
