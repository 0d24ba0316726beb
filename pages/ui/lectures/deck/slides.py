"""A lecture's words as those of slides: a question, then its answer, stop by stop."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from pages.ui import links, text
from pages.ui.lectures import shipped
from pages.ui.lectures.deck.order import Order
from pages.ui.lectures.lecture import Lecture, Stop
from pages.ui.lectures.place import Place
from pages.ui.lectures.words import on_slide
from pages.ui.unread import FRONT
from viz.export.slide_layout import Cover, Mark, Option, Picture, Signs, Slide
from viz.export.slide_text import plain

Shown = tuple[Picture | None, str]  # a state's picture, and the sentence of what is seen


def places(lecture: Lecture) -> Iterator[Place]:
    """The state of each slide but the first, in order."""
    for stop in lecture.stops:
        yield stop.place
        yield stop.shows or stop.place


class Slides:
    """A deck's words, in the order's language."""

    def __init__(self, order: Order) -> None:
        self._order, self._lecture = order, order.lecture
        self._deck = text.labels("deck", spoken=order.language)
        self._talk = text.labels("talk", spoken=order.language)

    @property
    def signs(self) -> Signs:
        """What slides say by themselves."""
        return Signs(str(self._deck["right"]), str(self._deck["missing"]))

    @property
    def progress(self) -> str:
        """What the bar of each slide is."""
        return str(self._deck["progress"])

    def cover(self) -> Cover:
        """The first slide."""
        found = self._lecture
        whole = self._deck["whole"].format(count=len(found.stops), minutes=found.minutes)
        title = plain(on_slide(found.title))
        return Cover(title, whole, on_slide(found.about), (title, whole, str(self._deck["links"])))

    def of(self, number: int, question: Shown, answer: Shown) -> Iterator[Slide]:
        """A stop's two slides. number: of the stop, from 1."""
        stop = self._lecture.stops[number - 1]
        yield self._slide(number, stop.place, question, answers=False)
        yield self._slide(number, stop.shows or stop.place, answer, answers=True)

    def _slide(self, number: int, place: Place, shown: Shown, *, answers: bool) -> Slide:
        stop, whole = self._lecture.stops[number - 1], self._lecture.minutes
        before = self._lecture.before(number)
        at = self._talk["place"].format(n=number, of=len(self._lecture.stops))
        last = before + stop.minutes
        minutes = self._talk["minutes"].format(first=before, last=last, of=whole)
        title = plain(on_slide(stop.title))
        say = tuple(plain((paragraph,)) for paragraph in on_slide(stop.notes))
        return Slide(
            place=f"{at} · {minutes}" + ("" if answers else f" · {title}"),
            name=self._deck["answer"].format(title=title) if answers else title,
            question=on_slide(stop.question),
            picture=shown[0],
            caption=shown[1],
            options=tuple(self._options(stop, answers)),
            words=on_slide(stop.answer) if answers else (),
            spent=last / whole,
            notes=(*say, f"{at} · {minutes}"),
            link=self.link(place, number),
        )

    def _options(self, stop: Stop, answers: bool) -> Iterator[Option]:
        for choice in stop.choices:
            mark: Mark = ""
            if answers and choice.right is not None:
                mark = "right" if choice.right else "wrong"
            words = on_slide(choice.words)
            yield Option(words[0] if words else (), mark)

    def link(self, place: Place, number: int) -> str:
        """A state's address: of a lecture that ships, with its stop."""
        said = {"lang": self._order.language, "v": str(links.VERSION), **place.said}
        if self._order.name in shipped.SHIPPED:
            said |= {"talk": self._order.name, "stop": str(number)}
        page = "" if place.page == FRONT else place.page
        return f"{self._order.link}/{page}?{urlencode(said)}"
