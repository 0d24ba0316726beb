"""Sentences of what is on screen: as one reads them, and put together anew from other numbers."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from html import unescape

import numpy as np
import pytest

from models.trace import AttentionBlock, Floats
from pages.ui.text import LANGUAGES, catalogue
from viz.board.notation import Notation, shortened
from viz.board.style import Style
from viz.board.theme import LIGHT

BOTH = pytest.mark.parametrize("language", LANGUAGES)
OWN_TAGS = re.compile(r"</?(?:bdi|sub|b)(?: class='tok')?(?: style='color:var\(--\w+\)')?>")


def style(language: str, *families: str, digits: int | None = None) -> Style:
    """How the pages let a topic's sentences speak. families: of the catalogue, beside "now"."""
    words: dict[str, str] = {}
    for family in ("now", *families):
        start = f"{family}."
        entries = catalogue(language).items()
        words |= {key[len(start) :]: text for key, text in entries if key.startswith(start)}
    return Style(LIGHT, Notation(sign(language)), words, digits)


def sign(language: str) -> str:
    """The language's decimal sign."""
    return {"en": ".", "tr": ","}[language]


def read(html: str) -> str:
    """A sentence as one reads it. AssertionError: it holds tags that are none of ours."""
    bare = OWN_TAGS.sub("", html)
    assert "<" not in bare
    return unescape(bare)


def told(language: str, key: str, /, **values: object) -> str:
    """The catalogue's sentence with these values in its gaps."""
    return catalogue(language)[key].format(**values)


def quoted(word: str) -> str:
    """A word as sentences name it: signs alone in quotes."""
    return word if re.search(r"\w", word.replace("_", "")) else f"“{word}”"


def per_cent(language: str, share: float) -> str:
    """A share as whole per cent, rounded here."""
    number, sign = f"{share * 100:.0f}", ""
    if share > 0 and number == "0":
        number, sign = "1", "< "
    if share < 1 and number == "100":
        number, sign = "99", "> "
    return sign + (f"%{number}" if language == "tr" else f"{number} %")


def fixed(language: str, value: float, digits: int = 2) -> str:
    """A number with so many decimals and a true minus sign, rounded here."""
    text = f"{value:.{digits}f}".replace("-", "−").replace(".", sign(language))
    return text.removeprefix("−") if not re.search("[1-9]", text) else text


def weights(block: AttentionBlock, head: int) -> Floats:
    """(query, key) of one head, worked out anew in float64 from q, k and the mask."""
    q, k = (part.astype(np.float64) for part in (block.q[head], block.k[block.kv_head(head)]))
    scores = q @ k.T * block.scaling
    if block.mask is not None:
        full = np.broadcast_to(block.mask, (block.heads, *block.shape))
        scores = scores + full[head]
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    found: Floats = raised / raised.sum(axis=1, keepdims=True)
    return found


def whom(
    language: str,
    query: str,
    keys: Sequence[str],
    shares: Floats,
    chosen: int,
    *,
    own: int | None = None,
    without: Collection[int] = (),
) -> str:
    """Whom a query looks at: the chosen key and the one that has most besides it; own: itself."""
    left = [(float(share), -at) for at, share in enumerate(shares) if at not in {chosen, *without}]
    names = [shortened(key, 14) for key in keys]
    if own is not None:
        names[own] = told(language, "now.itself")
    said = {"query": shortened(query, 14), "key": names[chosen]}
    share = per_cent(language, float(shares[chosen]))
    if not left:
        return told(language, "now.gives_all", share=share, **said)
    most, at = max(left)
    said |= {"other": names[-at], "other_share": per_cent(language, most)}
    if shares[chosen] == 0:
        return told(language, "now.gives_masked", **said)
    name = "now.gives_less" if most > shares[chosen] else "now.gives"
    return told(language, name, share=share, **said)
