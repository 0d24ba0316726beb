"""The gpt page in both languages: every view and control, links, bad input."""

from __future__ import annotations

from dataclasses import replace
from html import escape

import pytest
from streamlit.testing.v1 import AppTest

from models.catalog import load
from models.core.sampling import Settings
from models.gpt.generation import spelled, write
from models.gpt.induction import shipped
from pages.gpt import controls
from pages.gpt.controls import VIEWS
from pages.ui import text
from pages.ui.state import parameters
from tests.pages.visiting import address, charts, healthy, html, said, visit
from viz.board.notation import Notation

BOTH = pytest.mark.parametrize("language", text.LANGUAGES)
ORDERS = {f"order{which}-{one}" for which in ("", "-example") for one in ("library", "other")}
BELOW = {*ORDERS, "hidden-unit"}
FIGURES = {"write": "choosing", "mask": "masked", "cache": "kept", "induction": "repeats"}
HOSTILE = "<img src=x onerror=alert(1)></script><script>alert(1)</script> ${1} \\x"
HERE = parameters("gpt")
WAY = Settings(*(HERE[name].default for name in ("temperature", "top_k", "top_p")))


def opened(**parameters: str) -> AppTest:
    """The page by its link."""
    return visit("gpt", **parameters)


def chips(at: AppTest, kind: str) -> list[str]:
    """The chips of a kind: given, written or coming."""
    parts = html(at).split("<div class='chips'>")[1].split("</div>")[0].split("<span class='")[1:]
    return [p.split("<bdi>")[1].split("</bdi>")[0] for p in parts if p.startswith(kind)]


@BOTH
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_opens_by_its_link_with_picture_sums_and_check(view: str, language: str) -> None:
    at = opened(view=view, lang=language)
    healthy(at)
    assert not said(at)
    assert charts(at).keys() - BELOW == {FIGURES[view]}
    assert at.latex
    assert "✓" in html(at)
    assert "class='bad'" not in html(at)
    words = text.catalogue(language)
    assert at.title[0].value == words["gpt.title"]
    assert words["origin.live"] in html(at)


def test_the_page_writes_what_the_model_writes_and_a_link_brings_the_same() -> None:
    at = opened(step="5", seed="4")
    healthy(at)
    own = write("gpt-mini", "The old", WAY, seed=4, steps=5)
    assert chips(at, "written") == [escape(word) for word in own.typed[own.given :]]
    again = opened(**address(at))
    assert html(again) == html(at)


def test_the_arrow_buttons_write_a_token_and_take_it_back() -> None:
    at = opened(step="0")
    first = chips(at, "coming")
    assert at.button(key="previous").disabled
    at.button(key="next").click().run()
    healthy(at)
    assert chips(at, "written") == first
    assert address(at)["step"] == "1"
    at.button(key="previous").click().run()
    assert not chips(at, "written")
    assert chips(at, "coming") == first


@pytest.mark.parametrize(
    ("name", "way"),
    [
        ("temperature", replace(WAY, temperature=0.0)),
        ("top_k", replace(WAY, top_k=1)),
        ("top_p", replace(WAY, top_p=0.0)),
    ],
)
def test_each_setting_can_leave_one_token_alone(name: str, way: Settings) -> None:
    at = opened(step="2")
    if name == "top_k":
        at.number_input(key=name).set_value(way.top_k).run()
    else:
        at.text_input(key=f"{name}-field").set_value("0").run()
    healthy(at)
    own = write("gpt-mini", "The old", way, steps=2)
    assert own.next is not None
    assert len(own.next.stages.kept) == 1
    assert chips(at, "written") == [escape(word) for word in own.typed[own.given :]]


@BOTH
def test_greedy_says_that_nothing_is_drawn(language: str) -> None:
    at = opened(temperature="0", lang=language)
    healthy(at)
    words = text.catalogue(language)
    assert words["gpt.now.greedy"].split("{word}")[1] in html(at)
    assert f">{words['gpt.sum.draw']}<" not in html(at)
    assert "✓" in html(at)


def test_a_text_that_ends_says_so_and_writes_no_further() -> None:
    at = opened(step="64", temperature="0")
    healthy(at)
    own = write("gpt-mini", "The old", Settings(0.0), steps=64)
    assert at.button(key="next").disabled
    words = text.catalogue("en")
    assert words[f"gpt.now.over_{'ended' if own.next is None else 'full'}"] in html(at)
    assert charts(at).keys() - BELOW == {"choosing"}


