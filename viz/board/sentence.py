"""A sentence of what is on screen now, made from the numbers that the picture draws.

The words come from the catalogue, with gaps; what fills them keeps its colour, and a visitor's
token is escaped and keeps its direction.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from models.trace import Floats
from viz.board.markup import Safe, filled, template
from viz.board.notation import shortened, visible
from viz.board.style import Style

LONGEST_TOKEN = 14

_TOKEN = template("<bdi class='tok' style='color:var(--{{ role }})'>{{ word }}</bdi>")
_TINTED = template("<b style='color:var(--{{ role }})'>{{ words }}</b>")


class Now(NamedTuple):
    """said: what is on screen; then: what to do next."""

    said: Safe
    then: Safe


def token(word: str, role: str, most: int | None = None) -> Safe:
    """A token in its role's colour (q, k, v …). most: characters; of a longer one the beginning."""
    shown = visible(word if most is None else shortened(word, most))
    if word and not any(map(str.isalnum, word)):
        shown = f"“{shown}”"  # a full stop would end the sentence
    return _TOKEN(role=role, word=shown)


def tinted(words: str, role: str) -> Safe:
    """A number or a name in bold, in its role's colour."""
    return _TINTED(role=role, words=words)


def query_key(query: str, key: str) -> dict[str, Safe]:
    """The two tokens of a cell, for a sentence's gaps of these names."""
    return {"query": token(query, "q", LONGEST_TOKEN), "key": token(key, "k", LONGEST_TOKEN)}


def say(style: Style, name: str, /, **values: object) -> Safe:
    """A sentence of the style's words with its gaps filled. KeyError: no such sentence."""
    return filled(style.labels[name], **values)


def now(style: Style, name: str, then: str, /, **values: object) -> Now:
    """Both sentences by their names; the values fill the first."""
    return Now(say(style, name, **values), say(style, then))


def number(style: Style, value: float, role: str = "ink", digits: int = 2) -> Safe:
    """A number in its role's colour."""
    return tinted(style.notation.fixed(value, digits), role)


def percent(style: Style, share: float, role: str = "weight", digits: int = 0) -> Safe:
    """A share of one as whole per cent: 0 and 100 only where it is, else "< 1 %", "> 99 %".

    digits: of one that is no whole per cent.
    """
    return tinted(percent_words(style, share, digits), role)


def percent_words(style: Style, share: float, digits: int = 0) -> str:
    """The same as plain words."""
    text = style.notation.small(100 * share, digits)
    if share < 1 and round(100 * share, digits) == 100:
        text = "> " + style.notation.fixed(100 - 10**-digits, digits)
    sign = text[:2] if text[0] in "<>" else ""
    return sign + str(style.labels["percent"].format(n=text.removeprefix(sign)))


def rival(shares: Floats, chosen: int, without: Collection[int] = ()) -> int | None:
    """(key,): which has most besides the chosen one; None: there is no other. without: left out."""
    left = [place for place in range(len(shares)) if place != chosen and place not in without]
    return max(left, key=lambda place: float(shares[place]), default=None)


def gives(
    style: Style,
    shares: Floats,
    query: Safe,
    keys: Sequence[str],
    chosen: int,
    *,
    own: int | None = None,
    masked: bool = False,
    without: Collection[int] = (),
) -> Safe:
    """Whom a query gives its attention: the chosen key's share, and the largest other one's.

    shares: (key,); own: which key is the query itself; masked: the chosen key may not be looked
    at; without: keys that are not shown.
    """

    def named(place: int) -> Safe:
        itself = tinted(style.labels["itself"], "k")
        return itself if place == own else token(keys[place], "k", LONGEST_TOKEN)

    key = named(chosen)
    share, other = float(shares[chosen]), rival(shares, chosen, without)
    if other is None:
        return say(style, "gives_all", query=query, key=key, share=percent(style, share))
    most = float(shares[other])
    values = {
        "query": query,
        "key": key,
        "other": named(other),
        "other_share": percent(style, most),
    }
    if masked:
        return say(style, "gives_masked", **values)
    name = "gives_less" if most > share else "gives"
    return say(style, name, share=percent(style, share), **values)


def itself(queries: Sequence[str], keys: Sequence[str], query: int) -> int | None:
    """Which key a query is itself; None: queries and keys are two texts."""
    return query if tuple(queries) == tuple(keys) else None


def listed(style: Style, pieces: Sequence[Safe]) -> Safe:
    """Pieces in a row, by the language's own sign between them."""
    return Safe(say(style, "comma").join(pieces))
