"""Numbers on every page are written as its language does: in words, figures, hover and formulas."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

import pytest

from pages.ui import window
from pages.ui.export import drawn, tables
from pages.ui.text import FOLDER, LANGUAGES
from tests.browser.states import states
from tests.pages.visiting import html, visit
from tests.viz.looks import by_colour_alone
from viz.export.tables import HeadedTable, cut

SHOWN = {"text", "hovertext", "hovertemplate", "ticktext", "name", "title"}  # parts of a figure
MODELS_OWN = re.compile(
    r"<style>.*?</style>|<script.*?</script>|`[^`]*`|\*[^*]+\*"
    r"|\([^()]*\d{4}[^()]*\)"  # names of papers, a citation's years
    r"|\]\([^)]*\)|<!--.*?-->"  # addresses, a lesson's stages
    r"|\bApache-2\.0|\b(?:19|20)\d\d\b(?!\d)|<[^>]*>|&#?\w+;",
    re.DOTALL,
)
SECTIONS = re.compile(r"\d\.\d+\.\d|\d\d\.\d\d\.\d{4}")  # of a paper, a library; a Turkish day
# A formula's own spacing and sizes, colours, and a base with its exponent.
TEX = re.compile(
    r"\\textcolor\{[^}]*\}|\[[\d.]+em\]|\{[\d.]+(?:em|pt)\}|\\,|\{\d+\}|_\w+"
    r"|\{?10000\}?\^|\\text\{[^}]*\}"
)
FAULTS = {
    "tr": (
        r"(?<![\w.,])\d+\.(?!\d{3}(?!\d))\d",
        r"(?<![\w}])[.,]\d",
        r"\d\s?%(?!\d)",
        r"% \d",
        "\u202f",
    ),
    "en": (r"\d,(?!\d{3}(?!\d))\d", r"(?<![\w})])[.,]\d", r"(?<!\w)%\d", "\u202f"),
}
ADDRESS = re.compile(r"\b\d+(\.\d+){3}\b")  # of a machine
LONG = r"(?<![\w.,−-])\d{5,}(?![\w.,])"  # thousands that are not grouped


def faults(shown: str, language: str, *, tex: bool = False) -> list[str]:
    """What of some visible text is no number of that language."""
    plain = MODELS_OWN.sub(
        " ", SECTIONS.sub(" ", ADDRESS.sub(" ", TEX.sub(" ", shown) if tex else shown))
    )
    plain = plain.replace("{,}", ",")
    return [
        plain[max(0, m.start() - 20) : m.end() + 20]
        for pattern in (*FAULTS[language], LONG)
        for m in re.finditer(pattern, plain)
    ]


@pytest.mark.parametrize(
    ("shown", "language", "wrong"),
    [
        ("0,95 %59 12.345 1.000 1,000 27.11.2026", "tr", 0),
        ("0.95", "tr", 1),
        (",95", "tr", 1),
        ("59 %", "tr", 1),
        ("% 59", "tr", 1),
        ("11990 1\u202f199 1199", "tr", 2),
        ("0.95, 59 % 12,345 1.0000", "en", 0),
        ("0,95 .95 1199 12345", "en", 3),
    ],
)
def test_a_fault_is_found(shown: str, language: str, wrong: int) -> None:
    assert len(faults(shown, language)) == wrong


def strings(part: Any, name: str = "") -> Iterator[str]:
    """All that a figure writes."""
    if isinstance(part, dict):
        for key, one in part.items():
            yield from strings(one, key)
    elif isinstance(part, list):
        for one in part:
            yield from strings(one, name)
    elif isinstance(part, str) and name in SHOWN:
        yield part


def tables_offered(monkeypatch: pytest.MonkeyPatch) -> list[HeadedTable]:
    """What the page's figures are as tables, once it has been visited."""
    found: list[HeadedTable] = []
    own = window.watch

    def watch() -> None:
        own()
        now = drawn.all_drawn()
        found.extend(map(cut, tables.of_figures(now)))
        for figure in now.figures.values():
            assert not by_colour_alone(figure)

    monkeypatch.setattr(window, "watch", watch)
    return found


def readable(table: HeadedTable) -> Iterator[str]:
    """All that a table says; AssertionError: somebody who hears it could not follow."""
    assert table.name
    assert table.rows
    for heads in (table.columns, [head for head, _ in table.rows]):
        assert all(heads)
        assert len(set(heads)) == len(heads)
    assert not table.columns or all(len(row) == len(table.columns) for _, row in table.rows)
    for head, cells in table.rows:
        yield from (head, *cells)
    yield from (table.name, table.corner, *table.columns)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("link", states())
def test_numbers_are_those_of_the_language(
    link: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, query = link.lstrip("/").split("?")
    offered = tables_offered(monkeypatch)
    at = visit(page or "home", lang=language, **dict(parse_qsl(query)))
    shown = [html(at), *(one.value for kind in (at.markdown, at.caption) for one in kind)]
    shown += [str(button.label) for button in at.button]
    for chart in at.get("plotly_chart"):
        shown += strings(json.loads(chart.proto.spec))
    found = [fault for words in shown for fault in faults(words, language)]
    found += [f for one in at.latex for f in faults(str(one.value), language, tex=True)]
    assert bool(offered) == bool(at.get("plotly_chart"))
    for table in offered:
        found += [fault for cell in readable(table) for fault in faults(cell, language)]
    assert not found, "\n".join(map(repr, found))


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_in_the_catalogues_are_those_of_the_language(language: str) -> None:
    for path in (FOLDER / language).glob("*.*"):
        lines = path.read_text(encoding="utf-8")
        if path.suffix == ".po":
            lines = "\n".join(re.findall(r'^msgstr.*? "(.*)"$', lines, re.MULTILINE)[1:])
        assert not (found := faults(lines, language)), (path, found)
