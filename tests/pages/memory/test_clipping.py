"""The clipping view: both languages, every c, its checks, and a wrong gradient."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models.memory import clipping
from pages.memory import clipping as view
from pages.ui.text import LANGUAGES, catalogue
from tests.pages.visiting import address, healthy, html, said, visit

BOTH = pytest.mark.parametrize("language", LANGUAGES)


@BOTH
@pytest.mark.parametrize("nonlinearity", ["tanh", "relu", ""])
def test_it_opens_and_says_that_it_is_a_what_if(language: str, nonlinearity: str) -> None:
    chosen = {"nonlinearity": nonlinearity} if nonlinearity else {}
    at = visit("memory", view="clipping", lang=language, **chosen)
    healthy(at)
    assert not said(at)
    page = html(at)
    assert "dot whatif" in page
    assert page.count("class='good'") == 1
    assert "class='bad'" not in page
    kind = nonlinearity or "relu"
    assert catalogue(language)[f"memory.clipping_{kind}"].format(seed=0) in page
    assert len(at.latex) == 2


def test_arrows_lead_through_every_c() -> None:
    at = visit("memory", view="clipping", max_norm="50")
    at.button(key="next").click().run()
    healthy(at)
    assert address(at)["max_norm"] == "100.0"
    assert at.button(key="next").disabled
    assert catalogue("en")["memory.now.clipping_idle"].split("{")[0] in html(at)


def test_a_wrong_gradient_loses_its_check(monkeypatch: pytest.MonkeyPatch) -> None:
    right = clipping.clipped_step("relu", 1.75, 1.0, 0)
    wrong = replace(right, number=right.number * 1.01)
    monkeypatch.setattr(view, "_step", lambda *_: wrong)
    monkeypatch.setattr(view, "_check", clipping.check)
    assert html(visit("memory", view="clipping")).count("class='bad'") == 1
