"""Topics own themselves: what a page is lies in its folder (tests/docs/test_adding.py adds one)."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

from pages.registry import ORDER, TOPICS
from pages.ui.parameters import OneOf
from pages.ui.state import SHARED, parameters
from tests.pages.visiting import healthy, key_of, visit
from tests.test_layout import ROOT, imported, python_files

PAGES = ROOT / "pages"
WIDGETS = {
    *("button_group", "number_input", "radio", "select_slider", "selectbox", "text_input"),
    "toggle",
}
VIEWS = [(topic.slug, view) for topic in TOPICS for view in topic.views or ("",)]


def test_a_topics_folder_bears_its_address() -> None:
    assert [topic.slug for topic in TOPICS] == list(ORDER)
    assert all((PAGES / topic.file).is_file() for topic in TOPICS)
    assert {"registry.py", "router.py", "__init__.py"} == {p.name for p in PAGES.glob("*.py")}


def test_no_folder_has_the_name_of_an_installed_package() -> None:
    """Streamlit puts the router's folder before all others: `import x` would find a page."""
    folders = {path.name for path in PAGES.iterdir() if path.is_dir()} - {"__pycache__"}
    assert {topic.slug for topic in TOPICS} <= folders
    installed = packages_distributions().keys() | sys.stdlib_module_names
    assert {"streamlit", "json"} <= installed
    assert not folders & installed


def test_what_a_topic_says_of_itself_imports_nothing_heavy() -> None:
    code = "import pages.registry, sys; print(*(n for n in sys.modules if '.' not in n))"
    run = [sys.executable, "-c", code]
    loaded = subprocess.run(
        run, cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"streamlit", "plotly", "numpy", "torch", "transformers", "models"} & set(loaded)


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.slug)
def test_a_topic_sets_defaults_of_what_it_shares_alone(topic: Any) -> None:
    shared = {parameter.name for parameter in SHARED}
    own = [parameter.name for parameter in topic.own]
    assert topic.defaults.keys() <= shared
    assert len(own) == len(set(own))
    assert not shared & set(own)
    for one in topic.own:
        if isinstance(one.parse, OneOf) and one.default is not None:
            assert one.default in one.parse.choices


def test_every_shared_parameter_is_used_by_two_topics_or_by_what_they_share() -> None:
    used = {parameter.name: set[str]() for parameter in SHARED}
    for path in python_files("pages"):
        words = set(re.findall(r'"(\w+)"', path.read_text(encoding="utf-8")))
        for name in used.keys() & words:
            if path.name not in ("state.py", "links.py"):
                used[name].add(path.parent.name)
    few = {n for n, folders in used.items() if len(folders) < 2 and not folders & {"ui"}}
    assert not few


def ours() -> list[Path]:
    """The modules of pages/ui, those of its folders too."""
    return [path for path in (PAGES / "ui").rglob("*.py") if path.stem != "__init__"]


def test_what_a_single_topic_uses_lies_in_its_folder() -> None:
    """A module of pages/ui has two topics that import it, or another one there, router or app."""
    within = {path: ".".join(path.relative_to(PAGES).with_suffix("").parts) for path in ours()}
    importers: dict[str, set[str]] = {name: set() for name in within.values()}
    for path in python_files("pages", "app.py"):
        here = within.get(path, path.parent.name)
        for name in imported(path):
            # `from pages.ui.text import t` names what lies in a module.
            for module in (name, name.rpartition(".")[0]):
                if module.removeprefix("pages.") in importers:
                    importers[module.removeprefix("pages.")].add(here)
    topics = {topic.slug for topic in TOPICS}
    lonely = {n: users for n, users in importers.items() if len(users) == 1 and users <= topics}
    assert not lonely
    assert all(importers.values())


@pytest.mark.parametrize(("page", "view"), VIEWS)
def test_nothing_on_a_page_bears_the_name_of_a_parameter_but_its_widget(
    page: str, view: str
) -> None:
    """An element's key is its place in the session, where a parameter of that name lies too."""
    at = visit(page, **({"view": view} if view else {}))
    healthy(at)
    known = {name for topic in TOPICS for name in parameters(topic.slug)}
    named = {(key_of(e), e.type) for e in at if hasattr(e, "proto") and key_of(e) in known}
    assert ("lang", "button_group") in named
    assert not {(key, kind) for key, kind in named if kind not in WIDGETS}
    assert {key for key, _ in named} <= parameters(page).keys()
