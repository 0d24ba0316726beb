"""The bert page in both languages: every view by its link, each control, hostile input."""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest

from models.bert.examples import meanings, pairs
from models.bert.input import embedded
from models.bert.mask import masked_text
from models.bert.next import judged
from models.bert.trace import Embedded, Judgement
from pages.bert.between import AMONG
from pages.bert.shared import VIEWS
from pages.ui import text
from tests.pages.visiting import address, charts, healthy, html, kept, said, told_of, visit
from viz.board.notation import Notation, isolated

BOTH = pytest.mark.parametrize("language", text.LANGUAGES)
PICTURES = {
    "input": "strips", "mask": "masking", "next": "judged", "between": "weights",
    "senses": "cosines",
}  # fmt: skip
HOSTILE = "<img src=x onerror=alert(1)></script><script>alert(1)</script> ${1} \\x cat"
A, B = "The old car is in the garden.", "The neighbour saw the old car."


def opened(**parameters: str) -> AppTest:
    """The page by its link."""
    return visit("bert", **parameters)


def cells(at: AppTest, name: str) -> list[list[int]]:
    """What the points of a figure carry."""
    traces = [t for t in charts(at)[name]["data"] if t.get("name") == "cells"]
    return [list(ids) for trace in traces for ids in trace["customdata"]]


def words_in(at: AppTest, name: str) -> list[str]:
    """All words on a figure, without markup."""
    traces = [t for t in charts(at)[name]["data"] if t.get("mode") == "text"]
    found = [word for trace in traces for word in trace["text"]]
    return [re.sub(r"</?b>|[\u2068\u2069]", "", word) for word in found]


@BOTH
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_opens_by_its_link_with_picture_sums_and_check(view: str, language: str) -> None:
    at = opened(view=view, lang=language)
    healthy(at)
    assert not said(at)
    catalogue = text.catalogue(language)
    assert at.title[0].value == catalogue["bert.title"]
    assert PICTURES[view] in charts(at)
    assert at.latex
    assert catalogue["origin.live"] in html(at)
    assert "class='bad'" not in html(at)
    assert ("✓" in html(at)) == (view != "senses")


@BOTH
def test_the_largest_difference_of_each_view_is_told(language: str) -> None:
    words = text.catalogue(language)
    default = pairs()[3]
    made: dict[str, Embedded | Judgement] = {
        "input": embedded("bert-mini", default.first, default.second),
        "next": judged("bert-mini", default.first, default.second),
    }
    for view, found in made.items():
        shown = told_of(found.difference(), language)
        at = opened(view=view, lang=language)
        assert words[f"bert_{view}.matches"].format(difference=shown) in html(at)


def test_minilm_shows_input_and_attention_and_says_what_it_has_no_head_for() -> None:
    words = text.catalogue("en")
    own = words["model.bert-mini"]
    for view in VIEWS:
        at = opened(view=view, model="minilm")
        healthy(at)
        assert PICTURES[view] in charts(at)
        expected = {"mask": "words", "next": "pairs"}.get(view)
        if expected is None:
            assert not [s for s in said(at) if own in s]
        else:
            name = words[f"bert.no_{expected}"].format(model="all-MiniLM-L6-v2", own=own)
            assert said(at) == [name]
        assert address(at)["model"] == "minilm"


# Input


def test_a_step_goes_from_piece_to_piece_and_the_link_brings_it_back() -> None:
    at = opened(text=A, pair=B, step="3", dim="7")
    healthy(at)
    at.button(key="next").click().run()
    assert address(at)["step"] == "4"
    again = opened(**address(at))
    assert [f.value for f in again.latex] == [f.value for f in at.latex]
    found = embedded("bert-mini", A, B)
    own = Notation().fixed(float(found.output[4, 7]), 4)
    assert f"<b>{own}</b>" in html(at)


def test_one_sentence_alone_has_one_segment() -> None:
    at = opened(text=A, pair=" ")
    healthy(at)
    assert text.catalogue("en")["bert.figure.second"] not in words_in(at, "strips")


