"""The ASGI app: its health routes, and the warm-up that nobody waits for."""

from __future__ import annotations

import asyncio
import gc
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.routing import Route

import app
from models import catalog
from models.errors import DamagedWeights
from models.translation import reference


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


def served(answering: Any) -> None:
    """Run to its end, on a thread of its own: browser tests leave a loop running on this one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, answering).result()


def get(path: str) -> tuple[int, Any]:
    """(status, JSON) of one of the app's own routes, asked as a server asks it."""
    scope = {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b""}
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        sent.append(message)

    routes = [route for route in app.app._user_routes if isinstance(route, Route)]
    served(Starlette(routes=routes)(scope, receive, send))
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

    served(start())
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

    served(Starlette(routes=routes)({**scope, "query_string": query.encode()}, receive, send))
    found = dict(sent[0]["headers"]).get(b"location", b"")
    return sent[0]["status"], found.decode()


def test_the_front_page_answers_to_its_name() -> None:
    assert answer("/home?lang=tr", "text/html") == (307, "/?lang=tr")


def test_a_reader_below_a_page_is_led_to_it_and_a_script_is_told_there_is_nothing() -> None:
    assert answer("/heads/x/y?lang=tr", "text/html") == (307, "/heads?lang=tr")
    assert answer("/heads/_stcore/health", "text/html") == (404, "")
    assert answer("/heads/static/x.js", "*/*") == (404, "")
