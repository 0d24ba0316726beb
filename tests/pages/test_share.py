"""A page's link as a QR code: only of this app (`tests/browser/test_share.py` reads one back)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from starlette.applications import Starlette
from starlette.routing import Route

import app
from pages.ui import share
from tests.loops import finished

HOST = "class.example:8501"


@pytest.mark.parametrize(
    "link",
    [
        "",
        "heads?v=2",
        "https://elsewhere.example/heads",
        f"javascript://{HOST}/%0aalert(1)",
        f"http://{HOST}@elsewhere.example/",
        f"http://{HOST}/heads?text={'a' * 3000}",
        f"http://[{HOST}",
    ],
)
def test_no_code_leads_elsewhere(link: str) -> None:
    with pytest.raises(ValueError, match=r"link|long|IPv6"):
        share.code(link, HOST)


def test_the_public_address_is_this_app(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(share.ADDRESS_VARIABLE, "https://dikkat.example/")
    assert share.public_address() == "https://dikkat.example"
    assert share.code("https://dikkat.example/heads", HOST)


@pytest.mark.parametrize(
    "said", ["dikkat.example", "ftp://a", "https://", "http://a/b", "http://a?b"]
)
def test_a_wrong_public_address_is_told(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(share.ADDRESS_VARIABLE, said)
    with pytest.raises(ValueError, match=share.ADDRESS_VARIABLE):
        share.public_address()


@pytest.mark.parametrize(("link", "status"), [(f"http://{HOST}/?text=ş", 200), ("http://b/", 400)])
def test_the_route_draws_links_to_this_app(link: str, status: int) -> None:
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        **{"type": "http", "method": "GET", "path": share.ROUTE},
        "headers": [(b"host", HOST.encode())],
        "query_string": urlencode({"link": link}).encode(),
    }
    routes = [route for route in app.app._user_routes if isinstance(route, Route)]
    finished(Starlette(routes=routes)(scope, receive, send))
    assert sent[0]["status"] == status
    assert sent[1]["body"].startswith(b"<svg" if status == 200 else b"not a link")