def test_a_click_on_a_word_writes_that_one() -> None:
    at = opened(step="1")
    seen = at.session_state["_gpt_seen"]
    token = int(seen.shown.stages.order[1])
    begun = spelled(load("gpt-mini"), (*seen.written.ids, token))
    at.session_state["text"], at.session_state["step"] = begun, 0
    at.run()
    healthy(at)
    assert chips(at, "given")[-1] == escape(seen.words[token].removeprefix("-"))


@pytest.mark.parametrize("beginning", controls.BEGINNINGS)
def test_every_offered_beginning_is_of_known_pieces(beginning: str) -> None:
    from models.recording.vocabulary import unmet

    loaded = load("gpt-mini")
    assert not unmet(loaded) & set(loaded.encode(beginning).tokens)


def test_a_beginning_from_the_menu_is_put_into_the_field() -> None:
    at = opened(step="4")
    at.selectbox(key="beginnings").select("Yaşlı").run()
    healthy(at)
    assert at.text_input(key="text").value == "Yaşlı"
    assert at.selectbox(key="beginnings").value is None
    assert at.session_state["step"] == 0


@BOTH
def test_the_mask_view_prints_what_appending_changed(language: str) -> None:
    at = opened(view="mask", step="4", layer="2", head="3", lang=language)
    healthy(at)
    words = text.catalogue(language)
    assert words["gpt.earlier_apart"].split("{")[0] in html(at)
    assert "class='bad'" not in html(at)
    at.button(key="next").click().run()
    healthy(at)
    assert address(at)["step"] == "5"


@pytest.mark.parametrize("view", VIEWS[:3])
@pytest.mark.parametrize("model", ["induction", "induction-1layer"])
def test_other_decoders_write_too(model: str, view: str) -> None:
    at = opened(view=view, model=model, text="abcdefgabc", layer="0")
    healthy(at)
    assert charts(at).keys() - BELOW == {FIGURES[view]}
    if view == "cache":
        told = text.catalogue("en")["gpt.cache.none"].split("{model}”")[1]
        assert escape(told) in html(at)


@BOTH
def test_heads_scores_stand_beside_the_measured_ones(language: str) -> None:
    at = opened(view="induction", lang=language)
    healthy(at)
    decimal = "," if language == "tr" else "."
    for model in ("induction", "induction-1layer"):
        measured = shipped(model)
        assert measured is not None
        for score in (score for layer in measured for score in layer):
            assert f">{Notation(decimal).fixed(score, 3)}<" in html(at)


def test_the_part_that_comes_twice_can_be_typed_and_drawn_anew() -> None:
    at = opened(view="induction")
    before = charts(at)["repeats"]
    at.number_input(key="seed").set_value(7).run()
    healthy(at)
    drawn = charts(at)["repeats"]
    assert drawn != before
    at.text_input(key="sequence").set_value("kediler").run()
    healthy(at)
    assert not said(at)
    assert charts(at)["repeats"] != drawn
    assert address(at)["sequence"] == "kediler"
    assert "7 tokens, twice" in html(at)


def test_a_model_of_ones_own_choice_reads_tokens_twice() -> None:
    at = opened(view="induction", circuit="model", length="10")
    healthy(at)
    assert not said(at)
    assert charts(at).keys() == {"repeats"}
    assert "10 tokens, twice" in html(at)


