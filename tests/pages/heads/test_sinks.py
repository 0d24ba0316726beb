"""The heads page's stop at the first token, as a visitor meets it."""

from __future__ import annotations

import pytest

from models.catalog import load
from models.heads.sinks import on_texts
from pages.ui.text import catalogue
from tests.pages.visiting import charts, healthy, html, visit

MEASURED = ("least", "mean", "most", "halves")


def sentence(language: str, name: str, **values: object) -> str:
    """A sentence of the catalogue as the page writes it."""
    words: str = catalogue(language)[name]
    return words.format(**values)


@pytest.mark.parametrize("lang", ["en", "tr"])
def test_it_tells_what_the_first_token_gets_and_measures_other_texts_when_asked(lang: str) -> None:
    at = visit("heads", lang=lang, model="bert-mini", text="Dogs chase cats", layer="1", head="2")
    healthy(at)
    assert "first-token" in charts(at)
    at.button(key="sinks-measure").click().run()
    healthy(at)
    point = "," if lang == "tr" else "."
    found = on_texts(load("bert-mini"), "encoder")
    shown = {name: f"{getattr(found, name):.2f}".replace(".", point) for name in MEASURED}
    assert sentence(lang, "heads.sinks_texts", count=found.texts, **shown) in html(at)


def test_of_a_translator_the_chosen_side_is_measured() -> None:
    at = visit("heads", lang="en", model="translator", text="Kedi uyudu.", kind="decoder")
    at.button(key="sinks-measure").click().run()
    healthy(at)
    found = on_texts(load("translator"), "decoder")
    assert found != on_texts(load("translator"), "encoder")
    shown = {name: f"{getattr(found, name):.2f}" for name in MEASURED}
    assert sentence("en", "heads.sinks_texts", count=found.texts, **shown) in html(at)


def test_it_is_there_only_where_words_look_at_each_other() -> None:
    for more in (
        {"view": "compare"},
        {"model": "translator", "text": "Kedi uyudu.", "kind": "cross"},
    ):
        at = visit("heads", **more)
        healthy(at)
        assert "first-token" not in charts(at)
