"""Beside the translator's sums: the ten likeliest next words, what is written so far, the gold."""

from __future__ import annotations

import streamlit as st

from models.recording.vocabulary import sentence
from models.translation import alignment
from pages.translator import controls
from pages.translator.controls import Seen
from pages.ui import frame, lines, spelling, sums
from pages.ui.text import notation, rich, t
from viz.board.markup import template
from viz.board.notation import shortened

_SO_FAR = template("<p class='so-far'><bdi>{{ before }}<b>{{ word }}</b></bdi></p>")
_READ = template("<b class='q'><bdi>{{ word }}</bdi></b>")


def panel(seen: Seen) -> None:
    """What may come next, and what came so far."""
    frame.section(t("seq2seq.next"))
    _words(seen)
    # The translation so far, the word of this step appended.
    written, step = seen.trace.written, seen.stepping.step
    before = sentence(written.tokens[:step], written.special[:step])
    whole = sentence(written.tokens[: step + 1], written.special[: step + 1])
    now = whole[len(before) :] if not written.special[step] else f" {written.typed[step]}"
    st.html(_SO_FAR(before=before, word=now))
    # Why one row is labelled by what is read and the other by what is written.
    read, word = (shortened(one, 14) for one in (seen.stepping.read, seen.stepping.word))
    lines.hint(rich("translator.rows", read=_READ(word=read), written=_READ(word=word)))
    spelling.warned("translator.unknown", seen.unknown)
    if seen.asked:
        _gold(seen)


def _words(seen: Seen) -> None:
    """The ten likeliest with logit and probability, and the sum that divides them all."""
    stepping, trace = seen.stepping, seen.trace
    step = trace.step(stepping.step)
    digits = 4 if sums.finer() else 3
    lines.next_words(step.best, step.chosen, digits)
    values = {
        "share": notation().small(step.others),
        "all": len(trace.vocabulary),
        "sum": notation().fixed(step.log_sum_exp, digits),
    }
    lines.hint(t("translator.vocabulary", **values))


def _gold(seen: Seen) -> None:
    """How many of the sentence's words the head finds, beside what was measured; or why not."""
    if seen.pending:
        lines.hint(t("translator.gold_wait"))
        return
    found = controls.aligned(seen)
    if found is None:
        lines.hint(t("seq2seq.no_gold"))
        return
    told = t("translator.aligned", found=found.aligned, asked=found.asked)
    known = alignment.measured(seen.trace.model_id)
    if known is not None:
        share = known.share[seen.stepping.layer][seen.stepping.head]
        told += " " + t("translator.measured", share=notation().fixed(100 * share, 1))
    lines.hint(told)
