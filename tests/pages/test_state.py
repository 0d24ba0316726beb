"""The address: what is written there is what the next visitor reads, and junk is only junk."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.registry import PAGES, Row
from pages.ui import state
from pages.ui.state import PARAMETERS
from tests.pages.visiting import address, healthy, said, visit
from viz.translator.stages import STAGES

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
CHOICES: dict[str, list[str]] = {
    "lang": ["en", "tr"],
    "kind": ["encoder", "decoder", "cross"],
    "view": [
        *("heads", "head_view", "model_view", "gradients", "recall", "exploding"),
        *("table", "waves", "distances", "shift", "learned", "ways", "shuffle"),
        *("attention", "rollout", "deletion"),
        *("input", "mask", "next", "between", "senses"),
        *("write", "cache", "induction"),
    ],
    "way": ["all", "sinusoid", "rope", "alibi", "t5"],
    "by": ["layer", "rollout", "head"],
    "fill": ["paper", "mean"],
    "among": ["all", "first", "second", "forth", "back"],
    "recurrent": ["own", "rotation", "random"],
    "mode": ["live", "hand"],
    "feed": ["free", "forced"],
    "sum": ["every", "score", "weight", "context", "word", "patch", "mix"],
    "stage": list(STAGES),
    "beams": ["1", "2", "3", "4", "5"],
    "mask": ["own", "none", "causal", "padding", "window"],
    "part": ["q", "k", "v"],
    "order": ["index", "similarity", "property"],
    "property": ["number", "turkish_number", "inside", "position", "depth"],
    "gate": ["all", "f", "i", "g", "o"],
    "silence": ["none", "unit", "best"],
    "circuit": ["pair", "model"],
}


def values_of(name: str) -> st.SearchStrategy[Any]:
    """Values that a parameter may have."""
    if name in CHOICES:
        return st.sampled_from(CHOICES[name])
    kind = PARAMETERS[name].parse.__name__
    return {
        "_text": WORDS,
        "_number": st.integers(0, 999_999),
        "_decimal": st.integers(0, 999_999).map(lambda thousandths: thousandths / 1000),
        "_flag": st.booleans(),
    }[kind]


STATES = st.fixed_dictionaries({}, optional={name: values_of(name) for name in PARAMETERS})


class Browser(dict[str, str]):
    """An address bar, as Streamlit's query_params offers it."""

    def to_dict(self) -> dict[str, str]:
        return dict(self)

    def from_dict(self, values: dict[str, str]) -> None:
        self.clear()
        self.update(values)


class Visitor:
    """A session with an address bar, without a server."""

    def __init__(self, **link: str) -> None:
        self.session: dict[str, Any] = {}
        self.bar = Browser(link)

    def run(self, page: str = "heads", **choose: Any) -> None:
        """One run of the router, in which the visitor chooses something."""
        with pytest.MonkeyPatch.context() as patch:
            fake = SimpleNamespace(session_state=self.session, query_params=self.bar)
            patch.setattr(state, "st", fake)
            state.adopt()
            state.enter(page)
            for name, value in choose.items():
                state.put(name, value)
            state.publish()

    def follow_menu(self, page: str) -> None:
        """The menu's links are bare."""
        self.bar.clear()
        self.run(page)

    def sees(self) -> dict[str, Any]:
        """Every parameter's value."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(state, "st", SimpleNamespace(session_state=self.session))
            return {name: state.get(name) for name in PARAMETERS}

    def told(self) -> list[str]:
        """The names of the link's values that made no sense."""
        return [values["name"] for _, values in self.session.get(state._NOTICES, [])]


def test_every_choice_that_a_parameter_offers_is_tried_here() -> None:
    for name, choices in CHOICES.items():
        assert [PARAMETERS[name].parse(choice) for choice in choices] == choices
    numbers_and_words = {"_text", "_number", "_decimal", "_flag"}
    assert {n for n in PARAMETERS if PARAMETERS[n].parse.__name__ not in numbers_and_words} == set(
        CHOICES
    )


@given(STATES)
def test_whoever_opens_the_link_sees_the_same(chosen: dict[str, Any]) -> None:
    sender = Visitor()
    sender.run(**chosen)
    receiver = Visitor(**sender.bar)
    receiver.run()
    if len(urlencode(sender.bar)) < 1000 and "text" not in chosen.keys() - sender.bar.keys():
        assert receiver.sees() == sender.sees()
    assert not receiver.told()
    assert receiver.bar == sender.bar


