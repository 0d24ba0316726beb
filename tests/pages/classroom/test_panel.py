"""The lecturer's panel, by Streamlit's own AppTest; tests/browser/test_class.py opens it."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from models.trace import Floats
from pages.ui import text
from pages.ui.classroom import ask, panel, session, shown
from pages.ui.classroom.reach import Reach, reach
from pages.ui.classroom.store import Standing, Store, Unreachable
from tests.pages.visiting import healthy, html, visit

DOGS = {"text": "Dogs chase cats", "layer": "0", "head": "2", "model": "minilm"}


def weights() -> Floats:
    """(query, key): that head's."""
    from models.catalog import load
    from models.record import record

    found: Floats = record(load("minilm"), DOGS["text"]).block("encoder", 0).weights[2]
    return found


def opened(page: str = "heads", lang: str = "en", **parameters: str) -> AppTest:
    """A lecturer opens the panel and begins a class."""
    at = visit(page, lang=lang, **parameters)
    at.session_state[panel.OPEN] = True
    at.run()
    at.button(key="class-begin").click().run()
    healthy(at)
    return at


def standing(at: AppTest, store: Store) -> Standing:
    now = store.lecture(at.session_state[session._TOKEN])
    assert now is not None
    return now


def press(at: AppTest, name: str) -> None:
    at.button(key=f"class-{name}").click().run()
    healthy(at)


def test_a_choice_is_asked_counted_closed_revealed_and_deleted(store: Store) -> None:
    at = opened()
    at.text_area(key=ask.TEXT).input("Where does “it” look?")
    at.text_area(key=ask.OPTIONS).input(" the cat \n\n<b>itself</b>\n").run()
    at.selectbox(key=ask.RIGHT).select("1").run()
    press(at, "ask")
    now = standing(at, store)
    assert now.question is not None
    assert now.question.options == ("the cat", "<b>itself</b>")
    assert now.question.answer == "1"
    assert now.code in html(at)
    store.submit(now.code, now.id, "a", "1")
    at.run()
    assert "1 answer<" in html(at)
    assert "&lt;b&gt;itself" in html(at)
    assert "✓ <bdi>" not in html(at)
    press(at, "close")
    assert standing(at, store).state == "closed"
    press(at, "reveal")
    assert "✓ <bdi>&lt;b&gt;itself" in html(at)
    assert at.text_area(key=ask.TEXT).value == ""  # the next question begins empty
    press(at, "delete")
    assert standing(at, store)
    press(at, "delete")
    assert at.session_state[session._TOKEN] == ""
    assert store.standing(now.code) is None
    assert at.button(key="class-begin")


@pytest.mark.parametrize("lang", text.LANGUAGES)
def test_a_cell_is_asked_with_the_maps_own_largest_weight(lang: str, store: Store) -> None:
    at = opened(lang=lang, v="2", **DOGS)
    at.segmented_control(key=ask.KIND).set_value("cell").run()
    press(at, "ask")
    asked = standing(at, store).question
    assert asked is not None
    assert asked.text == text.catalogue(lang)["classroom.cell_question"]
    assert asked.queries == asked.keys
    assert asked.queries[0] == "[CLS]"
    assert asked.answer is not None
    query, key = map(int, asked.answer.split(","))
    assert weights()[query, key] == weights().max()
    assert asked.where == "all-MiniLM-L6-v2 · " + text.catalogue(lang)["heads.where"].format(
        layer=0, head=2
    )


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("scores", {"step": "5", **DOGS}),
        ("scores", {"step": "2", "mode": "hand"}),
        ("gpt", {"view": "mask"}),
    ],
)
def test_every_picture_of_queries_and_keys_can_be_asked_about(
    page: str, said: dict[str, str], store: Store
) -> None:
    at = opened(page, v="2", **said)
    at.segmented_control(key=ask.KIND).set_value("cell").run()
    press(at, "ask")
    asked = standing(at, store).question
    assert asked is not None
    place = at.session_state[shown._MAP]
    assert asked.answer == f"{place.largest[0]},{place.largest[1]}"
    query, key = map(int, asked.answer.split(","))
    if "text" in said:
        assert weights()[query, key] == weights().max()
    assert asked.where


