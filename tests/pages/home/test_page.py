"""The landing page: every page has its card, the example is right, nothing heavy is needed."""

from __future__ import annotations

import re

import numpy as np
import pytest

from models import catalog
from models.core.by_hand import worked_example
from pages.registry import TOPICS
from pages.ui import text
from tests.pages.visiting import healthy, html, visit

BOTH = pytest.mark.parametrize("language", text.LANGUAGES)


@BOTH
def test_every_page_has_a_card_with_a_link(language: str) -> None:
    at = visit(lang=language)
    healthy(at)
    words = text.catalogue(language)
    assert at.title[0].value == words["home.title"]
    links = [link.proto.page for link in at.get("page_link")]
    for page in TOPICS:
        if page.slug != "home":
            assert words[f"{page.slug}.card"] in html(at)
            assert page.slug in links


@BOTH
def test_the_example_on_the_page_is_the_lessons_own_softmax(language: str) -> None:
    x = worked_example().x
    e = np.exp(x @ x.T / np.sqrt(x.shape[1]))
    weights = e / e.sum(axis=1, keepdims=True)
    cells = re.findall(r"<td style='background[^>]*>([^<]*)</td>", html(visit(lang=language)))
    numbers = [float(cell.removeprefix("&lt; ").replace(",", ".")) for cell in cells]
    for cell, shown, weight in zip(cells, numbers, weights.ravel(), strict=True):
        assert 0 < weight < shown if "&lt;" in cell else abs(shown - weight) <= 5.1e-4
        assert ("," in cell) == (language == "tr")


@BOTH
@pytest.mark.parametrize("loaded", [True, False])
def test_the_page_says_whether_the_model_is_ready(
    loaded: bool, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_: str) -> None:
        raise AssertionError("the landing page loads no model")

    monkeypatch.setattr(catalog, "_loaded", {"minilm": object()} if loaded else {})
    monkeypatch.setattr(catalog, "_open", refused)
    at = visit(lang=language)
    healthy(at)
    words = text.catalogue(language)
    assert (words["home.ready"] in html(at)) == loaded
    assert (words["home.warming"] in html(at)) == (not loaded)


@BOTH
def test_where_the_example_comes_from_stands_under_it(language: str) -> None:
    page = html(visit(lang=language))
    assert text.catalogue(language)["origin.example"] in page
    assert text.catalogue(language)["home.example_source"] in page
