"""The decoder's step on the seq2seq page: picture, what happens in words, every sum, next words."""

from __future__ import annotations

from functools import partial

import streamlit as st

from models.core.arrays import difference
from models.recording.ranking import likeliest, probabilities
from pages.translation import controls
from pages.translation.controls import Seen
from pages.ui import charts, frame, lines, state, sums, symbols, views
from pages.ui.controls import counted
from pages.ui.text import notation, t
from viz.board.markup import template
from viz.formula.layout import Formula
from viz.seq2seq import step_formulas as formulas
from viz.seq2seq.alignment import HEIGHT, alignment, source_states
from viz.seq2seq.summary import brief

SUMS = ("every", "score", "weight", "context", "word")
MOST_WORDS = 10
_INSIDE = 2  # terms of each of the two sums inside a tanh
_ROOM = 470  # pixels for a sum that is opened to all its terms
style = partial(charts.style, "seq2seq.figure")

_OWN = template(
    "<p class='hint own'>{{ head }}</p>{% for name, value, verdict in rows %}"
    "<p class='hint'>{{ name }} <b>{{ value }}</b> {{ verdict }}</p>{% endfor %}"
    "{% if note %}<p class='hint'>{{ note }}</p>{% endif %}"
)


def matrix(seen: Seen, *, less: int = 0) -> None:
    """The picture; a click on a cell or a chip chooses step and piece. less: pixels of height."""
    at, height = seen.decoding, HEIGHT - less
    with charts.above(source_states(at, style(), height=height), "alignment"):
        drawn, place = alignment(at, style(), height=height), (at.step, at.source)
        charts.clickable(drawn, "alignment", controls.choose, t("seq2seq.cells"), place)


def arithmetic(seen: Seen) -> None:
    """Score → softmax → context → next word, all in short, or one of them opened."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        chosen = views.chosen_sum("seq2seq", SUMS)
    if chosen == "every":
        sums.lines(brief(sums.writer(style()), seen.decoding))
    else:
        parts = _parts(chosen, seen)
        sums.lines(parts[0].general)
        with sums.box(_ROOM):
            sums.lines(*(part.chosen for part in parts))
    _note(seen, chosen)
    sums.switches(terms=chosen != "every")


def _note(seen: Seen, chosen: str) -> None:
    """That numbers are rounded, and which unit stands for all others."""
    words = [t("scores.rounded")]
    if seen.decoding.step == 0:
        words.append(t("seq2seq.begins"))
    if chosen == "score":
        words.append(t("seq2seq.unit", n=formulas.unit(seen.decoding)))
    if chosen == "word":
        words.append(t("seq2seq.feature", n=seen.decoding.feature))
    if chosen == "every":
        words.append(t("seq2seq.index", dim=seen.decoding.dim, unit=seen.decoding.feature))
    lines.hint(" · ".join(words))


def _parts(chosen: str, seen: Seen) -> list[Formula]:
    """The formulas behind one of the sums."""
    w, decoding = sums.writer(style(), formulas.MORE), seen.decoding
    if chosen == "score":
        inside = formulas.inner(sums.writer(style(), _INSIDE), decoding)
        return [formulas.score(w, decoding), *inside]
    parts = {
        "weight": (formulas.weight,),
        "context": (formulas.context,),
        "word": (formulas.joined, formulas.logit, formulas.probability),
    }
    return [write(w, decoding) for write in parts[chosen]]


def _check(seen: Seen, chosen: str) -> None:
    """The model's own numbers of this step, and how far ours are from them."""
    decoding, own = seen.decoding, seen.trace.own
    assert own.weights is not None
    assert own.context is not None
    step, digits = decoding.step, 6 if sums.finer() else 4
    pairs = {
        "weight": (decoding.attention.weights[step], own.weights[step], decoding.source),
        "context": (decoding.attention.context[step], own.context[step], decoding.dim),
        "word": (seen.trace.logits[step], own.logits[step], decoding.word),
    }
    wanted = {"every": tuple(pairs), "score": ("weight",)}.get(chosen, (chosen,))
    rows = []
    for name in wanted:
        ours, theirs, at = pairs[name]
        check = frame.compared(difference(ours[at], theirs[at], among=theirs))
        value = notation().fixed(float(theirs[at]), digits)
        rows.append((t(f"seq2seq.own.{name}"), value, check))
    note = t("seq2seq.through") if chosen == "score" else ""
    symbols.show(_OWN(head=t("seq2seq.own"), rows=rows, note=note))


def words(seen: Seen) -> None:
    """The ten likeliest next words with logit and probability."""
    decoding = seen.decoding
    frame.section(t("seq2seq.next"))
    logits = seen.trace.logits[decoding.step]
    found = likeliest([logits], seen.trace.vocabulary, most=MOST_WORDS, also=decoding.word)
    digits = 5 if sums.finer() else 3
    lines.next_words(found, decoding.word, digits)
    own = probabilities(seen.trace.own.logits[decoding.step])
    ours = probabilities(logits)[decoding.word]
    check = frame.compared(difference(ours, own[decoding.word], among=own))
    shown = notation().small(float(own[decoding.word]), digits)
    lines.own(t("seq2seq.own_probability"), shown, check)
    _check(seen, str(state.get("sum")))
    counted("dim", seen.trace.encoder.shape[1], key="seq2seq.dim")
