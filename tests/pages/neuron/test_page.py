"""The neuron page in both languages: every view, its controls, links at the ends, its lesson."""

from __future__ import annotations

import re

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from models.neuron.unit import ACTIVATIONS, BOUNDED, Function, unit
from pages.neuron import GIVEN, SLIDERS
from pages.neuron import loss as loss_view
from pages.neuron import unit as unit_view
from pages.registry import topic
from pages.ui.parameters import OneOf
from pages.ui.state import parameters
from pages.ui.text import LANGUAGES, catalogue
from tests.pages.visiting import address, healthy, html, said, spied, visit

LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)
VIEWS = ("unit", "loss")


def fine(at: AppTest) -> None:
    healthy(at)
    assert "class='provenance'" in html(at)
    assert "class='bad'" not in html(at)
    assert html(at).count("class='good'") >= 2  # each view has more than one check


@LANGUAGE
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_opens_by_its_link(view: str, language: str) -> None:
    at = visit("neuron", view=view, lang=language)
    fine(at)
    assert not said(at)
    words = catalogue(language)
    assert at.title[0].value == words["neuron.title"]
    assert words["neuron.unit" if view == "unit" else "neuron.downhill"] in html(at)


def test_the_topic_knows_the_models_activations_in_their_order() -> None:
    reads = parameters("neuron")["activation"].parse
    assert isinstance(reads, OneOf)
    assert reads.choices == ACTIVATIONS


def test_the_arrows_walk_through_all_activations(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = spied(monkeypatch, unit_view, "draw")
    at = visit("neuron")
    for _ in ACTIVATIONS[1:]:
        at.button(key="next").click().run()
        fine(at)
    assert at.button(key="next").disabled
    assert [call[0].function.name for call in seen] == list(ACTIVATIONS)
    assert {call[0].z for call in seen} == {1.5 * 1 + 0.5 * -2 + 0.5}
    assert address(at)["activation"] == ACTIVATIONS[-1]


@LANGUAGE
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("sign", [1, -1])
def test_a_link_to_either_end_holds(activation: str, sign: int, language: str) -> None:
    far = {name: str(5 * (sign if name.startswith(("x", "b")) else 1)) for name in GIVEN}
    at = visit("neuron", activation=activation, lang=language, **far)
    fine(at)
    assert not said(at)
    shown = " ".join(str(one.value) for one in at.latex)
    assert ("10^{-" in shown) == (activation in BOUNDED)


@pytest.mark.parametrize("y", ["0", "1"])
@pytest.mark.parametrize("sign", [1, -1])
def test_a_loss_at_either_end_holds(y: str, sign: int) -> None:
    far = {name: str(5 * (sign if name.startswith(("x", "b")) else 1)) for name in GIVEN}
    for step in ("0", "20"):
        fine(visit("neuron", view="loss", y=y, rate="4", step=step, **far))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("x1", "5.5"),
        ("x1", "0.25"),
        ("w2", "1e3"),
        ("b", "x"),
        ("rate", "3"),
        ("y", "2"),
        ("alpha", "1"),
    ],
)
def test_a_number_that_no_slider_has_is_told(name: str, value: str) -> None:
    at = visit("neuron", **{name: value})
    healthy(at)
    assert len(said(at)) == 1
    assert name not in address(at)


def test_numbers_set_are_in_the_address_and_in_both_views(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen = spied(monkeypatch, loss_view, "draw")
    at = visit("neuron", w1="-2.25", x2="0.5")
    assert {"w1": "-2.25", "x2": "0.5"}.items() <= address(at).items()
    at.session_state["view"] = "loss"
    fine(at.run())
    np.testing.assert_array_equal(seen[-1][0].descents[0].path[0], [-2.25, 0.5, 0.5])
    np.testing.assert_array_equal(seen[-1][0].learning.examples.x[0], [1.0, 0.5])


@pytest.mark.parametrize(("activation", "key"), [("prelu", "alpha"), ("softmax", "rivals")])
def test_only_what_an_activation_has_is_to_be_set(activation: str, key: str) -> None:
    keys = [one.key for one in visit("neuron", activation=activation).select_slider]
    assert keys == [*GIVEN, key]
    assert [one.key for one in visit("neuron").select_slider] == list(GIVEN)


def test_sliders_reach_both_ends_and_hold_what_the_page_opens_with() -> None:
    for name, reads in SLIDERS.items():
        assert parameters("neuron")[name].default in reads.choices
        assert reads(str(reads.choices[0])) == reads.choices[0]
    assert reads_z() == 55.0


def reads_z() -> float:
    last = {name: SLIDERS[name].choices[-1] for name in GIVEN}
    return unit((last["x1"], last["x2"]), (last["w1"], last["w2"]), last["b"], Function("relu")).z


@LANGUAGE
def test_below_stand_two_layers_as_one(language: str) -> None:
    at = visit("neuron", lang=language)
    assert catalogue(language)["neuron.layers"] in html(at)
    shown = [str(one.value) for one in at.latex if "W_2 W_1" in str(one.value)]
    assert len(shown) == 2  # the one matrix, and what it makes of x
    assert catalogue(language)["neuron.layers"] not in html(
        visit("neuron", lang=language, view="loss")
    )


@LANGUAGE
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_an_activation_between_layers_stands_there_if_it_takes_each_unit(
    activation: str, language: str
) -> None:
    at = visit("neuron", lang=language, activation=activation)
    fine(at)
    between = any("f(W_1 x)" in str(one.value) for one in at.latex)
    heading = catalogue(language)["neuron.bent"].split("{")[0]
    assert between == (heading in html(at)) == (activation != "softmax")
    assert {"en": "in general", "tr": "genel olarak"}[language] in html(at)


def test_the_lesson_says_which_papers_it_leans_on() -> None:
    for language in LANGUAGES:
        at = visit("neuron", lang=language)
        shown = " ".join(one.value for one in at.markdown)
        assert re.search("He (et al|ve ark)", shown)
        assert "Glorot" in shown
    assert topic("neuron").views[:2] == VIEWS
