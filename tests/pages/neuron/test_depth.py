"""The depth view of the neuron page: every way in both languages, clicks, checks, links."""

from __future__ import annotations

from typing import Any

import pytest

from models.neuron import depth, depth_autograd
from models.neuron.depth import BENDS, DEPTHS, STARTS, WAYS
from pages.neuron import depth as view
from pages.ui import charts as ui_charts
from pages.ui.parameters import OneOf, OneWhole
from pages.ui.state import parameters
from pages.ui.text import LANGUAGES, catalogue
from tests.pages.visiting import address, charts, healthy, html, said, spied, visit

BOTH = pytest.mark.parametrize("language", LANGUAGES)
LINK = {"v": "2", "view": "depth", "blocks": "4"}


def opened(**more: str) -> Any:
    at = visit("neuron", **{**LINK, **more})
    healthy(at)
    return at


@BOTH
@pytest.mark.parametrize("stack", WAYS)
def test_every_way_shows_picture_sums_and_both_checks(language: str, stack: str) -> None:
    at = opened(lang=language, stack=stack, at="3")
    assert not said(at)
    assert "depth" in charts(at)
    body = html(at)
    assert body.count("class='good'") == 2
    assert "class='bad'" not in body
    assert len(at.latex) == 2
    assert ("+ J^" in at.latex[1].value) == (stack in ("residual", "both"))


def test_it_opens_at_the_first_block_and_arrows_lead_to_the_last() -> None:
    at = opened()
    assert at.button(key="previous").disabled
    at.button(key="next").click().run()
    healthy(at)
    assert address(at)["at"] == "2"
    assert opened(at="4").button(key="next").disabled


def test_a_block_beyond_the_stack_is_said_and_the_last_one_shown() -> None:
    at = opened(at="9")
    assert len(said(at)) == 1
    assert at.session_state["at"] == 4


def test_it_opens_where_path_and_norm_are_both_needed_most() -> None:
    at = visit("neuron", v="2", view="depth")
    healthy(at)
    assert catalogue("en")["neuron.depth.why"] in html(at)
    usual = parameters("neuron")
    begins = tuple(usual[name].default for name in ("blocks", "bend", "start"))
    needs = {
        (blocks, bend, start): depth.need(depth.comparison(blocks, bend, start))
        for blocks in DEPTHS
        for bend in BENDS
        for start in STARTS
    }
    assert max(needs, key=lambda one: needs[one]) == begins
    assert needs[begins] > 3 * sorted(needs.values())[-2]
    assert catalogue("en")["neuron.depth.why"] not in html(opened())


@pytest.mark.parametrize(
    "changed", [{"bend": "relu"}, {"start": "lecun"}, {"blocks": 8}, {"at": 2}]
)
def test_another_setting_is_another_sum(changed: dict[str, Any]) -> None:
    at = opened()
    before = [formula.value for formula in at.latex]
    for name, value in changed.items():
        at.session_state[name] = value
    at.run()
    healthy(at)
    assert [formula.value for formula in at.latex] != before


def test_a_click_opens_its_way_and_block(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = spied(monkeypatch, ui_charts, "clickable")
    opened(stack="norm", at="3")
    _, _, choose, _, chosen = calls[-1]
    assert choose is view._choose
    assert chosen == (WAYS.index("norm"), 3)


def test_a_wrong_gradient_loses_its_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(depth, "norm_back", lambda x, gradient: gradient / x.std())
    monkeypatch.setattr(view, "_comparison", depth.comparison)
    monkeypatch.setattr(view, "_check", depth_autograd.check)
    monkeypatch.setattr(view, "_gradient_check", depth_autograd.gradient_check)
    assert html(opened()).count("class='bad'") == 2


def test_links_reach_every_way_activation_start_and_depth() -> None:
    for name, choices in (("stack", WAYS), ("bend", BENDS), ("start", STARTS)):
        reads = parameters("neuron")[name].parse
        assert isinstance(reads, OneOf)
        assert reads.choices == choices
    blocks = parameters("neuron")["blocks"].parse
    assert isinstance(blocks, OneWhole)
    assert blocks.choices == DEPTHS
