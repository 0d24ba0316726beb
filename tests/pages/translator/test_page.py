"""The translator page in both languages: every stage, control, search, bad links, hostile text."""

from __future__ import annotations

import json
from html import escape, unescape

import pytest
from streamlit.testing.v1 import AppTest

from models.catalog import load
from models.translation import alignment
from models.translation.reference import examples
from models.translator.record import search, translate
from pages.registry import topic
from pages.translator import controls, playback
from pages.ui import state, text
from tests.pages.visiting import address, charts, healthy, html, said, visit
from viz.board.notation import MINUS, isolated
from viz.translator.stage_names import STAGES

BOTH = pytest.mark.parametrize("language", text.LANGUAGES)
TEXT = "Pencereleri anne kırdı."  # an example: the grammar has not to be built for it
HOSTILE = "<img src=x onerror=alert(1)></script><script>alert(1)</script> ${1} \\x"


def opened(**parameters: str) -> AppTest:
    """The page by its link."""
    return visit("translator", **{"text": TEXT, **parameters})


@BOTH
def test_every_stage_opens_by_its_link_with_its_check(language: str) -> None:
    at = opened(lang=language, step="2")
    catalogue = text.catalogue(language)
    assert at.title[0].value == catalogue["translator.title"]
    for stage in STAGES:
        at.session_state["stage"] = stage
        at.run()
        healthy(at)
        assert not said(at)
        assert escape(catalogue[f"translator.stage.{stage}"]) in html(at)
        assert "✓" in html(at)
        assert "class='bad'" not in html(at)
        assert at.latex
    assert address(at)["stage"] == STAGES[-1]


def test_all_terms_asked_for_on_another_page_change_no_sum_here() -> None:
    shown = [one.value for one in opened(stage="linear").latex]
    assert [one.value for one in opened(stage="linear", all="1").latex] == shown


def test_the_page_begins_with_the_head_that_was_measured_to_align_best() -> None:
    found = alignment.measured("translator")
    assert found is not None
    defaults = topic("translator").defaults
    assert (defaults["layer"], defaults["head"]) == found.best
    at = visit("translator")
    healthy(at)
    assert at.selectbox(key="head-control").value == found.best
    assert sum("★" in option for option in at.selectbox(key="head-control").options) == 1


def test_the_arrow_buttons_walk_the_words_and_end_where_they_end() -> None:
    at = opened(step="0")
    words = translate("translator", TEXT).written.typed
    for step in range(len(words)):
        assert escape(words[step]) in html(at)
        assert at.button(key="previous").disabled is (step == 0)
        if step < len(words) - 1:
            at.button(key="next").click().run()
    assert at.button(key="next").disabled
    assert address(at)["step"] == str(len(words) - 1)


def test_a_run_plays_word_by_word_pauses_and_begins_anew() -> None:
    at = opened(step="0")
    at.button(key="play").click().run()
    count = len(translate("translator", TEXT).ids)
    assert at.session_state[playback._PLAYING]
    at.session_state["step"] = 1  # as the clock does
    at.run()
    at.button(key="play").click().run()
    assert not at.session_state[playback._PLAYING]
    at.session_state["step"] = count - 1
    at.run()
    at.button(key="play").click().run()
    assert at.session_state["step"] == 0
    at.session_state["step"] = count - 1
    at.run()
    assert not at.session_state[playback._PLAYING]


def test_the_clock_stands_only_while_it_plays() -> None:
    at = opened(step="0")
    assert not at.get("bidi_component") or "ticker" not in str(at.get("bidi_component"))
    at.button(key="play").click().run()
    assert "ticker" in str([c.proto for c in at.get("bidi_component")])


@BOTH
def test_a_beam_is_drawn_as_a_tree_with_its_scores(language: str) -> None:
    at = opened(lang=language, beams="3")
    healthy(at)
    assert charts(at).keys() >= {"translation", "tree"}
    assert "class='finished'" in html(at)
    tree = search("translator", TEXT, 3)
    at.session_state["node"] = len(tree.nodes) - 1
    at.run()
    healthy(at)
    assert address(at)["node"] == str(len(tree.nodes) - 1)
    at.selectbox(key="beams").select("1").run()
    assert "tree" not in charts(at)
    assert "node" not in address(at)


