"""The Model field: what it lists, what is typed into it, and what a visitor's own is called."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from models import catalog
from models.catalog import CATALOG
from models.loading import nearby, unpacked
from pages.ui import text
from pages.ui.model import chooser
from pages.ui.own import recent
from tests.models import tiny
from tests.models.loading.test_unpacked import zipped
from tests.pages.visiting import (
    address,
    charts,
    choose,
    healthy,
    html,
    literally,
    models,
    said,
    visit,
)
from viz.board.notation import grouped

GOOD = "the animal"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.save("bert", tmp_path_factory.mktemp("somewhere") / "my_*model*")


def opened(at: AppTest) -> AppTest:
    """The same visit with the list open."""
    models(at)
    return at


def typed(at: AppTest, words: str) -> None:
    at.text_input(key="own-typed").set_value(words)
    [button] = [one for one in at.button if one.proto.is_form_submitter]
    button.click().run()


def shown(at: AppTest) -> str:
    """Everything that a page says and draws."""
    buttons = [one.label for one in at.button]
    *_, field = [one.proto.popover.label for one in at.get("popover")]
    return json.dumps([html(at), said(at), charts(at), buttons, field], ensure_ascii=False)


@pytest.mark.parametrize(
    ("page", "kind", "first"),
    [
        ("heads", "attention", "minilm"),
        ("lstm", "recurrent", "lstm"),
        ("bert", "bert", "bert-mini"),
    ],
)
def test_it_lists_what_the_page_can_show_its_own_first(page: str, kind: str, first: str) -> None:
    at = visit(page, lang="tr")
    listed = models(at)
    healthy(at)
    cards = [c for c in CATALOG.values() if kind in (c.shows, c.family)]
    assert set(listed) == {card.id for card in cards}
    assert next(iter(listed)) == first
    words = text.catalogue("tr")
    for card in cards:
        assert words[f"purpose.{card.id}"] in literally(listed[card.id])
        assert grouped(card.sizes["parameters"], ".") in listed[card.id]


def test_choosing_closes_the_list_and_shows_the_model() -> None:
    at = visit("heads")
    choose(at, "induction")
    healthy(at)
    assert address(at)["model"] == "induction"
    assert not [one for one in at.button if (one.key or "").startswith("choose-")]
    assert text.catalogue("en")["model.induction"] in html(at)


def test_hosted_nothing_of_ones_own_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIKKAT_MODE", "public")
    at = opened(visit("heads"))
    assert not at.get("file_uploader")
    assert {one.key for one in at.text_input} == {"text", "pair"}
    assert text.catalogue("en")["chooser.own"] not in html(at)


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_typed_path_opens_and_only_its_name_is_shown(folder: Path, quote: str) -> None:
    at = opened(visit("heads"))
    typed(at, f" {quote}{folder}{quote} ")
    healthy(at)
    assert address(at)["model"] == str(folder)
    everything = shown(opened(at))
    assert folder.name in everything
    assert folder.parent.name not in everything
    [one] = [b for b in at.button if b.key == "recent-0"]
    assert literally(one.label.strip("*")) == folder.name


def test_the_recent_ones_stay_in_the_session_and_open_again(folder: Path) -> None:
    at = visit("heads", model=str(folder))
    choose(at, "minilm")
    opened(at).button(key="recent-0").click().run()
    healthy(at)
    assert address(at)["model"] == str(folder)
    assert not [b for b in opened(visit("heads")).button if (b.key or "").startswith("recent")]


def test_what_is_not_there_is_said_by_what_was_typed() -> None:
    at = opened(visit("heads"))
    typed(at, "/no/such/folder")
    healthy(at)
    assert any("/no/such/folder" in sentence for sentence in said(at))


def test_a_folder_that_lies_near_is_chosen_by_its_name(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = (nearby.Nearby(str(folder), "bert"), nearby.Nearby("/x/a/m", "gpt2"))
    pictures = nearby.Nearby("/x/v", "vit")
    monkeypatch.setattr(
        chooser, "nearby", lambda: (*there, pictures, nearby.Nearby("/x/b/m", "t5"))
    )
    at = opened(visit("heads"))
    menu = at.selectbox(key="own-nearby")
    assert menu.options == [f"{folder.name} (bert)", "a/m (gpt2)", "b/m (t5)"]
    menu.set_value(str(folder)).run()
    healthy(at)
    assert address(at)["model"] == str(folder)


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_a_zip_is_a_model_that_no_link_carries_and_the_page_says_so(
    folder: Path, language: str
) -> None:
    held = unpacked.unpack("mine.zip", zipped(folder))
    words = text.catalogue(language)
    at = visit("heads", lang=language, model=held.id, text=GOOD)
    healthy(at)
    assert not said(at)
    assert words["chooser.unlinked"] in [one.value for one in at.info]
    assert "mini.zip" in html(at)
    gone = visit("heads", lang=language, model="mini.zip-0123456789abcdef", text=GOOD)
    healthy(gone)
    kept = words["kept.model"].format(model="all-MiniLM-L6-v2")
    assert said(gone) == [words["error.zip_not_here"].format(model="mini", kept=kept)]
    assert not gone.info


def test_a_session_keeps_its_zip_and_lets_the_oldest_go(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recent, "MOST", 1)
    held = unpacked.unpack("mine.zip", zipped(folder, "kept"))
    at = visit("heads", model=held.id)
    place = held.folder
    del held
    at.run()
    healthy(at)
    assert not said(at)
    assert place.is_dir()
    at.session_state["model"] = str(folder)
    at.run()
    at.run()
    assert recent_ids(at) == [str(folder)]
    assert not place.exists()
    assert catalog.is_loaded(str(folder))


def recent_ids(at: AppTest) -> list[str]:
    return [one.id for one in at.session_state["_recent"]]


@pytest.mark.parametrize(
    ("listed", "names"),
    [
        (("/a/b/m", "/a/c/n"), ["m", "n"]),
        (("/a/b/m", "/a/c/m"), ["b/m", "c/m"]),
        (("/a/x/m", "/b/x/m", "/b/m/"), ["a/x/m", "b/x/m", "b/m"]),
        (("/a/b/m", "/a/b/../b/m/", "org/m"), ["m", "m", "org/m"]),
        (("/c/models--org--m/snapshots/0f",), ["org/m"]),
        (
            ("a.zip-0123456789abcdef", "no.zip", "**x**", "", "\0/"),
            ["a.zip", "no.zip", "**x**", "", "\0/"],
        ),
    ],
)
def test_folders_of_one_name_are_told_apart(listed: tuple[str, ...], names: list[str]) -> None:
    assert [recent.named(one, listed) for one in listed] == names
