"""A vocabulary's pieces as people read them, and a text as chips."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from viz.notation import shortened, visible

_STARTS = ("▁", "Ġ")
_LONGEST = 18
MOST = 44  # chips; of a longer text its end


def readable(names: Sequence[str]) -> tuple[str, ...]:
    """Word beginnings without their sign, and what goes on with a word with a hyphen: kedi, -yi.

    A vocabulary without such signs stays as it is.
    """
    if not any(name.startswith(_STARTS) for name in names):
        return tuple(names)
    return tuple(_readable(name) for name in names)


def _readable(name: str) -> str:
    if name.startswith(_STARTS):
        return name[1:] or "␣"
    return f"-{name}" if name.isalpha() else name


def goes_on(name: str, signs: bool) -> bool:
    """A piece that belongs to the word before it. signs: the vocabulary marks beginnings."""
    return signs and not name.startswith(_STARTS)


def chips(
    tokens: Sequence[str],
    typed: Sequence[str],
    special: Sequence[bool],
    given: int,
    *,
    coming: str = "",
    most: int = MOST,
) -> str:
    """The text token by token as safe HTML: what was given, what was written, what comes.

    Pieces of one word touch. most: of a longer text only the last ones are there, after "…".
    """
    signs = any(token.startswith(_STARTS) for token in tokens)
    first = max(0, len(tokens) - most)
    parts = ["<i>…</i>"] if first else []
    for i in range(first, len(tokens)):
        joined = i > first and not special[i] and goes_on(tokens[i], signs)
        kind = "given" if i < given else "written"
        parts.append(_chip(typed[i], kind + (" on" if joined else "")))
    if coming:
        parts.append(_chip(coming.removeprefix("-"), "coming" + _touching(coming)))
    return f"<div class='chips'>{''.join(parts)}</div>"


def _touching(word: str) -> str:
    return " on" if word.startswith("-") and len(word) > 1 else ""


def _chip(word: str, kind: str) -> str:
    return f"<span class='{kind}'><bdi>{escape(visible(shortened(word, _LONGEST)))}</bdi></span>"
