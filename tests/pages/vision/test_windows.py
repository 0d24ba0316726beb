"""A visitor's Swin on the page: its windows as what they are, and nothing that it has not."""

from __future__ import annotations

from pathlib import Path

import pytest

from pages.ui.text import LANGUAGES, catalogue
from tests.models.vision.seeing import SWINS, process, save_swin
from tests.pages.vision.test_visitor import png, uploaded
from tests.pages.visiting import address, charts, healthy, html, said, visit

BOTH = pytest.mark.parametrize("language", LANGUAGES)
SIZE = {"size": {"height": 24, "width": 24}}


@pytest.mark.parametrize(
    ("layer", "sums", "language"),
    [
        (0, "score", "tr"),
        (1, "weight", "en"),
        (1, "score", "tr"),
        (2, "mix", "en"),
        (3, "score", "en"),
    ],
)
def test_every_layer_is_drawn_and_its_numbers_agree(
    layer: int, sums: str, language: str, tmp_path: Path
) -> None:
    more = {"layer": str(layer), "window": "3", "query": "1", "key": "2", "sum": sums}
    at = visit("vision", lang=language, model=str(process(save_swin(tmp_path), **SIZE)), **more)
    healthy(at)
    assert not said(at)
    assert charts(at).keys() == {"own-windows"}
    page, words = html(at), catalogue(language)
    assert "class='bad'" not in page
    assert words["vision.windows.no_rollout"] in page
    assert words["vision_windows.matches"].split("{")[0] in page
    assert (words["vision.windows.shifted"].split("{")[0] in page) == (layer % 2 == 1)
    assert (words["vision.windows.filled"] in page) == (layer > 1)


def test_the_bias_and_the_mask_are_terms_of_the_score(tmp_path: Path) -> None:
    folder = str(process(save_swin(tmp_path), **SIZE))
    for layer, wanted in ((0, ("B",)), (1, ("B", "M"))):
        at = visit("vision", model=folder, layer=str(layer), window="8", query="0", key="3")
        healthy(at)
        formulas = "\n".join(one.value for one in at.latex)
        for letter in ("B", "M"):
            assert (f"{letter}_{{ij}}" in formulas) == (letter in wanted), letter
    assert "-100" in formulas.replace("−", "-")


@BOTH
def test_a_window_that_is_not_there_is_told(language: str, tmp_path: Path) -> None:
    folder = str(process(save_swin(tmp_path), **SIZE))
    at = visit("vision", lang=language, model=folder, layer="0", window="9")
    healthy(at)
    words = catalogue(language)
    told = {"name": words["controls.window"], "value": 9, "last": 8}
    assert said(at) == [words["error.out_of_range"].format(**told)]
    assert address(at).get("window", "0") == "0"


@BOTH
@pytest.mark.parametrize("family", SWINS)
def test_all_heads_are_shown_at_one_place(family: str, language: str, tmp_path: Path) -> None:
    folder = str(process(save_swin(tmp_path, family=family), **SIZE))
    # The query that is asked for only fills its window up: the window's first cell takes its place.
    more = {"layer": "2", "window": "3", "query": "3", "own_view": "overview"}
    at = visit("vision", lang=language, model=folder, **more)
    healthy(at)
    assert not said(at)
    assert charts(at).keys() == {"own-window-heads", "own-window-head"}
    assert address(at)["own_view"] == "overview"
    assert address(at).get("query", "0") == "0"
    words = catalogue(language)
    assert words["vision.windows.heads_said"].format(heads="2, 4") in html(at)


@BOTH
def test_a_rollout_of_windows_gives_way_to_attention(language: str, tmp_path: Path) -> None:
    folder = str(process(save_swin(tmp_path), **SIZE))
    at = visit("vision", lang=language, model=folder, own_view="rollout")
    healthy(at)
    assert charts(at).keys() == {"own-windows"}


@BOTH
def test_cosines_are_told_as_such(language: str, tmp_path: Path) -> None:
    folder = str(process(save_swin(tmp_path, family="swinv2"), **SIZE))
    at = visit("vision", lang=language, model=folder, layer="3", window="3", query="0", key="1")
    healthy(at)
    page, words = html(at), catalogue(language)
    assert words["vision.windows.filled_cosine"] in page
    assert words["vision.windows.cosine"].split(",")[0] in page
    assert "M = −200" in page
    assert words["vision.sums.score_factor"].split("}")[-1].strip(": ") in page
    assert "sqrt" not in "".join(one.value for one in at.latex)
    assert "class='bad'" not in page
    at.button(key="eager").click().run()
    healthy(at)
    assert words["vision.eager.found"].format(agree=12, heads=12) in html(at)
    assert "class='bad'" not in html(at)


def test_a_visitors_picture_is_read_and_held_against_eager_attention(tmp_path: Path) -> None:
    save_swin(tmp_path, "ForImageClassification", id2label={0: "cat", 1: "dog"}, num_labels=2)
    at = uploaded(process(tmp_path, **SIZE), png())
    assert not said(at)
    page = html(at)
    assert "mine.png" in page
    assert "cat" in page
    at.button(key="eager").click().run()
    healthy(at)
    assert catalogue("en")["vision.eager.found"].format(agree=12, heads=12) in html(at)
    assert "class='bad'" not in html(at)
