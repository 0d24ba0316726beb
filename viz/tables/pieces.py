"""A vocabulary's pieces as people read them, and a text as chips."""

from __future__ import annotations

from collections.abc import Sequence

from models.core.tokens import Encoded
from viz.board.markup import Safe, template
from viz.board.notation import shortened, visible

_STARTS = ("▁", "Ġ")
_LONGEST = 18
MOST = 44  # chips; of a longer text its end

_CHIPS = template(
    "<div class='chips'>{% if cut %}<i>…</i>{% endif %}{% for kind, word in chips %}"
    "<span class='{{ kind }}'><bdi>{{ word }}</bdi></span>{% endfor %}</div>"
)


def spaced(vocabulary: Sequence[str]) -> bool:
    """Whether a vocabulary marks the beginnings of words, by ▁ or Ġ."""
    return any(raw.startswith(_STARTS) for raw in vocabulary)


def named(raw: str, spaced: bool) -> str:
    """A row of a vocabulary as one reads it: ▁kedi → kedi, and what goes on with a word -yi.

    spaced: the vocabulary marks a word's beginning, so that what lacks the mark goes on.
    """
    if raw.startswith(_STARTS):
        return raw[1:] or "␣"
    return f"-{raw}" if goes_on(raw, spaced) and raw.isalpha() else raw


def readable(names: Sequence[str]) -> tuple[str, ...]:
    """All rows of a vocabulary; one without marks stays as it is."""
    marked = spaced(names)
    return tuple(named(name, marked) for name in names)


def goes_on(name: str, spaced: bool) -> bool:
    """A piece that belongs to the word before it. spaced: the vocabulary marks beginnings."""
    return spaced and not name.startswith(_STARTS)


def chips(text: Encoded, given: int, *, coming: str = "", most: int = MOST) -> Safe:
    """The text token by token as HTML: what was given, what was written, what comes.

    Pieces of one word touch. most: of a longer text only the last ones are there, after "…".
    """
    tokens, signs = text.tokens, spaced(text.tokens)
    first = max(0, len(tokens) - most)
    parts = []
    for i in range(first, len(tokens)):
        joined = i > first and not text.special[i] and goes_on(tokens[i], signs)
        kind = "given" if i < given else "written"
        parts.append((kind + (" on" if joined else ""), text.typed[i]))
    if coming:
        touches = " on" if coming.startswith("-") and len(coming) > 1 else ""
        parts.append(("coming" + touches, coming.removeprefix("-")))
    shown = [(kind, visible(shortened(word, _LONGEST))) for kind, word in parts]
    return _CHIPS(cut=first > 0, chips=shown)
