"""Words that a model never met and reads letter by letter: which, and that it is said of them."""

from __future__ import annotations

from collections.abc import Sequence

from models.recording import vocabulary
from pages.ui import caches, lines
from pages.ui.text import t
from viz.board.markup import template
from viz.board.notation import isolated, shortened

_MOST, _LONGEST = 4, 20  # words that a sentence names, and their characters
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
