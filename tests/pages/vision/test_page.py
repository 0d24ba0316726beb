"""The pictures page in both languages: every view and sum, drawings, links that ask too much."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from models.core.rollout import rollout, with_residual
from models.vision import deletion, digits
from models.vision.digit import packed, see
from pages.registry import topic
from pages.ui.text import LANGUAGES, catalogue
from pages.vision import pad
from tests.pages.visiting import address, healthy, html, said, visit
from tests.present import present

BOTH = pytest.mark.parametrize("language", LANGUAGES)
VIEWS = ("attention", "rollout", "deletion")
SUMS = ("every", "patch", "score", "weight", "mix")
HELD_OUT = digits.split()[1]
DEFAULTS = topic("vision").defaults
MINE = "0000gg0000000000" + "000gg000" * 5 + "00000000"
FIRST = see("vit-digits", HELD_OUT.pixels[0])


def fine(at: AppTest) -> str:
    """The page's HTML, once it is sure that nothing is wrong with it."""
    healthy(at)
    page = html(at)
    assert "class='provenance'" in page
    assert "class='bad'" not in page.replace("class='bad'>✗</span></h3>", "")
    return page


def bold(at: AppTest) -> list[float]:
    """The bold numbers of all formulas."""
    values = " ".join(str(formula.value) for formula in at.latex).replace("{,}", ".")
    return [float(n) for n in re.findall(r"\\mathbf\{(-?\d+\.\d+)\}", values)]


def numbers(at: AppTest) -> list[float]:
    values = " ".join(str(formula.value) for formula in at.latex).replace("{,}", ".")
    return [float(n) for n in re.findall(r"-?\d+\.\d+", re.sub(r"#\w{6}|\[[\d.]+em\]", "", values))]


def kept(at: AppTest) -> dict[str, str]:
    """What the address says beside the language, and what every link names."""
    return {n: value for n, value in address(at).items() if n not in ("lang", "v", "model")}


@BOTH
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_opens_by_its_link(view: str, language: str) -> None:
    at = visit("vision", view=view, lang=language)
    page = fine(at)
    assert not said(at)
    words = catalogue(language)
    assert at.title[0].value == words["vision.title"]
    assert words["vision.digit"].format(number=0, label=HELD_OUT.labels[0]) in page
    assert words["origin.live"] in page
    assert address(at).get("view", "attention") == view


@BOTH
@pytest.mark.parametrize("chosen", SUMS)
def test_every_sum_ends_in_the_models_own_number(chosen: str, language: str) -> None:
    at = visit("vision", sum=chosen, lang=language, exact="1", layer="1", head="3", key="10")
    fine(at)
    block = FIRST.attention.layers("encoder")[1]
    q, k, v = (side[3].astype(np.float64) for side in (block.q, block.k, block.v))
    raw = float(q[0] @ k[10])
    e = np.exp(q[0] @ k.T / 4)
    values = {
        "patch": float(FIRST.embedding.own[10, 0]),
        "score": raw / 4,
        "weight": float(e[10] / e.sum()),
        "mix": float(e / e.sum() @ v[:, 0]),
    }
    found = numbers(at)
    for name in values if chosen == "every" else (chosen,):
        assert any(abs(values[name] - one) <= 5.1e-5 for one in found), name


def test_the_arrow_buttons_walk_through_all_tokens() -> None:
    at = visit("vision", key="0")
    assert at.button(key="previous").disabled
    for key in (1, 2, 3):
        at.button(key="next").click().run()
        fine(at)
        assert address(at)["key"] == str(key)
    at = visit("vision", key="16")
    assert at.button(key="next").disabled


@pytest.mark.parametrize("layer", [0, 1, 2])
def test_the_rollouts_numbers_are_the_products(layer: int) -> None:
    at = visit("vision", view="rollout", layer=str(layer), key="6")
    page = fine(at)
    mixed = [with_residual(block.weights) for block in FIRST.attention.layers("encoder")]
    product = rollout(mixed)[layer][0, 6]
    expected = [mixed[layer][0, 6], product]
    assert bold(at) == pytest.approx(expected, abs=5.1e-5)
    assert f"<b>{product:.4f}</b>" in page
    raw = FIRST.attention.layers("encoder")[layer].weights[:, 0, 6].mean()
    assert f"<b>{raw:.4f}</b>" in page


