"""What a visitor of the gates page types or links to: long, unknown, strange, not there."""

from __future__ import annotations

import re
from urllib.parse import parse_qs

import numpy as np
import pytest

from models.lstm.record import run
from pages.ui import text
from tests.pages.lstm.test_page import (
    BAD_LINKS,
    DEFAULTS,
    LONG,
    SENTENCE,
    WORDS,
    sentence,
    shown_words,
)
from tests.pages.visiting import address, charts, choose, healthy, html, kept, said, visit


def test_unknown_words_are_marked_and_counted() -> None:
    at = visit("lstm", text="The zebra that the unicorn saw is tired.")
    healthy(at)
    assert not said(at)
    words = shown_words(at)
    assert "zebra*" in words
    assert "unicorn*" in words
    assert sentence("en", "lstm.unknown", count=2).replace("<", "&lt;").replace(
        ">", "&gt;"
    ) in html(at)


def test_a_long_text_is_read_to_its_end() -> None:
    at = visit("lstm", text=LONG, step="299")
    healthy(at)
    assert len(shown_words(at)) <= 18
    assert shown_words(at)[-1] == "."
    whole = next(t for t in charts(at)["gates"]["data"] if t.get("name") == "cells")
    assert len(whole["hovertext"]) < 3000


@pytest.mark.parametrize("language", text.LANGUAGES)
@pytest.mark.parametrize(("typed", "code"), [("", "empty_text"), ("😀 😀", "only_unknown")])
def test_what_cannot_be_read_is_told_and_the_picture_stays(
    language: str, typed: str, code: str
) -> None:
    at = visit("lstm", lang=language)
    before = charts(at)
    at.text_input(key="text").set_value(typed).run()
    healthy(at)
    assert said(at) == [sentence(language, f"error.{code}", kept=kept(language, "last"))]
    after = charts(at)
    assert {name: after[name] for name in ("cell", "rnn")} == {
        name: before[name] for name in ("cell", "rnn")
    }
    # The sentence takes no room from the maps, which say what they said.
    assert after["gates"]["layout"]["height"] == before["gates"]["layout"]["height"]
    values, own = (
        next(t["hovertext"] for t in found["gates"]["data"] if t.get("name") == "cells")
        for found in (after, before)
    )
    assert values == own


def test_a_shorter_text_is_shown_at_its_last_word_without_a_word_about_it() -> None:
    at = visit("lstm", step="10")
    at.text_input(key="text").set_value("The cat sleeps.").run()
    healthy(at)
    assert not said(at)
    assert at.session_state["step"] == 3


@pytest.mark.parametrize(("name", "value", "code", "named"), BAD_LINKS)
def test_a_link_to_what_is_not_there_is_told(
    name: str, value: str, code: str, named: str | None
) -> None:
    at = visit("lstm", **{name: value})
    healthy(at)
    (told,) = said(at)
    expected = sentence("en", code, name="…", value=value, last="…").split("…")[0]
    assert expected in told or (named and sentence("en", named) in told)
    assert charts(at).keys() == {"gates", "cell", "rnn"}


def test_a_model_without_recurrence_is_told_and_the_last_one_stays() -> None:
    at = visit("lstm", model="minilm")
    healthy(at)
    shown = kept("en", "model", model=sentence("en", "model.lstm"))
    assert said(at) == [sentence("en", "error.not_recurrent", family="bert", kept=shown)]
    assert shown_words(at) == WORDS


def test_a_model_of_symbols_gets_symbols_and_words_come_back() -> None:
    at = visit("lstm")
    choose(at, "memory-lstm")
    healthy(at)
    assert not said(at)
    assert shown_words(at)[0] == "C"
    assert charts(at).keys() == {"gates", "cell", "rnn"}
    assert sentence("en", "lstm.none_measured") in html(at)
    choose(at, "lstm")
    healthy(at)
    assert not said(at)
    assert shown_words(at) == WORDS


@pytest.mark.parametrize(
    "typed", ["<script>window.hacked=1</script> the cat", "the {x} $\\alpha$ cat", "the\tcat\n."]
)
def test_strange_text_is_shown_as_text(typed: str) -> None:
    at = visit("lstm", text=typed, step="0")
    healthy(at)
    assert not said(at)
    own = html(at) + "".join(str(figure) for figure in charts(at).values())
    assert not re.search(r"<(/?script|img|/?a\b)", own)


def test_the_numbers_of_the_sentence_are_the_layers() -> None:
    trace = run("lstm", SENTENCE)
    layer, step, unit = trace.layers[0], 8, DEFAULTS["unit"]
    shown = html(visit("lstm", v="2", step="8")).split("class='now'>")[1].split("</p>")[0]
    found = re.findall(r"<b style='color:var\(--(?:gate|state)_(\w)\)'>(.*?)</b>", shown)
    assert [part for part, _ in found] == ["f", "c", "i", "g", "o"]
    assert layer.c is not None
    true = {part: float(getattr(layer, part)[step, unit]) for part in "figo"}
    true |= {"c": float(layer.c[step - 1, unit])}
    for part, value in found:
        number = float(value.replace("−", "-").replace(" %", ""))
        scale = 100 if "%" in value else 1
        np.testing.assert_allclose(number / scale, true[part], atol=0.0051)


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_an_example_gives_way_to_symbols_in_whatever_language_it_is(language: str) -> None:
    at = visit("lstm", lang="en")
    at.session_state["lang"] = language
    at.run()
    choose(at, "memory-lstm")
    healthy(at)
    assert not said(at)
    assert shown_words(at)[0] == "C"


@pytest.mark.parametrize(("model", "others"), [("lstm", ["gru", "rnn"]), ("gru", ["lstm", "rnn"])])
def test_the_same_step_of_the_sentence_is_linked_in_the_two_other_networks(
    model: str, others: list[str]
) -> None:
    at = visit("lstm", lang="en", v="2", model=model, text="The dogs sleep.", step="2")
    asked = [parse_qs(link.proto.query_string) for link in at.get("page_link")]
    linked = {one["model"][0]: one for one in asked if "model" in one}
    assert list(linked) == others
    for name, one in linked.items():
        there = visit("lstm", **{key: value[0] for key, value in one.items()})
        healthy(there)
        assert not said(there)
        shown = address(there)
        assert shown.get("model", "lstm") == name
        assert (shown["text"], shown["step"]) == ("The dogs sleep.", "2")


def test_a_network_of_another_task_has_no_such_links() -> None:
    at = visit("lstm", lang="en", v="2", model="tagger")
    assert not [link for link in at.get("page_link") if "model=" in link.proto.query_string]
