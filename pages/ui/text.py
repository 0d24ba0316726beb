"""Every word on screen: catalogues in `text/`, read with Babel, in the visitor's language."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st
from babel.messages.pofile import read_po
from babel.numbers import get_decimal_symbol

from pages.ui.suffixes import Wording
from viz.board.markup import Safe, filled
from viz.board.notation import Notation

FOLDER = Path(__file__).resolve().parents[2] / "text"
LANGUAGES = ("en", "tr")  # a folder of text/ each: whole, a test holds it
UNFINISHED: tuple[str, ...] = ()  # said in English where they are silent
SPOKEN = LANGUAGES + UNFINISHED
DEFAULT_LANGUAGE = "en"


@cache
def catalogue(language: str) -> dict[str, Wording]:
    """Key → sentence of one language, from all its .po files (one a topic)."""
    sentences: dict[str, Wording] = {}
    for path in sorted((FOLDER / language).glob("*.po")):
        with path.open("rb") as file:
            found = (m for m in read_po(file, locale=language) if m.id)
            sentences |= {str(m.id): Wording(m.string) for m in found}
    return sentences


@cache
def _sentences(language: str) -> dict[str, Wording]:
    """The catalogue, and the default language's sentence where it is not translated yet."""
    return catalogue(DEFAULT_LANGUAGE) | catalogue(language)


@cache
def _prose(page: str, language: str) -> dict[str, str]:
    path = FOLDER / language / f"{page}.md"
    if not path.is_file():
        path = FOLDER / DEFAULT_LANGUAGE / path.name
    parts = path.read_text(encoding="utf-8").split("<!-- ")
    named = (part.split(" -->", 1) for part in parts[1:])
    return {name.strip(): body.strip() for name, body in named}


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
    return sentence.format(**values) if values else str(sentence)


def rich(key: str, **values: object) -> Safe:
    """The sentence of that key as HTML: Safe values stay HTML, all other words are escaped."""
    return filled(_sentences(language())[key], **values)


def labels(prefix: str, *, spoken: str = "") -> dict[str, Wording]:
    """All sentences below a key, by what follows it: what a figure takes as its labels.

    spoken: in which language; by default the visitor's.
    """
    start = prefix + "."
    entries = _sentences(spoken or language()).items()
    return {key[len(start) :]: text for key, text in entries if key.startswith(start)}


def prose(page: str, part: str) -> str:
    """One part of a page's lesson prose, Markdown. KeyError: no such part."""
    return _prose(page, language())[part]


def tries(page: str) -> list[tuple[str, str]]:
    """(question, answer) of a page's "Try this": the parts "try 1", "answer 1", "try 2" …"""
    parts = _prose(page, language())
    count = sum(name.startswith("try ") for name in parts)
    return [(parts[f"try {i}"], parts[f"answer {i}"]) for i in range(1, count + 1)]


def notation() -> Notation:
    """How this language writes numbers."""
    return _notation(language())
