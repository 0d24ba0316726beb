"""The visitor's sentence, what one head does with it, and the links that lead on from there."""

from __future__ import annotations

import streamlit as st

from models.catalog import DEFAULT_MODEL, is_loaded, is_loading
from models.home import sentence
from models.home.sentence import ChosenHead
from pages.ui import caches, controls, frame, inputs, lines, state
from pages.ui.text import DEFAULT_LANGUAGE, labels, language, t
from pages.ui.topic import topic
from viz.home.sentence import payload, script, style, told

# Pages that can show the same head; of the scores the step whose sum makes a weight.
STAGES: dict[str, dict[str, int]] = {"heads": {}, "scores": {"step": 5}}
POLL = 1.0  # seconds between two looks whether the model is there
_MEANWHILE = "_home_meanwhile"  # the word chosen in the example while a sentence waits

_row = st.components.v2.component("dikkat_sentence", js=script(), css=style())
_of_text = caches.of_model(sentence.of_text, entries=64)


def view() -> None:
    """The field, the picture, its sentence: live where something was typed, else the example."""
    waits = _waits(inputs.wanted())
    _field()
    if waits:
        _wait()
    found, _ = inputs.recorded(_record)
    query = _meanwhile(found) if waits else _asked(found)
    frame.notices()
    with st.container(key="main-figure"):
        frame.section(t("home.picture"), t("home.click"))
        _picture(found, query, _MEANWHILE if waits else "query")
    with st.container(key="steps", gap="xsmall"):
        lines.said(told(found.weights, found.tokens, query, labels("home.row")))
        _links(found, query)
    _provenance(found)
    lines.hint(_rule(found))
    if not waits and not is_loaded(DEFAULT_MODEL):
        lines.hint(t("home.warming"))


def example() -> ChosenHead:
    """What is shown before anybody typed: a recording in the visitor's language, where one is."""
    return sentence.stored(language() if language() in sentence.names() else DEFAULT_LANGUAGE)


def _record(one: inputs.Input) -> ChosenHead:
    if _unasked(one) or _waits(one):
        return example()
    return _of_text(_model(one), one.text or example().text)


def _unasked(one: inputs.Input) -> bool:
    """Neither a text nor another model than the example's was named: nothing needs a model."""
    return not one.text and one.model in ("", example().model_id)


def _model(one: inputs.Input) -> str:
    """The named model, else the one that reads the visitor's language."""
    return one.model or example().model_id


def _waits(one: inputs.Input) -> bool:
    """Its model is not there yet, and somebody is loading it, or the one that comes first.

    Whichever that is: the first model to load also brings torch along.
    """
    if _unasked(one) or is_loaded(_model(one)):
        return False
    return is_loading(_model(one)) or is_loading(DEFAULT_MODEL)


@st.fragment(run_every=POLL)
def _wait() -> None:
    """Says that the model is warming up; once it is there, the page runs again, without this."""
    lines.remark(t("home.waiting"))
    if not _waits(inputs.wanted()):
        st.rerun()


def _field() -> None:
    def typed() -> None:
        # Whose sentence it is has to stand in its link; an empty field shows the example.
        model = example().model_id if state.get("text") else None
        state.put("model", model)

    controls.text("text", t("home.sentence"), placeholder=example().text, on_change=typed)


def _asked(found: ChosenHead) -> int:
    return controls.asked("query", len(found.tokens), found.clearest)


def _meanwhile(found: ChosenHead) -> int:
    """The link of a sentence that waits names a word of that one, not of the example."""
    place = st.session_state.get(_MEANWHILE, len(found.tokens))
    return int(place) if place < len(found.tokens) else found.clearest


def _picture(found: ChosenHead, query: int, name: str) -> None:
    """The row of words; a click is kept under that name."""

    def chosen() -> None:
        place = st.session_state["sentence"].get("query")
        if isinstance(place, int) and 0 <= place < len(found.tokens):
            state.put(name, place)

    words = found.tokens, found.special, found.joined
    named, theme = labels("home.row"), frame.current_theme()
    drawn = payload(found.weights, *words, query, labels=named, theme=theme)
    _row(key="sentence", data=drawn, on_query_change=chosen)


def _links(found: ChosenHead, query: int) -> None:
    """To the pages that open this very head, at this word and the one it looks at most."""
    with st.container(key="open-in", horizontal=True):
        for slug in STAGES:
            one = topic(slug)
            words = t(f"home.open_in.{slug}")
            frame.way_to(one, words, icon=one.icon, **opened(slug, found, query))


def opened(slug: str, found: ChosenHead, query: int) -> dict[str, object]:
    """The state in which a page of STAGES shows this head at this word, for its link."""
    return {
        "model": found.model_id,
        "text": found.text,
        "layer": found.layer,
        "head": found.head,
        "query": query,
        "key": found.strongest(query),
        **STAGES[slug],
    }


def _provenance(found: ChosenHead) -> None:
    frame.provenance(
        "stored" if found.recorded else "live",
        caches.title(found.model_id),
        t("heads.where", layer=found.layer, head=found.head),
        frame.quote(found.text),
        t("home.recorded", day=_day(found.recorded)) if found.recorded else "",
        difference=found.difference,
    )


def _day(recorded: str) -> str:
    """2026-11-28 as the language writes a day."""
    year, month, day = recorded.split("-")
    return t("home.day", year=year, month=month, day=day)


def _rule(found: ChosenHead) -> str:
    """By which measure this head was chosen, and what a head is not."""
    given = {"heads": found.among}
    if found.distance:
        given["points"] = round(100 * found.strength)
    rule = t(f"home.rule.{found.distance}", **given)
    return f"{rule} {t('home.one_head')}"
