"""Below the decoder: the same sentence through one vector, and both networks by length."""

from __future__ import annotations

import streamlit as st

from models.seq2seq.trace import Seq2SeqTrace
from models.translation.accuracy_by_length import by_length
from models.translation.reference import right, spelled
from pages.seq2seq.step import style
from pages.translation.controls import Seen, translation
from pages.ui import caches, charts, frame, lines, symbols
from pages.ui.text import t
from viz.seq2seq.accuracy_by_length import Curve, lengths
from viz.seq2seq.compared import Version, compared
from viz.seq2seq.context_vector import one_vector

MODEL = "seq2seq-fixed"
WITH = "seq2seq"  # whose accuracy by length was measured beside it


def recorded(seen: Seen) -> Seq2SeqTrace:
    """The same sentence, fed in the same way, through the network without attention."""
    return translation(MODEL, seen.trace.text, target=seen.target, cut=seen.trace.cut)


def beside(seen: Seen) -> None:
    """What it writes, its vector, and both networks' accuracy by length."""
    with st.container(key="beside"):
        keys = ["beside-words", "by-length"]
        left, right_side = frame.side_by_side([890, 890], keys, space="large", gap="small")
        with left:
            _translations(seen)
        with right_side:
            _by_length(seen)


def _translations(seen: Seen) -> None:
    fixed = recorded(seen)
    mode = t("seq2seq.forced" if seen.trace.forced else "seq2seq.free")
    frame.section(t("seq2seq.beside"), mode)
    versions = [_version(seen.trace, seen), _version(fixed, seen)]
    if seen.known is not None:
        words = seen.known.target_words
        versions.insert(0, Version(t("seq2seq.gold_translation"), words))
    symbols.show(compared(versions))
    key = "seq2seq.compared" if seen.known else "seq2seq.not_compared"
    lines.hint(t(key))
    frame.section(t("seq2seq.one_vector"), t("seq2seq.one_vector_note"))
    charts.still(one_vector(fixed.last, fixed.backward, style()), "one-vector")


def _version(trace: Seq2SeqTrace, seen: Seen) -> Version:
    """The words that a network finds likeliest, right or wrong against gold."""
    words = spelled(trace.predicted)
    name = caches.title(trace.model_id)
    if seen.known is None:
        return Version(name, words)
    marks = right(words, seen.known.target_words)
    exact = tuple(words) == seen.known.target_words
    remark = t("seq2seq.exact" if exact else "seq2seq.faulty")
    return Version(name, words, marks, remark)


def _by_length(seen: Seen) -> None:
    frame.section(t("seq2seq.by_length"))
    measured = {model: found for model in (WITH, MODEL) if (found := by_length(model))}
    if len(measured) < 2:
        lines.hint(t("frame.not_measured"))
        return
    curves = [Curve(caches.title(model), found) for model, found in measured.items()]
    length = None if seen.known is None else seen.known.length
    charts.told(lengths(curves, charts.style("seq2seq.lengths"), chosen=length), "lengths")
    frame.source("measured", t("seq2seq.measured_on"), dot="example")
