"""The decoder's step on the seq2seq page: picture, what happens in words, every sum, next words."""

from __future__ import annotations

from html import escape

import streamlit as st

from models.core.arrays import difference
from models.recording.ranking import likeliest, probabilities
from pages.translation import controls
from pages.translation.controls import Seen
from pages.ui import (
    charts,
    frame,
    state,
    views,
)
from pages.ui.text import notation, t
from viz.board.notation import shortened
from viz.board.style import Style
from viz.formula.layout import Formula
from viz.seq2seq import step_formulas as formulas
from viz.seq2seq.alignment import HEIGHT, alignment
from viz.seq2seq.summary import brief
from viz.tables.next_words import logit_bars

SUMS = ("every", "score", "weight", "context", "word")
MOST_WORDS = 10
_INSIDE = 2  # terms of each of the two sums inside a tanh
_LOWEST = 600  # pixels of the picture below which its rows would crowd
_ROOM = 470  # pixels for a sum that is opened to all its terms


def style() -> Style:
    """Colours, numbers and words of the figures and formulas."""
    return charts.style("seq2seq.figure")


def matrix(seen: Seen, *, less: int = 0) -> None:
    """The picture; a click on a cell or a chip chooses step and piece. less: pixels of height."""
    drawn = alignment(seen.decoding, style(), height=max(HEIGHT - less, _LOWEST))
    with st.container(key="main-figure"):
        charts.clickable(drawn, "alignment", controls.choose)


def said(seen: Seen) -> None:
    """What happens at this step, in a sentence; at the first one where it starts from."""
    decoding = seen.decoding
    heaviest = int(decoding.weights.argmax())
    values = {
        "read": frame.token(shortened(decoding.read, 16), "q"),
        "written": frame.token(shortened(decoding.written[decoding.step], 16), "q"),
        "source": frame.token(shortened(decoding.sources[heaviest], 16), "k"),
        "weight": f"<b style='color:var(--weight)'>"
        f"{notation().fixed(float(decoding.weights[heaviest]))}</b>",
    }
    key = "seq2seq.said_first" if decoding.step == 0 else "seq2seq.said"
    forced = ""
    predicted = seen.trace.predicted.typed[decoding.step]
    if seen.trace.forced and predicted != decoding.written[decoding.step]:
        forced = " " + escape(t("seq2seq.would", word="{}")).format(
            frame.token(predicted, "output")
        )
    st.html(f"<p class='said'>{_filled(key, values)}{forced}</p>")


def _filled(key: str, values: dict[str, str]) -> str:
    """A sentence with HTML in its gaps."""
    gaps = {name: f"{{{name}}}" for name in values}
    return escape(t(key, **gaps)).format(**values)


def sums(seen: Seen) -> None:
    """Score → softmax → context → next word, all in short, or one of them opened."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        chosen = views.chosen_sum("seq2seq", SUMS)
    if chosen == "every":
        st.latex(brief(seen.decoding, style(), finer=state.get("exact")))
    else:
        _one(chosen, seen)
    _note(seen, chosen)
    _switches(chosen)


def _note(seen: Seen, chosen: str) -> None:
    """That numbers are rounded, and which unit stands for all others."""
    words = [t("scores.rounded")]
    if chosen == "score":
        words.append(t("seq2seq.unit", n=formulas.unit(seen.decoding)))
    if chosen == "word":
        words.append(t("seq2seq.feature", n=seen.decoding.feature))
    st.html(f"<p class='hint'>{escape(' · '.join(words))}</p>")


def _parts(chosen: str, seen: Seen, most: int | None) -> list[Formula]:
    """The formulas behind one of the sums."""
    finer, decoding = state.get("exact"), seen.decoding
    if chosen == "score":
        few = None if most is None else _INSIDE
        inner = formulas.inner(decoding, style(), finer=finer, most=few)
        return [formulas.score(decoding, style(), finer=finer, most=most), *inner]
    if chosen == "word":
        joined = formulas.joined(decoding, style(), finer=finer, most=most)
        logit = formulas.logit(decoding, style(), finer=finer, most=most)
        return [joined, logit, formulas.probability(decoding, style(), finer=finer)]
    write = {"weight": formulas.weight, "context": formulas.context}[chosen]
    return [write(decoding, style(), finer=finer, most=most)]


def _one(chosen: str, seen: Seen) -> None:
    everything = state.get("all")
    parts = _parts(chosen, seen, None if everything else formulas.MORE)
    st.latex(parts[0].general)
    box = st.container(height=_ROOM, border=False) if everything else st.container(gap="xsmall")
    with box:
        for part in parts:
            st.latex(part.chosen)


def _switches(chosen: str) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        state.put("exact", state.get("exact"))
        st.toggle(t("scores.more_digits"), key="exact", persist_state="session")
        if chosen != "every":
            state.put("all", state.get("all"))
            st.toggle(t("scores.all_terms"), key="all", persist_state="session")


def _check(seen: Seen, chosen: str) -> None:
    """The model's own numbers of this step, and how far ours are from them."""
    decoding, own = seen.decoding, seen.trace.own
    assert own.weights is not None
    assert own.context is not None
    step, digits = decoding.step, 6 if state.get("exact") else 4
    rows = {
        "weight": (decoding.attention.weights[step], own.weights[step], decoding.source),
        "context": (decoding.attention.context[step], own.context[step], decoding.dim),
        "word": (seen.trace.logits[step], own.logits[step], decoding.word),
    }
    wanted = {"every": tuple(rows), "score": ("weight",)}.get(chosen, (chosen,))
    told = []
    for name in wanted:
        made, theirs, at = rows[name]
        value = escape(notation().fixed(float(theirs[at]), digits))
        check = frame.compared(difference(made[at], theirs[at], among=theirs))
        told.append(f"{t(f'seq2seq.own.{name}')} <b>{value}</b> {check}")
    if chosen == "score":
        told.append(escape(t("seq2seq.through")))
    lines = "".join(f"<p class='hint'>{line}</p>" for line in told)
    st.html(f"<p class='hint own'>{escape(t('seq2seq.own'))}</p>{lines}")


def words(seen: Seen) -> None:
    """The ten likeliest next words with logit and probability."""
    decoding = seen.decoding
    frame.section(t("seq2seq.next"))
    logits = seen.trace.logits[decoding.step]
    found = likeliest([logits], seen.trace.vocabulary, most=MOST_WORDS, also=decoding.word)
    rows = [(one.word, one.logits[0], one.probabilities[0]) for one in found]
    chosen = [one.id for one in found].index(decoding.word)
    heads = t("seq2seq.logit"), t("seq2seq.probability")
    digits = 5 if state.get("exact") else 3
    st.html(logit_bars(rows, chosen=chosen, heads=heads, notation=notation(), digits=digits))
    own = probabilities(seen.trace.own.logits[decoding.step])
    ours = probabilities(logits)[decoding.word]
    shown = escape(notation().small(float(own[decoding.word]), digits))
    check = frame.compared(difference(ours, own[decoding.word], among=own))
    st.html(f"<p class='hint'>{escape(t('seq2seq.own_probability'))} <b>{shown}</b> {check}</p>")
    _check(seen, str(state.get("sum")))
    _dimension(seen)


def _dimension(seen: Seen) -> None:
    """Which of the context's numbers is summed up."""
    st.number_input(
        t("seq2seq.dim"),
        0,
        seen.trace.encoder.shape[1] - 1,
        step=1,
        key="dim",
        persist_state="session",
    )