def test_a_step_without_such_a_picture_has_no_cell_to_ask_for(store: Store) -> None:
    at = opened("scores", step="1", v="2")
    assert len(at.segmented_control(key=ask.KIND).options) == 2


def test_a_number_is_the_chosen_weight_of_the_map(store: Store) -> None:
    at = opened()
    at.segmented_control(key=ask.KIND).set_value("number").run()
    at.text_area(key=ask.TEXT).input("How large?").run()
    at.selectbox(key=f"{ask.NUMBER}-from").select("page").run()
    press(at, "ask")
    asked = standing(at, store).question
    assert asked is not None
    assert (asked.answer, asked.source) == ("0.586", "page")  # it → cat, as the page shows it


@pytest.mark.parametrize(
    ("kind", "filled", "code", "lang"),
    [
        ("choice", {}, "text", "tr"),
        ("choice", {ask.TEXT: "?"}, "options", "en"),
        ("choice", {ask.TEXT: "?", ask.OPTIONS: "a\na"}, "options", "tr"),
        ("number", {ask.TEXT: "?", ask.NUMBER: "many"}, "no_number", "tr"),
    ],
)
def test_what_cannot_be_asked_is_told_and_stays(
    kind: str, filled: dict[str, str], code: str, lang: str, store: Store
) -> None:
    at = opened("glossary", lang)
    assert len(at.segmented_control(key=ask.KIND).options) == 2  # no map here, no cell
    at.segmented_control(key=ask.KIND).set_value(kind).run()
    for key, value in filled.items():
        (at.text_input if key == ask.NUMBER else at.text_area)(key=key).input(value)
    at.run()
    press(at, "ask")
    told = [one.value for one in at.warning]
    assert text.catalogue(lang)[f"classroom.wrong.{code}"] in told
    assert standing(at, store).id == 0
    for key, value in filled.items():
        assert at.session_state[key] == value


@pytest.mark.parametrize("lang", text.LANGUAGES)
def test_a_database_that_does_not_answer_leaves_the_page_as_it_is(
    lang: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = opened(lang=lang)

    def broken(*_: Any) -> None:
        raise Unreachable("OperationalError")

    monkeypatch.setattr(Store, "lecture", broken)
    at.run()
    healthy(at)
    told = [one.value for one in at.warning]
    assert text.catalogue(lang)["classroom.wrong.unreachable"] in told


def test_a_closed_panel_asks_no_database(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr(Store, "lecture", lambda *_: asked.append(1))
    healthy(visit("heads"))
    assert not asked


@pytest.mark.parametrize(
    ("public", "asked", "listening", "found", "way"),
    [
        ("https://a.b", "http://localhost:8501", None, None, Reach("https://a.b")),
        ("", "http://demo.b/heads?v=2", None, None, Reach("http://demo.b")),
        ("", "http://localhost:8501/x", "0.0.0.0", "192.0.2.7", Reach("http://192.0.2.7:8501")),
        (
            *("", "http://127.0.0.1:1/", "127.0.0.1", "192.0.2.7"),
            Reach("http://192.0.2.7:1", "this_machine"),
        ),
        ("", "http://[::1]:1/", None, "192.0.2.7", Reach("http://192.0.2.7:1", "perhaps")),
        ("", "http://localhost:1/", None, None, Reach("http://localhost:1", "no_network")),
    ],
)
def test_the_class_is_told_an_address_that_opens_in_the_room(
    public: str, asked: str, listening: str | None, found: str | None, way: Reach
) -> None:
    assert reach(public, asked, listening, found) == way


def test_a_flood_of_classes_is_held_back(store: Store) -> None:
    at = opened()
    for _ in range(5):
        at.session_state[session._TOKEN] = ""
        at.run()
        at.button(key="class-begin").click().run()
    healthy(at)
    last = at.session_state[session._TOKEN]
    at.session_state[session._TOKEN] = ""
    at.run()
    at.button(key="class-begin").click().run()
    assert [one.value for one in at.warning] == [text.catalogue("en")["classroom.wrong.often"]]
    assert at.session_state[session._TOKEN] == ""
    assert store.lecture(last) is not None  # what was begun goes on