# Mask


def test_the_page_hides_a_word_of_its_own_choice_and_keeps_it_out_of_the_address() -> None:
    at = opened(view="mask", text=A, pair=B)
    healthy(at)
    assert "hidden" not in address(at)
    assert words_in(at, "masking").count("[MASK]") == 1
    place = int(at.session_state["step"])
    free = masked_text("bert-mini", A, B)
    worth = {
        i: own[1] for i in free.read if not free.special[i] and not free.special[i - 1]
        and sum(map(str.isalpha, free.typed[i])) >= 4 and (own := free.shares(i)) is not None
    }  # fmt: skip
    assert place == max(worth, key=worth.__getitem__)


def test_words_are_hidden_and_shown_again_one_by_one() -> None:
    at = opened(view="mask", text=A, pair=B, hidden="2.3", step="5")
    healthy(at)
    assert words_in(at, "masking").count("[MASK]") == 2
    at.button(key="toggle").click().run()
    assert address(at)["hidden"] == "2.3.5"
    assert words_in(at, "masking").count("[MASK]") == 3
    at.button(key="toggle").click().run()
    assert address(at)["hidden"] == "2.3"
    at.button(key="show-all").click().run()
    assert address(at)["hidden"] == "none"
    assert words_in(at, "masking").count("[MASK]") == 0
    again = opened(**address(at))
    assert words_in(again, "masking").count("[MASK]") == 0


@BOTH
def test_what_stood_there_is_in_both_lists_and_its_rank_is_told(language: str) -> None:
    found = masked_text("bert-mini", A, B, masked=(3,))
    for place in (3, 4):
        at = opened(view="mask", text=A, pair=B, hidden="3", step=str(place), lang=language)
        stood, count = found.stood[place], len(found.vocabulary)
        for answers in (found.read, found.hidden):
            told = text.catalogue(language)["bert.rank"].format(
                word=isolated(found.typed[place]), rank=answers[place].rank(stood), count=count
            )
            assert told in html(at)
        lists = re.findall(r"<table class='logits'>.*?</table>", html(at))
        assert len(lists) == 2
        for rows in lists:
            marked = re.findall(r"<tr class='on'><td class='word'><bdi>(.*?)</bdi>", rows)
            assert marked == [found.typed[place]]
            assert rows.count("<bdi>") in (10, 11)


def test_another_text_gets_another_choice_and_a_link_keeps_its_own() -> None:
    at = opened(view="mask", text=A, pair=B, hidden="2.3", step="2")
    at.text_input(key="text").set_value("The cat slept in the kitchen.").run()
    healthy(at)
    assert "hidden" not in address(at)
    assert words_in(at, "masking").count("[MASK]") == 1


def test_a_typed_mask_cannot_be_shown() -> None:
    at = opened(view="mask", text="The old [MASK] is here.", pair=" ", step="3")
    healthy(at)
    assert at.button(key="toggle").disabled
    assert text.catalogue("en")["bert.nobody_knows"] in html(at)


@pytest.mark.parametrize("junk", ["x", "-3", "1,2", "9" * 9, "1..2"])
def test_junk_for_hidden_places_is_told(junk: str) -> None:
    at = opened(view="mask", hidden=junk)
    healthy(at)
    assert said(at) == [text.catalogue("en")["error.address"].format(name="hidden")]
    assert words_in(at, "masking").count("[MASK]") == 1


def test_places_that_cannot_be_hidden_are_told() -> None:
    at = opened(view="mask", hidden="0.4.900", step="4")
    healthy(at)
    assert said(at) == [text.catalogue("en")["bert.cannot_hide"]]
    assert words_in(at, "masking").count("[MASK]") == 1


# Next sentence


@pytest.mark.parametrize("number", range(6))
def test_an_example_is_put_into_both_fields(number: int) -> None:
    at = opened(view="next")
    at.selectbox(key="pair-examples").select_index(number).run()
    healthy(at)
    one = pairs()[number]
    assert at.text_input(key="text").value == one.first
    assert at.text_input(key="pair").value == one.second
    shown = Notation().small(judged("bert-mini", one.first, one.second).probability, 4)
    assert shown in words_in(at, "judged")
    assert f"→ <bdi>{one.second}" in html(at)


