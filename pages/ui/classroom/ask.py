"""What a lecturer fills in to ask: a choice, a number, or a cell of the map on screen."""

from __future__ import annotations

from typing import Any, get_args

import streamlit as st

from pages.ui import controls
from pages.ui.classroom import session, shown
from pages.ui.classroom.questions import LONGEST_TEXT, ClassQuestion, Kind, Unreadable
from pages.ui.classroom.questions import number as tidied
from pages.ui.text import notation, t

KIND, TEXT, OPTIONS, RIGHT, NUMBER, CELL = (
    f"class-{name}" for name in ("kind", "text", "options", "right", "number", "cell")
)
_NONE = "none"  # no answer will be revealed
_CELLS = ("largest", "chosen")


def form() -> None:
    """The fields of the chosen kind, and the button that asks."""
    place = shown.offered()
    kinds = [kind for kind in get_args(Kind) if kind != "cell" or place is not None]
    words = controls.called(kinds, lambda kind: t(f"classroom.kind.{kind}"))
    if st.session_state.get(KIND) not in kinds:
        st.session_state[KIND] = kinds[0]
    st.segmented_control(t("classroom.kind"), kinds, key=KIND, format_func=words, required=True)
    kind = st.session_state[KIND]
    hint = t("classroom.cell_question") if kind == "cell" else t(f"classroom.example.{kind}")
    question = t("classroom.question")
    st.text_area(question, key=TEXT, max_chars=LONGEST_TEXT, height=68, placeholder=hint)
    {"choice": _choice, "number": _number, "cell": _cell}[kind](place)
    st.button(t("classroom.ask"), key="class-ask", on_click=_ask, type="primary", width="stretch")


def _options() -> tuple[str, ...]:
    lines = str(st.session_state.get(OPTIONS, "")).splitlines()
    return tuple(line.strip() for line in lines if line.strip())


def _choice(_: object) -> None:
    label, hint = t("classroom.options"), t("classroom.options_hint")
    st.text_area(label, key=OPTIONS, height=110, placeholder=hint)
    found = [_NONE, *map(str, range(len(_options())))]
    options = _options()
    named = {_NONE: t("classroom.no_answer"), **{str(n): one for n, one in enumerate(options)}}
    _one_of(RIGHT, t("classroom.right"), found, named)


def _one_of(key: str, label: str, options: list[str], named: dict[str, str]) -> None:
    if st.session_state.get(key) not in options:
        st.session_state[key] = options[0]
    words = controls.called(options, lambda option: named[option])
    st.selectbox(label, options, key=key, format_func=words)


def _number(place: shown.Map | None) -> None:
    if place is not None:
        weight = t("classroom.weight", cell=place.arrow(place.chosen), weight=_weight(place))
        named = {"typed": t("classroom.typed"), "page": weight}
        _one_of(f"{NUMBER}-from", t("classroom.right"), list(named), named)
    if place is None or st.session_state[f"{NUMBER}-from"] == "typed":
        st.text_input(t("classroom.number"), key=NUMBER, max_chars=24, autocomplete="off")


def _weight(place: shown.Map) -> str:
    return notation().significant(place.weight, 3)


def _cell(place: shown.Map | None) -> None:
    if place is None:
        return
    cells = {name: place.arrow(getattr(place, name)) for name in _CELLS}
    named = {name: t(f"classroom.cell.{name}", cell=cell) for name, cell in cells.items()}
    _one_of(CELL, t("classroom.right"), list(named), named)


def _ask() -> None:
    """Open the question that the fields hold; what is none is said, and the fields stay."""
    try:
        asked = ClassQuestion(**_filled())
    except Unreadable as error:
        session.trouble(error.code)
    except ValueError as error:
        session.trouble(str(error))
    else:
        if session.ask(asked):
            for key in (TEXT, OPTIONS, NUMBER, RIGHT):
                st.session_state.pop(key, None)


def _filled() -> dict[str, Any]:
    """What a ClassQuestion takes. Raises Unreadable: the number is none."""
    kind, place = st.session_state[KIND], shown.offered()
    text = str(st.session_state.get(TEXT, "")).strip()
    found: dict[str, Any] = {"kind": kind, "text": text}
    answer, source = "", "lecturer"
    if kind == "choice":
        right = st.session_state.get(RIGHT, _NONE)
        found["options"] = _options()
        answer = "" if right == _NONE else right
    elif kind == "number" and place is not None and st.session_state[f"{NUMBER}-from"] == "page":
        answer, source = tidied(f"{place.weight:#.3g}"), "page"
    elif kind == "number":
        answer = tidied(str(st.session_state.get(NUMBER, "")))
    elif place is None:  # the page has turned to another view meanwhile
        raise ValueError("kind")
    else:
        cell = place.largest if st.session_state[CELL] == "largest" else place.chosen
        found |= {"queries": place.queries, "keys": place.keys}
        found["text"] = text or t("classroom.cell_question")
        answer, source = ",".join(map(str, cell)), "page"
    if answer:
        found |= {"answer": answer, "source": source}
    if answer and source == "page" and place is not None:
        found["where"] = place.where
    return found
