"""The guard around the whole app: hosts, and what each answer tells the browser."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from pages.ui.guard import Guard, headers, policy


def asked(host: str = "testserver") -> TestClient:
    async def socket(one: WebSocket) -> None:
        await one.accept()
        await one.close()

    own = {"Content-Security-Policy": "default-src 'none'"}
    routes = [
        Route("/", lambda _: PlainTextResponse("here")),
        Route("/own", lambda _: PlainTextResponse("here", headers=own)),
        WebSocketRoute("/socket", socket),
    ]
    return TestClient(Guard(Starlette(routes=routes)), base_url=f"http://{host}")


def test_every_answer_says_it_and_a_stricter_one_stays() -> None:
    client = asked()
    for path in ("/", "/none"):
        said = client.get(path).headers
        assert {name: said[name] for name in headers()} == headers()
    assert client.get("/own").headers["Content-Security-Policy"] == "default-src 'none'"


def test_the_policy_names_nobody_else() -> None:
    assert "*" not in policy()
    assert "http" not in policy()
    assert "eval" not in policy()
    assert "frame-ancestors 'self'" in policy()


def test_who_may_show_it_in_a_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIKKAT_FRAMES", "https://b.example, https://a.example:8443")
    assert policy().endswith("frame-ancestors 'self' https://a.example:8443 https://b.example")


@pytest.mark.parametrize(
    ("hosts", "host", "answered"),
    [
        ("", "anything.example", True),
        ("dikkat.example", "dikkat.example", True),
        ("dikkat.example", "dikkat.example:8501", True),
        ("Dikkat.example other.example", "other.example", True),
        ("dikkat.example", "evil.example", False),
        ("dikkat.example", "dikkat.example.evil.example", False),
        ("dikkat.example", "localhost", True),
    ],
)
def test_hosts(hosts: str, host: str, answered: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIKKAT_HOSTS", hosts)
    client = asked(host)
    assert client.get("/").status_code == (200 if answered else 400)
    if answered:
        with client.websocket_connect("/socket", headers={"host": host}):
            pass
    else:
        with (
            pytest.raises(WebSocketDisconnect),
            client.websocket_connect("/socket", headers={"host": host}),
        ):
            pass