def test_without_a_second_sentence_there_is_nothing_to_judge() -> None:
    at = opened(view="next", pair=" ")
    healthy(at)
    assert said(at) == [text.catalogue("en")["error.empty_text"].format(kept=kept())]
    assert "judged" in charts(at)


# Between


@pytest.mark.parametrize("among", AMONG)
def test_each_way_shows_its_words_alone(among: str) -> None:
    at = opened(view="between", text=A, pair=B, among=among)
    healthy(at)
    assert not said(at)
    rows = {row for row, _ in cells(at, "weights")}
    columns = {column for _, column in cells(at, "weights")}
    found = embedded("bert-mini", A, B)
    places: dict[int, set[int]] = {0: set(), 1: set()}
    for i, special in enumerate(found.special):
        if not special:
            places[found.segments[i]].add(i)
    every = set(range(len(found.tokens)))
    wanted = {
        "all": (every, every),
        "first": (places[0], places[0]),
        "second": (places[1], places[1]),
        "forth": (places[0], places[1]),
        "back": (places[1], places[0]),
    }
    assert (rows, columns) == wanted[among]


def test_shares_of_every_head_of_the_layer_are_printed_and_add_up() -> None:
    at = opened(view="between", text=A, pair=B, layer="1", head="2")
    healthy(at)
    table = html(at).split("'between'")[1].split("</table>")[0]
    rows = re.findall(r"<tr( class=on)?><td>(.*?)</td>(.*?)</tr>", table)
    assert [bool(marked) for marked, _, _ in rows] == [False, False, True, False]
    for _, _, body in rows:
        shown = [float(v) for v in re.findall(r">(\d\.\d\d)<", body)]
        assert len(shown) == 6
        assert sum(shown[:3]) == pytest.approx(1, abs=0.016)
        assert sum(shown[3:]) == pytest.approx(1, abs=0.016)


def test_a_way_that_needs_two_sentences_says_so() -> None:
    at = opened(view="between", pair=" ", among="forth")
    healthy(at)
    assert said(at) == [text.catalogue("en")["bert.no_second"]]
    assert "weights" in charts(at)


# One word in several meanings


@BOTH
def test_the_examples_are_sorted_by_meaning_and_the_measured_shares_printed(language: str) -> None:
    from models.bert.sense_accuracy import by_layer

    at = opened(view="senses", lang=language)
    words = text.catalogue(language)
    names = [words[f"bert.sense.{sense}"] for sense in ("number", "face", "swim")]
    assert [w for w in words_in(at, "cosines") if w in names] == names
    measured = by_layer("bert-mini")
    assert measured is not None
    notation = Notation("," if language == "tr" else ".")
    for value in (*measured.trained, *measured.untrained):
        assert notation.fixed(value) in words_in(at, "by-layer")


def test_layers_are_walked_from_the_input_on() -> None:
    at = opened(view="senses")
    before = [f.value for f in at.latex]
    assert at.button(key="previous").disabled
    at.button(key="next").click().run()
    healthy(at)
    assert address(at)["layer"] == "1"
    assert [f.value for f in at.latex] != before


def test_the_english_word_has_its_own_sentences_and_no_measured_figure() -> None:
    at = opened(view="senses", word="watch")
    healthy(at)
    assert not said(at)
    assert "by-layer" not in charts(at)
    assert text.catalogue("en")["bert.not_measured"] in html(at)
    assert len({a for a, _ in cells(at, "cosines")}) == len(meanings()["watch"])


def test_own_sentences_are_compared_without_a_verdict() -> None:
    at = opened(view="senses", word="kedi", sentences="Kedi uyudu.\nBir kedi gördüm.\n日 kedi.")
    healthy(at)
    assert not said(at)
    assert len({a for a, _ in cells(at, "cosines")}) == 3
    assert text.catalogue("en")["bert.no_senses"] in html(at)
    assert any(word.endswith("*") or "*" in word for word in words_in(at, "cosines"))


