"""Funnel on the pages: each layer over its own places, and a sentence where those are missing."""

from __future__ import annotations

import pytest

from models.trace import AttentionTrace
from pages.ui import caches, text
from tests.models.families.measuring import save
from tests.pages.visiting import charts, healthy, html, said, visit
from viz.heads.view import head_view

TEXT = "the animal was too tired to cross the street"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Layers 0 and 3 over all tokens, 1 that pools its queries, 2 over the pooled ones."""
    return str(save("funnel", tmp_path_factory.mktemp("funnel")))


def trace(folder: str) -> AttentionTrace:
    return caches.trace(folder, TEXT, text_pair="", target="", cut=False)


@pytest.mark.parametrize("language", text.LANGUAGES)
@pytest.mark.parametrize("layer", [0, 1, 2, 3])
def test_heads_shows_each_layer_over_its_own_places(layer: int, language: str, folder: str) -> None:
    words = text.catalogue(language)
    at = visit("heads", lang=language, model=folder, text=TEXT, layer=str(layer))
    healthy(at)
    assert said(at) == []
    assert at.session_state["layer"] == layer
    shown = html(at)
    same = {0: "0, 3", 1: "1", 2: "2", 3: "0, 3"}[layer]
    assert words["heads.pooled"].format(layers=same) in shown
    assert (words["heads.pooling"] in shown) == (layer == 1)
    assert charts(at).keys() - {"first-token"} == {"weights", "row"}
    assert "✗" not in shown
    assert shown.count("class='good'") >= 2


def test_pooled_places_bear_the_names_of_their_tokens(folder: str) -> None:
    whole = trace(folder)
    pooled = whole.with_layer(2).typed
    assert pooled[0] == "[CLS]"
    assert pooled[1] == " + ".join(whole.typed[1:3])
    for layer, names in (
        (0, (whole.typed, whole.typed)),
        (1, (pooled, whole.typed)),
        (2, (pooled, pooled)),
    ):
        axes = head_view(whole.with_layer(layer), "encoder", layer, 0).full
        assert (tuple(axes.queries), tuple(axes.keys)) == names


@pytest.mark.parametrize("layer", ["0", "1", "2"])
@pytest.mark.parametrize("view", ["elementwise", "compare", "head_view", "model_view"])
def test_no_view_fails_on_a_pooled_layer(view: str, layer: str, folder: str) -> None:
    at = visit("heads", lang="en", model=folder, text=TEXT, layer=layer, view=view, query="2")
    healthy(at)
    assert said(at) == []
    refused = text.catalogue("en")["heads.compare.pooled"].format(layers="0, 3")
    assert (refused in html(at)) == (view == "compare" and layer != "0")


@pytest.mark.parametrize("language", text.LANGUAGES)
@pytest.mark.parametrize("page", ["scores"])
def test_a_page_of_all_tokens_says_which_layers_it_leaves_out(
    page: str, language: str, folder: str
) -> None:
    at = visit(page, lang=language, model=folder, text=TEXT)
    healthy(at)
    words = text.catalogue(language)
    assert said(at) == [words["frame.pooled"].format(first=1, layers="0, 3")]
    at = visit(page, lang=language, model=folder, text=TEXT, layer="3", step="2")
    healthy(at)


@pytest.mark.parametrize("page", ["bert", "positions", "gpt", "home"])
def test_no_other_page_fails(page: str, folder: str) -> None:
    healthy(visit(page, lang="en", model=folder, text=TEXT))


def test_too_short_a_text_is_one_sentence(folder: str) -> None:
    at = visit("heads", lang="en", model=folder, text="a")
    healthy(at)
    at = visit("heads", lang="en", model=folder, text=TEXT)
    at.button(key="eager").click().run()
    healthy(at)
    assert "16 of 16 heads" in html(at)
