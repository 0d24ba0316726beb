"""Every place where what a visitor gives comes in: a new one is one line of ENTRIES."""

from __future__ import annotations

import asyncio
import io
import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import quote

from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.testclient import TestClient

from models.catalog import load
from models.errors import InputError
from models.glossary.search import search
from models.heads import wav
from models.loading import archive, checkpoint, hub, weights
from models.record import record
from models.scores import by_hand
from models.vision import visitor
from pages.registry import TOPICS
from pages.ui import share, state, text
from pages.ui.classroom import questions, routes
from pages.ui.classroom.posting import Refused, posted
from pages.ui.lectures.lecture import LectureError, lecture
from pages.ui.lectures.place import PlaceError
from pages.ui.parameters import OneNumber, OneOf, OneWhole, Whole
from pages.ui.short import route as short
from pages.ui.storage.settings import DATA_VARIABLE
from tests.browser.classroom import ASKED
from tests.fuzz import files
from tests.fuzz.grammar import ANY, FORMS, LINES, MATRICES, SENTENCES, texts
from tests.loops import finished
from tests.pages.address_bar import Visitor

MODELS = ("bert-mini", "gpt-mini", "induction", "translator", "seq2seq", "minilm")
SLUGS = [one.slug for one in TOPICS]
Taken = Callable[[Any], object]


@dataclass(frozen=True, slots=True)
class Entry:
    """inputs: what comes; take: what takes it; share: how many of 100 inputs; refuses: the errors
    that the pages turn into a sentence."""

    inputs: st.SearchStrategy[Any]
    take: Taken
    share: float = 5
    refuses: tuple[type[Exception], ...] = (InputError,)


def _words(given: tuple[str, str, str, bool]) -> None:
    model, said, pair, cut = given
    load(model).encode(said, pair, cut=cut)


def _pass(given: tuple[str, str, bool]) -> None:
    model, said, cut = given
    record(load(model), said[:200], cut=cut)


def _address(given: tuple[str, dict[str, str]]) -> None:
    """A page's state read from the address, and written there again."""
    page, said = given
    visitor_ = Visitor(**said)
    visitor_.run(page)
    assert sum(map(len, visitor_.bar.values())) < 10_000


def _matrix(code: str) -> None:
    hand = by_hand.decode(code)
    assert by_hand.decode(by_hand.encode(hand)).same(hand)
    by_hand.surroundings(hand)


def _form(raw: str) -> None:
    """A phone's answer: its bytes, then its value."""
    body = raw.encode("utf-8", "surrogatepass")

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(0)
        return {"type": "http.request", "body": body, "more_body": False}

    kind = (b"content-type", b"application/x-www-form-urlencoded")
    request = Request({"type": "http", "method": "POST", "headers": [kind]}, receive)
    ASKED.read(finished(posted(request, "")))


def _stored(file: bytes, take: Callable[[Path], object], name: str) -> None:
    with tempfile.TemporaryDirectory() as place:
        (path := Path(place, name)).write_bytes(file)
        take(path)


def _header(file: bytes) -> None:
    _stored(
        file, lambda path: weights.stored(weights.checked_files(path.parent)), "model.safetensors"
    )


def _zip(file: bytes) -> None:
    with tempfile.TemporaryDirectory() as place:
        (folder := Path(place, "content")).mkdir()
        try:
            archive.unpack(io.BytesIO(file), folder)
        finally:
            assert list(Path(place).iterdir()) == [folder]
            assert all(path.is_file() and not path.is_symlink() for path in folder.iterdir())


def _checkpoint(given: Mapping[str, bytes | str]) -> None:
    with tempfile.TemporaryDirectory() as place:
        (folder := Path(place, "model")).mkdir()
        for name, held in given.items():
            if isinstance(held, bytes):
                (folder / name).write_bytes(held)
            else:
                (folder / name).symlink_to(held)
        weights.checked_files(folder)  # first, as the catalogue does
        checkpoint.open_folder(folder, None, str(folder), "local")


def _route(path: str) -> None:
    """A request to the class's routes and to short links: an answer that is a sentence."""
    with patch.dict(os.environ, {DATA_VARIABLE: _data().name}):
        client = TestClient(_routes, raise_server_exceptions=True, follow_redirects=False)
        answer = client.get(path)
    assert answer.status_code < 500, answer.status_code
    assert "Traceback" not in answer.text
    assert "<script>alert" not in answer.text


