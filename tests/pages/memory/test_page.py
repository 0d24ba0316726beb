"""The memory page in both languages: every view, every distance, and links that ask too much."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from models.measured import CHECKPOINTS
from models.memory import jacobian_paths, products, products_autograd, recall
from models.memory.gradients import MOST, NETWORKS, SEEDS, drawn, gradients
from pages.memory import gradients as reach
from pages.memory import products as products_view
from pages.memory import recall as recall_view
from pages.registry import topic
from pages.ui.text import LANGUAGES, catalogue
from tests.pages.visiting import address, healthy, html, kept, said, spied, visit
from tests.present import present

BOTH = pytest.mark.parametrize("language", LANGUAGES)
VIEWS = ("gradients", "recall", "exploding")
TEXT = topic("memory").defaults["text"]
SHORT = "CABH?"


def fine(at: AppTest) -> None:
    healthy(at)
    assert len(at.get("plotly_chart")) == 1
    assert "class='provenance'" in html(at)
    assert "class='bad'" not in html(at)


def bold(at: AppTest) -> list[str]:
    """The last number of every formula."""
    values = " ".join(str(formula.value) for formula in at.latex)
    return re.findall(r"\\mathbf\{((?:[^{}]|\{[^{}]*\})*)\}", values)


def test_the_first_text_is_the_task_with_twenty_distractors() -> None:
    assert drawn(20) == TEXT


@BOTH
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_opens_by_its_link(view: str, language: str) -> None:
    at = visit("memory", view=view, lang=language, text=SHORT)
    fine(at)
    assert not said(at)
    words = catalogue(language)
    assert at.title[0].value == words["memory.title"]
    heading = {"exploding": "products"}.get(view, view)
    assert words[f"memory.{heading}"] in html(at)


def test_the_numbers_on_the_page_are_torchs_own() -> None:
    at = visit("memory", step="3", seed="1", text=SHORT)
    fine(at)
    found = gradients(SHORT, 1)
    rnn = found.norms["rnn"][1]
    cell = jacobian_paths.along_cell(found.lstm, 3)
    look = jacobian_paths.look(found.attention, 3)
    shown = [float(re.sub(r"\\cdot 10\^\{(.*)\}", r"e\1", n).replace(" ", "")) for n in bold(at)]
    expected = [rnn, cell.product, *look.passed]
    assert shown == pytest.approx(expected, rel=5.1e-3)


def test_the_picture_holds_every_symbols_gradient_from_the_end_backwards(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen = spied(monkeypatch, reach, "gradients")
    fine(visit("memory", step="3", seed="1", text=SHORT))
    way, found = seen[-1][0], gradients(SHORT, 1)
    assert "".join(way.tokens) == SHORT[::-1]
    assert way.distance == 3
    for name in NETWORKS:
        np.testing.assert_array_equal(way.norms[name], found.norms[name][::-1])
    chain, cell = jacobian_paths.recurrent(found.rnn, 3), jacobian_paths.along_cell(found.lstm, 3)
    np.testing.assert_array_equal(way.factors, chain.factors)
    np.testing.assert_array_equal(way.kept, found.lstm.f[2:, cell.unit])
    np.testing.assert_array_equal(way.alpha, found.attention.weights[way.head][::-1])


def test_the_picture_of_recall_holds_each_networks_own_shares(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen = spied(monkeypatch, recall_view, "recall")
    fine(visit("memory", view="recall", length="100"))
    recalls, place, *_ = seen[-1]
    assert recalls["lstm"].distractors[place] == 100
    for name, model in NETWORKS.items():
        told = json.loads((CHECKPOINTS / model / "curve.json").read_text("utf-8"))
        np.testing.assert_array_equal(recalls[name].seeds, list(told["seeds"].values()))


def test_the_arrow_buttons_walk_the_whole_text_and_end_there() -> None:
    at = visit("memory", text=SHORT, step="0")
    assert at.button(key="previous").disabled
    for distance in range(1, len(SHORT)):
        at.button(key="next").click().run()
        fine(at)
        assert catalogue("en")["memory.from"].split("{")[0] + str(distance) in html(at)
    assert at.button(key="next").disabled
    assert address(at)["step"] == str(len(SHORT) - 1)


def test_another_number_of_distractors_draws_another_text() -> None:
    at = visit("memory")
    at.number_input(key="distractors").set_value(6).run()
    fine(at)
    assert address(at)["text"] == drawn(6)
    assert not said(at)
    at.button(key="draw").click().run()
    fine(at)
    assert len(address(at)["text"]) == 8
    assert address(at)["text"] != drawn(6)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_every_training_can_be_seen(seed: int) -> None:
    at = visit("memory", seed=str(seed), text=SHORT)
    fine(at)
    answers = gradients(SHORT, seed).answers
    assert f"RNN {answers['rnn']}, LSTM {answers['lstm']}" in html(at)


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ({"text": "   "}, "error.empty_text"),
        ({"text": "xyz"}, "error.only_unknown"),
        ({"text": "AxB?"}, "memory.unknown"),
    ],
)
def test_what_cannot_be_shown_is_said_and_a_picture_stays(link: dict[str, str], words: str) -> None:
    at = visit("memory", **link)
    fine(at)
    assert catalogue("en")[words].format(kept=kept()) in said(at)


def test_a_text_too_long_is_said_and_can_be_cut() -> None:
    at = visit("memory", text="AB" * MOST)
    fine(at)
    limit = catalogue("en")["error.text_too_long"].format(length=2 * MOST, limit=MOST, kept=kept())
    assert limit in said(at)
    at.button(key="cut-offer").click().run()
    fine(at)
    assert catalogue("en")["frame.cut"].format(count=MOST) in said(at)


@pytest.mark.parametrize(
    "link",
    [
        {"seed": "9"},
        {"step": "400"},
        {"view": "recall", "length": "7"},
        {"view": "exploding", "sigma": "7"},
        {"view": "exploding", "sigma": "999999", "recurrent": "rotation"},
        {"view": "<b>"},
        {"recurrent": "x"},
        {"sigma": "1.5"},
    ],
    ids=str,
)
def test_a_link_that_asks_too_much_is_answered_in_a_sentence(link: dict[str, str]) -> None:
    at = visit("memory", **({"text": SHORT} | link))
    fine(at)
    assert len(said(at)) == 1


def test_another_pages_view_is_no_view_here() -> None:
    fine(visit("memory", view="head_view", text=SHORT))
    healthy(visit("heads", view="recall", text="Dogs run"))


def test_hostile_symbols_are_text() -> None:
    at = visit("memory", text="A<img src=x onerror=1>?", step="2")
    fine(at)
    assert "<img" not in html(at)


@BOTH
@pytest.mark.parametrize("outcome", ["held", "longer", "shorter"])
def test_the_verdict_on_the_claim_is_the_one_that_the_data_give(
    outcome: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = present(recall.measured(NETWORKS))
    shares = {"held": (1.0, 0.25), "longer": (1.0, 1.0), "shorter": (0.5, 0.25)}[outcome]
    seeds = told["lstm"].seeds.copy()
    for n, share in zip((100, 1000), shares, strict=True):
        seeds[:, told["lstm"].distractors.index(n)] = share
    made = dict(told)
    made["lstm"] = type(told["lstm"])(
        told["lstm"].distractors, seeds, told["lstm"].untrained, 1 / 8, 100, 128
    )
    monkeypatch.setattr(recall, "measured", lambda _: made)
    page = html(visit("memory", view="recall", lang=language))
    assert f"data-verdict='{outcome}'" in page
    sign = "✓" if outcome == "held" else "✗"
    assert f"<b>{sign}</b>" in page
    start = catalogue(language)[f"memory.verdict.{outcome}"].split("{")[0]
    assert start in page


def test_the_measured_verdict_needs_no_hand() -> None:
    told = present(recall.measured(NETWORKS))["lstm"]
    page = html(visit("memory", view="recall"))
    assert f"data-verdict='{recall.verdict(told)}'" in page
    near, far = (f"{told.mean[told.distractors.index(n)]:.3f}" for n in (100, 1000))
    assert f"(share {near})" in page or near in page
    assert far in page


def test_recall_is_walked_along_the_measured_lengths() -> None:
    lengths = present(recall.measured(NETWORKS))["rnn"].distractors
    at = visit("memory", view="recall", length=str(lengths[0]))
    for length in lengths[1:]:
        at.button(key="next").click().run()
        fine(at)
        assert catalogue("en")["memory.after"].format(n=length) in html(at)
    assert at.button(key="next").disabled


def test_the_trained_matrix_left_alone_is_live_and_any_other_a_what_if() -> None:
    at = visit("memory", view="exploding", text=SHORT)
    assert "dot live" in html(at)
    sigma = products.largest(gradients(SHORT).rnn.u)
    assert f"{sigma:.3f}" in html(at)
    at.select_slider(key="sigma").set_value(50).run()
    fine(at)
    assert "dot whatif" in html(at)
    assert "0.500" in html(at)
    at.selectbox(key="recurrent").set_value("rotation").run()
    fine(at)
    assert at.select_slider(key="sigma").value == 100
    assert "dot whatif" in html(at)


@pytest.mark.parametrize("sigma", [50, 100, 300])
def test_the_product_on_the_page_is_the_matrixs_own(sigma: int) -> None:
    at = visit(
        "memory", view="exploding", recurrent="random", sigma=str(sigma), text=SHORT, step="4"
    )
    fine(at)
    found = gradients(SHORT)
    shown = [float(re.sub(r"\\cdot 10\^\{(.*)\}", r"e\1", n).replace(" ", "")) for n in bold(at)]
    sides = [
        products.products(found, "random", sigma / 100, activation=activation)
        for activation in ("linear", "tanh")
    ]
    step = products.step_back(found, "random", sigma / 100, "tanh", 4)
    expected = [*(side.norms[4] for side in sides), step.leaving[step.opened]]
    assert shown == pytest.approx(expected, rel=5.1e-3)


@BOTH
@pytest.mark.parametrize("step", ["0", "1", "4"])
def test_relu_takes_the_place_of_tanh_as_a_what_if(language: str, step: str) -> None:
    at = visit(
        "memory", view="exploding", text=SHORT, nonlinearity="relu", step=step, lang=language
    )
    fine(at)
    assert "dot whatif" in html(at)
    words = catalogue(language)
    assert words["memory.network_relu"] in html(at)
    assert words["memory.network_relu_changed"] not in html(at)
    if step == "0":
        return
    assert html(at).count("class='good'") == 2
    found = gradients(SHORT)
    norm = products.products(found, "own", activation="relu").norms[int(step)]
    opened = products.step_back(found, "own", None, "relu", int(step))
    plain = [number.replace("{,}", ".").replace(" ", "") for number in bold(at)]
    shown = [float(re.sub(r"\\cdot10\^\{(.*)\}", r"e\1", number)) for number in plain]
    assert shown[1:] == pytest.approx([norm, opened.leaving[opened.opened]], rel=5.1e-3)


def test_another_activation_is_chosen_on_the_page_and_stands_in_the_address() -> None:
    at = visit("memory", view="exploding", text=SHORT, step="3")
    assert "nonlinearity" not in address(at)
    at.segmented_control(key="nonlinearity-control").set_value("relu").run()
    fine(at)
    assert address(at)["nonlinearity"] == "relu"
    assert "dot whatif" in html(at)


def test_a_wrong_slope_loses_its_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(products, "slope", lambda a, _: np.ones_like(a))
    monkeypatch.setattr(products_view, "_products", products.products)
    monkeypatch.setattr(products_view, "_step_back", products.step_back)
    monkeypatch.setattr(products_view, "_check", products_autograd.check)
    at = visit("memory", view="exploding", text=SHORT, step="3", nonlinearity="relu")
    assert html(at).count("class='bad'") == 1


def test_another_training_takes_its_own_sigma_along() -> None:
    at = visit("memory", view="exploding", text=SHORT)
    at.segmented_control(key="seed").set_value(2).run()
    fine(at)
    assert not said(at)
    assert at.select_slider(key="sigma").value == round(
        products.largest(gradients(SHORT, 2).rnn.u) * 100
    )


def test_turkish_numbers_have_a_comma() -> None:
    pages = (html(visit("memory", lang="tr", text=SHORT, view=view)) for view in VIEWS)
    page = re.sub("<style>.*?</style>", "", "".join(pages), flags=re.DOTALL)
    assert re.search(r">[^<]*\d,\d[^<]*<", page)
    assert not re.search(r">[^<]*\d\.(?!\d{3}\b)\d[^<]*<", page)
