"""The bert page's third view: does the second sentence follow the first?"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from models.bert.examples import PairExample, pairs
from models.bert.next import judged
from models.bert.trace import Judgement
from pages.bert import shared
from pages.bert.shared import MODEL, SENTENCE, VIEW, WIDTHS, speak, style
from pages.ui import caches, charts, controls, frame, inputs, lines, spelling, state, sums, symbols
from pages.ui.text import DEFAULT_LANGUAGE, endonym, language, notation, t
from viz.bert import next_formulas as formulas
from viz.bert import now
from viz.bert.next import HEIGHT, judgement
from viz.tables.next_words import bars

_TERMS, _ROOM = 2, 170
_LINE = 34  # pixels of a line below the picture

_judged = caches.of_model(judged, entries=caches.TRACES)


def view() -> None:
    """Everything below the title."""
    found, _ = inputs.recorded(
        lambda w: _judged(shared.able(w.model, "pairs"), w.text, w.pair, cut=w.cut)
    )
    dim = controls.in_range("dim", len(found.first))
    _controls(found)
    frame.notices()
    most = t("bert.now.next_why") if dim == found.weightiest else ""
    frame.now(*now.judged(found, dim, speak()), why=most)
    left, right = st.columns(WIDTHS, gap="medium")
    with left:
        with st.container(key="main-figure"):
            texts = f"{found.text} {found.text_pair}"
            words = spelling.spelt(found.model_id, texts, found.tokens)
            height = HEIGHT - _LINE * bool(words)
            drawn = judgement(found, style(), dim=dim, height=height)
            name, said = t("bert.judged"), f"{t('controls.dim')} {dim}"
            charts.clickable(drawn, "judged", charts.chooses("dim"), name, said=said)
            spelling.warned("bert.spelt", words)
        with st.container(key="three", gap="xxsmall"):
            _three(found)
    with frame.sums_place(right, "xsmall"):
        _sums(found, dim)
    shared.provenance(found, against="bert_next", figure="next_sentence", beside="untrained")


def _controls(found: Judgement) -> None:
    controls.row(
        *shared.head_cells((VIEW, MODEL - 30, SENTENCE, SENTENCE)),
        (260, _example_control),
        (140, partial(controls.counted, "dim", len(found.first))),
    )


def _example_control() -> None:
    """A menu of pairs; choosing one puts both sentences into their fields."""
    controls.menu(
        "bert.examples",
        range(len(pairs())),
        lambda n: _named(pairs()[n]),
        _take_example,
        hint=t("seq2seq.examples_hint"),
        name="pair-examples",
    )


def _named(example: PairExample) -> str:
    return t(f"bert.example.{example.relation}", language=endonym(example.language))


def _take_example(number: int) -> None:
    state.put_all(text=pairs()[number].first, pair=pairs()[number].second, cut=False)


def _three(found: Judgement) -> None:
    """The same first sentence with three second ones, each judged by the model now."""
    known = [one for one in pairs() if one.first == found.text]
    spoken = language() if language() in {one.language for one in pairs()} else DEFAULT_LANGUAGE
    known = known or [one for one in pairs() if one.language == spoken]
    first = known[0].first
    frame.section(t("bert.three"), f"A: {first}")
    rows, now = [], None
    for one in known:
        judged = _judged(found.model_id, one.first, one.second)
        words = t(f"bert.relation.{one.relation}", sentence=one.second)
        rows.append((words, [judged.probability]))
        if (one.first, one.second) == (found.text, found.text_pair):
            now = words
    symbols.show(bars(rows, goes_on=now, notation=notation()))


def _sums(found: Judgement, dim: int) -> None:
    """One pooled number, both logits, the softmax."""
    w = shared.writer(_TERMS)
    frame.section(t("bert.pooler"), t("bert.pooler_note", n=dim))
    made = formulas.pooled(found, w, dim)
    sums.lines(made.general)
    with sums.box(_ROOM):
        sums.lines(made.rows if sums.every() else made.chosen)
    if sums.every():
        sums.lines(made.result)
    frame.section(t("bert.judge"), t("bert.judge_note"))
    both = formulas.logits(found, w if sums.every() else replace(w, most=_TERMS - 1), dim)
    sums.lines(both[0].general)
    with sums.box(_ROOM):
        sums.lines(*(one.chosen for one in both))
    sums.whole(formulas.softmax(found, w))
    lines.hint(t("scores.rounded"))
    sums.switches()
    for n, key in enumerate(("follows", "follows_not")):
        own = float(found.logits[n])
        shown = notation().fixed(own, w.digits + 2)
        frame.equal_to(t(f"bert.own.{key}"), shown, found.logit_difference(n))
