"""Below the gpt page's first view: the library's order beside another one, live and by hand."""

from __future__ import annotations

from html import unescape

import pytest

from models.catalog import load
from models.core.sampling import Settings
from models.gpt.generation import next_logits
from models.gpt.order import OTHERS, orders
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