@cache
def _data() -> tempfile.TemporaryDirectory[str]:
    """A place of its own for the classes' database, until the end."""
    return tempfile.TemporaryDirectory()


_routes = Starlette(routes=[*routes.ROUTES, *short.ROUTES])
_PATHS = st.builds(
    lambda start, code, more: (
        f"{start}{quote(code, safe='', errors='replace')}?lang={quote(more, errors='replace')}"
    ),
    st.sampled_from(("/class/", "/class?code=", "/s/", "/class/lecture/")),
    ANY | st.text(max_size=14),
    ANY | st.sampled_from(("tr", "en")),
)


def _value(one: Any) -> st.SearchStrategy[str]:
    """What stands in an address for a parameter: its own values more often than not."""
    if isinstance(one, Whole):
        own: st.SearchStrategy[Any] = st.integers(one.first - 1, one.last + 1)
    elif isinstance(one, OneOf | OneNumber | OneWhole):
        own = st.sampled_from(one.choices)
    else:
        own = texts(SENTENCES, "text") | texts(MATRICES, "code") | st.integers(-1, 10**7)
    return own.map(str) | own.map(str) | own.map(str) | ANY


def addresses(page: str) -> st.SearchStrategy[tuple[str, dict[str, str]]]:
    """A page with any of its parameters, and names that it does not have."""
    said = {name: _value(one.parse) for name, one in state.parameters(page).items()}
    strange = st.dictionaries(ANY.filter(len) | st.just("v"), ANY, max_size=2)
    known = st.fixed_dictionaries({}, optional=said)
    both = st.builds(lambda a, b: {**a, **b}, strange, known)
    return st.tuples(st.just(page), both)


ADDRESSES = st.sampled_from(SLUGS).flatmap(addresses)
_TEXTS = texts(SENTENCES, "text")
_MODEL = st.sampled_from(MODELS)
_STORED = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(("choice", "number", "cell", "x")),
        "text": ANY,
        **{name: st.lists(ANY, max_size=3) for name in ("options", "queries", "keys")},
    },
    optional={"answer": ANY, "source": st.sampled_from(("", "model", "lecturer"))},
)
_LINKS = st.tuples(ANY | st.text().map("http://host/".__add__), st.just("host"))
_ACCEPTED = st.tuples(ANY, ANY | st.text(max_size=40))

ENTRIES: Mapping[str, Entry] = {
    "texts": Entry(st.tuples(_MODEL, _TEXTS, _TEXTS, st.booleans()), _words, 14),
    "passes": Entry(st.tuples(st.sampled_from(MODELS[:3]), _TEXTS, st.booleans()), _pass, 2),
    "addresses": Entry(ADDRESSES, _address, 20),
    "matrices": Entry(texts(MATRICES, "code"), _matrix, 12),
    "lectures": Entry(texts(LINES, "lecture"), lecture, 12, (LectureError, PlaceError)),
    "answers": Entry(texts(FORMS, "form"), _form, 8, (Refused, questions.Unreadable)),
    "numbers": Entry(ANY | st.text(max_size=30), questions.number, 4, (questions.Unreadable,)),
    "questions": Entry(_STORED, questions.question, 4, (ValueError,)),
    "routes": Entry(_PATHS, _route, 1),
    "headers": Entry(files.safetensors(), _header, 6),
    "zips": Entry(files.zips(), _zip, 4),
    # What else a checkpoint may break is said in one sentence, by `inputs.first_shown`.
    "checkpoints": Entry(files.checkpoints(), _checkpoint, 0.5, (Exception,)),
    "pictures": Entry(files.pictures(), visitor.decoded, 4),
    "sounds": Entry(files.sounds(), wav.decoded, 6),
    "hub": Entry(ANY | st.text(max_size=60), hub.named, 2),
    "codes": Entry(_LINKS, lambda given: share.code(*given), 0.5, (ValueError,)),
    "languages": Entry(_ACCEPTED, lambda given: text.accepted(*given), 2),
    "searches": Entry(
        ANY | st.text(max_size=40), lambda said: search(said, [{"en": "a"}], [{"en": "b"}]), 2
    ),
}