@BOTH
@pytest.mark.parametrize("by", deletion.BY)
@pytest.mark.parametrize("fill", deletion.FILLS)
def test_the_deletions_areas_and_verdicts_are_the_models(
    by: deletion.By, fill: deletion.Fill, language: str
) -> None:
    at = visit("vision", v="2", view="deletion", by=by, fill=fill, lang=language)
    page = fine(at)
    ranked = deletion.shares(FIRST.attention, by, DEFAULTS["layer"], DEFAULTS["head"])
    found = deletion.deletion("vit-digits", FIRST, ranked, fill)
    assert bold(at)[-1] == pytest.approx(found.areas["most"], abs=5.1e-4)
    table = re.search(r"<table class='broken'>.*?</table>", page)
    assert table
    shown = [float(n.replace(",", ".")) for n in re.findall(r"'value'>([\d.,]+)<", table[0])]
    name = f"head-{DEFAULTS['layer']}-{DEFAULTS['head']}" if by == "head" else by
    told = present(deletion.measured("vit-digits", name, fill))
    here = {**found.areas, "random": np.mean(found.random_areas)}
    orders = ("most", "random", "least", "ink")
    expected = [areas[order] for order in orders for areas in (here, told.areas)]
    assert shown == pytest.approx(expected, abs=5.1e-4)
    verdicts = re.findall(r"data-verdict='(\w+)'", page)
    own = deletion.verdict(found.areas["most"], found.random_areas)
    assert verdicts == [own, told.over_random.verdict]


