"""Beside the translator's sums: the ten likeliest next words, what is written so far, the gold."""

from __future__ import annotations

from html import escape

import streamlit as st

from models.recording.vocabulary import sentence
from models.translation import alignment
from pages.translator import controls
from pages.translator.controls import Seen
from pages.ui import frame, state
from pages.ui.text import notation, t
from viz.board.notation import shortened
from viz.tables.next_words import logit_bars


def panel(seen: Seen) -> None:
    """What may come next, and what came so far."""
    frame.section(t("seq2seq.next"))
    _words(seen)
    _written(seen)
    st.html(f"<p class='hint'>{_rows(seen)}</p>")
    _unknown(seen)
    if seen.asked:
        _gold(seen)


def _words(seen: Seen) -> None:
    """The ten likeliest with logit and probability, and the sum that divides them all."""
    stepping, trace = seen.stepping, seen.trace
    step = trace.step(stepping.step)
    rows = [(one.word, one.logits[0], one.probabilities[0]) for one in step.best]
    chosen = [one.id for one in step.best].index(step.chosen)
    digits = 4 if state.get("exact") else 3
    heads = t("seq2seq.logit"), t("seq2seq.probability")
    st.html(logit_bars(rows, chosen=chosen, heads=heads, notation=notation(), digits=digits))
    others = 1 - sum(p for _, _, p in rows)
    values = {
        "share": notation().small(max(others, 0.0)),
        "all": len(trace.vocabulary),
        "sum": notation().fixed(step.log_sum_exp, digits),
    }
    st.html(f"<p class='hint'>{escape(t('translator.vocabulary', **values))}</p>")


def _written(seen: Seen) -> None:
    """The translation so far, the word of this step appended."""
    written, step = seen.trace.written, seen.stepping.step
    before = sentence(written.tokens[:step], written.special[:step])
    whole = sentence(written.tokens[: step + 1], written.special[: step + 1])
    word = whole[len(before) :] if not written.special[step] else f" {written.typed[step]}"
    st.html(f"<p class='so-far'><bdi>{escape(before)}<b>{escape(word)}</b></bdi></p>")


def _rows(seen: Seen) -> str:
    """Why one row is labelled by what is read and the other by what is written."""
    stepping = seen.stepping
    values = {
        "read": f"<b class='q'><bdi>{escape(shortened(stepping.read, 14))}</bdi></b>",
        "written": f"<b class='q'><bdi>{escape(shortened(stepping.word, 14))}</bdi></b>",
    }
    gaps = {name: f"{{{name}}}" for name in values}
    return escape(t("translator.rows", **gaps)).format(**values)


def _unknown(seen: Seen) -> None:
    """Words that the model does not know, by name."""
    if seen.unknown:
        words = ", ".join(f"“{shortened(word, 20)}”" for word in seen.unknown[:4])
        more = " …" if len(seen.unknown) > 4 else ""
        sentence_ = t("translator.unknown", words=words + more)
        st.html(f"<p class='hint unknown'><bdi>{escape(sentence_)}</bdi></p>")


def _gold(seen: Seen) -> None:
    """How many of the sentence's words the head finds, beside what was measured; or why not."""
    if seen.pending:
        st.html(f"<p class='hint'>{escape(t('translator.gold_wait'))}</p>")
        return
    found = controls.aligned(seen)
    if found is None:
        st.html(f"<p class='hint'>{escape(t('seq2seq.no_gold'))}</p>")
        return
    told = t("translator.aligned", found=found.aligned, asked=found.asked)
    known = alignment.measured(seen.trace.model_id)
    if known is not None:
        share = known.share[seen.stepping.layer][seen.stepping.head]
        told += " " + t("translator.measured", share=notation().fixed(100 * share, 1))
    st.html(f"<p class='hint'>{escape(told)}</p>")
