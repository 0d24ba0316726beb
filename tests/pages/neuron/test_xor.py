"""The XOR view of the neuron page: every hidden layer in both languages, clicks, checks, links."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from models.neuron import xor, xor_autograd
from models.neuron.xor import HIDDEN, LAST, SEEDS
from pages.neuron import xor as view
from pages.ui import charts as ui_charts
from pages.ui.parameters import OneOf
from pages.ui.state import parameters
from pages.ui.text import LANGUAGES
from tests.pages.visiting import address, charts, healthy, html, said, spied, visit
from tests.viz.figures import cells

BOTH = pytest.mark.parametrize("language", LANGUAGES)
LINK = {"v": "2", "view": "xor"}


def opened(**more: str) -> Any:
    at = visit("neuron", **LINK, **more)
    healthy(at)
    return at


@BOTH
@pytest.mark.parametrize("hidden", HIDDEN)
def test_every_layer_shows_picture_sums_and_both_checks(language: str, hidden: str) -> None:
    at = opened(lang=language, hidden=hidden, trained="300")
    assert not said(at)
    assert "planes" in charts(at)
    body = html(at)
    assert body.count("class='good'") == 2
    assert "class='bad'" not in body
    assert len(at.latex) == (3 if hidden == "none" else 4)


def test_it_opens_untrained_and_arrows_train_on() -> None:
    at = opened()
    assert at.button(key="previous").disabled
    at.button(key="next").click().run()
    healthy(at)
    assert at.session_state["trained"] == 1
    assert address(at)["trained"] == "1"
    last = opened(trained=str(LAST))
    assert last.button(key="next").disabled


def test_a_step_of_a_link_stays_though_no_stop_is_there() -> None:
    at = opened(trained="421")
    assert at.session_state["trained"] == 421
    assert "421" in html(at)
    at.button(key="next").click().run()
    assert at.session_state["trained"] == 500


def test_another_layer_seed_or_point_is_another_sum() -> None:
    at, sums = opened(trained="500"), []
    for changed in ({}, {"point": 2}, {"seed": 3}, {"hidden": "tanh"}):
        for name, value in changed.items():
            at.session_state[name] = value
        at.run()
        healthy(at)
        sums.append([formula.value for formula in at.latex])
    assert len({tuple(one) for one in sums}) == 4
    assert address(at)["hidden"] == "tanh"


@pytest.mark.parametrize(("name", "value"), [("seed", SEEDS), ("trained", LAST + 1)])
def test_what_a_link_asks_beyond_is_said(name: str, value: int) -> None:
    at = opened(**{name: str(value)})
    assert len(said(at)) == 1
    assert at.session_state["seed"] == 1
    assert "class='good'" in html(at)


def test_a_click_chooses_what_its_mark_carries(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = spied(monkeypatch, ui_charts, "clickable")
    opened(trained="20", point="3")
    figure, _, choose, *_ = calls[-1]
    assert choose.names == ("point", "trained")
    carried = [tuple(id_) for trace in cells(figure) for id_ in trace.customdata]
    assert {(point, 20) for point in range(4)} | {(3, step) for step in (0, LAST)} <= set(carried)


def test_a_wrong_gradient_loses_its_check(monkeypatch: pytest.MonkeyPatch) -> None:
    check = xor_autograd.check
    monkeypatch.setitem(xor._SLOPES, "sigmoid", lambda h: h)
    monkeypatch.setattr(view, "_check", lambda found, step: check(found, step))
    body = html(opened(hidden="sigmoid", trained="300"))
    assert "class='bad'" in body


def test_the_best_line_is_told_with_its_weights_where_one_unit_is_left() -> None:
    at = opened(hidden="none", trained=str(LAST))
    assert "3 of 4" in html(at)
    assert "w₁ = 1, w₂ = −1, b = −0.5, has a loss of 0.78" in html(at)
    z = np.array([-0.5, -1.5, 0.5, -0.5])  # of 00, 01, 10, 11
    loss = np.log1p(np.exp(np.array([1, -1, -1, 1]) * z)).mean()
    assert round(float(loss), 2) == 0.78


def test_links_reach_every_network_and_step_of_the_training() -> None:
    hidden, trained = (parameters("neuron")[name].parse for name in ("hidden", "trained"))
    assert isinstance(hidden, OneOf)
    assert hidden.choices == HIDDEN
    assert trained(str(LAST)) == LAST
    with pytest.raises(ValueError, match="2000"):
        trained(str(LAST + 1))
