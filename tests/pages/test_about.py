"""What a page says of its model is what was measured."""

from __future__ import annotations

import json
from html import escape

import pytest

from models.card import CHECKPOINTS
from pages.ui.text import catalogue
from tests.pages.visiting import healthy, html, visit
from viz.notation import Notation


@pytest.mark.parametrize(("language", "decimal"), [("en", "."), ("tr", ",")])
def test_a_shipped_models_figures_stand_beside_their_baselines(language: str, decimal: str) -> None:
    at = visit("heads", model="induction", text="abcabc", lang=language)
    healthy(at)
    metrics = json.loads((CHECKPOINTS / "induction" / "metrics.json").read_text("utf-8"))
    write, words = Notation(decimal), catalogue(language)
    name, value = "prefix_matching", metrics["quality"]["prefix_matching"]
    plain = metrics["baselines"]["untrained"][name]
    figure, untrained = words[f"quality.{name}"], words["baseline.untrained"]
    shown = f"{write.fixed(value, 3)} ({untrained}: {write.fixed(plain, 3)})"
    assert f"{figure}: {shown}" in html(at)
    for name, value in metrics["quality"].items():
        number = write.small(value, 3) if value <= 1 else write.fixed(value)
        row = f"<td>{words[f'quality.{name}']}</td><td><b>{escape(number)}</b></td>"
        assert row in html(at)


def test_a_model_that_nobody_measured_says_so() -> None:
    at = visit("heads")
    healthy(at)
    assert catalogue("en")["about.unmeasured"] in html(at)
