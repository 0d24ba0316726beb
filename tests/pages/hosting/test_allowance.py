"""What one visitor may ask for: a limit is a sentence, and nothing is lost; another goes on."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import pytest
import streamlit
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from pages.ui.guard import Guard
from pages.ui.own import allowance, uploads
from pages.ui.storage.limits import Limit
from pages.ui.text import LANGUAGES, catalogue
from tests.pages.visiting import charts, healthy, kept, said, visit

BOTH = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture
def public(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIKKAT_MODE", "public")


@BOTH
def test_who_asks_too_fast_is_told_so_and_keeps_what_is_on_screen(
    language: str, public: None
) -> None:
    first = f"A first sentence in {language}."
    at = visit("heads", lang=language, text=first)
    at.session_state["_passes_left"] = Limit(0.0, 0.001)
    at.text_input(key="text").set_value(f"Another one in {language}.").run()
    healthy(at)
    (words,) = said(at)
    assert words.startswith(catalogue(language)["error.too_many_passes"][:30])
    assert words.endswith(kept(language, "last"))
    assert charts(at)
    assert at.session_state["text"] == f"Another one in {language}."
    # What is kept from before goes on.
    at.text_input(key="text").set_value(first).run()
    assert not at.warning


@pytest.mark.parametrize("mode", ["local", "public"])
def test_nobody_is_counted_on_ones_own_machine(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIKKAT_MODE", mode)
    monkeypatch.setattr(allowance, "Limit", lambda *_: Limit(0.0, 0.001))
    at = visit("bert", view="mask", text=f"The {mode} cat sat on a mat.")
    healthy(at)
    assert bool(at.warning) == (mode == "public")


def _page() -> None:
    from pages.ui import parts
    from pages.ui.own import allowance

    def body() -> None:
        raise allowance.TooManyPasses("spent", limit=9, seconds=7)

    parts._guarded("some", body)


@BOTH
def test_where_not_even_an_example_is_left_the_page_says_so(language: str) -> None:
    at = AppTest.from_function(_page)
    at.session_state["lang"] = language
    at.run()
    healthy(at)
    (words,) = said(at)
    sentences = catalogue(language)
    assert words.endswith(sentences["kept.all"])
    assert words == sentences["error.too_many_passes"].format(
        limit=9, seconds=7, kept=sentences["kept.all"]
    )


def test_a_limit_says_when_it_goes_on() -> None:
    now = [0.0]
    limit = Limit(2, 0.5, clock=lambda: now[0])
    assert limit.wait("a") == 0
    assert [limit.allows("a") for _ in range(3)] == [True, True, False]
    assert limit.wait("a") == 2
    now[0] = 1.5
    assert limit.wait("a") == 0.5
    now[0] = 2.0
    assert limit.wait("a") == 0
    assert limit.allows("a")


async def _taken(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


@pytest.fixture
def door() -> TestClient:
    routes = [Route(uploads.PATH + "{session}/{file}", _taken, methods=["PUT", "DELETE"])]
    return TestClient(Guard(Starlette(routes=routes)))


def test_a_server_without_uploads_takes_none(door: TestClient, public: None) -> None:
    assert door.put(uploads.PATH + "s/f", content=b"x").status_code == HTTPStatus.FORBIDDEN
    assert door.delete(uploads.PATH + "s/f").status_code == HTTPStatus.OK


def test_the_door_bounds_a_session_and_leaves_others_alone(
    door: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIKKAT_MODE", "hub")
    monkeypatch.setenv("DIKKAT_UPLOADS", "2")
    monkeypatch.setattr(uploads, "_asked", Limit(1.0, 1 / 60))
    sent = [door.put(uploads.PATH + f"one/{n}", content=b"x").status_code for n in range(5)]
    assert sent == [200] * 4 + [HTTPStatus.TOO_MANY_REQUESTS]
    assert door.put(uploads.PATH + "two/0", content=b"x").status_code == HTTPStatus.OK
    monkeypatch.setattr(uploads, "HELD", 3)
    large = door.put(uploads.PATH + "three/0", content=b"xxxx")
    assert large.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE

    def endless() -> Any:
        yield b"x"

    unsaid = door.put(uploads.PATH + "three/0", content=endless())
    assert unsaid.status_code == HTTPStatus.LENGTH_REQUIRED


class _Given:
    """As Streamlit hands over a file."""

    def __init__(self, file_id: str) -> None:
        self.file_id = file_id


def test_files_are_counted_once_each(monkeypatch: pytest.MonkeyPatch) -> None:
    state: dict[str, Any] = {}
    monkeypatch.setenv("DIKKAT_MODE", "hub")
    monkeypatch.setenv("DIKKAT_UPLOADS", "2")
    monkeypatch.setattr(streamlit, "session_state", state)
    monkeypatch.setattr(allowance, "get_script_run_ctx", lambda **_: object())
    for name in "aaab":
        allowance.a_file(_Given(name))  # type: ignore[arg-type]
    with pytest.raises(allowance.TooManyUploads) as refused:
        allowance.a_file(_Given("c"))  # type: ignore[arg-type]
    assert refused.value.details["limit"] == 2
    assert 0 < int(str(refused.value.details["seconds"])) <= 60
