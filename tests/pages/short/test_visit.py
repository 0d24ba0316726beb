"""A short link from the panel that makes it to the page that it opens."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import streamlit
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from pages.ui import share, text
from pages.ui.short import route, store, visit
from pages.ui.storage.database import Unreachable
from pages.ui.storage.limits import Limit
from pages.ui.storage.visitors import Keeping
from pages.ui.text import LANGUAGES
from tests.pages.test_link_figures import figures
from tests.pages.visiting import address, healthy, said
from tests.pages.visiting import visit as opened

CLIENT = TestClient(Starlette(routes=route.ROUTES), follow_redirects=False)
READER = {"accept": "text/html"}
# Words of such a length are one token each: quick to record, and too long for an address.
LONG_TEXT = f"Köpek ğı a&b=c#%00 {'x' * 1000} <b>son</b> {'y' * 900}"


def location(code: str, query: str = "", **headers: str) -> str:
    answer = CLIENT.get(f"/s/{code}{query}", headers=READER | headers)
    assert answer.status_code == 302
    return answer.headers["location"]


def test_it_leads_to_its_page_and_takes_no_text_along(app_links: store.ShortLinks) -> None:
    code = app_links.code("heads", {"v": "2", "text": LONG_TEXT, "lang": "tr"})
    assert location(code) == f"/heads?s={code}&lang=tr"
    assert location(code.lower(), "?lang=en") == f"/heads?s={code.lower()}&lang=en"
    assert location(app_links.code("home", {})).startswith("/?s=")


@pytest.mark.parametrize("page", ["//evil.example", "https://evil.example", "../x", "", "nowhere"])
def test_what_is_kept_never_leads_elsewhere(page: str, app_links: store.ShortLinks) -> None:
    assert location(app_links.code(page, {"v": "2"})).startswith("/?s=")


JUNK = ["A", "A" * 12, "A" * 900, "%00", "<script>", "%0dSet-Cookie:a=b", "/evil.example", "a/b"]


@pytest.mark.parametrize("code", JUNK)
def test_a_code_that_is_none_leads_a_reader_to_the_front_page(
    code: str, app_links: store.ShortLinks
) -> None:
    to = urlsplit(location(code))
    assert (to.netloc, to.path) == ("", "/")
    assert len(dict(parse_qsl(to.query)).get("s", "")) <= 20
    assert CLIENT.get(f"/s/{code}").status_code == 404


def test_too_many_wrong_codes_are_held_back(
    app_links: store.ShortLinks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visit, "WRONG", Limit(3, 0.0))
    code = app_links.code("heads", {})
    assert [CLIENT.get("/s/none").status_code for _ in range(4)] == [404, 404, 404, 429]
    assert location(code) == f"/heads?s={code}"


def broken(*_: object) -> Any:
    raise Unreachable("OperationalError")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("trouble", "code"), [("gone", "AAAAA"), ("unreachable", "A" * 12)])
def test_what_cannot_be_opened_is_told_in_the_readers_language(
    trouble: str,
    code: str,
    lang: str,
    app_links: store.ShortLinks,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if trouble == "unreachable":
        monkeypatch.setattr(store.ShortLinks, "find", broken)
        assert CLIENT.get(f"/s/{code}").status_code == 503
    to = dict(parse_qsl(urlsplit(location(code, f"?lang={lang}")).query))
    at = opened(**to)
    healthy(at)
    assert said(at) == [text.catalogue(lang)[f"error.short_{trouble}"]]
    assert "s" not in address(at)


@pytest.fixture
def panel(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the panel is handed; its button is one of Streamlit's, which AppTest can press."""
    handed: list[dict[str, Any]] = []

    def drawn(*, key: str, data: dict[str, Any], on_short_change: Any) -> None:
        handed.append(data)

        def press() -> None:
            streamlit.session_state[key] = {"short": 7}
            on_short_change()

        streamlit.button("short", key="press-short", on_click=press)

    monkeypatch.setattr(share, "_share", drawn)
    return handed


def shortened(at: AppTest, panel: list[dict[str, Any]]) -> dict[str, Any]:
    """What the panel is told once the short link was asked for."""
    at.button(key="press-short").click().run()
    healthy(at)
    found: dict[str, Any] = panel[-1]["made"]
    return found


def test_a_text_too_long_for_an_address_comes_back_with_its_figures(
    app_links: store.ShortLinks, panel: list[dict[str, Any]], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "dikkat")
    sender = opened("heads", v="2", lang="tr", model="minilm", text=LONG_TEXT)
    assert address(sender)["left"] == "text"
    assert sender.info
    made = shortened(sender, panel)
    assert made["asked"] == 7
    assert "180" in made["told"]
    code = made["path"].removeprefix("/s/")
    sender.run()
    # The sender's own address holds it, too, from now on.
    assert address(sender)["s"] == code
    assert not sender.info
    to = urlsplit(location(code))
    receiver = opened(to.path.strip("/"), **dict(parse_qsl(to.query)))
    healthy(receiver)
    assert not said(receiver)
    assert receiver.session_state["text"] == LONG_TEXT
    assert figures(receiver) == figures(sender)
    assert figures(receiver)
    assert address(receiver) == address(sender)
    again = opened("heads", **address(receiver))  # loaded anew
    assert figures(again) == figures(sender)
    assert shortened(receiver, panel)["path"] == made["path"]
    assert "<b>son" not in caplog.text
    receiver.session_state["text"] = LONG_TEXT + "!"
    receiver.run()
    assert address(receiver)["left"] == "text"
    assert "s" not in address(receiver)


@pytest.mark.parametrize(
    ("name", "fault", "code"),
    [("code", Unreachable("x"), "unreachable"), ("code", store.Full("full"), "full")],
)
def test_where_nothing_can_be_kept_the_panel_says_so(
    name: str,
    fault: Exception,
    code: str,
    app_links: store.ShortLinks,
    panel: list[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(*_: object) -> None:
        raise fault

    monkeypatch.setattr(store.ShortLinks, name, fails)
    at = opened(lang="en")
    made = shortened(at, panel)
    assert (made["path"], made["told"]) == ("", text.catalogue("en")[f"share.wrong.{code}"])
    monkeypatch.setattr(visit, "KEEPING", Keeping(Limit(0, 0.0), Limit(30, 0.0)))
    assert shortened(at, panel)["told"] == text.catalogue("en")["share.wrong.often"]


@given(st.dictionaries(st.text(max_size=4), st.text(max_size=8), max_size=4))
def test_what_fits_stays_in_the_address(wanted: dict[str, str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(streamlit, "session_state", {})
        assert visit.fitted(wanted, list(wanted)) == wanted


def test_beside_what_was_left_out_a_code_stands_for_that_alone(
    app_links: store.ShortLinks,
) -> None:
    """Else what was set back to its default since would come again."""
    code = app_links.code("heads", {"v": "2", "text": "a", "pair": "b", "layer": "5"})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(streamlit, "session_state", {})
        now, trouble = visit.whole("heads", {"v": "2", "left": "text", "s": code, "head": "2"})
    assert not trouble
    assert {n: now.get(n) for n in ("text", "pair", "layer", "head")} == {
        **{"text": "a", "pair": None, "layer": None, "head": "2"}
    }
