"""What a link says that a page cannot follow is told once, and is gone from the address then."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.registry import TOPICS
from pages.ui import state
from pages.ui.text import LANGUAGES, catalogue
from tests.pages.address_bar import Visitor
from tests.pages.visiting import address, healthy, said, visit

SLUGS = [topic.slug for topic in TOPICS]
NAMES = sorted({name for slug in SLUGS for name in state.parameters(slug)})
# What people and programs put where a number, a choice or a text is meant.
ABSURD = (
    "", " ", "-1", "1e99", "NaN", "inf", "None", "0x1", "1,5", "٣", "9" * 10_000, "a" * 10_240,
    "\x00", "\udc80", "\u202e", "\u2069", "\u200b", "\ufeff", "𝟙", "<script>", "{0}", "%s", "$x$",
    ":material/home:", "[a](b)", "100000", "999999",
)  # fmt: skip
JUNK = st.text(max_size=40) | st.sampled_from(ABSURD)
LINKS = st.dictionaries(st.sampled_from(NAMES) | JUNK, JUNK, max_size=8)


@given(st.sampled_from(SLUGS), LINKS)
def test_no_link_is_too_strange_to_be_read(page: str, link: dict[str, str]) -> None:
    visitor = Visitor(**link)
    visitor.run(page)
    told = visitor.notices()
    assert visitor.bar.keys() <= {"v", "left", *state.parameters(page)}
    assert all(len(str(value)) < 200 for _, values in told for value in values.values())
    visitor.run(page)
    assert visitor.notices() == told, "the second run has nothing new to say"
    again = Visitor(**visitor.bar)
    again.run(page)
    assert set(again.says()) <= {"error.left_out"}
    assert again.bar.keys() <= visitor.bar.keys() - {"left"}


@given(st.sampled_from(SLUGS), st.sampled_from(NAMES), st.sampled_from(ABSURD))
def test_a_value_is_taken_or_told(page: str, name: str, raw: str) -> None:
    visitor = Visitor(**{name: raw})
    visitor.run(page)
    known = state.parameters(page)
    if name not in known:
        assert visitor.says() == ["error.unknown_name"]
        return
    taken = visitor.sees()[name]
    if name in visitor.told():
        assert taken == known[name].default
    else:
        assert isinstance(taken, str) or float(taken) == float(raw)


@pytest.mark.parametrize("page", SLUGS)
def test_a_name_of_no_parameter_is_told(page: str) -> None:
    visitor = Visitor(foo="1", **{"lang": "tr"})
    visitor.run(page)
    assert visitor.notices() == [("error.unknown_name", {"names": "“foo”"})]
    assert visitor.bar == {"lang": "tr"}


def test_of_many_strange_names_the_first_are_told_and_long_ones_shortened() -> None:
    visitor = Visitor(**dict.fromkeys(("b" * 50, "a", "c", "d"), ""))
    visitor.run()
    ((_, values),) = visitor.notices()
    assert values["names"] == f"“a”, “{'b' * 19}…”, “c” …"


def test_of_a_name_that_is_said_twice_the_last_value_counts_and_that_is_told() -> None:
    visitor = Visitor(text="b", layer="2")
    visitor.bar.before = {"text": ["a"]}
    visitor.run()
    assert visitor.notices() == [("error.twice", {"names": "“text”"})]
    assert visitor.sees()["text"] == "b"
    assert visitor.bar.get_all("text") == ["b"]
    assert not visitor.bar.before, "the address is clean"


def test_a_number_that_no_model_has_is_told_though_the_open_view_does_not_ask_for_it() -> None:
    visitor = Visitor(v="2", length="100000")
    visitor.run("gpt")
    assert visitor.told() == ["length"]
    assert visitor.bar == {}


def test_the_chart_that_the_scores_page_once_wrote_into_links_is_still_no_news() -> None:
    for page in ("scores", "heads"):
        visitor = Visitor(stage="{'selection'…}", layer="2")
        visitor.run(page)
        assert not visitor.notices()
        assert "stage" not in visitor.bar
        now = Visitor(v="2", stage="{'selection'…}", layer="2")
        now.run(page)
        assert now.says() == ["error.unknown_name"]


def test_whoever_reloads_a_text_too_long_for_the_address_is_told_once() -> None:
    sender = Visitor()
    sender.run(text="x" * 5000, layer=2, cut=True)
    assert "text" not in sender.bar
    assert sender.bar["left"] == "text"
    receiver = Visitor(**sender.bar)
    receiver.run()
    assert receiver.says() == ["error.left_out"]
    assert receiver.sees()["text"] == state.parameters("heads")["text"].default
    assert receiver.sees()["layer"] == 2
    assert "left" not in receiver.bar
    receiver.run()
    assert receiver.says() == ["error.left_out"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_told_in_the_visitors_language(language: str) -> None:
    at = visit("heads", lang=language, foo="1")
    healthy(at)
    assert said(at) == [catalogue(language)["error.unknown_name"].format(names="“foo”")]
    assert address(at) == {"lang": language}
    assert said(at.run()) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_address_of_no_page_is_told_on_the_front_page(language: str) -> None:
    at = visit(lang=language, nopage="nowhere")
    healthy(at)
    assert said(at) == [catalogue(language)["error.no_page"].format(page="“nowhere”")]
    assert address(at) == {"lang": language}


# Of every kind of parameter one, on its page, with values that are read but cannot be followed.
ODD = [
    *(("gpt", {"text": text}) for text in ("\x00", "\u202e\u2069", "\u200b", "a" * 10_240)),
    *(
        ("scores", {"mode": "hand", "matrix": code})
        for code in ("~", "a~1e999", "\x00~1", "~~~~~~")
    ),
    ("bert", {"view": "mask", "hidden": "9.9.9.x"}),
    ("bert", {"view": "senses", "word": ":red[x]", "sentences": "\n\n\x00\n"}),
    ("positions", {"view": "waves", "dims": "1e99 -3 ٣ " + "7 " * 3000}),
    ("vision", {"drawn": "\x00" * 300}),
    ("gpt", {"view": "induction", "sequence": "\u202e" * 4000}),
    ("memory", {"text": "\ufeff\x00"}),
    ("lstm", {"text": "שלום 123 abc مرحبا " * 40, "step": "99999"}),
    ("translator", {"text": "\u2066\u2067", "node": "999999", "beams": "5"}),
    ("seq2seq", {"text": "ı\u0307" * 300, "target": "\x00"}),
    ("heads", {"model": "../../etc/passwd\x00", "text": "a", "query": "99999"}),
]


@pytest.mark.parametrize(("page", "link"), ODD, ids=lambda one: str(one)[:30])
def test_odd_values_are_answered_by_the_page_itself(page: str, link: dict[str, Any]) -> None:
    at = visit(page, **link)
    healthy(at)
    assert said(at)
    assert not [words for words in said(at) if "Error" in words or "Traceback" in words]
