"""Which lectures there are: those of `text/<language>/lectures/`, and a visitor's own file."""

from __future__ import annotations

from functools import cache

import streamlit as st

from pages.ui import text
from pages.ui.lectures.lecture import Lecture, LectureError, lecture

SHIPPED = ("by-hand", "bert-gpt", "transformer")
OWN = "own"  # what the visitor's file is called in the address
_FOLDER, _OWN = "lectures", "_talk_own"


@cache
def shipped(name: str, language: str) -> Lecture:
    """One of SHIPPED; in the default language where it is not translated.

    LectureError: it is not written as it has to be; the message names the file.
    """
    path = text.FOLDER / language / _FOLDER / f"{name}.md"
    if not path.is_file():
        path = text.FOLDER / text.DEFAULT_LANGUAGE / _FOLDER / path.name
    try:
        return lecture(path.read_text(encoding="utf-8"))
    except LectureError as error:
        error.add_note(f"text/{path.parent.parent.name}/{_FOLDER}/{path.name}")
        raise


def named(name: str) -> Lecture | None:
    """The lecture of that name in the visitor's language; None: there is none such here."""
    if name == OWN:
        return own()
    return shipped(name, text.language()) if name in SHIPPED else None


def own() -> Lecture | None:
    """The visitor's file, as long as the session lasts."""
    found: Lecture | None = st.session_state.get(_OWN)
    return found


def keep(found: Lecture | None) -> None:
    """It is the visitor's file from now on."""
    st.session_state[_OWN] = found
