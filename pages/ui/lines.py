"""Lines and tables that a page writes beside its figures, each of one look; Safe values stay HTML.

The looks are classes of frame.css.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from models.recording.ranking import NextWord
from pages.ui import symbols
from pages.ui.text import notation, t
from viz.board.markup import Safe, template
from viz.tables.next_words import Scored, logit_bars

_LINE = template("<p class='{{ kind }}'>{{ words }}</p>")
_TITLED = template(
    "<p class='reach'>{% if bold %}<b>{{ words }}</b>{% else %}{{ words }}{% endif %}"
    "{% if note is not none %}<span>{{ note }}</span>{% endif %}</p>"
)
_BESIDE = template(
    "<p class='{{ kind }}'><span>{{ label }}</span><b>{{ value }}</b>{{ verdict }}</p>"
)
_JUDGED = template(
    "<p class='remark' data-verdict='{{ verdict }}'><b>{{ sign }}</b> {{ words }}</p>"
)
_OWN = template(
    "<p class='hint'>{% if before %}{{ before }} · {% endif %}"
    "{{ words }} <b>{{ value }}</b> {{ verdict }}</p>"
)
_MARKED = template(
    "<span class='{{ kind }}'{% if rule %} title='{{ rule }}'{% endif %}>{{ words }}</span>"
)


def line(kind: str, words: str, **more: Any) -> None:
    """A paragraph of any look. more: as Streamlit takes it."""
    symbols.show(_LINE(kind=kind, words=words), **more)


# A quiet sentence; one that stands out a little; what happens here.
hint, remark, said = (partial(line, kind) for kind in ("hint", "remark", "said"))


def titled(words: str, note: str | None = None, *, bold: bool = True) -> None:
    """A block's head, and what is said of it. bold: not where the words are so already."""
    symbols.show(_TITLED(words=words, note=note, bold=bold))


def equal(label: str, value: str, verdict: str = "", kind: str = "equal") -> None:
    """Under sums: a number to compare with, and how the comparison goes."""
    symbols.show(_BESIDE(kind=kind, label=label, value=value, verdict=verdict))


beside = partial(equal, kind="beside")  # words at the left, a number at the right


def own(words: str, value: str, verdict: str, before: str = "") -> None:
    """As `equal`, quietly, in a sentence. before: what is said first."""
    symbols.show(_OWN(before=before, words=words, value=value, verdict=verdict))


def judged(verdict: str, sign: str, words: str) -> None:
    """What a claim has come to."""
    symbols.show(_JUDGED(verdict=verdict, sign=sign, words=words))


def marked(kind: str, words: str, rule: str = "") -> Safe:
    """Words of a look, for another line. rule: what they mean, told under the pointer."""
    return _MARKED(kind=kind, words=words, rule=rule)


def sign(good: bool, words: str = "", rule: str = "") -> Safe:
    """✓ in green, or ✗ in red, and words in the same colour. rule: as `marked`."""
    kind, mark = ("good", "✓") if good else ("bad", "✗")
    return marked(kind, f"{mark} {words}" if words else mark, rule)


def logits(rows: Sequence[Scored], chosen: int, digits: int = 3) -> None:
    """Bars of logits and probabilities. rows: from the likeliest; chosen: which stands out."""
    heads = t("seq2seq.logit"), t("seq2seq.probability")
    symbols.show(logit_bars(rows, chosen=chosen, heads=heads, notation=notation(), digits=digits))


def next_words(found: Sequence[NextWord], chosen: int | None, digits: int = 3) -> None:
    """The same of words that may come next. chosen: by its number in the vocabulary."""
    rows = [(one.word, one.logits[0], one.probabilities[0]) for one in found]
    logits(rows, next((n for n, one in enumerate(found) if one.id == chosen), -1), digits)
