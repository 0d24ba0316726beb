"""The numbers that a page shows, and those that a lecture's words say, as one reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from streamlit.testing.v1 import AppTest

from pages.ui.lectures.lecture import Stop
from tests.pages.visiting import charts, html

# With its sign; a place or a version is one, too. Both kinds of decimal sign.
_NUMBER = re.compile(r"(?<![\w.,])[−-]?\d+(?:[.,]\d+)*(?:e[−-]?\d+)?")
_UNREAD = re.compile(r"<(style|script)\b.*?</\1>|<p class='talk-progress'>.*?</p>", re.DOTALL)
_POWER = re.compile(
    r"(?:(\d)\}?\s*(?:·|×|\\cdot|\\times)\s*|(?<![\w.,]))"
    r"10(?:\^\{?([−-]?\d+)\}?|([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))"
)
_RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "−0123456789")
_COLOUR = re.compile(r"\\textcolor\{#\w+\}")
_WRITTEN = ("text", "ticktext")  # of a chart: what stands in it as words


def numbers(words: str) -> set[str]:
    """All numbers in a text, a minus written as one writes it; 8.5·10⁻⁸ as 8.5e−8."""
    # In LaTeX a decimal comma stands in braces, and a hyphen is a minus.
    plain = _COLOUR.sub("", words).replace("{,}", ",").replace("\\,", " ")
    plain = _POWER.sub(lambda one: f"{one[1] or 1}e{one[2] or one[3].translate(_RAISED)}", plain)
    return {found.replace("-", "−") for found in _NUMBER.findall(plain)}


def shown(at: AppTest) -> set[str]:
    """What stands in the page's own HTML, sums and charts; not in its lesson or controls."""
    words = [unescape(re.sub("<[^>]*>", " ", _UNREAD.sub(" ", html(at))))]
    words += [sums.value for sums in at.latex]
    words += [one for chart in charts(at).values() for one in _texts(chart)]
    return set().union(*map(numbers, words))


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        for name, one in part.items():
            yield from _strings(one) if name in _WRITTEN else _texts(one)
    elif isinstance(part, list):
        for one in part:
            yield from _texts(one)


def _strings(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield re.sub("<[^>]*>", " ", part)
    elif isinstance(part, list):
        for one in part:
            yield from _strings(one)
    elif isinstance(part, dict):
        yield from _texts(part)


def said(stop: Stop) -> set[str]:
    """The numbers that a stop's words claim: all but those in predictions that are not right."""
    right = [choice.words for choice in stop.choices if choice.right]
    return set().union(*map(numbers, (stop.title, stop.question, *right, stop.answer, stop.notes)))