@BOTH
def test_the_length_penalty_ranks_the_finished_sentences_anew_and_stands_in_the_link(
    language: str,
) -> None:
    shown = {"text": "Bilgisayar köye gitti.", "beams": "3", "v": "2", "model": "translator"}
    at = visit("translator", lang=language, **shown)
    healthy(at)
    assert at.select_slider(key="penalty-control").value == 1.0
    assert "penalty" not in address(at)
    catalogue = text.catalogue(language)
    own, bare = (search("translator", shown["text"], 3, penalty=one) for one in (1, 0))
    decimal = "." if language == "en" else "{,}"
    assert any(f"13^{{1{decimal}0}}" in one for one in latex(at))
    at.session_state["node"] = 1
    at.select_slider(key="penalty-control").set_value(0.0).run()
    healthy(at)
    assert address(at)["penalty"] == "0.0"
    assert "node" not in address(at)  # the winner's sum is opened
    first = html(at).split("class='finished'")[1].split("<bdi>")[1].split("</bdi>")[0]
    assert unescape(first) == bare.words(bare.best.node) != own.words(own.best.node)
    said_ = catalogue["translator.penalty_other"].split("{sentence}")[0]
    assert said_.format(value="1") in html(at)
    assert "λ = 0" in html(at)
    assert any(f"10^{{0{decimal}0}}" in one for one in latex(at))
    again = visit("translator", **address(at))
    assert html(again) == html(at)


def latex(at: AppTest) -> list[str]:
    return [one.value for one in at.latex]


def test_a_length_penalty_beyond_the_slider_is_told_and_one_between_its_steps_is_taken() -> None:
    at = opened(beams="2", penalty="3")
    healthy(at)
    assert said(at)
    assert at.select_slider(key="penalty-control").value == 1.0
    between = opened(beams="2", penalty="0.65")
    healthy(between)
    assert not said(between)
    assert between.select_slider(key="penalty-control").value == 0.65
    assert any("^{0.650}" in one for one in latex(between))
    greedy = opened(penalty="0.5")
    healthy(greedy)
    assert not [one for one in greedy.select_slider if one.key == "penalty-control"]


