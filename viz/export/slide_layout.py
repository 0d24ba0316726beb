"""Where things stand on a lecture's slides, in points: 960 from left to right, 540 down (16:9).

Words shrink to a stated smallest size; what has no room even then goes on on slides of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from viz.board.box import Box
from viz.export.slide_text import (
    Room,
    Runs,
    Words,
    clean,
    fitting,
    height,
    parted,
    plain,
    shortened,
)

WIDE, HIGH = 960, 540
SMALLEST = 16  # points of what a class reads; 20 of a question
_SIDE, _TOP, _BOTTOM = 42.0, 130.0, 512.0
_FULL = WIDE - 2 * _SIDE
_TITLE = Box(_SIDE, 42, _FULL, 78)
_HEAD, _BELOW = Box(_SIDE, 42, _FULL, 40), Box(_SIDE, 82, _FULL, 42)  # an answer's, its question
_PLACE = Box(_SIDE, 20, _FULL, 20)
_BAR = Box(0, 0, WIDE, 5)  # how far the lecture is
_PICTURE = Box(_SIDE, _TOP, 600, 330)
_BODY = Box(_SIDE, _TOP, _FULL, _BOTTOM - _TOP)
_COVER = Box(_SIDE + 22, 150, _FULL - 22, 110)
_MINUTES, _ABOUT = replace(_COVER, height=26), replace(_COVER, height=170)
_NAME = Box(_SIDE + 22, 486, _FULL - 22, 22)
_NEAR, _APART = 8.0, 26.0  # between options; between picture and column
INSET, HANG = 8.0, 26.0  # of words in a box with a frame; behind its letter
_CAPTION_HIGH = 44.0

Mark = Literal["", "right", "wrong"]
Role = Literal["title", "words", "quiet", "option", "right", "wrong", "bar", "spent", "frame"]


@dataclass(frozen=True, slots=True)
class Picture:
    """png: the file's bytes; width, height: its pixels; alt: what it shows, in words."""

    png: bytes
    width: int
    height: int
    alt: str


@dataclass(frozen=True, slots=True)
class Option:
    """What may be predicted. mark: "" before the answer, and where nothing is right or wrong."""

    words: Runs
    mark: Mark = ""


@dataclass(frozen=True, slots=True)
class Slide:
    """A question, or the answer to one.

    place: where the lecture is, in words; name: of the slide, in a few words; question: its title,
    or what an answer's title stands above. caption: what is seen. words: the answer. spent: share
    of the lecture's minutes. notes: paragraphs for the lecturer; link: of the state.
    """

    place: str
    name: str
    question: Words
    picture: Picture | None
    caption: str
    options: tuple[Option, ...]
    words: Words
    spent: float
    notes: tuple[str, ...]
    link: str


@dataclass(frozen=True, slots=True)
class Cover:
    """The first slide. minutes: of all, in words."""

    title: str
    minutes: str
    about: Words
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Signs:
    """Words of the slides themselves. right: said beside the right option; missing: why there is
    no picture."""

    right: str
    missing: str


