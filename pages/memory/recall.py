"""The memory page's second view: measured recall by distance, and a claim held against it."""

from __future__ import annotations

from html import escape

import streamlit as st

from models.memory import recall as measured
from models.memory.gradients import NETWORKS
from models.memory.recall import (
    CLAIMED_TO_COPE,
    CLAIMED_TO_FAIL,
    COPES,
    Recall,
)
from pages.memory import gradients
from pages.ui import frame, state
from pages.ui.stepping import step_buttons
from pages.ui.text import labels, notation, t
from viz.memory import formulas as written
from viz.memory.recall import Curves, recall


def settle() -> None:
    """A length that was not measured is said, and the default taken."""
    recalls = measured.measured(NETWORKS)
    if recalls is None:
        return
    lengths = recalls["lstm"].distractors
    if state.get("length") not in lengths:
        said = ", ".join(map(str, lengths))
        state.notice("memory.no_length", value=state.get("length"), lengths=said)
        state.put("length", state.default("length"))
    state.put("length", state.get("length"))


def view() -> None:
    """Curves at the left; counts, means and the verdict at the right."""
    recalls = measured.measured(NETWORKS)
    if recalls is None:
        frame.not_measured()
        return
    one = recalls["lstm"]
    place = one.distractors.index(state.get("length"))
    left, right = st.columns(gradients.WIDTHS, gap="medium")
    with left, st.container(key="main-figure", gap="xxsmall"):
        frame.section(t("memory.recall"), t("memory.recall_note"))
        gradients.legend(
            {name: notation().fixed(float(found.mean[place]), 3) for name, found in recalls.items()}
        )
        curves = Curves(
            one.distractors,
            {name: found.seeds for name, found in recalls.items()},
            place,
            one.chance,
            one.trained_up_to,
            CLAIMED_TO_COPE,
            CLAIMED_TO_FAIL,
            COPES,
        )
        figure = recall(
            curves, theme=frame.current_theme(), notation=notation(), labels=labels("memory.figure")
        )
        gradients.clickable(figure, "curves", "length")
    with right, st.container(key="steps", gap=None):
        step_buttons(one.distractors, t("memory.nearer"), t("memory.farther"), name="length")
        _shares(recalls, place)
        _verdicts(recalls)


def _shares(recalls: dict[str, Recall], place: int) -> None:
    one = recalls["lstm"]
    frame.section(t("memory.after", n=one.distractors[place]))
    for name in NETWORKS:
        found = recalls[name]
        spread = t(
            "memory.spread",
            low=notation().fixed(float(found.seeds[:, place].min()), 3),
            high=notation().fixed(float(found.seeds[:, place].max()), 3),
            error=notation().fixed(found.error(place), 3),
        )
        st.html(gradients.named(name, spread))
        st.latex(written.share_right(found.right(place), found.rows, gradients.style(), name))
    words = t("memory.chance", chance=notation().fixed(one.chance, 3))
    st.html(f"<p class='hint'>{escape(words)}</p>")


def _verdicts(recalls: dict[str, Recall]) -> None:
    frame.section(t("memory.claim"))
    found = measured.verdict(recalls["lstm"])
    words = t(
        f"memory.verdict.{found}",
        cope=CLAIMED_TO_COPE,
        fail=CLAIMED_TO_FAIL,
        near=_share(recalls["lstm"], CLAIMED_TO_COPE),
        far=_share(recalls["lstm"], CLAIMED_TO_FAIL),
    )
    rule = t(
        "memory.rule",
        least=notation().fixed(COPES, 1),
        cope=CLAIMED_TO_COPE,
        fail=CLAIMED_TO_FAIL,
    )
    sign = "✓" if found == "held" else "✗"
    st.html(f"<p class='remark' data-verdict='{found}'><b>{sign}</b> {escape(words)}</p>")
    for name in ("rnn", "attention"):
        st.html(gradients.named(name, _fits(recalls[name])))
    st.html(f"<p class='hint'>{escape(rule)}</p>")


def _fits(found: Recall) -> str:
    """How another network stands to the claim."""
    return t(
        f"memory.fits.{measured.verdict(found)}",
        cope=CLAIMED_TO_COPE,
        fail=CLAIMED_TO_FAIL,
        near=_share(found, CLAIMED_TO_COPE),
        far=_share(found, CLAIMED_TO_FAIL),
    )


def _share(found: Recall, distractors: int) -> str:
    return notation().fixed(float(found.mean[found.distractors.index(distractors)]), 3)
