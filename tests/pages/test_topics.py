"""Topics own themselves: what a page is lies in its folder, and adding one touches nothing else."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

from pages.registry import ORDER, TOPICS
from pages.ui.parameters import OneOf
from pages.ui.state import SHARED, parameters
from tests.pages import scratch_topic
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


def test_what_a_single_topic_uses_lies_in_its_folder() -> None:
    """A module of pages/ui has two topics that import it, or another one there, or the router."""
    importers: dict[str, set[str]] = {path.stem: set() for path in (PAGES / "ui").glob("*.py")}
    del importers["__init__"]
    for path in python_files("pages"):
        here = path.parent.name if path.parent != PAGES / "ui" else f"ui.{path.stem}"
        for name in imported(path):
            found = re.match(r"pages\.ui\.(\w+)", name)
            if found and found[1] in importers:
                importers[found[1]].add(here)
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


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with one more topic, its weights borrowed from here."""
    copy = tmp_path_factory.mktemp("tree")
    left_out = shutil.ignore_patterns("__pycache__", "checkpoints")
    for name in ("pages", "viz", "models", "text", "tests", ".streamlit"):
        shutil.copytree(ROOT / name, copy / name, ignore=left_out)
    for name in ("app.py", "pyproject.toml"):
        shutil.copy(ROOT / name, copy / name)
    (copy / "models" / "checkpoints").symlink_to(ROOT / "models" / "checkpoints")
    for name, content in scratch_topic.FILES.items():
        (copy / name).parent.mkdir(exist_ok=True)
        (copy / name).write_text(content, encoding="utf-8")
    registry = copy / "pages" / "registry.py"
    source = registry.read_text("utf-8")
    last = f'    "{ORDER[-1]}",\n'
    assert source.count(last) == 1
    registry.write_text(source.replace(last, last + scratch_topic.LINE), encoding="utf-8")
    return copy


OPENED = """
import json, sys
import streamlit as st
from tests.pages.visiting import address, charts, healthy, html, said, visit

menu, navigation = [], st.navigation
def spied(pages, **how):
    menu.append({part: [page.title for page in found] for part, found in pages.items()})
    return navigation(pages, **how)
st.navigation = spied

language = sys.argv[1]
at = visit("scratch", lang=language, scratched="2", view="bars")
healthy(at)
first = {
    "title": at.title[0].value, "menu": menu[-1], "said": said(at), "address": address(at),
    "chart": charts(at)["own"], "sum": [str(sum.value) for sum in at.latex], "html": html(at),
}
at.button(key="next").click().run()
stepped = address(at)
at = visit("scratch", **stepped, view="sum")
healthy(at)
then = {"address": address(at), "charts": list(charts(at)), "sum": [str(s.value) for s in at.latex]}
home = visit("home", lang=language)
healthy(home)
other = visit("heads", lang=language, scratched="2")
print("FOUND", json.dumps({"first": first, "stepped": stepped, "then": then, "home": html(home),
                           "links": [link.proto.page for link in home.get("page_link")],
                           "elsewhere": address(other)}))
"""


def run_in(tree: Path, *command: str) -> str:
    """What a fresh Python prints in the copy."""
    done = subprocess.run([sys.executable, *command], cwd=tree, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


@pytest.mark.parametrize("language", scratch_topic.WORDS)
def test_a_new_topic_opens_with_its_picture_sum_view_and_parameter(
    tree: Path, language: str
) -> None:
    found = json.loads(run_in(tree, "-c", OPENED, language).split("FOUND ", 1)[1])
    words, first, then = scratch_topic.WORDS[language], found["first"], found["then"]
    assert first["title"] == words["scratch.title"]
    assert words["nav.scratch"] in [title for part in first["menu"].values() for title in part]
    assert not first["said"]
    link = {"lang": language, "v": "2", "model": "minilm"}
    assert first["address"] == {**link, "scratched": "2"}
    assert first["chart"]["layout"]["title"]["text"] == words["scratch.figure.own"]
    assert re.search({"en": r"0\.\d{4}", "tr": r"0,\d{4}"}[language], first["sum"][0])
    assert "class='good'" in first["html"]
    assert ".st-key-own{" in first["html"]
    assert ".st-key-own{" not in found["home"]
    assert found["stepped"] == {**link, "scratched": "3"}
    assert then["address"] == {**link, "scratched": "3", "view": "sum"}
    assert not then["charts"]
    assert then["sum"] != first["sum"]
    assert words["scratch.card"] in found["home"]
    assert "scratch" in found["links"]
    assert found["elsewhere"] == {"lang": language}


def test_the_words_of_a_new_topic_are_held_to_the_same_rules(tree: Path) -> None:
    tests = ("tests/pages/test_text.py", "-k", "not placeholders")
    run_in(tree, "-m", "pytest", "-q", "-p", "no:xdist", "-p", "no:cacheprovider", *tests)
