"""Every word on screen: catalogues in `text/`, read with Babel, in the visitor's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from gettext import c2py
from numbers import Integral
from pathlib import Path

import streamlit as st
from babel.messages import Message
from babel.messages.pofile import read_po
from babel.numbers import get_decimal_symbol

from viz.board.markup import Safe, filled
from viz.board.notation import Notation

FOLDER = Path(__file__).resolve().parents[2] / "text"
LANGUAGES = ("en", "tr")  # a folder of text/ each: whole, a test holds it
UNFINISHED: tuple[str, ...] = ()  # said in English where they are silent
SPOKEN = LANGUAGES + UNFINISHED
DEFAULT_LANGUAGE = "en"


class Counted(str):
    """A sentence with a form for every plural that its language has; as text, the last of them.

    In a catalogue its msgid_plural is the gap that counts, {count}: its number takes the form.
    """

    __slots__ = ("_forms", "_gap", "_which")
    _forms: tuple[str, ...]
    _gap: str
    _which: Callable[[int], int]

    def __new__(cls, forms: Sequence[str], gap: str, which: Callable[[int], int]) -> Counted:
        """gap: the name of what counts; which: number → which of the forms."""
        made = super().__new__(cls, forms[-1])
        made._forms, made._gap, made._which = tuple(forms), gap.strip("{}"), which
        return made

    def form(self, values: Mapping[str, object]) -> str:
        """The sentence for these values, its gaps still open."""
        count = values.get(self._gap)
        return self._forms[self._which(int(count))] if isinstance(count, Integral) else str(self)

    def format(self, *_: object, **values: object) -> str:
        """As of every text, in the form that its count asks for."""
        return self.form(values).format(**values)


def counted(sentence: str, values: Mapping[str, object]) -> str:
    """A sentence in the form that these values ask for, its gaps still open."""
    return sentence.form(values) if isinstance(sentence, Counted) else sentence


@cache
def catalogue(language: str) -> dict[str, str]:
    """Key → sentence of one language, from all its .po files (one a topic)."""
    sentences: dict[str, str] = {}
    for path in sorted((FOLDER / language).glob("*.po")):
        with path.open("rb") as file:
            found = read_po(file, locale=language)
        which = c2py(found.plural_expr)
        sentences |= dict(_sentence(one, which) for one in found if one.id)
    return sentences


def _sentence(one: Message, which: Callable[[int], int]) -> tuple[str, str]:
    """(key, sentence) of a catalogue's entry."""
    if isinstance(one.id, str):
        return one.id, str(one.string)
    key, gap = one.id
    return key, Counted([str(form) for form in one.string or ()], gap, which)


@cache
def _sentences(language: str) -> dict[str, str]:
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
    return sentence.format(**values) if values else sentence


def rich(key: str, **values: object) -> Safe:
    """The sentence of that key as HTML: Safe values stay HTML, all other words are escaped."""
    return filled(counted(t(key), values), **values)


def labels(prefix: str) -> dict[str, str]:
    """All sentences below a key, by what follows it: what a figure takes as its labels."""
    start = prefix + "."
    entries = _sentences(language()).items()
    return {key[len(start) :]: text for key, text in entries if key.startswith(start)}


def instead(prefix: str) -> dict[str, str]:
    """The default language's sentence → the visitor's, of all below a key that differ."""
    words = _sentences(DEFAULT_LANGUAGE)
    own = {words[f"{prefix}.{name}"]: said for name, said in labels(prefix).items()}
    return {word: said for word, said in own.items() if word != said}


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