@pytest.mark.parametrize("own", [0.75, 5.0, -0.5])
def test_a_models_own_length_penalty_off_the_slider_can_be_chosen_again(
    own: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The caches know the model by its files: a sentence that no other test translates.
    shown = {"text": f"Kedi {'bugün ' * round(own + 2)}köye gitti.", "beams": "2"}
    monkeypatch.setattr(load("translator").model.generation_config, "length_penalty", own)
    at = opened(**shown)
    healthy(at)
    slider = at.select_slider(key="penalty-control")
    assert slider.value == own
    at = slider.set_value(1.0).run()
    healthy(at)
    assert address(at)["penalty"] == "1.0"
    slider = at.select_slider(key="penalty-control")
    assert f"{own:g}".replace("-", MINUS) in slider.options
    at = slider.set_value(own).run()
    healthy(at)
    assert not said(at)
    assert at.select_slider(key="penalty-control").value == own
    assert "penalty" not in address(at)
    same = text.catalogue("en")["translator.penalty_same"].split("{")[0]
    other = text.catalogue("en")["translator.penalty_other"].split("{")[0]
    assert same not in html(at)
    assert other not in html(at)
    beyond = opened(**shown, penalty="3" if own < 3 else "6")
    healthy(beyond)
    assert said(beyond)
    assert beyond.select_slider(key="penalty-control").value == own
    if own > 0:
        link = opened(**shown, penalty=str(own))
        healthy(link)
        assert not said(link)
        assert "penalty" not in address(link)
    within = opened(**shown, penalty="3" if own > 3 else "1.5")
    healthy(within)
    assert not said(within)
    assert within.select_slider(key="penalty-control").value == (3.0 if own > 3 else 1.5)


def test_gold_links_are_counted_and_a_foreign_sentence_says_that_there_are_none() -> None:
    at = opened(gold="1", step="5")
    healthy(at)
    found = alignment.measured("translator")
    assert found is not None
    share = text._notation("en").fixed(100 * found.share[1][0], 1)
    assert "finds 3 of 3 content words" in html(at)
    assert f"{share} %" in html(at)
    rings = [s for s in charts(at)["translation"]["layout"]["shapes"] if s["type"] == "circle"]
    assert rings
    at.text_input(key="text").set_value("bilgisayar uyur mu").run()
    healthy(at)
    assert escape(text.catalogue("en")["seq2seq.no_gold"]) in html(at)


@pytest.mark.parametrize("name", list(examples())[:3])
def test_an_example_is_put_into_the_field(name: str) -> None:
    at = opened(stage="decoder", key="1", query="2")
    at.selectbox(key="examples").select(name).run()
    healthy(at)
    assert not said(at)
    assert at.text_input(key="text").value == examples()[name].source


@BOTH
def test_unknown_words_are_named_and_marked(language: str) -> None:
    at = opened(text="Bilgisayar uyudu.", lang=language, step="0")
    healthy(at)
    assert "Bilgisayar" in html(at)
    catalogue = text.catalogue(language)["translator.unknown"].split("{")[0]
    assert escape(catalogue) in html(at)
    drawn = json.dumps(charts(at)["translation"], ensure_ascii=False)
    assert "g*" in drawn
    assert "uyu*" not in drawn
    assert f"“{isolated('Bilgisayar')}”" in html(at)


@BOTH
@pytest.mark.parametrize(
    "typed",
    ["", "   ", "kedi", "ÇOCUK KEDİYİ GÖRDÜ", "çocuk kediyi gördü", HOSTILE, "😀", "مرحبا بالعالم",
     "kedi " * 1000, "日本語"],
)  # fmt: skip
def test_whatever_is_typed_leaves_the_page_whole(typed: str, language: str) -> None:
    at = opened(lang=language)
    at.text_input(key="text").set_value(typed).run()
    healthy(at)
    assert "translation" in charts(at)
    assert "<script>" not in html(at)
    assert "<img" not in html(at)


def test_each_bad_value_of_the_address_is_said_and_replaced() -> None:
    wrong = {"stage": "nowhere", "beams": "9", "layer": "7", "head": "99", "step": "500",
             "dim": "4000", "key": "77", "query": "88", "node": "99999", "model": "minilm",
             "gold": "2"}  # fmt: skip
    at = opened(**wrong)
    healthy(at)
    assert len(said(at)) >= 6
    assert "translation" in charts(at)
    again = opened(node="99999", beams="2")
    healthy(again)
    assert any("Node" in sentence for sentence in said(again))


@pytest.mark.parametrize(
    ("place", "chosen"),
    [
        ((2, 1), {"step": 2, "key": 1, "stage": "cross"}),
        (("e", 3, 1), {"stage": "encoder", "query": 3, "key": 1}),
        (("d", 3, 2), {"stage": "decoder", "step": 3, "key": 2}),
    ],
)
def test_a_click_chooses_what_its_cell_names(
    place: tuple[object, ...], chosen: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    session: dict[str, object] = {state._PAGE: "translator", "stage": "cross"}
    monkeypatch.setattr("streamlit.session_state", session)
    controls.choose(*place)
    assert {name: session[name] for name in chosen} == chosen


def test_a_place_chosen_in_one_attention_means_nothing_in_the_next() -> None:
    at = opened(stage="encoder", query="1", key="3", step="2")
    healthy(at)
    assert address(at)["key"] == "3"
    at.session_state["stage"] = "cross"
    at.run()
    healthy(at)
    assert "key" not in address(at)
    assert "query" not in address(at)
