"""Below the gpt page's first view: the library's order beside another one, live and by hand."""

from __future__ import annotations

from html import unescape

import numpy as np
import pytest

from models.catalog import load
from models.core.arrays import Difference
from models.core.sampling import Settings
from models.gpt.generation import against_processors, next_logits, write
from models.gpt.order import OTHERS, SamplingChain, orders
from pages.gpt import order as block
from pages.gpt.controls import Seen
from pages.registry import topic
from pages.ui import text
from tests.pages.visiting import address, charts, healthy, html, said, visit

BOTH = pytest.mark.parametrize("language", text.LANGUAGES)
LIVE, WORKED = {"order-library", "order-other"}, {"order-example-library", "order-example-other"}
COLD = {
    "text": "The old",
    "step": "0",
    "model": "gpt-mini",
    "temperature": "0.5",
    "top_k": "0",
    "top_p": "0.8",
}


@BOTH
def test_both_orders_stand_below_the_first_view_with_their_checks(language: str) -> None:
    at = visit("gpt", lang=language, **COLD)
    healthy(at)
    assert not said(at)
    assert charts(at).keys() >= LIVE | WORKED
    words, page = text.catalogue(language), unescape(html(at))
    assert words["gpt.order"] in page
    named = [words[f"gpt.order.{one}"] for one in ("temperature", "top_k", "top_p")]
    assert " → ".join(named) in page
    matches = words["gpt.order.matches"].split("{")[0]
    assert page.count(f"✓ {matches}") == 2
    assert "class='bad'" not in page
    loaded = load("gpt-mini")
    logits = next_logits(loaded, loaded.encode("The old").ids)
    found = orders(logits, Settings(0.5, 0, 0.8), OTHERS["kpt"])
    counts = {"library": len(found.library.kept), "other": len(found.other.kept)}
    assert counts == {"library": 12, "other": 24}
    assert words["gpt.order.kept"].format(**counts) in page
    assert words["gpt.order.kept"].format(library=1, other=2) in page  # of the worked example


def test_another_order_is_chosen_and_stands_in_the_link() -> None:
    at = visit("gpt", **COLD)
    before = charts(at)
    at.selectbox(key="swap").select("tpk").run()
    healthy(at)
    assert address(at)["swap"] == "tpk"
    after = charts(at)
    assert after["order-other"] != before["order-other"]
    assert after["choosing"] == before["choosing"]  # the picture shows the library's order
    assert text.catalogue("en")["gpt.order.same"] in unescape(html(at))  # there is no top-k


def test_every_other_order_can_be_chosen() -> None:
    (parameter,) = [one for one in topic("gpt").parameters if one.name == "swap"]
    assert set(parameter.parse.choices) == set(OTHERS)  # type: ignore[attr-defined]
    assert visit("gpt", **COLD).selectbox(key="swap").value == "kpt"


def test_greedy_has_no_order_and_other_views_have_no_block() -> None:
    at = visit("gpt", **(COLD | {"temperature": "0"}))
    healthy(at)
    assert text.catalogue("en")["gpt.order.greedy"] in unescape(html(at))
    assert not charts(at).keys() & LIVE
    assert charts(at).keys() >= WORKED
    assert not charts(visit("gpt", view="cache", **COLD)).keys() & (LIVE | WORKED)


@pytest.mark.parametrize("setting", [{"temperature": "1", "top_p": "1"}, {"top_k": "1"}], ids=str)
def test_nothing_set_and_one_token_left_are_drawn_too(setting: dict[str, str]) -> None:
    at = visit("gpt", **(COLD | setting))
    healthy(at)
    assert charts(at).keys() >= LIVE | WORKED


def test_a_link_that_names_no_order_is_told() -> None:
    at = visit("gpt", **(COLD | {"swap": "kkk"}))
    healthy(at)
    assert said(at)
    assert charts(at).keys() >= LIVE


@BOTH
def test_a_temperature_that_leaves_one_token_draws_no_empty_sum(language: str) -> None:
    """Tokens that were not cut, but whose probability is 0, are not drawn in either order."""
    loaded = load("gpt-mini")
    shown = COLD | {"text": "I am", "temperature": "0.001", "top_p": "0.3"}
    found = orders(
        next_logits(loaded, loaded.encode("I am").ids), Settings(0.001, 0, 0.3), OTHERS["kpt"]
    )
    assert found.library.kept == found.other.kept
    assert np.isfinite(found.other.scores[-1]).sum() > 1
    at = visit("gpt", lang=language, **shown)
    healthy(at)
    words, page = text.catalogue(language), unescape(html(at))
    assert words["gpt.order.kept"].format(library=1, other=1) in page
    assert words["gpt.order.equal"] in page
    assert page.count(words["gpt.order.elsewhere"]) == 1  # the worked example's
    assert sum("p - p'" in one.value for one in at.latex) == 1


def test_the_librarys_processors_run_once_for_the_same_settings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[SamplingChain] = []

    def counting(found: SamplingChain) -> Difference:
        asked.append(found)
        return against_processors(found)

    monkeypatch.setattr(block, "against_processors", counting)
    shown = COLD | {"temperature": "0.432"}
    at = visit("gpt", **shown)
    first = len(asked)
    assert first in (2, 4)  # of the live orders, and of the worked example if nobody saw it yet
    again = visit("gpt", **shown)
    assert len(asked) == first
    assert html(again) == html(at)
    at.selectbox(key="swap").select("ptk").run()
    healthy(at)
    assert len(asked) > first


def test_the_check_at_a_texts_end_is_of_the_choice_that_is_shown() -> None:
    at = visit("gpt", **(COLD | {"step": "40", "temperature": "0.6"}))
    healthy(at)
    matches = text.catalogue("en")["gpt.order.matches"].split("{")[0]
    assert unescape(html(at)).count(f"✓ {matches}") == 2
    settings = Settings(0.6, 0, 0.8)
    whole = write("gpt-mini", "The old", settings, steps=40)
    assert whole.next is None
    last = write("gpt-mini", "The old", settings, steps=whole.steps - 1).next
    assert last is not None
    seen = Seen(whole, last, settings, 0, ())
    np.testing.assert_array_equal(next_logits(load("gpt-mini"), seen.ids), seen.shown.stages.logits)
