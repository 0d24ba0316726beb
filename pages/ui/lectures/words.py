"""A lecture's words for a Markdown widget: emphasis, code and formulas, and nothing else.

Whoever wrote the file is not known: no link, picture, icon, colour or HTML of it is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pages.ui import frame
from viz.export.formula_text import readable
from viz.export.slide_text import Look, Words, clean

Run = tuple[str, str]  # how it is written (plain: "", bold, slanted, code, formula), and its words

_LONGEST_FORMULA = 300  # characters of LaTeX
# What KaTeX would follow, fetch or repeat without end; it trusts none of it, and neither do we.
_COMMANDS = re.compile(
    r"\\(?:href|url|includegraphics|html\w*|[gex]?def|let|futurelet|(?:re)?newcommand|input)",
    re.IGNORECASE,
)
# An address is made a link, and an icon's name an icon, wherever it stands in words, but in code.
_ADDRESS = (
    r":material/\S*|\b[A-Za-z][A-Za-z0-9+.-]*://\S+|\bwww\.\S+|\bxmpp:\S+|\bmailto:\S+|\S+@\S+"
)
_PARTS = re.compile(
    r"`(?P<code>[^`\n]+)`|\$(?P<formula>[^$\n]+)\$|\*\*(?P<bold>\S[^*\n]*?)\*\*"
    r"|\*(?P<slanted>\S[^*\n]*?)\*|(?P<address>" + _ADDRESS + ")"
)
_LOOKS: dict[str, Look] = {"code": "code", "bold": "bold", "slanted": "slanted", "address": ""}


def markdown(words: str) -> str:
    """Markdown that shows these words: paragraphs, **bold**, *slanted*, `code`, $formulas$."""
    return "\n\n".join(" ".join(map(_line, lines)) for lines in _paragraphs(words))


def runs(words: str, *, lines: bool = False) -> list[list[Run]]:
    """The same for a page of our own: a list a paragraph, or a line where lines are asked for.

    A formula is written in signs; what Markdown would make a link of is code.
    """
    parts = ([[line] for line in all_] if lines else [all_] for all_ in _paragraphs(words))
    return [found for each in parts for one in each if (found := _runs(" ".join(one)))]


def _runs(line: str) -> list[Run]:
    return [run for run in map(_run, _parts(line)) if run[1].strip()]


def _run(run: Run) -> Run:
    kind, part = run
    if kind == "formula":
        return kind, readable(part)
    return ("code" if kind == "address" else kind), part


def _parts(line: str) -> Iterator[Run]:
    """A line from left to right."""
    at = 0
    for found in _PARTS.finditer(line):
        kind = str(found.lastgroup)
        if found.start() > at:
            yield "", line[at : found.start()]
        yield kind, str(found[kind])
        at = found.end()
    if at < len(line):
        yield "", line[at:]


def _paragraphs(words: str) -> list[list[str]]:
    """The lines of each."""
    return [one.split("\n") for one in re.split(r"\n\s*\n", words.replace("\0", ""))]


def on_slide(words: str) -> Words:
    """The same for a slide: paragraphs of words, each with its look; formulas in signs."""
    paragraphs = (clean(one) for one in re.split(r"\n\s*\n", words))
    return tuple(tuple(map(_look, _parts(one))) for one in paragraphs if one)


def _look(run: Run) -> tuple[str, Look]:
    kind, part = run
    return (readable(part), "") if kind == "formula" else (part, _LOOKS[kind] if kind else "")


def _line(line: str) -> str:
    shown, at = [], 0
    for found in _PARTS.finditer(line):
        shown += [frame.plain(line[at : found.start()]), _part(found)]
        at = found.end()
    return "".join([*shown, frame.plain(line[at:])]).strip()


def _part(found: re.Match[str]) -> str:
    kind, inside = str(found.lastgroup), str(found[str(found.lastgroup)])
    if kind == "formula":
        safe = len(inside) <= _LONGEST_FORMULA and not _COMMANDS.search(inside)
        return f"${inside}$" if safe else frame.literal(inside)
    if kind in ("bold", "slanted"):
        marks = "**" if kind == "bold" else "*"
        return f"{marks}{_emphasised(inside)}{marks}"
    return frame.literal(inside)


def _emphasised(words: str) -> str:
    """Words between marks: an address in them is code, too."""
    parts = re.split(f"({_ADDRESS})", words)
    shown = [frame.literal(p) if n % 2 else frame.plain(p) for n, p in enumerate(parts)]
    return "".join(shown).strip()
