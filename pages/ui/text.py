"""Every word on screen: catalogues in `text/`, read with Babel, in the visitor's language."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import c2py
from numbers import Integral
from pathlib import Path

import streamlit as st
from babel import Locale
from babel.messages import Message
from babel.messages.pofile import read_po
from babel.numbers import get_decimal_symbol, get_group_symbol

from pages.ui.lesson import Lesson, LessonError
from pages.ui.lesson import lesson as parsed
from pages.ui.suffixes import Wording, wording
from viz.board.markup import Safe, filled
from viz.board.notation import Notation

FOLDER = Path(__file__).resolve().parents[2] / "text"
DEFAULT_LANGUAGE = "en"  # said where another language is silent

_spoken = ContextVar("spoken", default="")  # in what is being drawn; "": whatever was chosen


def _folders() -> list[str]:
    """The languages that have a catalogue, by their codes; the default one first."""
    found = sorted({path.parent.name for path in FOLDER.glob("*/*.po")})
    return sorted(found, key=lambda code: code != DEFAULT_LANGUAGE)


def _whole(language: str) -> bool:
    """Whether its frame.po is there, and not marked as fuzzy (gettext's word) by its first line."""
    path = FOLDER / language / "frame.po"
    return path.is_file() and not path.read_text("utf-8").startswith("#, fuzzy")


SPOKEN = tuple(_folders())
LANGUAGES = tuple(filter(_whole, SPOKEN))  # those that say everything: tests hold it


class Counted(Wording):
    """A sentence with a form for every plural that its language has; as text, the last of them.

    In a catalogue its msgid_plural is the gap that counts, {count}: its number takes the form.
    """

    _forms: tuple[Wording, ...]
    _gap: str
    _which: Callable[[int], int]

    def __new__(cls, forms: Sequence[Wording], gap: str, which: Callable[[int], int]) -> Counted:
        """gap: the name of what counts; which: number → which of the forms."""
        made = super().__new__(cls, forms[-1])
        made._forms = tuple(forms)
        made._gap, made._which = gap.strip("{}"), which
        return made

    def form(self, values: Mapping[str, object]) -> Wording:
        """The sentence for these values, its gaps still open."""
        count = values.get(self._gap)
        return self._forms[self._which(int(count)) if isinstance(count, Integral) else -1]

    def format(self, *_: object, **values: object) -> str:
        """As of every text, in the form that its count asks for."""
        return self.form(values).format(**values)


@cache
def catalogue(language: str) -> dict[str, Wording]:
    """Key → sentence of one language, from all its .po files (one a topic)."""
    sentences: dict[str, Wording] = {}
    for path in sorted((FOLDER / language).glob("*.po")):
        with path.open("rb") as file:
            found = read_po(file, locale=language)
        which, kind = c2py(found.plural_expr), wording(get_group_symbol(language))
        sentences |= dict(_sentence(one, which, kind) for one in found if one.id)
    return sentences


def _sentence(
    one: Message, which: Callable[[int], int], kind: type[Wording]
) -> tuple[str, Wording]:
    """(key, sentence) of a catalogue's entry."""
    if isinstance(one.id, str):
        return one.id, kind(one.string)
    key, gap = one.id
    return key, Counted([kind(form) for form in one.string or ()], gap, which)


@cache
def _sentences(language: str) -> dict[str, Wording]:
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
def endonym(language: str) -> str:
    """What a language calls itself, as in a list. UnknownLocaleError: Babel does not know it."""
    name = str(Locale(language).get_language_name())
    return name[:1].upper() + name[1:]


@cache
def _notation(language: str) -> Notation:
    return Notation(get_decimal_symbol(language), get_group_symbol(language))


def language() -> str:
    """The chosen language, else the browser's when we speak it, else English."""
    return _spoken.get() or accepted(st.session_state.get("lang"), st.context.locale or "")


@contextmanager
def speaking() -> Iterator[None]:
    """One language is spoken in all that is drawn inside: it is asked for once, not per word."""
    token = _spoken.set(language())
    try:
        yield
    finally:
        _spoken.reset(token)


def accepted(asked: str | None, header: str) -> str:
    """As `language`, without a session: an address's `lang`, a browser's Accept-Language."""
    browser = re.split("[-,;]", header)[0].strip()
    return next((one for one in (asked, browser) if one in SPOKEN), DEFAULT_LANGUAGE)


def t(key: str, **values: object) -> str:
    """The sentence of that key in the visitor's language. KeyError: no such key."""
    sentence = _sentences(language())[key]
    return sentence.format(**values) if values else str(sentence)


def rich(key: str, /, **values: object) -> Safe:
    """The sentence of that key as HTML: Safe values stay HTML, all other words are escaped."""
    return filled(counted(key, values), **values)


def counted(key: str, values: Mapping[str, object]) -> Wording:
    """The sentence of that key in the form that these values ask for, its gaps still open."""
    sentence = _sentences(language())[key]
    return sentence.form(values) if isinstance(sentence, Counted) else sentence


def labels(prefix: str, *, spoken: str = "") -> dict[str, Wording]:
    """All sentences below a key, by what follows it: what a figure takes as its labels.

    spoken: in which language; by default the visitor's.
    """
    return dict(_labels(prefix, spoken or language()))


@cache
def _labels(prefix: str, spoken: str) -> dict[str, Wording]:
    start = prefix + "."
    entries = _sentences(spoken).items()
    return {key[len(start) :]: text for key, text in entries if key.startswith(start)}


def instead(prefix: str) -> dict[str, str]:
    """The default language's sentence → the visitor's, of all below a key that differ."""
    words = _sentences(DEFAULT_LANGUAGE)
    own = {words[f"{prefix}.{name}"]: said for name, said in labels(prefix).items()}
    return {word: said for word, said in own.items() if word != said}


def notation(spoken: str = "") -> Notation:
    """How a language writes numbers. spoken: which; by default the visitor's."""
    return _notation(spoken or language())