@dataclass(frozen=True, slots=True)
class Part:
    """Something on a slide. size: of type, in points; 0: it has no words. hang: its first words,
    which stand before the others."""

    role: Role
    box: Box
    words: Words = ()
    size: int = 0
    hang: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A slide as it is written; the title is the first part. picture: and where it stands."""

    parts: tuple[Part, ...]
    notes: tuple[str, ...]
    link: str = ""
    picture: tuple[Picture, Box] | None = None


def said(text: str) -> Words:
    """A sentence as a paragraph, all of one look."""
    return (((clean(text), ""),),)


def cover(one: Cover) -> Iterator[Page]:
    """The first slide; where there is more to say of the lecture, one more."""
    title = _high(_fitted("title", _COVER, said(one.title), 44, 28))
    minutes = replace(_MINUTES, y=title.box.bottom + 14)
    about = replace(_ABOUT, y=minutes.bottom + 14)
    size = fitting(one.about, _room(about, 22, SMALLEST))
    parts = [title, _fitted("quiet", minutes, said(one.minutes), 20, 14)]
    if size is not None and one.about:
        parts.append(_high(Part("words", about, one.about, size)))
    rule = Box(_SIDE, _COVER.y, 5, parts[-1].box.bottom - _COVER.y)
    name = _fitted("quiet", _NAME, said("Dikkat"), 14, 12)
    yield Page((*parts, Part("spent", rule), name), one.notes)
    if size is None:
        yield from _texts(one.title, one.about, one.notes)


def _high(part: Part) -> Part:
    """In a box that is as high as its words."""
    high = height(part.words, part.box.width, part.size)
    return replace(part, box=replace(part.box, height=high))


def pages(slide: Slide, signs: Signs) -> Iterator[Page]:
    """A slide, and before and behind it those of words that have no room on it."""
    answers = bool(slide.words)
    asked = fitting(slide.question, _room(_TITLE, 28, 20))
    if not answers and asked is None:
        for page in _texts(slide.name, slide.question, slide.notes):
            yield replace(page, parts=(*page.parts, *_furniture(slide)), link=slide.link)
    head = _titles(slide, answers, asked)
    room = _column(_pictured(slide.picture))
    column, rest = _placed(slide, room, signs)
    shown = _PICTURE if column else Box(_SIDE, _TOP, _FULL, _PICTURE.height)
    place = _pictured(slide.picture, shown)
    parts = [*head, *_caption(slide, place, signs), *column, *_furniture(slide)]
    picture = None if slide.picture is None else (slide.picture, place)
    yield Page(tuple(parts), slide.notes, slide.link, picture)
    for page in _texts(slide.name, rest, slide.notes) if rest else ():
        yield replace(page, parts=(*page.parts, *_furniture(slide)), link=slide.link)


def _titles(slide: Slide, answers: bool, asked: int | None) -> list[Part]:
    if not answers and asked is not None:
        return [Part("title", _TITLE, slide.question, asked)]
    head = _fitted("title", _HEAD, said(slide.name), 28, 20)
    below = _fitted("quiet", _BELOW, slide.question, 16, 14) if answers else None
    return [head, *([below] if below else [])]


def _furniture(slide: Slide) -> list[Part]:
    """Where the lecture is: in words, and as a bar."""
    spent = replace(_BAR, width=max(1.0, WIDE * slide.spent))
    place = _fitted("quiet", _PLACE, said(slide.place), 13, 12)
    return [place, Part("bar", _BAR), Part("spent", spent)]


def _pictured(picture: Picture | None, room: Box = _PICTURE) -> Box:
    """As large as it may be in its room, where it stands at the left, or in the middle of all."""
    if picture is None:
        return room
    scale = min(room.width / picture.width, room.height / picture.height)
    wide, high = picture.width * scale, picture.height * scale
    left = room.x if room.width < _FULL else room.x + (room.width - wide) / 2
    return Box(left, room.y, wide, high)


def _column(picture: Box) -> Box:
    left = picture.right + _APART
    return Box(left, _TOP, WIDE - _SIDE - left, _BOTTOM - _TOP)


def _caption(slide: Slide, place: Box, signs: Signs) -> Iterator[Part]:
    """What is seen, below the picture; where there is none, why."""
    if slide.picture is None:
        yield Part("frame", place)
        yield _fitted("quiet", _within(place), said(signs.missing), 18, 14)
    if slide.caption:
        below = Box(place.x, place.bottom + 6, max(place.width, 300), _CAPTION_HIGH)
        yield _fitted("quiet", below, said(slide.caption), 15, 12)


def _within(box: Box) -> Box:
    return Box(box.x + 20, box.y + 20, box.width - 40, box.height - 40)


def _placed(slide: Slide, column: Box, signs: Signs) -> tuple[list[Part], Words]:
    """What stands beside the picture, and what has no room there."""
    for words in dict.fromkeys([slide.words, ()]):
        for size in range(20, SMALLEST - 1, -1):
            found = _stacked(slide.options, words, column, size, signs)
            if found is not None:
                return found, () if words == slide.words else slide.words
    options = tuple(
        ((f"{_letter(n)}  {_sign(one, signs)}", "bold"), *one.words)
        for n, one in enumerate(slide.options)
    )
    return [], options + slide.words


def _stacked(
    options: Sequence[Option], words: Words, column: Box, size: int, signs: Signs
) -> list[Part] | None:
    """Options, and below them the answer; None: they have no room at that size."""
    parts, top = list[Part](), column.y
    for number, one in enumerate(options):
        runs: Runs = ((_sign(one, signs), "bold"), *one.words) if one.mark == "right" else one.words
        wide = column.width - 2 * INSET - HANG
        box = Box(column.x, top, column.width, height((runs,), wide, size) + 2 * INSET)
        role: Role = one.mark or "option"
        parts.append(Part(role, box, (runs,), size, _letter(number)))
        top = box.bottom + _NEAR
    if words:
        top += _NEAR
        box = Box(column.x, top, column.width, height(words, column.width, size) + 2)
        parts.append(Part("words", box, words, size))
        top = box.bottom
    return parts if top <= column.bottom + _NEAR else None


def _letter(number: int) -> str:
    return "ABCDEFGH"[number]


def _sign(option: Option, signs: Signs) -> str:
    """What says in words and by a sign that it is right."""
    return f"✓ {signs.right}: " if option.mark == "right" else ""


def _texts(name: str, words: Words, notes: tuple[str, ...]) -> Iterator[Page]:
    """Slides of nothing but words."""
    size = fitting(words, _room(_BODY, 20, SMALLEST))
    parts = [words] if size else parted(words, _room(_BODY, 20, SMALLEST))
    for number, part in enumerate(parts, 1):
        more = f" ({number}/{len(parts)})" if len(parts) > 1 else ""
        short = plain(shortened(said(name), _room(replace(_HEAD, width=_FULL - 90), 28, 20)))
        title = _fitted("title", _HEAD, said(short + more), 28, 20)
        yield Page((title, Part("words", _BODY, part, size or SMALLEST)), notes)


def _fitted(role: Role, box: Box, words: Words, largest: int, smallest: int) -> Part:
    """Words in a box: as large as they fit, or as many as fit."""
    room = _room(box, largest, smallest)
    size = fitting(words, room)
    return Part(role, box, words if size else shortened(words, room), size or smallest)


def _room(box: Box, largest: int, smallest: int) -> Room:
    return Room(box.width, box.height, largest, smallest)
