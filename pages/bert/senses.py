"""The bert page's fifth view: one word in several sentences, its vectors compared by layer."""

from __future__ import annotations

import logging
from html import escape

import streamlit as st

from models.bert.examples import meanings
from models.bert.sense_accuracy import WORD, by_layer
from models.bert.senses import occurrences, same
from models.bert.trace import Occurrences
from models.errors import InputError
from pages.bert import shared
from pages.bert.shared import (
    MODEL,
    VIEW,
    WIDTHS,
    style,
)
from pages.ui import (
    caches,
    charts,
    controls,
    frame,
    state,
)
from pages.ui.stepping import step_buttons
from pages.ui.text import notation, t
from viz.bert import senses as pictures
from viz.bert.senses import Senses
from viz.bert.senses_formulas import cosine
from viz.formula.writer import Writer

log = logging.getLogger("dikkat")

_GOOD, _LAST = "_bert_senses", "_bert_senses_seen"
_FIELD = "sentences-field"
_TERMS, _ROOM = 2, 170
_MORE = 0.06  # by which a measured share has to be larger to be called so: two standard errors
Wanted = tuple[str, tuple[str, ...], str]

_occurrences = caches.of_model(occurrences, entries=caches.TRACES)


def view() -> None:
    """Everything below the title."""
    with st.spinner(t("frame.wait")):
        found = _found()
    if found.left_out:
        state.notice("bert.left_out", count=found.left_out)
    if found.missing:
        state.notice("bert.missing", word=found.word, count=len(found.missing))
    layer = controls.in_range("layer", found.layers)
    seen = _seen(found, layer)
    _controls(found)
    frame.notices()
    left, right = st.columns(WIDTHS, gap="medium")
    with left, st.container(key="main-figure"):
        charts.clickable(pictures.cosines(seen, style()), "cosines", _choose)
    with right, st.container(key="steps", gap="xsmall"):
        _sums(seen)
        _measured(seen)
    count = t("bert.found", count=len(found.found), sentences=len(found.sentences))
    shared.provenance(
        found.model_id, (found.word,), count, t("bert.rule"), difference=None, against="frame"
    )


def _found() -> Occurrences:
    """What is asked for; where that cannot be shown, it is said and the last good is kept."""
    word = str(state.get("word"))
    wanted: Wanted = (str(state.get("model")), _sentences(word), word)
    own: Wanted = (str(state.default("model")), _known(WORD), WORD)
    for attempt in (wanted, st.session_state.get(_GOOD, own), own):
        try:
            found = _occurrences(*attempt)
        except InputError as error:
            if attempt == wanted:
                details = {"model": wanted[0], **error.details}
                shown = {n: controls.ending(v) if isinstance(v, str) else v
                         for n, v in details.items()}  # fmt: skip
                state.notice(f"error.{error.code}", **shown)
        except Exception:
            # A visitor's own checkpoint can be broken in any way; what it broke is for the log.
            log.exception("occurrences with %.80r", attempt[0])
            if attempt == wanted:
                state.notice("error.input")
        else:
            st.session_state[_GOOD] = attempt
            _forget(attempt)
            return found
    raise RuntimeError("the page's own example cannot be shown")


def _forget(shown: Wanted) -> None:
    """Occurrences chosen among others mean nothing here."""
    last = st.session_state.get(_LAST)
    if last is not None and last[1:] != shown[1:]:
        state.put("query", None)
        state.put("key", None)
    st.session_state[_LAST] = shown


def _known(word: str) -> tuple[str, ...]:
    """The examples' sentences with that word; of another word, all of them."""
    every = meanings()
    name = next((known for known in every if same(known, word.strip())), None)
    chosen = every.values() if name is None else [every[name]]
    return tuple(one.text for meant in chosen for one in meant)


def _sentences(word: str) -> tuple[str, ...]:
    typed = state.get("sentences")
    if typed is None:
        return _known(word)
    return tuple(line.strip() for line in str(typed).splitlines() if line.strip())


def _seen(found: Occurrences, layer: int) -> Senses:
    senses = _senses(found)
    order = pictures.in_order(senses)
    nearest = found.nearest(layer)
    count = len(order)
    row, column = (
        None if state.get(name) is None else controls.in_range(name, count)
        for name in ("query", "key")
    )
    row = order[0] if row is None else row
    column = order[min(1, count - 1)] if column is None else column
    return Senses(found, senses, order, layer, (row, column), nearest)


