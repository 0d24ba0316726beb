"""Every word on screen: catalogues in `text/`, read with Babel, in the visitor's language."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st
from babel.messages.pofile import read_po
from babel.numbers import get_decimal_symbol

from pages.ui.lesson import Lesson, LessonError
from pages.ui.lesson import lesson as parsed
from viz.board.markup import Safe, filled
from viz.board.notation import Notation

FOLDER = Path(__file__).resolve().parents[2] / "text"
LANGUAGES = ("en", "tr")  # a folder of text/ each: whole, a test holds it
UNFINISHED: tuple[str, ...] = ()  # said in English where they are silent
SPOKEN = LANGUAGES + UNFINISHED
DEFAULT_LANGUAGE = "en"


@cache
def catalogue(language: str) -> dict[str, str]:
    """Key → sentence of one language, from all its .po files (one a topic)."""
    sentences: dict[str, str] = {}
    for path in sorted((FOLDER / language).glob("*.po")):
        with path.open("rb") as file:
            sentences |= {str(m.id): str(m.string) for m in read_po(file, locale=language) if m.id}
    return sentences


@cache
def _sentences(language: str) -> dict[str, str]:
    """The catalogue, and the default language's sentence where it is not translated yet."""
    return catalogue(DEFAULT_LANGUAGE) | catalogue(language)


@cache
def lesson(page: str, language: str) -> Lesson:
    """A page's lesson; in the default language where it is not translated. Raises LessonError."""
    path = FOLDER / language / f"{page}.md"
    if not path.is_file():
        path = FOLDER / DEFAULT_LANGUAGE / path.name
    try:
        return parsed(path.read_text(encoding="utf-8"))
    except LessonError as error:
        raise LessonError(f"text/{path.parent.name}/{path.name}: {error}") from error


@cache
def _notation(language: str) -> Notation:
    return Notation(decimal=get_decimal_symbol(language))


def language() -> str:
    """The chosen language, else the browser's when we speak it, else English."""
    chosen = st.session_state.get("lang")
    if chosen in SPOKEN:
        return str(chosen)
    browser = (st.context.locale or "").split("-")[0]
    return browser if browser in SPOKEN else DEFAULT_LANGUAGE


def t(key: str, **values: object) -> str:
    """The sentence of that key in the visitor's language. KeyError: no such key."""
    sentence = _sentences(language())[key]
    return sentence.format(**values) if values else sentence


def rich(key: str, **values: object) -> Safe:
    """The sentence of that key as HTML: Safe values stay HTML, all other words are escaped."""
    return filled(t(key), **values)


def labels(prefix: str) -> dict[str, str]:
    """All sentences below a key, by what follows it: what a figure takes as its labels."""
    start = prefix + "."
    entries = _sentences(language()).items()
    return {key[len(start) :]: text for key, text in entries if key.startswith(start)}


def notation() -> Notation:
    """How this language writes numbers."""
    return _notation(language())
