"""Words on a slide: how much room they take, and how they are parted where they have none.

A slide is drawn by a program that is not here, in its own type: so lines are reckoned with the
widths of Arial (those of Helvetica, Adobe's font metrics), and with some room to spare.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Look = Literal["", "bold", "slanted", "code"]
Runs = tuple[tuple[str, Look], ...]  # a paragraph
Words = tuple[Runs, ...]  # paragraphs

LINE, GAP = 1.2, 0.4  # of the size of type: a line's height, what stands between two paragraphs
_SPARE = 1.04  # another type of the same kind may be as much wider
_BOLD, _CODE = 1.09, 0.6
_OTHER, _BROAD = 0.72, 1.0  # of the size of type: a letter not listed, one of two columns
# Thousandths of the size of type.
_WIDTHS = {
    **dict.fromkeys("ijl", 222), **dict.fromkeys(" !,./:;I[\\]ft|'’‘·", 278),
    **dict.fromkeys("()-r`“”\"", 345), **dict.fromkeys("cksvxyzJ^*°", 500),
    **dict.fromkeys("abdeghnopqu0123456789L?_$#ı–", 556),
    **dict.fromkeys("+<=>~−×÷≈±", 584), **dict.fromkeys("FTZ", 611),
    **dict.fromkeys("ABEKPSVXY&", 667), **dict.fromkeys("CDHNRUw", 722),
    **dict.fromkeys("GOQ", 778), **dict.fromkeys("Mm", 833), **dict.fromkeys("W%—…@→", 1015),
}  # fmt: skip
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_BLANK = re.compile("[ \t\r\n\x85\u2028\u2029]+")
_RIGHT_TO_LEFT = ("R", "AL")


@dataclass(frozen=True, slots=True)
class Room:
    """Width and height in points, and the sizes of type that are tried in it, in points."""

    width: float
    height: float
    largest: int
    smallest: int


def clean(text: str) -> str:
    """What a file of XML can hold of it, on one line."""
    return _BLANK.sub(" ", _CONTROLS.sub("", text)).strip()


def plain(words: Words) -> str:
    """The words alone, paragraphs one after another."""
    return " ".join("".join(text for text, _ in runs) for runs in words)


def right_to_left(runs: Runs) -> bool:
    """The first letter that has a direction is written to the left."""
    for text, _ in runs:
        for letter in text:
            way = unicodedata.bidirectional(letter)
            if way in ("L", *_RIGHT_TO_LEFT):
                return way in _RIGHT_TO_LEFT
    return False


def height(words: Words, width: float, size: float) -> float:
    """Points that these take one below the other. width: of the room; size: of type; in points."""
    lines = sum(len(list(_lines(runs, width, size))) for runs in words)
    return size * (LINE * lines + GAP * max(len(words) - 1, 0))


def fitting(words: Words, room: Room) -> int | None:
    """The largest size at which they fit; None: not even at the smallest."""
    sizes = range(room.largest, room.smallest - 1, -1)
    return next((n for n in sizes if height(words, room.width, n) <= room.height), None)


def parted(words: Words, room: Room) -> list[Words]:
    """As many parts as it takes, each of which fits at the smallest size; in no part is a word
    broken that fits into a line."""
    parts, here, left = list[Words](), list[Runs](), room.height
    line, gap = LINE * room.smallest, GAP * room.smallest
    for runs in words:
        own = list[Runs]()
        for one in _lines(runs, room.width, room.smallest):
            if left < line and (here or own):
                here += [_joined(own)] if own else []
                parts.append(tuple(here))
                here, own, left = [], [], room.height
            own.append(one)
            left -= line
        here.append(_joined(own))
        left -= gap
    return [*parts, tuple(here)] if here else parts


def shortened(words: Words, room: Room) -> Words:
    """As much as fits at the smallest size, with … where something is left out."""
    first, *more = parted(words, room) or [()]
    if not more:
        return first
    *whole, last = first
    lines = list(_lines(last, room.width, room.smallest))
    *kept, final = lines
    # The sign needs room: words go until it has some.
    while len(final) > 1 and _width((*final, ("…", "")), room.smallest) > room.width / _SPARE:
        final = final[:-1]
    if _width((*final, ("…", "")), room.smallest) > room.width / _SPARE:
        text, look = final[0]
        final = ((text[:-2], look),)
    return (*whole, _joined([*kept, (*final, ("…", ""))]))


def _joined(lines: Sequence[Runs]) -> Runs:
    """Lines of a paragraph as one, neighbours of one look together."""
    found = list[tuple[str, Look]]()
    for text, look in (run for line in lines for run in line):
        if found and found[-1][1] == look:
            found[-1] = found[-1][0] + text, look
        else:
            found.append((text, look))
    if found:
        found[-1] = found[-1][0].rstrip(), found[-1][1]
    return tuple(found)


def _lines(runs: Runs, width: float, size: float) -> Iterator[Runs]:
    """The lines of a paragraph; its words keep the spaces behind them. At least one."""
    line, taken, most = list[tuple[str, Look]](), 0.0, width / _SPARE
    for word, look in _broken(runs, most, size):
        own = _width(((word.rstrip(), look),), size)
        if line and taken + own > most:
            yield tuple(line)
            line, taken = [], 0.0
        line.append((word, look))
        taken += _width(((word, look),), size)
    yield tuple(line)


def _broken(runs: Runs, most: float, size: float) -> Iterator[tuple[str, Look]]:
    """Words, those that no line holds in pieces."""
    for text, look in runs:
        for word in re.findall(r"\S+\s*|\s+", text):
            start, taken = 0, 0.0
            for at, letter in enumerate(word.rstrip()):
                own = _width(((letter, look),), size)
                if taken + own > most and at > start:
                    yield word[start:at], look
                    start, taken = at, 0.0
                taken += own
            yield word[start:], look


def _width(runs: Runs, size: float) -> float:
    """Points of a line. size: of type, in points."""
    factors = {"bold": _BOLD, "": 1.0, "slanted": 1.0, "code": 1.0}
    return size * sum(
        factors[look] * (_CODE if look == "code" and letter.isascii() else _letter(letter))
        for text, look in runs
        for letter in text
    )


@lru_cache(4096)
def _letter(letter: str) -> float:
    if letter in _WIDTHS:
        return _WIDTHS[letter] / 1000
    if unicodedata.east_asian_width(letter) in "WF":
        return _BROAD
    if unicodedata.category(letter) in ("Mn", "Cf"):
        return 0.0
    base = unicodedata.normalize("NFD", letter)[0]
    return _WIDTHS[base] / 1000 if base in _WIDTHS else _OTHER