def _senses(found: Occurrences) -> tuple[str, ...]:
    """The sense of every occurrence, named; "" where the sentence is none of the examples."""
    known = {one.text: one.senses for word, meant in meanings().items()
             if same(word, found.word) for one in meant}  # fmt: skip
    named, before = [], [-1, 0]
    for one in found.found:
        before = [one.sentence, before[1] + 1 if before[0] == one.sentence else 0]
        senses = known.get(found.sentences[one.sentence].text, ())
        named.append(t(f"bert.sense.{senses[before[1]]}") if before[1] < len(senses) else "")
    return tuple(named)


def _choose(row: int, column: int) -> None:
    state.put("query", int(row))
    state.put("key", int(column))


def _controls(found: Occurrences) -> None:
    columns = st.columns(
        [VIEW, MODEL, 200, 230, 350, 250], vertical_alignment="bottom", gap="small"
    )
    with columns[0]:
        shared.view_control()
    with columns[1]:
        controls.model_control(family="bert")
    with columns[2]:
        state.put("word", state.get("word"))
        st.text_input(t("bert.word"), key="word", persist_state="session", autocomplete="off",
                      help=t("bert.word_help"), on_change=state.put,
                      args=("sentences", None))  # fmt: skip
    with columns[3]:
        _sentences_control(str(state.get("word")))
    with columns[4]:
        _layer_control(found)
    with columns[5]:
        step_buttons(range(found.layers), t("bert.back"), t("bert.on"), name="layer")


def _sentences_control(word: str) -> None:
    """A field with a sentence a line, behind a button."""
    st.session_state[_FIELD] = "\n".join(_sentences(word))

    def typed() -> None:
        lines = tuple(filter(None, map(str.strip, st.session_state[_FIELD].splitlines())))
        state.put("sentences", None if not lines or lines == _known(word) else "\n".join(lines))

    with st.popover(t("bert.sentences"), width="stretch"):
        st.text_area(t("bert.sentences_help"), key=_FIELD, height=420, on_change=typed)
        st.button(t("bert.sentences_own"), key="own-sentences", on_click=state.put,
                  args=("sentences", None))  # fmt: skip


def _layer_control(found: Occurrences) -> None:
    state.put("layer", state.get("layer"))
    st.select_slider(
        t("bert.layer"),
        range(found.layers),
        key="layer",
        format_func=lambda n: t("bert.layer_input") if n == 0 else t("bert.layer_named", n=n),
        persist_state="session",
    )


def _sums(seen: Senses) -> None:
    """The chosen pair's cosine; how many find their own sense, here and now."""
    everything = bool(state.get("all"))
    w = Writer(style(), 4 if state.get("exact") else 2, None if everything else _TERMS)
    row, column = seen.chosen
    places = tuple(seen.order.index(i) + 1 for i in (row, column))
    frame.section(t("bert.cosine"), t("bert.cosine_note", row=places[0], column=places[1]))
    vectors = seen.found.vectors[seen.layer]
    made = cosine(vectors[row], vectors[column], w, (places[0], places[1]))
    st.latex(made.general)
    with st.container(height=_ROOM, border=False) if everything else st.container(gap="xsmall"):
        st.latex(made.rows)
    st.latex(made.result)
    shared.switches()
    told = [n for n, sense in enumerate(seen.senses) if sense and seen.nearest[n] is not None]
    right = sum(seen.senses[seen.nearest[n] or 0] == seen.senses[n] for n in told)
    if told:
        words = t("bert.here", right=right, count=len(told))
        st.html(f"<p class='said'>{escape(words)}</p>")
    else:
        st.html(f"<p class='said'>{escape(t('bert.no_senses'))}</p>")


def _measured(seen: Senses) -> None:
    """The same, measured on many sentences, by layer."""
    found = by_layer(seen.found.model_id) if same(seen.found.word, WORD) else None
    frame.section(t("bert.measured"), t("bert.measured_note"))
    if found is None:
        st.html(f"<p class='hint'>{escape(t('bert.not_measured'))}</p>")
        return
    curves = {t("bert.trained"): found.trained, t("bert.untrained"): found.untrained}
    charts.still(pictures.by_layer(curves, style(), layer=seen.layer), "by-layer")
    above = found.trained[1:]
    best = max(range(len(above)), key=above.__getitem__)
    more = above[best] > max(found.trained[0], found.untrained[best + 1]) + _MORE
    words = t(
        "bert.measured_says",
        input=notation().fixed(found.trained[0]),
        best=notation().fixed(above[best]),
        layer=best + 1,
        untrained=notation().fixed(found.untrained[best + 1]),
    )
    words += " " + t("bert.measured_more" if more else "bert.measured_no_more")
    st.html(f"<p class='hint'>{escape(words)}</p>")
