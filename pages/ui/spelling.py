"""Words that a model never met and reads letter by letter: which, and that it is said of them."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from models.catalog import CATALOG, is_installed, offered
from models.recording import vocabulary
from pages.ui import caches, frame, lines
from pages.ui.text import t
from pages.ui.topic import topic
from viz.board.markup import template
from viz.board.notation import isolated, shortened

_MOST, _LONGEST = 4, 20  # words that a sentence names, and their characters
_LINE, _LINK = 44, 60  # pixels of a figure's height that a line and a link below it take
_WORLDLY = "smollm2"  # it was trained on English texts of all kinds
_NO_ENGLISH = frozenset("çğıöşüÇĞİÖŞÜ")
_BDI = template("<bdi>{{ words }}</bdi>")

_unmet = caches.of_model(vocabulary.unmet, entries=8)


def strange(model_id: str, tokens: Sequence[str]) -> frozenset[int]:
    """The places of tokens that the model never met."""
    unmet = _unmet(model_id)
    return frozenset(j for j, token in enumerate(tokens) if token in unmet)


def spelt(model_id: str, text: str, tokens: Sequence[str]) -> tuple[str, ...]:
    """The text's words that fall apart into such tokens, as they were typed."""
    return vocabulary.broken_words(text, tokens, strange(model_id, tokens))


def warned(key: str, words: Sequence[str]) -> None:
    """A line that names such words, in the sentence of that key; nothing where there are none."""
    if words:
        named = ", ".join(f"“{isolated(shortened(word, _LONGEST))}”" for word in words[:_MOST])
        more = " …" if len(words) > _MOST else ""
        lines.line("hint unknown", _BDI(words=t(key, words=named + more)))


def room(words: Sequence[str], text: str) -> int:
    """Pixels of a figure's height that `beyond` takes."""
    return (_LINE + _LINK * _read_elsewhere(text)) if words else 0


def beyond(key: str, words: Sequence[str], text: str) -> None:
    """As `warned`, with the way to a model that has met them, where one is here for that text."""
    if not words:
        return
    with st.container(key="beyond", gap=None):
        warned(key, words)
        if _read_elsewhere(text):
            label = t("spelling.worldly", model=caches.title(_WORLDLY))
            frame.way_to(topic("gpt"), frame.plain(label), model=_WORLDLY, text=text)


def _read_elsewhere(text: str) -> bool:
    """Whether the model that has read much is here, and no letter shows that it is not English."""
    card = CATALOG[_WORLDLY]
    return card in offered() and is_installed(card) and not _NO_ENGLISH & set(text)