@pytest.mark.parametrize(
    ("link", "notice"),
    [
        ({"word": "zebra"}, "error.word_not_found"),
        ({"word": "  "}, "error.empty_text"),
        ({"sentences": "Kedi uyudu."}, "error.word_not_found"),
        ({"sentences": "\n".join(["yüz " * 40] * 80)}, "error.too_many_characters"),
        ({"sentences": "yüz " * 90}, "error.text_too_long"),
        ({"model": "nowhere"}, "error.unknown_model"),
        ({"layer": "44"}, "error.out_of_range"),
        ({"query": "99"}, "error.out_of_range"),
        ({"key": "99"}, "error.out_of_range"),
        ({"sentences": "yüz var.\nKedi uyudu."}, "bert.missing"),
        ({"sentences": "\n".join(["yüz var."] * 30)}, "bert.left_out"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else value,
)
def test_what_cannot_be_compared_is_told_and_something_good_is_shown(
    link: dict[str, str], notice: str
) -> None:
    at = opened(view="senses", **link)
    healthy(at)
    wanted = text.catalogue("en")[notice].split("{")[0]
    assert any(wanted in sentence for sentence in said(at))
    assert "cosines" in charts(at)


# Whatever is typed


@pytest.mark.parametrize(
    ("view", "link", "notice"),
    [
        ("input", {"text": "   "}, "error.empty_text"),
        ("input", {"text": "the cat " * 700}, "error.text_too_long"),
        ("input", {"model": "gpt-mini"}, "error.no_embeddings"),
        ("input", {"step": "999"}, "error.out_of_range"),
        ("input", {"dim": "99999"}, "error.out_of_range"),
        ("mask", {"text": "😀😀", "pair": ""}, "error.only_unknown"),
        ("mask", {"model": "nowhere"}, "error.unknown_model"),
        ("mask", {"step": "999"}, "error.out_of_range"),
        ("next", {"text": "a" * 12_000}, "error.too_many_characters"),
        ("next", {"dim": "99999"}, "error.out_of_range"),
        ("between", {"layer": "77"}, "error.out_of_range"),
        ("between", {"head": "77"}, "error.out_of_range"),
        ("between", {"query": "77"}, "error.out_of_range"),
        ("between", {"model": "translator"}, "error.no_pair"),
        ("between", {"model": "gpt-mini", "pair": " "}, "error.no_encoder"),
        ("between", {"among": "sideways"}, "error.address"),
    ],
)
def test_what_cannot_be_shown_is_told_and_something_good_is_shown(
    view: str, link: dict[str, str], notice: str
) -> None:
    at = opened(view=view, **link)
    healthy(at)
    assert PICTURES[view] in charts(at)
    wanted = text.catalogue("en")[notice].split("{")[0]
    assert any(wanted in sentence for sentence in said(at))


@BOTH
@pytest.mark.parametrize("view", VIEWS)
def test_hostile_text_is_text_everywhere(view: str, language: str) -> None:
    link = {
        "text": HOSTILE,
        "pair": HOSTILE,
        "word": "cat",
        "sentences": f"{HOSTILE}\ncat {HOSTILE}",
    }
    at = opened(view=view, lang=language, **link)
    healthy(at)
    assert "<script>alert" not in html(at)
    assert "<img src" not in html(at)
    assert "<script>alert" not in str(charts(at))


@pytest.mark.parametrize(
    ("view", "typed"),
    [("input", "מה שלום the cat"), ("mask", "ışĞİöüç kedi"), ("next", "the 😀 cat"),
     ("between", "a\u0301 cat")],
)  # fmt: skip
def test_letters_of_any_script_are_shown(view: str, typed: str) -> None:
    at = opened(view=view, text=typed, pair="the cat slept")
    healthy(at)
    assert PICTURES[view] in charts(at)
