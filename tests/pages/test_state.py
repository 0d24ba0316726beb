"""The address: what is written there is what the next visitor reads, and junk is only junk."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.registry import TOPICS, topic
from pages.ui import parameters, state
from pages.ui.parameters import OneNumber, OneOf, OneWhole, Parameter, Whole
from pages.ui.short import visit as short
from pages.ui.topic import Topic
from tests.pages.address_bar import Visitor, changed
from tests.pages.visiting import address, healthy, said, visit

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
SLUGS = [one.slug for one in TOPICS]
USUAL = {name: one.default for name, one in state.parameters("heads").items()}
KINDS: dict[object, st.SearchStrategy[Any]] = {
    parameters.text: WORDS,
    parameters.number: st.integers(0, 999_999),
    parameters.decimal: st.integers(0, 999_999).map(lambda thousandths: thousandths / 1000),
    parameters.flag: st.booleans(),
}


def values_of(one: Parameter) -> st.SearchStrategy[Any]:
    """Values that a parameter may have."""
    if isinstance(one.parse, Whole):
        return st.integers(one.parse.first, one.parse.last)
    return (
        st.sampled_from(one.parse.choices)
        if isinstance(one.parse, OneOf | OneNumber | OneWhole)
        else KINDS[one.parse]
    )


def states_of(page: str) -> st.SearchStrategy[tuple[str, dict[str, Any]]]:
    """A page, and something chosen on it."""
    chosen = {name: values_of(one) for name, one in state.parameters(page).items()}
    return st.tuples(st.just(page), st.fixed_dictionaries({}, optional=chosen))


STATES = st.sampled_from(SLUGS).flatmap(states_of)
NAMES = sorted({name for slug in SLUGS for name in state.parameters(slug)})


@given(STATES)
def test_whoever_opens_the_link_sees_the_same(chosen: tuple[str, dict[str, Any]]) -> None:
    page, values = chosen
    sender = Visitor()
    sender.run(page, **values)
    receiver = Visitor(**sender.bar)
    receiver.run(page)
    if len(urlencode(sender.bar)) < 1000 and "text" not in values.keys() - sender.bar.keys():
        assert receiver.sees() == sender.sees()
    left = sender.bar.pop("left", "")  # what was too long for the address is told, once
    assert receiver.says() == (["error.left_out"] if left else [])
    assert receiver.bar == sender.bar


@given(STATES)
def test_what_is_usual_stays_out_of_the_address(chosen: tuple[str, dict[str, Any]]) -> None:
    page, values = chosen
    usual = {name: one.default for name, one in state.parameters(page).items()}
    visitor = Visitor()
    visitor.run(page, **values)
    assert not {n for n, v in values.items() if v == usual[n]} & changed(visitor.bar).keys()
    visitor.run(page, **usual)
    assert visitor.bar == {}


@given(STATES)
def test_a_link_names_its_version_and_its_model_once_there_is_something_to_link(
    chosen: tuple[str, dict[str, Any]],
) -> None:
    page, values = chosen
    usual = {name: one.default for name, one in state.parameters(page).items()}
    visitor = Visitor()
    visitor.run(page, **values)
    told = {n for n, v in values.items() if v not in (None, usual[n])} - {"lang"}
    assert ("v" in visitor.bar) == bool(told)
    if told:
        assert visitor.bar["v"] == "2"
        assert not topic(page).model or visitor.bar["model"] == str(visitor.sees()["model"])


def test_a_bare_visit_in_a_language_has_a_short_address() -> None:
    visitor = Visitor(lang="tr")
    visitor.run("bert")
    assert visitor.bar == {"lang": "tr"}


@given(st.dictionaries(st.sampled_from(NAMES) | WORDS, WORDS, max_size=6))
def test_junk_in_a_link_is_told_and_changes_nothing(link: dict[str, str]) -> None:
    visitor = Visitor(**link)
    visitor.run()
    seen = visitor.sees()
    for name in link.keys() & seen.keys():
        value = seen[name]
        if name in visitor.told():
            assert value == USUAL[name]
        else:
            assert parameters.written(value).lstrip("0") == link[name].lstrip("0")
    again = Visitor(**visitor.bar)
    again.run()
    assert again.sees() == seen


@pytest.mark.parametrize("page", SLUGS)
def test_what_belongs_to_another_page_leaves_the_address(page: str) -> None:
    visitor = Visitor(lang="tr", **{name: "1" for name in NAMES if name not in USUAL})
    visitor.run(page)
    assert visitor.bar.keys() - {"v"} <= state.parameters(page).keys()
    before = dict(visitor.bar)
    visitor.session["stage"] = {"selection": {"points": []}}  # as an element of that key leaves it
    visitor.run(page)
    assert visitor.bar == before or page == "translator"


def test_another_pages_view_is_told_and_the_first_view_shown() -> None:
    visitor = Visitor(v="2", view="mask")
    visitor.run("memory")
    assert visitor.told() == ["view"]
    assert visitor.sees()["view"] == "gradients"
    assert visitor.bar == {}


def test_half_a_surrogate_pair_becomes_a_character_that_can_be_sent() -> None:
    visitor = Visitor(text="a \ud800 b \ud83d\ude00")
    visitor.run()
    assert visitor.sees()["text"] == "a \ufffd b 😀"
    assert visitor.bar["text"].encode("utf-8")


@pytest.mark.parametrize(
    "junk", ["-1", "1.5", "٣", "²", "", "1e3", "9" * 5000, "0x1", " 1", "None"]
)
def test_only_plain_digits_are_a_number(junk: str) -> None:
    visitor = Visitor(layer=junk)
    visitor.run()
    assert visitor.told() == ["layer"]


@pytest.mark.parametrize("junk", ["-1", "1,5", "٣", "", "1e3", "inf", "nan", ".5", "1.", "1.2345"])
def test_only_plain_decimals_are_a_decimal_number(junk: str) -> None:
    visitor = Visitor(temperature=junk)
    visitor.run("gpt")
    assert visitor.told() == ["temperature"]


@pytest.mark.parametrize(("link", "value"), [("1", 1.0), ("0.7", 0.7), ("0", 0.0), ("1.25", 1.25)])
def test_a_decimal_number_is_read_as_people_write_it(link: str, value: float) -> None:
    visitor = Visitor(v="2", temperature=link)
    visitor.run("gpt")
    assert not visitor.told()
    assert visitor.sees()["temperature"] == value
    assert visitor.sees()["layer"] == state.parameters("gpt")["layer"].default


@pytest.mark.parametrize("letter", ["x", "ş", "日"], ids=["Latin", "Turkish", "Japanese"])
def test_a_text_too_long_for_an_address_stays_out_and_is_told(letter: str) -> None:
    visitor = Visitor()
    for count in (10, 200, 2000):
        visitor.run(text=letter * count, layer=2)
        assert len(urlencode(visitor.bar)) <= short.LONGEST_ADDRESS
        assert visitor.bar["layer"] == "2"
        assert visitor.sees()["text"] == letter * count
        with pytest.MonkeyPatch.context() as patch:
            for module in (state, short):
                patch.setattr(module, "st", SimpleNamespace(session_state=visitor.session))
            assert state.too_long_for_a_link() == ("text" not in visitor.bar)
    assert "text" not in visitor.bar


def test_back_restores_what_the_former_address_said() -> None:
    visitor = Visitor()
    visitor.run(lang="tr")
    visitor.run(text="another one", layer=5, query=2)
    visitor.bar.from_dict({"lang": "tr"})
    visitor.run()
    seen = visitor.sees()
    assert {n: seen[n] for n in ("text", "layer", "query")} == {
        n: USUAL[n] for n in ("text", "layer", "query")
    }
    assert seen["lang"] == "tr"


def test_forward_brings_it_again() -> None:
    visitor = Visitor()
    visitor.run()
    visitor.run(layer=5)
    later = dict(visitor.bar)
    visitor.bar.clear()
    visitor.run()
    visitor.bar.from_dict(later)
    visitor.run()
    assert visitor.sees()["layer"] == 5


def test_another_page_keeps_what_was_chosen() -> None:
    visitor = Visitor()
    visitor.run("heads", text="another one", layer=4)
    visitor.bar.clear()  # Streamlit's menu drops the parameters
    visitor.run("scores")
    assert visitor.sees()["text"] == visitor.bar["text"] == "another one"
    assert visitor.bar["layer"] == "4"


def test_our_own_writing_is_not_taken_for_a_link() -> None:
    visitor = Visitor()
    visitor.run(layer=5)
    visitor.session["layer"] = 2  # by a widget, before the next run
    visitor.run()
    assert visitor.bar["layer"] == "2"


def test_a_text_that_is_not_in_the_address_survives_the_next_run() -> None:
    visitor = Visitor()
    visitor.run(text="x" * 5000)
    visitor.run(layer=2)
    assert visitor.sees()["text"] == "x" * 5000


LINK = {
    "lang": "tr",
    "text": "Dogs chase cats",
    "pair": "Cats run",
    "layer": "4",
    "head": "10",
    "query": "2",
    "key": "1",
    "hide": "1",
}


def test_a_link_restores_the_page_and_the_page_writes_the_same_link() -> None:
    at = visit("heads", **LINK)
    healthy(at)
    assert not said(at)
    assert LINK.items() <= address(at).items()
    assert [at.text_input(key=name).value for name in ("text", "pair")] == [
        LINK["text"],
        LINK["pair"],
    ]
    assert [at.number_input(key=name).value for name in ("layer", "head")] == [4, 10]
    assert at.toggle(key="hide").value is True


def test_a_long_text_leaves_the_link_before_small_matrices_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept = {state._PAGE: "scores", "text": "cat " * 600, "matrix": "a,b~1,2;3,4"}
    query = SimpleNamespace(to_dict=dict, from_dict=dict)
    written: dict[str, Any] = {}
    query.from_dict = written.update
    monkeypatch.setattr(state, "st", SimpleNamespace(session_state=kept, query_params=query))
    state.publish()
    assert "text" not in written
    assert written["matrix"] == "a,b~1,2;3,4"


class Looked(dict[str, Any]):
    """A session that notes what it was asked for."""

    def __init__(self, values: dict[str, Any]) -> None:
        super().__init__(values)
        self.asked: list[str] = []

    def get(self, key: str, default: Any = None) -> Any:
        """As of every mapping."""
        self.asked.append(key)
        return super().get(key, default)


def test_an_address_looks_up_every_parameter_once(monkeypatch: pytest.MonkeyPatch) -> None:
    session = Looked({state._PAGE: "heads", "lang": "tr", "layer": 4, "head": 10})
    monkeypatch.setattr(state, "st", SimpleNamespace(session_state=session))
    assert changed(state.address()).items() >= {"layer": "4", "head": "10"}.items()
    looked = [name for name in session.asked if name in state.settable("heads")]
    assert sorted(looked) == sorted(state.settable("heads"))


@pytest.fixture
def other_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that shares nothing with heads and scores, and has defaults of its own."""
    own = Topic("other", "other", "", defaults={"text": "a b", "step": 2})
    known = {topic.slug: topic for topic in (*TOPICS, own)}
    monkeypatch.setattr("pages.ui.topic._known", known)


@pytest.mark.usefixtures("other_page")
def test_each_kind_of_page_keeps_its_own_text_and_settings() -> None:
    visitor = Visitor(text="typed", layer="2")
    visitor.run("heads")
    visitor.follow_menu("other")
    visitor.run("other", step=4)
    assert (visitor.sees()["text"], visitor.sees()["layer"]) == (
        "a b",
        state.parameters("other")["layer"].default,
    )
    assert changed(visitor.bar) == {"step": "4"}
    visitor.follow_menu("home")
    visitor.follow_menu("scores")
    assert (visitor.sees()["text"], visitor.sees()["layer"]) == ("typed", 2)
    assert visitor.sees()["step"] == state.parameters("scores")["step"].default
    visitor.follow_menu("other")
    assert visitor.sees()["step"] == 4


@pytest.mark.usefixtures("other_page")
def test_a_pages_own_default_stays_out_of_the_address() -> None:
    visitor = Visitor(step="5")
    visitor.run("other")
    assert changed(visitor.bar) == {"step": "5"}
    visitor.run("other", step=2)
    assert visitor.bar == {}
