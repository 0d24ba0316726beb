"""The ASGI app: its health routes, and the warm-up that nobody waits for."""

from __future__ import annotations

import gc
import json
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urlencode

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.routing import Match, Route

import app
from models import catalog
from models.errors import DamagedWeights
from models.translation import reference
from pages.registry import TOPICS
from tests.loops import finished


@pytest.fixture(autouse=True)
def thaw() -> Iterator[None]:
    """What a warm-up took out of garbage collection goes back."""
    yield
    gc.unfreeze()


@pytest.fixture(autouse=True)
def built(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Notes when the parser is built, and builds none: its objects would stay."""
    calls: list[str] = []
    monkeypatch.setattr(reference, "prepare", lambda: calls.append("parser"))
    return calls


def get(path: str) -> tuple[int, Any]:
    """(status, JSON) of one of the app's own routes, asked as a server asks it."""
    scope = {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b""}
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        sent.append(message)

    routes = [route for route in app.app._user_routes if isinstance(route, Route)]
    finished(Starlette(routes=routes)(scope, receive, send))
    return sent[0]["status"], json.loads(sent[1]["body"])


def test_the_app_is_one_that_streamlit_and_uvicorn_both_start() -> None:
    assert isinstance(app.app, st.App)
    assert app.app.script_path.as_posix().endswith("pages/router.py")


def test_a_running_process_says_that_it_lives() -> None:
    assert get("/health/live") == (200, {"status": "ok"})


def test_it_is_ready_only_once_the_default_model_is_in_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(catalog, "_loaded", {})
    assert get("/health/ready") == (503, {"ready": False})
    monkeypatch.setattr(catalog, "_open", lambda *_: object())
    app.warm_up()
    assert get("/health/ready") == (200, {"ready": True})


def test_the_server_starts_without_waiting_for_the_models(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on, done = threading.Event(), threading.Event(), threading.Event()

    def slow() -> None:
        begun.set()
        go_on.wait(30)
        done.set()

    monkeypatch.setattr(app, "warm_up", slow)

    async def start() -> None:
        async with app.lifespan(app.app):
            assert begun.wait(30)
            assert not done.is_set()
            go_on.set()

    finished(start())
    assert done.wait(30)


def test_what_the_warm_up_loaded_is_not_walked_again_by_garbage_collection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(app, "load", lambda _: None)
    gc.unfreeze()
    app.warm_up()
    assert gc.get_freeze_count() > 1000


def test_a_model_that_cannot_be_loaded_is_logged_and_the_app_goes_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, built: list[str]
) -> None:
    def broken(model_id: str) -> None:
        raise DamagedWeights("checksum", model=model_id)

    monkeypatch.setattr(app, "load", broken)
    app.warm_up()
    assert "could not be warmed up" in caplog.text
    assert built == ["parser"]


def test_the_parser_is_built_before_anybody_types_and_after_the_model_that_all_see(
    monkeypatch: pytest.MonkeyPatch, built: list[str]
) -> None:
    monkeypatch.setattr(app, "load", built.append)
    app.warm_up()
    assert built == [catalog.DEFAULT_MODEL, "parser"]


def answer(path: str, accept: str) -> tuple[int, str]:
    """(status, where it leads) of one of the app's own routes, asked by a reader or a script."""
    routes = [route for route in app.app._user_routes if isinstance(route, Route)]
    headers = [(b"accept", accept.encode()), (b"host", b"localhost")]
    path, _, query = path.partition("?")
    scope = {"type": "http", "method": "GET", "path": path, "headers": headers}
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        sent.append(message)

    finished(Starlette(routes=routes)({**scope, "query_string": query.encode()}, receive, send))
    found = dict(sent[0]["headers"]).get(b"location", b"")
    return sent[0]["status"], found.decode()


def test_the_front_page_answers_to_its_name() -> None:
    assert answer("/home?lang=tr", "text/html") == (307, "/?lang=tr")


def test_a_reader_below_a_page_is_led_to_it_and_a_script_is_told_there_is_nothing() -> None:
    assert answer("/heads/x/y?lang=tr", "text/html") == (307, "/heads?lang=tr")
    assert answer("/heads/_stcore/health", "text/html") == (404, "")
    assert answer("/heads/static/x.js", "*/*") == (404, "")


def body(path: str, **headers: str) -> str:
    """The HTML that a page's address answers with."""
    sent: list[Any] = []
    told = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    path, _, query = path.partition("?")
    scope = {"type": "http", "method": "GET", "path": path, "query_string": query.encode()}
    routes = [route for route in app.app._user_routes if isinstance(route, Route)]

    async def receive() -> Any:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        sent.append(message)

    finished(Starlette(routes=routes)({**scope, "headers": told}, receive, send))
    assert sent[0]["status"] == 200
    return bytes(sent[1]["body"]).decode()


@pytest.mark.parametrize("path", ["/", *(f"/{topic.slug}" for topic in TOPICS[1:])])
def test_a_page_tells_the_front_end_where_its_server_is(path: str) -> None:
    html = body(path)
    before, _, after = html.partition("window.__streamlit={BACKEND_BASE_URL")
    assert "<script" not in before.replace("<script>", "", 1)
    assert 'src="./static/js/' in after


@pytest.mark.parametrize(
    ("path", "accepted", "language"),
    [
        ("/heads?lang=tr", "en-US", "tr"),
        ("/heads", "tr-TR,tr;q=0.9", "tr"),
        ("/heads?lang=xx", "de", "en"),
    ],
)
def test_a_page_is_marked_as_of_the_visitors_language(
    path: str, accepted: str, language: str
) -> None:
    assert f'<html lang="{language}">' in body(path, accept_language=accepted)


@pytest.mark.parametrize("path", ["/nopage", "/nopage/deeper", "/Heads", "/%3Cb%3E"])
def test_a_reader_without_a_page_is_led_to_the_front_page_which_says_so(path: str) -> None:
    name = path.strip("/")[:20].replace("%3C", "<").replace("%3E", ">")
    wanted = urlencode({"nopage": name, "lang": "tr"})
    assert answer(f"{unquote(path)}?lang=tr&layer=1", "text/html") == (307, f"/?{wanted}")
    assert answer(unquote(path), "*/*")[0] == 404


@pytest.mark.parametrize(
    "path", ["/static/js/x", "/_stcore/health", "/media/x", "/component/a/b", "/favicon.png"]
)
def test_what_streamlit_answers_itself_is_left_to_it(path: str) -> None:
    routes = [route for route in app.app._user_routes if isinstance(route, Route)]
    scope = {"type": "http", "method": "GET", "path": path, "headers": []}
    assert all(route.matches(scope)[0] is Match.NONE for route in routes)
