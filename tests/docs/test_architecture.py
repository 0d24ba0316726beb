"""docs/architecture.md: what it names is there, and its table lists every page and view."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pages.registry import ORDER
from pages.ui import text
from pages.ui.topic import topic
from tests.test_layout import ROOT, imported

PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
TREES = ("pages", "viz", "models")
PATH = re.compile(r"(?:pages|viz|models|text|tests|tools|docs)/[\w./<>*-]*|\w+\.(?:py|toml)")
NAME = re.compile(rf"(?:{'|'.join(TREES)})(?:\.\w+)+")
CODE = sorted(set(re.findall(r"`([^`\n]+)`", PAGE)))
NAMES = sorted({name for code in CODE for name in NAME.findall(code) if "/" not in code})


def table(heading: str) -> list[list[str]]:
    """The cells of the table below a heading, row by row, without its two head rows."""
    part = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [line for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]


def views() -> Iterator[tuple[str, list[str], list[list[str]]]]:
    """(topic, views, names of files in each tree) of every row of the table of topics."""
    slug = ""
    for first, shown, *files in table("Topics and their views"):
        slug = first.strip("`") or slug
        yield slug, re.findall(r"`(\w+)`", shown), [re.findall(r"`([^`]+)`", f) for f in files]


def defined(name: str) -> bool:
    """A dotted name is a module of ours, or something that stands in one, or in its class."""
    parts = name.split(".")
    for n in range(len(parts), 0, -1):
        path = ROOT.joinpath(*parts[:n]).with_suffix(".py")
        if path.is_file():
            return found_in(ast.parse(path.read_text(encoding="utf-8")).body, parts[n:])
    return False


def found_in(body: list[ast.stmt], parts: list[str]) -> bool:
    """Some statements define the first name, and what stands in it defines the next."""
    if not parts:
        return True
    for node in body:
        names = [node.name] if isinstance(node, ast.FunctionDef | ast.ClassDef) else []
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name)]
        if parts[0] in names:
            return found_in(getattr(node, "body", []), parts[1:])
    return False


def test_it_can_be_read_at_once() -> None:
    assert len(PAGE.splitlines()) <= 160
    assert "architecture.svg" in PAGE
    assert (ROOT / "docs" / "architecture.svg").is_file()


def test_every_path_that_it_names_is_there() -> None:
    paths = {code for code in CODE if PATH.fullmatch(code)} - {"__init__.py", "page.py"}
    missing = []
    for path in paths - {"*_formulas.py", "formulas.py"}:
        pattern = re.sub(r"<\w+>", "*", path).rstrip("/")
        if not list(ROOT.glob(pattern)):
            missing.append(path)
    assert len(paths) > 30
    assert not missing


@pytest.mark.parametrize("name", NAMES)
def test_what_it_names_is_defined(name: str) -> None:
    assert defined(name)


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "docs/adding.md"])
def test_the_other_pages_name_what_is_there_and_lead_here(page: str) -> None:
    """The changelog is left out: it also tells of what is gone."""
    words = (ROOT / page).read_text(encoding="utf-8")
    code = re.findall(r"`([^`\n]+)`", words)
    named = {name for one in code if "/" not in one for name in NAME.findall(one)}
    assert not [name for name in named if not defined(name)]
    assert "docs/architecture.md" in words


def test_a_name_that_is_gone_is_missed() -> None:
    assert len(NAMES) > 40
    assert defined("models.core.block.AttentionBlock.head")
    assert not defined("models.core.block.AttentionBlock.tail")
    assert not defined("models.nowhere.head")


def test_its_topics_are_the_pages_in_their_order() -> None:
    listed = list(dict.fromkeys(slug for slug, _, _ in views()))
    assert listed == list(ORDER)


@pytest.mark.parametrize("slug", ORDER)
def test_its_views_are_those_of_the_page_in_their_order(slug: str) -> None:
    assert [view for one, shown, _ in views() if one == slug for view in shown] == list(
        topic(slug).views
    )


def files_of(slug: str, tree: str, names: list[str]) -> set[Path]:
    """The files that a cell of the table names; AssertionError: one is not there."""
    places = [name if "/" in name else f"{slug}/{name}" for name in names]
    files = {ROOT / tree / f"{place}.py" for place in places}
    assert files
    assert not [str(file) for file in files if not file.is_file()]
    return files


def reached(files: set[Path]) -> set[Path]:
    """These files, and all of ours that they import, directly or not."""
    known, new = set(files), set(files)
    while new:
        names = {name for file in new for name in imported(file)}
        # Of "pages.bert.mask.view" the file, not what stands in it.
        places = {ROOT.joinpath(*name.split(".")) for name in names}
        new = {p.with_suffix(".py") for place in places for p in (place, place.parent)}
        new |= {place / "__init__.py" for place in places}
        new = {file for file in new if file.is_file()} - known
        known |= new
    return known


@pytest.mark.parametrize(("slug", "shown", "files"), list(views()), ids=str)
def test_a_views_page_uses_the_files_that_its_row_names(
    slug: str, shown: list[str], files: list[list[str]]
) -> None:
    pages, viz, models = (files_of(slug, *cell) for cell in zip(TREES, files, strict=True))
    assert viz | models <= reached(pages)


@pytest.mark.parametrize("row", table("From a number on screen to its line"), ids=lambda r: r[0])
def test_an_example_leads_from_words_to_the_line_that_says_them(row: list[str]) -> None:
    """The key has a sentence, and stands, in full or up to its last part, where it is said."""
    _, key, place, *_ = (cell.strip("`") for cell in row)
    assert key in text.catalogue("en")
    *module, function = place.split(".")
    source = ROOT.joinpath(*module).with_suffix(".py").read_text(encoding="utf-8")
    body = next(
        ast.get_source_segment(source, node) or ""
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef) and node.name == function
    )
    assert key in body or key.rpartition(".")[0] + ".{" in body or key[:-1] + "{" in body