@given(STATES)
def test_what_is_usual_stays_out_of_the_address(chosen: dict[str, Any]) -> None:
    visitor = Visitor()
    visitor.run(**chosen)
    usual = {n for n, v in chosen.items() if v == PARAMETERS[n].default}
    assert not usual & visitor.bar.keys()
    visitor.run(**{name: parameter.default for name, parameter in PARAMETERS.items()})
    assert visitor.bar == {}


@given(st.dictionaries(st.sampled_from(sorted(PARAMETERS)) | WORDS, WORDS, max_size=6))
def test_junk_in_a_link_is_told_and_changes_nothing(link: dict[str, str]) -> None:
    visitor = Visitor(**link)
    visitor.run()
    seen = visitor.sees()
    for name in link.keys() & PARAMETERS.keys():
        value = seen[name]
        if name in visitor.told():
            assert value == PARAMETERS[name].default
        elif isinstance(value, float):
            assert value == float(link[name])
        else:
            assert str(int(value) if isinstance(value, bool) else value).lstrip("0") == link[
                name
            ].lstrip("0")
    again = Visitor(**visitor.bar)
    again.run()
    assert again.sees() == seen


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
    visitor.run()
    assert visitor.told() == ["temperature"]


@pytest.mark.parametrize(("link", "value"), [("1", 1.0), ("0.7", 0.7), ("0", 0.0), ("1.25", 1.25)])
def test_a_decimal_number_is_read_as_people_write_it(link: str, value: float) -> None:
    visitor = Visitor(temperature=link)
    visitor.run()
    assert not visitor.told()
    assert visitor.sees()["temperature"] == value
    assert visitor.sees()["layer"] == PARAMETERS["layer"].default


@pytest.mark.parametrize("letter", ["x", "ş", "日"], ids=["Latin", "Turkish", "Japanese"])
def test_a_text_too_long_for_an_address_stays_out_and_is_told(letter: str) -> None:
    visitor = Visitor()
    for count in (10, 200, 2000):
        visitor.run(text=letter * count, layer=2)
        assert len(urlencode(visitor.bar)) <= state.LONGEST_ADDRESS
        assert visitor.bar["layer"] == "2"
        assert visitor.sees()["text"] == letter * count
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(state, "st", SimpleNamespace(session_state=visitor.session))
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
        n: PARAMETERS[n].default for n in ("text", "layer", "query")
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
    visitor.run("heads", text="another one", layer=5)
    visitor.bar.clear()  # Streamlit's menu drops the parameters
    visitor.run("scores")
    assert visitor.sees()["text"] == visitor.bar["text"] == "another one"
    assert visitor.bar["layer"] == "5"


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
    "layer": "5",
    "head": "11",
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
    assert [at.number_input(key=name).value for name in ("layer", "head")] == [5, 11]
    assert at.toggle(key="hide").value is True


def test_a_long_text_leaves_the_link_before_small_matrices_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept = {"text": "cat " * 600, "matrix": "a,b~1,2;3,4"}
    query = SimpleNamespace(to_dict=dict, from_dict=dict)
    written: dict[str, Any] = {}
    query.from_dict = written.update
    monkeypatch.setattr(state, "st", SimpleNamespace(session_state=kept, query_params=query))
    state.publish()
    assert "text" not in written
    assert written["matrix"] == "a,b~1,2;3,4"


@pytest.fixture
def other_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that shares nothing with heads and scores, and has defaults of its own."""
    own = Row("other", "other.py", "other", "", defaults={"text": "a b", "step": 2})
    known = {page.slug: page for page in (*PAGES, own)}
    monkeypatch.setattr(state, "row", known.__getitem__)


@pytest.mark.usefixtures("other_page")
def test_each_kind_of_page_keeps_its_own_text_and_settings() -> None:
    visitor = Visitor(text="typed", layer="2")
    visitor.run("heads")
    visitor.follow_menu("other")
    visitor.run("other", step=4)
    assert (visitor.sees()["text"], visitor.sees()["layer"]) == ("a b", PARAMETERS["layer"].default)
    assert visitor.bar == {"step": "4"}
    visitor.follow_menu("home")
    visitor.follow_menu("scores")
    assert (visitor.sees()["text"], visitor.sees()["layer"]) == ("typed", 2)
    assert visitor.sees()["step"] == PARAMETERS["step"].default
    visitor.follow_menu("other")
    assert visitor.sees()["step"] == 4


@pytest.mark.usefixtures("other_page")
def test_a_pages_own_default_stays_out_of_the_address() -> None:
    visitor = Visitor(step="5")
    visitor.run("other")
    assert visitor.bar == {"step": "5"}
    visitor.run("other", step=2)
    assert visitor.bar == {}
