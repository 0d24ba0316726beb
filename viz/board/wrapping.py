"""Words that are longer than their room go on in a line below, whatever language they are in."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from viz.board.box import Box, read_lines, word_box

LINE = 1.25  # of the size of type: a line's height
_BOLD = 1.06
NEAR = 2.0  # pixels beyond their room that words may go
_TOKEN = "\u2068"  # what `for_html` puts before one
# Thousandths of the size of type: Source Sans, the app's font, as a browser measures it.
_GLYPHS = {
    " ": 200, **dict.fromkeys("ijlı',.:;·’I|", 252), **dict.fromkeys("!f()[]{}-", 304),
    **dict.fromkeys("tr/\\°²", 345), **dict.fromkeys("s*?z\"“”x", 428),
    **dict.fromkeys("cvyYJ–", 470), **dict.fromkeys("TSZAohnu", 541),
    **dict.fromkeys("bdpqPRC√α", 560), **dict.fromkeys("KB&DG→↓←", 608),
    **dict.fromkeys("UNHOQ", 655), **dict.fromkeys("wMΣ", 723), **dict.fromkeys("W—", 793),
    **dict.fromkeys("%m@", 830), "…": 948,
}  # fmt: skip
_OTHER, _BROAD = 499, 1000  # a letter not listed, one of two columns


@dataclass(frozen=True, slots=True)
class PlacedWords:
    """Words at a place of the board. room: pixels to the side, None: up to the board's edge."""

    x: float
    y: float
    text: str
    anchor: str
    size: float
    colour: str
    room: float | None = None

    @property
    def box(self) -> Box:
        """What they cover."""
        return word_box(self.x, self.y, self.text, self.anchor, self.size, drawn_width)


def drawn_width(text: str, size: float) -> float:
    """How wide words without tags are in the app's font, in pixels, to one or two hundredths.

    `text_width` is quick and has room to spare, a fourth of it with most words: by that, words
    would be parted that fit.
    """
    bare = unicodedata.normalize("NFD", text)
    return size * sum(map(_glyph, bare)) / 1000


def _glyph(letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    broad = unicodedata.east_asian_width(letter) in "WF"
    return _GLYPHS.get(letter, _BROAD if broad else _OTHER)


def wrapped(words: str, room: float, size: float) -> str:
    """Words of one line on as few as `room` pixels ask for, parted at spaces, about alike long.

    words: safe HTML; a token stays whole, what has tags within as it is, and no word is parted.
    """
    if " " not in words or _TOKEN in words or len(words) * size <= room:
        return words
    heavy = words.startswith("<b>") and words.endswith("</b>")
    bare = words.removeprefix("<b>").removesuffix("</b>") if heavy else words
    room = room / _BOLD if heavy else room
    # An arrow belongs to the word before it.
    parts = bare.replace(" →", "\0→").replace(" ↓", "\0↓").split(" ")
    if len(parts) == 1 or "<" in bare or _wide(bare, size) <= room:
        return words
    least = len(list(_filled(parts, room, size)))
    tried = (list(_filled(parts, room * share / 10, size)) for share in range(5, 11))
    lines = next(lines for lines in tried if len(lines) == least)
    said = "<br>".join(lines).replace("\0", " ")
    return f"<b>{said}</b>" if heavy else said


def _wide(html: str, size: float) -> float:
    return drawn_width(read_lines(html)[0], size)


def _filled(parts: Sequence[str], room: float, size: float) -> Iterator[str]:
    line = parts[0]
    for part in parts[1:]:
        if _wide(f"{line} {part}", size) > room:
            yield line
            line = part
        else:
            line = f"{line} {part}"
    yield line


def settled(words: Sequence[PlacedWords], width: float, height: float) -> list[PlacedWords]:
    """The same words, on more lines where they have too little room and lines have some.

    width, height: of the board.
    """
    found = list(words)
    for place, one in enumerate(words):
        free = {"left": one.x, "right": width - one.x}
        edge = free.get(one.anchor.split()[-1], 2 * min(one.x, width - one.x))
        room = (edge if one.room is None else one.room) + NEAR
        said = wrapped(one.text, room, one.size)
        if said == one.text:
            continue
        others = [other.box for at, other in enumerate(found) if at != place]
        half = said.count("<br>") * one.size * LINE / 2
        moved = (replace(one, text=said, y=one.y + by) for by in (0.0, half, -half))
        inside = (new for new in moved if new.box.y >= -2 and new.box.bottom <= height + 2)
        fits = (new for new in inside if not any(new.box.meets(other) for other in others))
        found[place] = next(fits, one)
    return found
