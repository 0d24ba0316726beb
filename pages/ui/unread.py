"""What an address says that its page cannot follow: told once, then no longer in the address."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from pages.ui import links
from viz.board.notation import shortened

VERSION = "v"  # of the address
SHORT = "s"  # the code of a short link, which holds what the address does not
LEFT_OUT = "left"  # whose texts were too long for it
NO_PAGE = "nopage"  # of the front page's: where a link led that leads nowhere
FRONT = "home"
LONGEST_NAME = 20  # characters of a name, or of a version, that a sentence repeats
MOST_NAMES = 3

Notice = tuple[str, dict[str, object]]  # a catalogue key and its figures


def unread(
    page: str, found: Mapping[str, Sequence[str]], known: Collection[str]
) -> Iterator[Notice]:
    """What there is to say. found: name → all its values; known: the page's parameters."""
    last = {name: values[-1] for name, values in found.items()}
    reading = links.reading(last.get(VERSION))
    if reading is None:
        yield "error.version", {"version": last[VERSION][:LONGEST_NAME]}
        reading = links.READINGS[links.VERSION]
    if LEFT_OUT in last and SHORT not in last:
        yield "error.left_out", {}
    own = {VERSION, SHORT, LEFT_OUT, *reading.junk.get(page, ())}
    if page == FRONT and NO_PAGE in last:
        own.add(NO_PAGE)
        yield "error.no_page", {"page": _quoted([last[NO_PAGE]])}
    if strange := reading.today(page, last).keys() - own - set(known):
        yield "error.unknown_name", {"names": _quoted(sorted(strange))}
    if twice := [name for name, values in found.items() if len(values) > 1]:
        yield "error.twice", {"names": _quoted(twice)}


def _quoted(names: Sequence[str]) -> str:
    """Names out of a link in quotes; of many the first."""
    shown = ", ".join(f"“{shortened(name, LONGEST_NAME)}”" for name in names[:MOST_NAMES])
    return shown + " …" * (len(names) > MOST_NAMES)
