"""HTML from templates: what is put into one is escaped, unless it is HTML of ours already.

The one place that escapes: everything that a visitor typed comes through here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import escape, unescape
from numbers import Integral

from jinja2 import Environment, StrictUndefined


class Safe(str):
    """HTML as it should be: templates put it in as it stands. f"{safe}" is plain text again."""

    __slots__ = ()

    def __html__(self) -> str:
        return self


def escaped(value: object) -> Safe:
    """Text as HTML that shows it letter by letter; what is HTML of ours stays as it is."""
    if isinstance(value, Safe):
        return value
    own = getattr(value, "__html__", None)  # what a filter of Jinja2's gives back
    return Safe(escape(str(value)) if own is None else own())


def inside(text: str) -> Safe:
    """As `escaped`, but quotes stay: for what is no attribute, and for Plotly, which reads tags
    and knows no name of a quotation mark."""
    return Safe(escape(text, quote=False))


# Finalised first, so that quotes are escaped by their names, here as in `escaped`.
_TEMPLATES = Environment(autoescape=True, finalize=escaped, undefined=StrictUndefined)


def template(source: str) -> Callable[..., Safe]:
    """A piece of HTML with gaps, in Jinja2's words: called with what stands in them, by name."""
    piece = _TEMPLATES.from_string(source)

    def fill(**values: object) -> Safe:
        return Safe(piece.render(values))

    return fill


def filled(sentence: str, **values: object) -> Safe:
    """A sentence with gaps {name} as HTML: Safe values stay HTML, all others are escaped."""
    own = type(sentence)(escape(sentence))  # a kind of text may fill its gaps in its own way
    # A sentence writes whole numbers by itself: they stay numbers.
    safe = {n: v if isinstance(v, Integral) else escaped(v) for n, v in values.items()}
    return Safe(own.format(**safe))


def plain(html: Safe) -> str:
    """What one reads of HTML: its tags taken off."""
    return unescape(re.sub("<[^>]*>", "", html))


def read(words: str) -> str:
    """As `plain`, of HTML of ours or of any text, without the marks that keep its direction."""
    text = plain(words) if isinstance(words, Safe) else str(words)
    return text.translate(dict.fromkeys(map(ord, "\u2068\u2069")))


def indexed(text: str, *names: str) -> Safe:
    """Text in which names of matrices such as W_O have their letter below the line."""
    shown = escape(text)
    for name in names:
        letter, _, index = name.partition("_")
        shown = shown.replace(name, f"{letter}<sub>{index}</sub>")
    return Safe(shown)


def joined(pieces: Iterable[object], between: str = " · ") -> Safe:
    """Pieces in one line; between: text."""
    return Safe(escape(between).join(map(escaped, pieces)))
