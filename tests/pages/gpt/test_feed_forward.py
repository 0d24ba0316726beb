"""Below the gpt page's first view: a hidden unit as a key and a value, as a visitor meets it."""

from __future__ import annotations

from html import unescape
from pathlib import Path

import pytest

from models.catalog import load
from models.gpt.feed_forward import at_last, value, without
from pages.ui import text
from tests.models import tiny
from tests.pages.visiting import address, charts, healthy, html, said, visit
from viz.board.notation import Notation

BOTH = pytest.mark.parametrize("language", text.LANGUAGES)
COLD = {"text": "The old", "step": "0", "model": "gpt-mini", "layer": "3"}


@BOTH
def test_first_the_unit_that_adds_most_is_shown_with_its_check(language: str) -> None:
    at = visit("gpt", lang=language, **COLD)
    healthy(at)
    assert not said(at)
    assert "hidden-unit" in charts(at)
    loaded, page = load("gpt-mini"), unescape(html(at))
    ids = loaded.encode("The old").ids
    found, words = at_last(loaded, ids, 3), text.catalogue(language)
    where = words["gpt.units.where"].format(layer=3, n=found.longest)
    assert where in page
    write = Notation("." if language == "en" else ",")
    moved = without(loaded, ids, 3, found.longest).distance
    assert words["gpt.units.distance"].format(share=write.small(moved)) in page
    best = value(loaded, 3, found.longest).raised[0][1]
    assert write.fixed(best) in page
    assert "class='bad'" not in page


def test_another_unit_and_layer_are_chosen_and_stand_in_the_link() -> None:
    at = visit("gpt", lang="en", **COLD)
    before = charts(at)["hidden-unit"]
    at.selectbox(key="inner-control").select(204).run()
    healthy(at)
    assert address(at)["inner"] == "204"
    assert charts(at)["hidden-unit"] != before
    at.selectbox(key="layer-control").select(1).run()
    healthy(at)
    assert address(at)["layer"] == "1"
    assert "inner" not in address(at)  # another layer's units are others


def test_a_unit_that_is_not_there_is_said_and_a_model_without_any_has_no_block() -> None:
    at = visit("gpt", lang="en", inner="4000", **COLD)
    healthy(at)
    assert any("4000" in one for one in said(at))
    at = visit("gpt", lang="en", model="induction", text="ABCAB", view="write")
    assert not at.exception
    assert "hidden-unit" not in charts(at)


def test_a_gated_unit_is_not_called_off(tmp_path: Path) -> None:
    folder = str(tiny.save("llama", tmp_path))
    at = visit("gpt", lang="en", model=folder, text="the cat sat", view="write")
    healthy(at)
    assert "hidden-unit" in charts(at)
    words = text.catalogue("en")
    assert words["gpt.units.gated"] in html(at)
    assert words["gpt.units.nonlinear"].split("{")[0] not in html(at)