@pytest.mark.parametrize(
    ("link", "notice"),
    [
        ({"text": "   "}, "error.empty_text"),
        ({"text": "the " * 3000}, None),
        ({"text": "the " * 600}, "error.text_too_long"),
        ({"text": "😀😀"}, "error.only_unknown"),
        ({"step": "50000"}, "error.out_of_range"),
        ({"layer": "99", "view": "mask"}, "error.out_of_range"),
        ({"head": "99", "view": "cache"}, "error.out_of_range"),
        ({"query": "99", "view": "mask"}, "error.out_of_range"),
        ({"key": "99", "view": "mask"}, "error.out_of_range"),
        ({"query": "99", "view": "induction"}, "error.out_of_range"),
        ({"temperature": "50"}, "error.out_of_range"),
        ({"temperature": "-1"}, "error.address"),
        ({"temperature": "nan"}, "error.address"),
        ({"top_p": "1.5"}, "error.out_of_range"),
        ({"top_p": "x"}, "error.address"),
        ({"top_k": "-3"}, "error.address"),
        ({"seed": "a"}, "error.address"),
        ({"view": "nonsense"}, "error.address"),
        ({"circuit": "nonsense"}, "error.address"),
        ({"length": "1", "view": "induction"}, "gpt.twice.length"),
        ({"length": "99999", "view": "induction"}, "error.address"),
        ({"sequence": "a" * 3000, "view": "induction"}, "gpt.twice.length"),
        ({"sequence": "😀😀", "view": "induction"}, "gpt.twice.unread"),
        ({"sequence": "a", "view": "induction"}, "gpt.twice.length"),
        ({"model": "minilm"}, "error.no_head"),
        ({"model": "translator"}, "error.no_head"),
        ({"model": "lstm"}, None),
        ({"model": "vit-digits"}, None),
        ({"model": "nowhere"}, "error.unknown_model"),
        ({"model": "minilm", "view": "induction", "circuit": "model"}, "error.no_head"),
        ({"model": "nowhere", "view": "induction", "circuit": "model"}, "error.unknown_model"),
    ],
    ids=lambda value: (
        "&".join(f"{k}={v[:9]}" for k, v in value.items()) if isinstance(value, dict) else None
    ),
)
def test_what_cannot_be_shown_is_told_and_something_good_is_shown(
    link: dict[str, str], notice: str | None
) -> None:
    at = opened(**link)
    healthy(at)
    assert said(at)
    assert charts(at)
    if notice is not None:
        wanted = max(text.catalogue("en")[notice].split("{")[0].split("}"), key=len)
        assert any(wanted in sentence for sentence in said(at)), said(at)


def test_a_top_k_beyond_the_vocabulary_keeps_all() -> None:
    at = opened(top_k="999999")
    healthy(at)
    vocabulary = load("gpt-mini").card.sizes["vocabulary"]
    assert at.number_input(key="top_k").value == vocabulary


@pytest.mark.parametrize("typed", ["😀 the cat", "مرحبا", "日本 the", "x" * 50])
@pytest.mark.parametrize("view", VIEWS[:3])
def test_strange_letters_are_read_in_every_view(typed: str, view: str) -> None:
    at = opened(text=typed, view=view)
    healthy(at)
    assert charts(at).keys() - BELOW == {FIGURES[view]}


@pytest.mark.parametrize("view", VIEWS)
def test_hostile_text_is_text_everywhere(view: str) -> None:
    at = opened(text=HOSTILE, sequence=HOSTILE[:40], view=view)
    healthy(at)
    assert "<script>alert" not in html(at)
    assert "<img src" not in html(at)
    assert "<script>alert" not in str(charts(at))


def test_a_beginning_that_fills_the_model_is_shown_and_nothing_can_be_written() -> None:
    at = opened(text=" ".join(["old"] * (load("gpt-mini").limit - 1)))
    healthy(at)
    assert at.button(key="next").disabled
    assert text.catalogue("en")["gpt.now.over_full"] in html(at)


@pytest.mark.parametrize(("language", "sign"), [("en", "."), ("tr", ",")])
def test_decimals_are_written_in_the_language_and_read_with_either_sign(
    language: str, sign: str
) -> None:
    at = opened(lang=language)
    field = at.text_input(key="temperature-field")
    assert field.value == f"0{sign}8"
    for typed, value in (("0,5", "0.5"), ("1.25", "1.25"), (" .5 ", "0.5"), ("5", "5")):
        at.text_input(key="temperature-field").set_value(typed).run()
        healthy(at)
        assert not said(at)
        assert float(address(at)["temperature"]) == float(value)
        assert at.text_input(key="temperature-field").value == value.replace(".", sign)


@pytest.mark.parametrize(
    "typed",
    ["", "abc", "1e99", "NaN", "-1", "5,01", "0.5.5", "٣", "1" * 9000, "1,0,0", "½", "\x00"],
)
def test_what_is_no_temperature_is_told_and_the_last_one_stays(typed: str) -> None:
    at = opened(temperature="0.3")
    at.text_input(key="temperature-field").set_value(typed).run()
    healthy(at)
    start = (
        text.catalogue("en")["error.no_decimal"]
        .split("{value}")[1]
        .format(name=text.catalogue("en")["controls.temperature"], first="0", last="5")
    )
    assert said(at)[0].endswith(start)
    assert float(address(at)["temperature"]) == 0.3
    assert at.text_input(key="temperature-field").value == "0.3"
    assert not said(at.run())


def test_more_candidates_than_the_vocabulary_has_are_told() -> None:
    at = opened(top_k="999999")
    healthy(at)
    (words,) = said(at)
    assert "999,999" in words
