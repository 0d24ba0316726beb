"""The heads page with the real model: both languages, every control, every bad input."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from models.catalog import load
from models.core.tokens import MAX_CHARACTERS
from models.record import record
from pages.ui import caches, text
from pages.ui.inputs import ending
from pages.ui.state import parameters
from tests.pages.visiting import address, charts, healthy, html, kept, said, visit
from viz.bertviz.layout import HEAD_VIEW_TOKENS, MODEL_VIEW_TOKENS
from viz.board.notation import visible

GOOD = "Dogs chase cats"
LONG = "word " * 600
# What is refused: input → the error's code and the figures of its sentence.
REFUSED = {
    "": ("empty_text", {}),
    "   \t ": ("empty_text", {}),
    "\u200b\u200d\ufeff": ("empty_text", {}),
    "😀😀": ("only_unknown", {}),
    "x" * 100_000: ("too_many_characters", {"length": 100_000, "limit": MAX_CHARACTERS}),
    LONG: ("text_too_long", {"length": 602, "limit": 512}),
}
# What is shown, as the text that it is.
SHOWN = (
    "</script><script>window.hacked=1</script>",
    "<img src=x onerror=window.hacked=1>",
    "مرحبا بالعالم",
    "Z\u0351\u036b\u0343a\u0310l\u030dgo\u0315 te\u0301st",
    "a \ufffd b",
    "$\\alpha$ **bold** [link](javascript:1) :smile: {x}",
    "Işıl ığdır İstanbul",
    "##r [CLS] [SEP]",
)
BAD_LINKS = (
    ("layer", "99", "error.out_of_range", "controls.layer"),
    ("head", "12", "error.out_of_range", "controls.head"),
    ("query", "9999", "error.out_of_range", "controls.query"),
    ("key", "11", "error.out_of_range", "controls.key"),
    ("head", "-1", "error.address", None),
    ("layer", "two", "error.address", None),
    ("kind", "cross", "error.no_kind", None),
    ("view", "everything", "error.address", None),
)


def sentence(language: str, key: str, **values: object) -> str:
    return text.catalogue(language)[key].format(**values)


@pytest.fixture
def at() -> AppTest:
    page = visit("heads", text=GOOD, layer="2", head="7", query="2", key="3")
    healthy(page)
    assert not said(page)
    return page


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_the_page_is_whole_before_anybody_touches_anything(language: str) -> None:
    at = visit("heads", lang=language)
    healthy(at)
    assert at.title[0].value == sentence(language, "heads.title")
    assert charts(at).keys() == {"weights", "row", "first-token"}
    assert sentence(language, "origin.live") in html(at)
    assert parameters("heads")["text"].default in html(at)
    assert re.search(r"✓ [^<]*10⁻[⁶⁷⁸]", html(at)), "the check against the model's own output"
    assert not said(at)
    assert "it" in at.latex[0].value
    assert "cat" in at.latex[0].value


def test_turkish_numbers_have_commas_in_figure_formula_and_table() -> None:
    at = visit("heads", lang="tr")
    numbers = [
        t for c in charts(at)["weights"]["data"] for t in c.get("text", ()) if re.search(r"\d", t)
    ]
    assert any("," in number for number in numbers)
    assert not any("." in number for number in numbers)
    assert "{,}" in at.latex[0].value
    assert re.search(r"class='value'>\d,\d\d<", html(at))


@pytest.mark.parametrize("language", text.LANGUAGES)
@pytest.mark.parametrize("bad", REFUSED, ids=lambda bad: f"{len(bad)} characters")
def test_what_cannot_be_shown_is_told_and_the_picture_stays(
    at: AppTest, bad: str, language: str
) -> None:
    at.session_state["lang"] = language
    before = _cells(at.run())
    at.text_input(key="text").set_value(bad).run()
    healthy(at)
    code, figures = REFUSED[bad]
    last = kept(language, "last")
    assert said(at) == [sentence(language, f"error.{code}", kept=last, **figures)]
    assert _cells(at) == before
    assert GOOD in html(at)
    assert at.text_input(key="text").value == bad, "to be corrected, not to be typed again"
    at.text_input(key="text").set_value("Cats sleep").run()
    healthy(at)
    assert not said(at)
    assert _cells(at) != before


def _cells(at: AppTest) -> dict[str, list[Any]]:
    """What the figures show and carry; below a notice they are lower, and nothing else."""
    drawn = ("z", "text", "customdata")
    found = {
        key: [[trace.get(one) for one in drawn] for trace in chart["data"]]
        for key, chart in charts(at).items()
    }
    assert any(trace[0] for cells in found.values() for trace in cells)
    return found


@pytest.mark.parametrize("typed", SHOWN)
def test_strange_text_is_shown_as_text(at: AppTest, typed: str) -> None:
    at.text_input(key="text").set_value(typed).run()
    healthy(at)
    assert not said(at)
    assert charts(at).keys() == {"weights", "row", "first-token"}
    own = html(at) + "".join(str(figure) for figure in charts(at).values())
    assert not re.search(r"<(/?script|img|/?a\b)", own)


@pytest.mark.parametrize(("name", "value", "key", "subject"), BAD_LINKS)
@pytest.mark.parametrize("language", text.LANGUAGES)
def test_a_link_that_makes_no_sense_is_told_and_the_page_drawn(
    name: str, value: str, key: str, subject: str | None, language: str
) -> None:
    at = visit("heads", lang=language, text=GOOD, **{name: value})
    healthy(at)
    assert len(said(at)) == 1
    words = sentence(language, key, name="\0", value=value, last="\0", kind="\0")
    assert all(part in said(at)[0] for part in words.split("\0"))
    if subject:
        assert sentence(language, subject) in said(at)[0]
    assert charts(at).keys() == {"weights", "row", "first-token"}
    assert address(at).get(name) != value


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_a_folder_without_safetensors_is_named_and_not_loaded(
    language: str, tmp_path: Path
) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "bert"}')
    (tmp_path / "pytorch_model.bin").write_bytes(b"pickle")
    at = visit("heads", lang=language, model=str(tmp_path), text=GOOD)
    healthy(at)
    shown = kept(language, "model", model="all-MiniLM-L6-v2")
    told = {"model": tmp_path.name, "files": "config.json, pytorch_model.bin"}
    words = sentence(language, "error.no_weights", **told, kept=shown)
    assert said(at) == [words]
    assert GOOD in html(at)


@pytest.mark.parametrize("language", text.LANGUAGES)
@pytest.mark.parametrize(
    "model", ["no-such-model", "../../nowhere", "<b>x</b>", "a/b", " ", "x" * 3000]
)
def test_an_unknown_model_is_told_and_the_text_shown_in_the_last_one(
    model: str, language: str
) -> None:
    at = visit("heads", lang=language, model=model, text=GOOD)
    healthy(at)
    shown = kept(language, "model", model="all-MiniLM-L6-v2")
    # An id with an owner could be one of the hub, which this app may not ask.
    code = "error.download_off" if model == "a/b" else "error.unknown_model"
    words = sentence(language, code, model=visible(ending(model)), kept=shown)
    assert said(at) == [words]
    assert GOOD in html(at)
    assert charts(at).keys() == {"weights", "row", "first-token"}


def test_a_text_that_is_too_long_is_cut_on_request_and_says_so(at: AppTest) -> None:
    at.text_input(key="text").set_value(LONG).run()
    at.button(key="cut-offer").click().run()
    healthy(at)
    assert said(at) == [sentence("en", "frame.cut", count=512)]
    assert address(at)["cut"] == "1"
    assert len(charts(at)["row"]["data"]) > 0
    at.text_input(key="text").set_value(GOOD).run()
    assert not said(at)
    assert "cut" not in address(at)
    assert "cut-offer" not in {button.key for button in at.button}


def test_a_text_too_long_for_a_link_says_that_it_is_not_in_it(at: AppTest) -> None:
    at.text_input(key="text").set_value("word " * 400).run()
    healthy(at)
    assert sentence("en", "frame.unlinked") in [m.value for m in at.info]
    assert "text" not in address(at)
    at.text_input(key="text").set_value(GOOD).run()
    assert not at.info
    assert address(at)["text"] == GOOD


def test_another_text_forgets_the_chosen_cell(at: AppTest) -> None:
    assert {"query", "key"} <= address(at).keys()
    at.text_input(key="text").set_value("Hi").run()
    healthy(at)
    assert not said(at), "the last text's cell is no wish for this one"
    assert not {"query", "key"} & address(at).keys()


def test_going_back_to_another_text_brings_its_cell_with_it(at: AppTest) -> None:
    for name, value in (("text", "Cats sleep all day"), ("query", "4"), ("key", "2")):
        at.query_params[name] = value
    at.run()
    healthy(at)
    assert (address(at)["query"], address(at)["key"]) == ("4", "2")
    assert "Cats sleep all day" in html(at)


def test_a_second_sentence_comes_into_the_picture(at: AppTest) -> None:
    at.text_input(key="pair").set_value("Cats run away").run()
    healthy(at)
    assert "Cats run away" in html(at)
    assert address(at)["pair"] == "Cats run away"
    trace = record(load("minilm"), GOOD, text_pair="Cats run away")
    labels = str(charts(at)["weights"]["layout"]["annotations"])
    assert all(token in labels for token in trace.typed)
    at.text_input(key="pair").set_value("😀").run()
    healthy(at)


def test_hiding_special_tokens_leaves_the_words_and_says_that_nothing_is_renormalised(
    at: AppTest,
) -> None:
    assert "[CLS]" in str(charts(at)["weights"]["layout"]["annotations"])
    at.toggle(key="hide").set_value(True).run()
    healthy(at)
    assert "[CLS]" not in str(charts(at)["weights"]["layout"]["annotations"])
    note = sentence("en", "heads.map_note_hidden", names="[CLS], [SEP]")
    assert note in html(at)
    assert address(at)["hide"] == "1"
    assert "2 hidden" in str(charts(at)["row"])


def test_choosing_layer_and_head_changes_picture_formula_and_address(at: AppTest) -> None:
    before, formula = charts(at), at.latex[0].value
    at.number_input(key="head").set_value(3).run()
    at.number_input(key="layer").set_value(0).run()
    healthy(at)
    assert (address(at)["layer"], address(at)["head"]) == ("0", "3")
    assert charts(at)["weights"] != before["weights"]
    assert at.latex[0].value != formula
    assert sentence("en", "heads.where", layer=0, head=3) in html(at)


@pytest.mark.parametrize("view", ["head_view", "model_view"])
def test_only_the_open_tab_is_drawn(view: str) -> None:
    at = visit("heads", text=GOOD, view=view)
    healthy(at)
    assert not charts(at)
    (frame,) = at.get("iframe")
    assert "dogs" in str(frame.proto).lower()
    assert not visit("heads", text=GOOD).get("iframe")


@pytest.mark.parametrize("language", text.LANGUAGES)
@pytest.mark.parametrize(
    ("view", "limit"), [("head_view", HEAD_VIEW_TOKENS), ("model_view", MODEL_VIEW_TOKENS)]
)
def test_bertviz_says_from_how_many_tokens_on_it_is_of_no_use(
    view: str, limit: int, language: str
) -> None:
    at = visit("heads", lang=language, text="word " * (limit - 1), view=view)
    healthy(at)
    told = sentence(language, "heads.bertviz_limit", limit=limit, count=limit + 1)
    assert told in [message.value for message in at.info]
    assert not at.get("iframe")
    assert visit("heads", text="word " * (limit - 2), view=view).get("iframe")


def test_an_accident_is_a_sentence_for_the_visitor(
    at: AppTest, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> float:
        raise RuntimeError("secret path")

    monkeypatch.setattr(caches, "difference", fail)
    at.run()
    assert not at.exception
    assert [message.value for message in at.error] == [sentence("en", "frame.failed")]
    assert "secret" not in str(at.main)
    caplog.clear()


def test_a_link_with_a_bad_model_still_opens_the_page_for_the_next_text() -> None:
    at = visit("heads", model="no-such-model")
    at.text_input(key="text").set_value(GOOD).run()
    healthy(at)
    assert GOOD in html(at)


@pytest.mark.parametrize("page", ["heads", "scores"])
def test_the_translator_opens_with_what_it_writes_itself(page: str) -> None:
    at = visit(page, model="translator", text="Kedi balığı yedi.", kind="cross", layer="1")
    healthy(at)
    assert not said(at)
    shown = json.dumps([charts(at), html(at)], ensure_ascii=False)
    assert all(word in shown for word in ("balığ", "ate", "fish"))
