"""A deck from its order: the states are opened one by one, and their figures drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pages.ui.lectures.deck import visits
from pages.ui.lectures.deck.order import Order
from pages.ui.lectures.deck.slides import Shown, Slides, places
from pages.ui.lectures.deck.visits import Seen
from pages.ui.lectures.place import Place
from viz.board.theme import Theme
from viz.board.theme import theme as theme_of
from viz.export.deck import written
from viz.export.layers import Layered
from viz.export.picture import SLIDE, chromium, pictures
from viz.export.picture import NoBrowser as NoBrowser
from viz.export.slide_layout import Picture, cover, pages

Told = Callable[[int, int], None]
_State = tuple[str, tuple[tuple[str, str], ...]]


def made(order: Order, told: Told) -> bytes:
    """The file's bytes. told: which slide is begun, of how many. NoBrowser; LectureError."""
    if chromium() is None:
        raise NoBrowser("no Chromium is here")
    words, lecture, theme = Slides(order), order.lecture, theme_of(order.theme)
    shown = _shown(list(places(lecture)), order, theme, told)
    slides = [
        page
        for number in range(1, len(lecture.stops) + 1)
        for slide in words.of(number, shown[2 * number - 2], shown[2 * number - 1])
        for page in pages(slide, words.signs)
    ]
    return written(
        [*cover(words.cover()), *slides],
        title=lecture.title, language=order.language, theme=theme, progress=words.progress,
    )  # fmt: skip


def _shown(wanted: list[Place], order: Order, theme: Theme, told: Told) -> list[Shown]:
    """What each slide shows; a state that several show is opened once."""
    seen: dict[_State, Seen] = {}

    def figures() -> Iterator[Layered]:
        # One after another while the browser waits: so the progress that is told is true.
        for number, place in enumerate(wanted, 2):
            told(number, len(wanted) + 1)
            if _state(place) not in seen:
                found = seen[_state(place)] = visits.opened(place, order.language, order.theme)
                if found.figure is not None:
                    yield found.figure

    drawn = iter(pictures(figures(), page=theme.page))
    files = {key: _picture(one, drawn) for key, one in seen.items()}
    return [(files[_state(place)], seen[_state(place)].now) for place in wanted]


def _picture(one: Seen, drawn: Iterator[bytes]) -> Picture | None:
    if one.figure is None:
        return None
    high = round(SLIDE * one.figure.height / one.figure.width)
    alt = ". ".join(words.rstrip(".") for words in (one.name, one.now) if words)
    return Picture(next(drawn), SLIDE, high, alt)


def _state(place: Place) -> _State:
    return place.page, tuple(sorted(place.said.items()))