@BOTH
@pytest.mark.parametrize("outcome", ["more", "unclear", "less"])
def test_the_verdict_follows_the_numbers(
    outcome: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = present(deletion.measured("vit-digits", "rollout", "paper"))
    mean = {"more": 0.1, "unclear": 0.01, "less": -0.1}[outcome]
    made = SimpleNamespace(
        pictures=told.pictures,
        curves=told.curves,
        low=told.low,
        high=told.high,
        areas=told.areas,
        over_random=deletion.Gain(mean, 0.02),
        over_ink=deletion.Gain(mean, 0.02),
    )
    monkeypatch.setattr(deletion, "measured", lambda *_: made)
    page = html(visit("vision", view="deletion", lang=language))
    for key in (f"vision.measured.{outcome}", f"vision.ink.{outcome}"):
        assert catalogue(language)[key].split("{gain}")[0].format(count=told.pictures) in page


def test_the_settings_of_deletion_are_in_the_address() -> None:
    at = visit("vision", v="2", view="deletion")
    at.selectbox(key="by").set_value("head").run()
    at.selectbox(key="fill").set_value("mean").run()
    at.button(key="next").click().run()
    fine(at)
    wanted = {"view": "deletion", "by": "head", "fill": "mean", "step": "1"}
    assert kept(at) == wanted


@BOTH
@pytest.mark.parametrize("view", VIEWS)
def test_a_drawing_in_the_link_is_the_visitors_own(view: str, language: str) -> None:
    at = visit("vision", drawn=MINE, view=view, lang=language)
    page = fine(at)
    words = catalogue(language)
    assert words["vision.own"] in page
    assert words["vision.from_own"].format(number=0) in page
    assert words["vision.says"].split("{")[0] in page
    assert address(at)["drawn"] == MINE
    at.button(key="undraw").click().run()
    page = fine(at)
    assert "drawn" not in address(at)
    assert words["vision.digit"].format(number=0, label=HELD_OUT.labels[0]) in page


def test_a_drawing_equal_to_the_example_is_the_example() -> None:
    at = visit("vision", v="2", drawn=packed(HELD_OUT.pixels[7]), picture="7")
    assert catalogue("en")["vision.own"] not in re.findall("what-if'>(.*?)<", fine(at))
    assert kept(at) == {"picture": "7"}
    assert at.button(key="undraw").disabled


def test_another_digit_takes_the_drawing_away() -> None:
    at = visit("vision", v="2", drawn=MINE)
    at.number_input(key="picture").set_value(5).run()
    fine(at)
    assert kept(at) == {"picture": "5"}


def test_a_misread_digit_says_so() -> None:
    page = html(visit("vision", picture="333"))
    words = catalogue("en")
    assert words["vision.digit"].format(number=333, label=8) in page
    assert f"{words['vision.says'].format(named=1)} <span class='bad'>✗</span>" in page


@BOTH
def test_the_models_accuracy_stands_beside_logistic_regressions(language: str) -> None:
    page = fine(visit("vision", lang=language))
    words = catalogue(language)
    own, other = (n if language == "en" else n.replace(".", ",") for n in ("0.992", "0.967"))
    told = f"{words['quality.accuracy']}: {own} ({words['baseline.logistic_regression']}: {other})"
    assert told in page


@pytest.mark.parametrize("view", VIEWS)
def test_blank_and_full_paper_are_pictures_too(view: str) -> None:
    for code in ("0" * 64, "g" * 64):
        fine(visit("vision", drawn=code, view=view))


JUNK = (
    "x" * 5000,
    "😀" * 64,
    "مرحبا",
    "   ",
    "<script>window.hacked=1</script>",
    "0" * 63,
    "h" * 64,
)


@BOTH
@pytest.mark.parametrize("junk", JUNK, ids=lambda junk: junk[:6])
def test_a_drawing_that_is_none_is_said_and_the_digit_shown(junk: str, language: str) -> None:
    at = visit("vision", drawn=junk, lang=language)
    page = fine(at)
    words = catalogue(language)
    assert said(at) == [words["error.not_a_picture"].format(side=8, levels=16)]
    assert "drawn" not in address(at)
    assert "<script" not in page


@pytest.mark.parametrize(
    "link",
    [
        {"picture": "360"},
        {"layer": "3"},
        {"head": "4"},
        {"query": "17"},
        {"key": "999999"},
        {"dim": "16", "sum": "mix"},
        {"unit": "64", "sum": "patch"},
        {"view": "deletion", "step": "17"},
        {"model": "minilm"},
        {"model": "<img src=x onerror=1>" * 200},
        {"view": "nothing"},
        {"by": "magic"},
        {"fill": "gold"},
        {"picture": "-1"},
    ],
    ids=str,
)
@BOTH
def test_a_link_that_asks_too_much_is_told_and_still_shows_something(
    link: dict[str, str], language: str
) -> None:
    at = visit("vision", lang=language, **link)
    fine(at)
    assert len(said(at)) == 1
    assert address(at).get("model", "vit-digits") == "vit-digits"


def test_another_pages_view_or_sum_is_none_here() -> None:
    fine(visit("vision", view="head_view", sum="context"))
    healthy(visit("heads", view="rollout", text="Dogs run"))
    healthy(visit("memory", view="deletion", text="CAB?"))
    healthy(visit("seq2seq", sum="patch", text="Köpek uyudu."))


@pytest.mark.parametrize(
    "sent", [None, 3, {"code": 3}, {"code": MINE}, {"code": [], "stroke": "a"}]
)
def test_what_the_pad_cannot_have_sent_is_left_alone(
    sent: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    run: list[object] = []
    session: dict[str, Any] = {"pad": {"drawn": sent}}
    monkeypatch.setattr(pad, "st", SimpleNamespace(session_state=session))
    monkeypatch.setattr(pad, "_pad", lambda **given: run.append(given["on_drawn_change"]()))
    pad.drawing_pad({"code": MINE}, on_draw=drawn.append)
    assert not drawn
    session["pad"] = {"drawn": {"code": MINE, "stroke": "a-1"}}
    pad.drawing_pad({"code": MINE}, on_draw=drawn.append)
    assert drawn == [MINE]
    assert session["_pad_answers"] == "a-1"


def test_turkish_numbers_have_a_comma() -> None:
    for view in VIEWS:
        page = html(visit("vision", lang="tr", view=view))
        page = re.sub("<style>.*?</style>", "", page, flags=re.DOTALL)
        assert re.search(r">[^<]*\d,\d[^<]*<", page)
        assert not re.search(r">[^<]*\d\.(?!\d{3}\b)\d[^<]*<", page)
