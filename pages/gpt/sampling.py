"""The gpt page's first view: one choice with every stage, its sums, and the draw."""

from __future__ import annotations

from functools import partial
from math import ceil

import streamlit as st

from models.gpt.generation import against_library
from pages.gpt import controls
from pages.gpt.controls import Seen
from pages.ui import charts, frame, lines, spelling, sums
from pages.ui.text import t
from viz.gpt import now
from viz.gpt import sampling_formulas as written
from viz.gpt.sampling import HEIGHT, MOST, PITCH, Choosing, choosing

_SEEN = "_gpt_seen"  # what a click on the picture goes on from
style = partial(charts.style, "gpt.figure")


def view(seen: Seen, less: int) -> None:
    """The text and the choice at the left, the sums at the right. less: pixels of height."""
    words = spelling.spelt(seen.written.model_id, seen.written.text, seen.written.tokens)
    less += spelling.room(words, seen.written.text)
    rows = MOST - ceil(less / PITCH)
    shown = Choosing(seen.shown.stages, seen.shown.drawn, seen.shown.chosen, seen.words, rows)
    place = seen.written.steps + (seen.written.next is not None)
    frame.now(*now.write(shown, place, seen.after, controls.speak()))
    figure, right = frame.picture_and_sums(controls.WIDTHS, gaps=frame.CLOSE)
    with figure:
        controls.text_so_far(seen)
        st.session_state[_SEEN] = seen
        drawn = choosing(shown, style(), height=HEIGHT - int((MOST - rows) * PITCH))
        name, token = t("gpt.choosing"), seen.shown.chosen
        charts.acting(drawn, "choosing", _clicked, name, (token,), said=seen.words[token])
        spelling.beyond("gpt.spelt", words, seen.written.text)
    with right:
        controls.buttons(seen)
        _sums(seen, shown)
    frame.provenance(
        "live",
        *controls.where(seen),
        difference=against_library(seen.shown.stages),
        against="gpt",
    )


def _clicked(token: int) -> None:
    """A click on a token writes it instead of the drawn one."""
    seen = st.session_state.get(_SEEN)
    if seen is not None and not seen.over:
        controls.begin(controls.go_on_with(seen, int(token)))


def _sums(seen: Seen, shown: Choosing) -> None:
    found = written.sums(shown, sums.writer(style(), written.TERMS))
    with st.container(key="choosing-sums", gap=None):
        for name in ("divided", "softmax", "cut", "renormalised", "draw"):
            formula = getattr(found, name)
            if formula is None:  # this choice has none
                continue
            whole = name == "softmax" and shown.stages.kept_by_k == len(shown.words)
            frame.section(t("gpt.sum.softmax_all" if whole else f"gpt.sum.{name}"))
            sums.lines(formula)
    sums.switches(key="gpt.more_terms")
    lines.hint(t("scores.rounded"))
