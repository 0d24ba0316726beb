"""A model of the catalogue whose package is not here, or that is switched off."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pytest

from models import catalog
from models.catalog import CATALOG
from pages.ui import inputs
from tests.pages.visiting import healthy, literally, models, visit

ID = "smollm2"


@pytest.fixture(autouse=True)
def absent(monkeypatch: pytest.MonkeyPatch) -> None:
    card = replace(CATALOG[ID], package="no_such_package_here")
    without = MappingProxyType({**CATALOG, ID: card})
    for module in (catalog, inputs):
        monkeypatch.setattr(module, "CATALOG", without)
    monkeypatch.setattr(catalog, "_loaded", {**catalog._loaded})
    catalog._loaded.pop(ID, None)


@pytest.mark.parametrize(
    ("language", "listed", "sentence"),
    [
        ("en", "(not installed)", "is not installed here"),
        ("tr", "(kurulu değil)", "burada kurulu değil"),
    ],
)
def test_it_is_listed_as_absent_and_says_what_brings_it(
    language: str, listed: str, sentence: str
) -> None:
    at = visit("heads", lang=language, model=ID)
    healthy(at)
    [notice] = [w.value for w in (*at.warning, *at.info) if "SmolLM2" in w.value]
    assert sentence in notice
    assert "no-such-package-here" in notice
    assert "SMALL=1" in notice
    assert listed in literally(models(at)[ID])


def test_switched_off_it_is_neither_listed_nor_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIKKAT_WITHOUT", ID)
    assert ID not in models(visit("heads"))
    at = visit("heads", model=ID)
    healthy(at)
    assert "SmolLM2" in " ".join(w.value for w in (*at.warning, *at.info))
