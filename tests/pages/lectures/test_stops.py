"""The shipped lectures: every stop opens, and each number in its words stands on its page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pages.ui.lectures import playing, shipped
from pages.ui.lectures.lecture import Lecture, Stop
from pages.ui.lectures.playing import Playing
from pages.ui.lectures.words import markdown
from pages.ui.text import LANGUAGES
from tests.pages.lectures.shown import numbers, said, shown
from tests.pages.visiting import healthy, visit
from tests.pages.visiting import said as notices

QUICK = ("by-hand", 5)  # in every language; the sweep through all others is a table
LONGEST_QUESTION = 125  # characters: two lines of the bar in a window of 1280 pixels


def stops() -> Iterator[object]:
    """(lecture, language, number of a stop)."""
    for name in shipped.SHIPPED:
        for language in LANGUAGES:
            for number in range(1, 1 + len(shipped.shipped(name, language).stops)):
                marks = () if (name, number) == QUICK else (pytest.mark.tables,)
                yield pytest.param(name, language, number, marks=marks)


def each() -> Iterator[tuple[str, str, Lecture, Stop]]:
    """Every stop with its lecture, as it is written."""
    for name in shipped.SHIPPED:
        for language in LANGUAGES:
            found = shipped.shipped(name, language)
            yield from ((name, language, found, stop) for stop in found.stops)


@pytest.mark.parametrize(("name", "language", "number"), list(stops()))
def test_a_stop_opens_and_its_page_shows_every_number_that_its_words_say(
    name: str, language: str, number: int
) -> None:
    now = Playing(name, shipped.shipped(name, language), number)
    seen: set[str] = set()
    for place in filter(None, (now.stop.place, now.stop.shows)):
        at = visit(place.page, **(playing.address(now, place) | {"lang": language}))
        healthy(at)
        assert not notices(at)
        assert at.title[0].value == markdown(now.stop.question)
        seen |= shown(at)
    assert said(now.stop) - seen == set()


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("8,53·10⁻⁸ kalıyor", {"8,53e−8"}),
        (r"= \textcolor{#0072b2}{8{,}53}\cdot 10^{-8}", {"8,53e−8"}),
        ("−2 × 10^12, 10⁻⁷", {"−2e12", "1e−7"}),
        ("110⁻⁵ 3·100", {"110", "3", "100"}),
    ],
)
def test_a_number_is_read_with_its_power_of_ten(words: str, read: set[str]) -> None:
    assert numbers(words) == read


def test_every_language_has_the_same_stops() -> None:
    def plan(name: str, language: str) -> tuple[object, ...]:
        found = shipped.shipped(name, language)
        return found.minutes, tuple(
            (stop.minutes, stop.place, stop.shows, tuple(one.right for one in stop.choices))
            for stop in found.stops
        )

    for name in shipped.SHIPPED:
        for language in LANGUAGES[1:]:
            assert plan(name, language) == plan(name, LANGUAGES[0])


def test_lectures_are_as_long_as_their_titles_say() -> None:
    planned = {name: shipped.shipped(name, "en").minutes for name in shipped.SHIPPED}
    assert planned == {"by-hand": 15, "bert-gpt": 20, "transformer": 40}
    for _, _, found, _ in each():
        assert found.minutes == found.before(len(found.stops) + 1)


def test_a_question_fits_into_the_bar_and_every_stop_says_what_to_say() -> None:
    for name, language, _, stop in each():
        where = f"{name} {language}: {stop.title}"
        assert len(stop.question) <= LONGEST_QUESTION, where
        assert "\n" not in stop.question, where
        assert stop.notes, where


def test_the_right_prediction_stands_at_every_place() -> None:
    for name in shipped.SHIPPED:
        found = shipped.shipped(name, "en").stops
        places = [place for s in found for place, one in enumerate(s.choices) if one.right]
        assert max(map(places.count, range(3))) <= len(found) / 2, (name, places)
