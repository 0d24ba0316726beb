"""The gpt page's first view: one choice with every stage, its sums, and the draw."""

from __future__ import annotations

from html import escape

import streamlit as st

from models.gpt.generation import against_library
from pages.gpt import controls
from pages.gpt.controls import Seen
from pages.ui import charts, frame, state
from pages.ui.text import notation, t
from viz.board.notation import shortened
from viz.board.style import Style
from viz.gpt.sampling import (
    HEIGHT,
    MOST,
    PITCH,
    Choosing,
    choosing,
)
from viz.gpt.sampling_formulas import Sums, sums

_ROWS, _FEWEST = 2, 6  # rows that a notice takes the place of; rows that stay in any case
_SEEN = "_gpt_seen"  # what a click on the picture goes on from


def view(seen: Seen, notices: int) -> None:
    """The text and the choice at the left, the sums at the right; for each notice fewer rows."""
    rows = max(MOST - _ROWS * notices, _FEWEST)
    shown = Choosing(seen.shown.stages, seen.shown.drawn, seen.shown.chosen, seen.words, rows)
    left, right = st.columns(controls.WIDTHS, gap="medium")
    with left, st.container(key="main-figure", gap="xsmall"):
        controls.text_so_far(seen)
        _picture(seen, shown, HEIGHT - int((MOST - rows) * PITCH))
    with right, st.container(key="steps", gap="xsmall"):
        controls.buttons(seen)
        _said(seen, shown)
        _sums(seen, shown)
    frame.provenance(
        "live",
        *controls.where(seen),
        difference=against_library(seen.shown.stages),
        against="gpt",
    )


def style() -> Style:
    """Colours, numbers and words of the figure and the formulas."""
    return charts.style("gpt.figure")


def _picture(seen: Seen, shown: Choosing, height: int) -> None:
    st.session_state[_SEEN] = seen
    charts.clickable(choosing(shown, style(), height=height), "choosing", _clicked)


def _clicked(token: int) -> None:
    """A click on a token writes it instead of the drawn one."""
    seen = st.session_state.get(_SEEN)
    if seen is not None and not seen.over:
        controls.begin(controls.go_on_with(seen, int(token)))


def _said(seen: Seen, shown: Choosing) -> None:
    """The choice in a sentence."""
    drawn = seen.shown.drawn
    word = frame.token(shortened(seen.words[seen.shown.chosen], 16), "output")
    values = {"word": word, "n": str(seen.written.steps + (seen.written.next is not None))}
    if drawn is None:
        key = "gpt.said_greedy"
    else:
        key = "gpt.said"
        values |= {
            "kept": _count(shown.kept),
            "all": _count(len(seen.words)),
            "u": f"<b style='color:var(--output)'>{notation().fixed(drawn.u, 4)}</b>",
        }
    gaps = {name: f"{{{name}}}" for name in values}
    sentence = escape(t(key, **gaps)).format(**values)
    if seen.over:
        ended = "gpt.ended" if seen.written.next is None else "gpt.full"
        sentence += f" <b>{escape(t(ended))}</b>"
    st.html(f"<p class='said'>{sentence}</p>")


def _count(value: int) -> str:
    return f"{value:,}".replace(",", "\u202f")


def _sums(seen: Seen, shown: Choosing) -> None:
    most = None if state.get("all") else 4
    written = sums(shown, style(), finer=state.get("exact"), most=most)
    with st.container(key="choosing-sums", gap=None):
        for name, formula in _named(written):
            whole = name == "softmax" and shown.stages.kept_by_k == len(shown.words)
            frame.section(t("gpt.sum.softmax_all" if whole else f"gpt.sum.{name}"))
            st.latex(formula)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        for name, words in (("exact", "scores.more_digits"), ("all", "gpt.more_terms")):
            state.put(name, state.get(name))
            st.toggle(t(words), key=name, persist_state="session")
    st.html(f"<p class='hint'>{escape(t('scores.rounded'))}</p>")


def _named(written: Sums) -> list[tuple[str, str]]:
    """Those sums that this choice has, in their order."""
    names = ("divided", "softmax", "cut", "renormalised", "draw")
    found = ((name, getattr(written, name)) for name in names)
    return [(name, formula) for name, formula in found if formula is not None]
