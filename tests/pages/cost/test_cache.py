"""The cost page's view of caches: both languages, checks, other models, links."""

from __future__ import annotations

from typing import Any

import pytest

from models.cost import cache_library
from models.cost.cache import SHARINGS
from pages.cost import SHAPES
from pages.cost import cache as view
from pages.ui.text import LANGUAGES, catalogue
from tests.pages.visiting import address, charts, healthy, html, said, spied, visit


def opened(**more: str) -> Any:
    at = visit("cost", v="2", view="cache", **more)
    healthy(at)
    return at


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("shape", SHAPES)
def test_every_model_shows_its_bars_and_its_check(shape: str, language: str) -> None:
    at = opened(shape=shape, lang=language)
    assert not said(at)
    assert "caches" in charts(at)
    body = html(at)
    assert body.count("class='good'") == (2 if shape == "gpt-mini" else 1)
    assert "class='bad'" not in body
    assert at.latex


@pytest.mark.parametrize("sharing", SHARINGS)
def test_a_link_chooses_a_column(monkeypatch: pytest.MonkeyPatch, sharing: str) -> None:
    seen = spied(monkeypatch, view, "cache_bars")
    opened(shape="llama-2-7b", sharing=sharing, kv_groups="4", cached="1024", number_bytes="2")
    one = seen[-1][0].one
    assert (one.sharing, one.groups, one.n, one.number_bytes) == (sharing, 4, 1024, 2)


def test_arrows_double_the_tokens() -> None:
    at = opened(shape="llama-3-8b")
    at.button(key="next").click().run()
    healthy(at)
    assert address(at)["cached"] == "8192"


def test_another_model_shares_in_its_own_way(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = spied(monkeypatch, view, "cache_bars")
    at = opened(shape="llama-3-8b", sharing="mqa", kv_groups="2")
    at.selectbox(key="shape-control").set_value("deepseek-v2").run()
    healthy(at)
    one = seen[-1][0].one
    assert (one.shape.name, one.sharing, one.native) == ("deepseek-v2", "latent", True)


@pytest.mark.parametrize(
    ("more", "origin"),
    [
        ({"shape": "llama-3-8b"}, "example"),
        ({"shape": "llama-3-8b", "sharing": "mha"}, "whatif"),
        ({"shape": "llama-3-8b", "cached": "16384"}, "whatif"),
        ({"shape": "llama-3-8b", "kv_groups": "4"}, "whatif"),
        ({"shape": "gpt-mini", "cached": "64"}, "live"),
        ({"shape": "gpt-mini", "cached": "64", "number_bytes": "2"}, "whatif"),
    ],
)
def test_what_no_model_has_is_a_what_if(more: dict[str, str], origin: str) -> None:
    assert catalogue("en")[f"origin.{origin}"] in html(opened(lang="en", **more))


def test_where_smollm2_is_missing_another_model_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache_library, "installed", lambda: False)
    at = opened()
    assert at.session_state["shape"] == "gpt-mini"


def test_groups_that_do_not_divide_the_heads_give_way(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = spied(monkeypatch, view, "cache_bars")
    opened(shape="llama-3-8b", kv_groups="5")
    assert seen[-1][0].caches[1].groups == 8


def test_a_text_that_cannot_be_shown_gives_way_to_the_pages_own() -> None:
    assert said(opened(shape="gpt-mini", prompt=" "))
