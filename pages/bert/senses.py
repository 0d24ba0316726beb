"""The bert page's fifth view: one word in several sentences, its vectors compared by layer."""

from __future__ import annotations

from functools import partial

import streamlit as st

from models.bert.examples import meanings
from models.bert.sense_accuracy import WORD, by_layer
from models.bert.senses import occurrences, same
from models.bert.trace import Occurrences
from pages.bert import shared
from pages.bert.shared import MODEL, VIEW, VIEWS, WIDTHS, speak, style
from pages.ui import caches, charts, controls, frame, inputs, lines, state, sums, views, window
from pages.ui.stepping import step_buttons
from pages.ui.text import notation, t
from viz.bert import now
from viz.bert import senses as pictures
from viz.bert.senses import Senses
from viz.bert.senses_formulas import cosine

_GOOD, _LAST = "_bert_senses", "_bert_senses_seen"
_FIELD = "sentences-field"
_TERMS, _ROOM = 2, 170
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
    frame.now(*now.senses(seen, speak()))
    figure, right = frame.picture_and_sums(WIDTHS)
    with figure:
        drawn = pictures.cosines(seen, style())
        row, column = (seen.order.index(one) + 1 for one in seen.chosen)
        said = t("bert.cosine_note", row=row, column=column)
        choose = charts.chooses("query", "key")
        charts.clickable(drawn, "cosines", choose, t("bert.cosine"), seen.chosen, said=said)
    with right:
        _sums(seen)
        _measured(seen)
    count = t(
        "bert.found",
        occurrences=t("bert.occurrences", count=len(found.found)),
        sentences=t("bert.sentence_count", count=len(found.sentences)),
    )
    name, word = caches.title(found.model_id), frame.quote(found.word)
    frame.provenance("live", name, count, t("bert.rule"), word)


def _found() -> Occurrences:
    """What is asked for; where that cannot be shown, it is said and the last good is kept."""
    word = str(state.get("word"))
    wanted: Wanted = (str(state.get("model")), _sentences(word), word)
    own: Wanted = (str(state.default("model")), _known(WORD), WORD)
    attempts = (wanted, st.session_state.get(_GOOD, own), own)
    found, shown = inputs.first_shown(
        lambda one: _occurrences(*one), attempts, wanted[0], partial(_kept, wanted)
    )
    st.session_state[_GOOD] = shown
    _forget(shown)
    return found


def _kept(wanted: Wanted, shown: Wanted) -> str:
    """The sentence of what is shown instead of what was wanted."""
    if shown[1:] == wanted[1:]:
        return t("kept.model", model=caches.title(shown[0]))
    return inputs.earlier(_GOOD)


def _forget(shown: Wanted) -> None:
    """Occurrences chosen among others mean nothing here."""
    last = st.session_state.get(_LAST)
    if last is not None and last[1:] != shown[1:]:
        state.put_all(query=None, key=None)
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
    count = len(order)
    row = controls.asked("query", count, order[0])
    column = controls.asked("key", count, order[min(1, count - 1)])
    return Senses(found, senses, order, layer, (row, column), found.nearest(layer))


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


def _controls(found: Occurrences) -> None:
    steps = partial(step_buttons, range(found.layers), "bert.back", "bert.on", name="layer")
    layer = partial(controls.slider, "layer", t("bert.layer"), range(found.layers), _layer)
    word = partial(controls.text, "word", t("bert.word"), help=t("bert.word_help"))
    controls.row(
        (VIEW, partial(views.switch, "bert", VIEWS, wrap=False)),
        (MODEL, partial(inputs.model, family="bert")),
        (200, partial(word, on_change=partial(state.put, "sentences", None))),
        (230, partial(_sentences_control, str(state.get("word")))),
        (350, layer),
        (250, steps),
    )


def _layer(n: int) -> str:
    return t("bert.layer_input") if n == 0 else t("bert.layer_named", n=n)


def _sentences_control(word: str) -> None:
    """A field with a sentence a line, behind a button."""
    st.session_state[_FIELD] = "\n".join(_sentences(word))

    def typed() -> None:
        lines = tuple(filter(None, map(str.strip, st.session_state[_FIELD].splitlines())))
        state.put("sentences", None if not lines or lines == _known(word) else "\n".join(lines))

    with st.popover(t("bert.sentences"), width="stretch"):
        st.text_area(
            t("bert.sentences_help"), key=_FIELD, height=window.pixels(420), on_change=typed
        )
        forget = partial(state.put, "sentences", None)
        st.button(t("bert.sentences_own"), key="own-sentences", on_click=forget)


def _sums(seen: Senses) -> None:
    """The chosen pair's cosine; how many find their own sense, here and now."""
    w = shared.writer(_TERMS)
    row, column = seen.chosen
    places = seen.order.index(row) + 1, seen.order.index(column) + 1
    frame.section(t("bert.cosine"), t("bert.cosine_note", row=places[0], column=places[1]))
    vectors = seen.found.vectors[seen.layer]
    made = cosine(vectors[row], vectors[column], w, places)
    sums.lines(made.general)
    with sums.box(_ROOM):
        sums.lines(made.rows)
    sums.lines(made.result)
    sums.switches()
    right, count = seen.right
    if not any(n is not None for n in seen.nearest):
        lines.said(t("bert.one_sentence"))
    else:
        lines.said(t("bert.here", right=right, count=count) if count else t("bert.no_senses"))


def _measured(seen: Senses) -> None:
    """The same, measured on many sentences, by layer."""
    found = by_layer(seen.found.model_id) if same(seen.found.word, WORD) else None
    frame.section(t("bert.measured"), t("bert.measured_note"))
    if found is None:
        lines.hint(t("bert.not_measured"))
        return
    curves = {t("bert.trained"): found.trained, t("bert.untrained"): found.untrained}
    charts.still(pictures.by_layer(curves, style(), layer=seen.layer), "by-layer")
    best = found.best
    words = t(
        "bert.measured_says",
        input=notation().fixed(found.trained[0]),
        best=notation().fixed(found.trained[best]),
        layer=best,
        untrained=notation().fixed(found.untrained[best]),
    )
    more = t("bert.measured_more" if found.gains else "bert.measured_no_more")
    lines.hint(f"{words} {more}")
