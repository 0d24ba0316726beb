"""The compare view with the real models: each mode, what cannot be shown, one link for both."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from models.core.tokens import MAX_CHARACTERS
from models.heads import alignment, compare, divergence
from models.heads.alignment import Both
from models.measured import CHECKPOINTS
from models.record import record
from pages.ui import text
from tests.pages.visiting import address, charts, healthy, html, kept, said, visit

CAT = "The cat sat down because it was tired"
BOTH = pytest.mark.parametrize("language", text.LANGUAGES)
MAPS = {"weights", "other", "difference", "distances-map"}
MODES = (
    {"against": "sentence"},
    {"against": "head"},
    {"against": "head", "distance_to": "all"},
    {"against": "model"},
    {"against": "model", "other_model": "gpt-mini", "text": "Yüz çocuk, ığdır 😀 geldi."},
    {"against": "sentence", "model": "translator", "kind": "cross", "text": "Köye gittiniz.",
     "other_text": "Köye gitti."},
)  # fmt: skip


def opened(language: str = "en", **parameters: str) -> AppTest:
    at = visit("heads", view="compare", lang=language, **parameters)
    healthy(at)
    return at


def sentence(language: str, key: str, **values: object) -> str:
    return text.catalogue(language)[key].format(**values)


@BOTH
@pytest.mark.parametrize("mode", MODES, ids=lambda mode: " ".join(mode.values())[:40])
def test_every_mode_has_its_maps_its_sum_and_its_checks(
    mode: dict[str, str], language: str
) -> None:
    at = opened(language, **mode)
    assert not said(at)
    pairs = mode.get("distance_to") == "all"
    assert charts(at).keys() == (MAPS - {"distances-map"} | {"pairs-map"} if pairs else MAPS)
    assert sentence(language, "heads.compare.own") in re.sub("<[^>]*>", "", html(at))
    assert "class='bad'" not in html(at)
    assert len(at.latex) == 1 + (mode["against"] == "head")
    assert not re.search(r"\bnan\b", html(at) + str(at.latex), re.IGNORECASE)


def test_the_first_comparison_is_the_one_that_its_reason_says() -> None:
    at = opened()
    assert sentence("en", "heads.now.compare_why", count=72) in html(at)
    both = Both(record("minilm", CAT), record("minilm", CAT.replace("tired", "raining")))
    grid = alignment.grid(both, "encoder", "encoder")
    found = np.array(compare.changes(both, grid, "encoder"))
    assert found[3, 1] == found.max()
    assert f"+{100 * found.max():.2f}" in "".join(one.value for one in at.latex)
    assert sentence("en", "heads.now.compare_why", count=72) not in html(opened(layer="2"))


def test_the_head_beside_is_the_farthest_and_a_chosen_one_is_kept() -> None:
    at = opened(against="head")
    found = np.array(divergence.to_one(record("minilm", CAT), "encoder", 3, 1))
    layer, head = np.unravel_index(found.argmax(), found.shape)
    assert sentence("en", "heads.where", layer=layer, head=head) in html(at)
    assert f"mean of all rows {found.max():.2f}" in html(at)
    at = opened(against="head", other_layer="4", other_head="7")
    assert sentence("en", "heads.where", layer=4, head=7) in html(at)
    assert (address(at)["other_layer"], address(at)["other_head"]) == ("4", "7")


@BOTH
def test_a_head_that_is_not_there_is_told(language: str) -> None:
    at = opened(language, against="head", other_layer="99", other_head="2")
    assert said(at) == [sentence(language, "error.no_other_head", layer=99, head=2)]
    assert not {"other_layer", "other_head"} & address(at).keys()


@BOTH
@pytest.mark.parametrize("name", ["no-such-model", "../../nowhere", "<b>x</b>"])
def test_another_model_that_is_not_there_is_told_and_ours_is_shown(
    name: str, language: str
) -> None:
    at = opened(language, against="model", other_model=name)
    title = text.catalogue(language)["model.bert-mini"]
    shown = kept(language, "model", model=title)
    assert said(at) == [sentence(language, "error.unknown_model", model=name, kept=shown)]
    assert charts(at).keys() == MAPS


@BOTH
def test_a_model_without_this_kind_is_told(language: str) -> None:
    at = opened(language, against="model", model="translator", kind="cross", text="Köye gittiniz.")
    title = text.catalogue(language)["model.bert-mini"]
    same = text.catalogue(language)["model.translator"]
    shown = kept(language, "model", model=same)
    assert said(at) == [sentence(language, "error.not_comparable", model=title, kept=shown)]
    assert text.catalogue(language)["heads.now.compare_same_model"] in html(at), "this one itself"


@BOTH
@pytest.mark.parametrize(
    ("bad", "code", "figures"),
    [
        ("", "empty_text", {}),
        ("😀", "only_unknown", {}),
        ("word " * 600, "text_too_long", {"length": 602, "limit": 512}),
        ("x" * 100_000, "too_many_characters", {"length": 100_000, "limit": MAX_CHARACTERS}),
    ],
    ids=["empty", "unknown", "long", "longer"],
)
def test_a_second_sentence_that_cannot_be_read_is_told_and_the_picture_stays(
    bad: str, code: str, figures: dict[str, int], language: str
) -> None:
    at = opened(language, other_text="The cat sat down because it was late")
    before = charts(at)
    at.text_input(key="other_text").set_value(bad).run()
    healthy(at)
    words = sentence(language, f"error.{code}", kept=kept(language, "last"), **figures)
    assert said(at) == [words]
    drawn = charts(at)
    assert drawn.keys() == before.keys()
    for name in MAPS:  # of the same numbers; lower, below the notice
        assert numbers(drawn[name]) == numbers(before[name])
    assert at.text_input(key="other_text").value == bad


def numbers(figure: dict[str, Any]) -> list[Any]:
    """What its heat maps hold."""
    return [trace["z"] for trace in figure["data"] if "z" in trace]


def test_a_long_second_sentence_is_cut_on_request() -> None:
    at = opened(other_text="word " * 600)
    at.button(key="cut-offer").click().run()
    healthy(at)
    assert "512" not in "".join(said(at)), "it is the second that was cut"
    assert charts(at).keys() == MAPS


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: " ".join(mode.values())[:40])
def test_one_link_restores_both_sides(mode: dict[str, str]) -> None:
    at = opened(**mode, query="2", key="1", layer="1", head="2")
    again = opened(**{n: v for n, v in address(at).items() if n not in ("view", "lang")})
    assert charts(again) == charts(at)
    assert [one.value for one in again.latex] == [one.value for one in at.latex]
    assert address(again) == address(at)


def test_a_visitors_own_model_that_was_open_is_offered_by_its_name(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(CHECKPOINTS / "bert-mini", folder)
    at = visit("heads", v="2", model=str(folder))
    healthy(at)
    at.session_state["model"], at.session_state["view"] = "minilm", "compare"
    at.session_state["against"] = "model"
    at.run()
    healthy(at)
    assert "mine" in at.selectbox(key="other_model").options
    at.selectbox(key="other_model").set_value(str(folder)).run()
    healthy(at)
    assert not said(at)
    assert charts(at).keys() == MAPS


def test_another_model_forgets_the_head_chosen_in_the_last() -> None:
    at = opened(against="model", other_layer="2", other_head="3")
    at.selectbox(key="other_model").set_value("gpt-mini").run()
    healthy(at)
    assert not said(at)
    assert not {"other_layer", "other_head"} & address(at).keys()
    assert address(at)["other_model"] == "gpt-mini"
