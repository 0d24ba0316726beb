"""A model of the hub that is not here yet: what the page says of it, from the id to the picture."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from models.errors import InputError, NoConfiguration, NoWeights, SizeOutOfRange, UnknownFamily
from models.loading import downloads, hub, hub_errors, transfer
from models.loading.downloads import Download
from models.loading.hub import MB, HubFile, Named, Offer
from pages.ui.text import LANGUAGES, catalogue
from tests.models import tiny
from tests.pages.visiting import healthy, html, kept, said, visit

ID = "owner/name"
SIZE = 90 * MB
BOTH = pytest.mark.parametrize("language", LANGUAGES)
SENTENCES: tuple[InputError, ...] = (
    hub_errors.NoHubModel("library", model=ID),
    hub_errors.NoRevision("library", model=ID, revision="v2"),
    hub_errors.NoAccess("library", model=ID),
    hub_errors.HubUnreachable("library"),
    hub_errors.HubFails("library", status=503),
    hub_errors.TooLarge("library", model=ID, size=5001, limit=4000),
    hub_errors.NoMemory("library", model=ID, size=540, free=400),
    hub_errors.NoRoom("library", model=ID, size=90, free=12),
    hub_errors.NotWritable("library"),
    hub_errors.Interrupted("library", model=ID, done=45, size=90),
    hub_errors.WrongBytes("library", model=ID, file="model.safetensors"),
    NoWeights("library", files="config.json, pytorch_model.bin"),
    NoConfiguration("library", files="model.safetensors"),
    UnknownFamily("library", family="own"),
    SizeOutOfRange("library", name="num_layers", value="-1", least=0, most=1000),
    InputError("library"),
)
OFFER = Offer(ID, Named(ID, "main"), "c0ffee1" + "0" * 33, (HubFile("x", SIZE, "a" * 40),), SIZE)


@pytest.fixture(autouse=True)
def online(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """The app may go online, and nothing is in the cache."""
    monkeypatch.setenv("DIKKAT_MODE", "hub")
    monkeypatch.delenv("HF_HUB_OFFLINE")
    monkeypatch.setattr(Offer, "root", property(lambda _: tmp_path))
    monkeypatch.setattr(downloads, "_known", type(downloads._known)())
    yield
    idle(ID)


def idle(model_id: str) -> None:
    """Wait for the thread that is at work on a model."""
    while (now := downloads.seen(model_id)) is not None and now.busy:
        time.sleep(0.01)


def asks(answer: Offer | InputError) -> Callable[[str], Offer]:
    def look_up(model_id: str) -> Offer:
        if isinstance(answer, InputError):
            raise answer
        return replace(answer, model_id=model_id)

    return look_up


def alone() -> None:
    """A page of nothing but the panel."""
    import streamlit as st

    from models.loading.hub_errors import NotDownloaded
    from pages.ui.own import fetching

    fetching.offer(NotDownloaded("", model=""), st.session_state["wanted"])
    fetching.panel()


def panel(language: str, model_id: str = ID) -> AppTest:
    at = AppTest.from_function(alone)
    at.session_state["wanted"], at.session_state["lang"] = model_id, language
    return at.run()


def read(at: AppTest) -> str:
    """The panel's words."""
    return unescape(re.sub("<[^>]*>", "", html(at)))


def words(language: str, key: str, **values: Any) -> str:
    return catalogue(language)[key].format(**values)


@BOTH
@pytest.mark.parametrize("error", SENTENCES, ids=lambda error: error.code)
def test_each_refusal_is_a_sentence_with_its_numbers(
    monkeypatch: pytest.MonkeyPatch, error: InputError, language: str
) -> None:
    monkeypatch.setattr(hub, "look_up", asks(error))
    panel(language)
    idle(ID)
    at = panel(language)
    healthy(at)
    values = {"model": ID, **error.details, "kept": ""}
    assert read(at).strip() == words(language, f"error.{error.code}", **values).strip()
    assert not re.search(r"[{}]|library", read(at))
    assert [button.label for button in at.button] == [words(language, "hub.again")]


def test_every_error_of_the_hub_has_been_tried() -> None:
    known = {one for one in vars(hub_errors).values() if isinstance(one, type)}
    own = {one for one in known if one.__module__ == hub_errors.__name__}
    notices = {hub_errors.NoHubId, hub_errors.DownloadOff, hub_errors.NotDownloaded}
    assert {type(error) for error in SENTENCES} >= own - notices


@BOTH
def test_from_an_id_to_the_models_own_picture(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, language: str
) -> None:
    here = tiny.save("bert", tmp_path / "here")
    begun, go_on = [], threading.Event()

    def fetch(offer: Offer) -> Path:
        begun.append(offer)
        (tmp_path / "blobs").mkdir(exist_ok=True)
        with offer.part(offer.files[0]).open("wb") as sink:
            sink.truncate(SIZE // 2)
        assert go_on.wait(60)
        monkeypatch.setattr(hub, "folder", lambda *_, **__: here)
        return here

    monkeypatch.setattr(hub, "look_up", asks(OFFER))
    monkeypatch.setattr(transfer, "fetch", fetch)
    model_id = f"owner/name-{language}"  # in memory a model stays itself
    visit("heads", model=model_id, lang=language)
    idle(model_id)
    at = visit("heads", model=model_id, lang=language)  # another visitor
    healthy(at)
    missing = words(language, "error.not_downloaded", model=model_id, kept="").strip()
    assert said(at) == [f"{missing} {kept(language, 'model', model='all-MiniLM-L6-v2')}"]
    what = {"model": ID, "size": 90, "count": 1, "revision": "main", "commit": "c0ffee1"}
    assert words(language, "hub.offer", **what) in read(at)
    assert not begun  # nothing without a click
    button = at.button(key="fetch")
    assert button.label == words(language, "hub.fetch", size=90)
    button.click().run()
    again = visit("heads", model=model_id, lang=language)  # who comes back, or somebody else
    while not again.get("progress")[0].proto.value:
        again.run()
    assert again.get("progress")[0].proto.value == 50
    told = again.get("progress")[0].proto.text
    assert told.startswith(words(language, "hub.fetching", done=45, size=90) + " · ")
    assert not [one for one in again.button if one.key == "fetch"]
    go_on.set()
    while downloads.seen(model_id) is not None:
        time.sleep(0.01)
    for visitor in (at, again):
        visitor.run()
        healthy(visitor)
        assert not said(visitor)
        assert f"<span>{model_id}" in html(visitor)
    assert len(begun) == 1


@BOTH
def test_what_broke_off_goes_on_and_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, language: str
) -> None:
    (tmp_path / "blobs").mkdir()
    with OFFER.part(OFFER.files[0]).open("wb") as sink:
        sink.truncate(45 * MB)
    monkeypatch.setattr(hub, "look_up", asks(OFFER))
    panel(language)
    idle(ID)
    at = panel(language)
    assert words(language, "hub.partly", done=45, size=90) in read(at)
    assert at.button(key="fetch").label == words(language, "hub.go_on", size=45)

    def fetch(offer: Offer) -> Path:
        raise hub_errors.Interrupted("library", model=ID, done=60, size=90)

    monkeypatch.setattr(transfer, "fetch", fetch)
    at.button(key="fetch").click().run()
    idle(ID)
    at = panel(language)
    assert words(language, "error.interrupted", model=ID, done=60, size=90, kept="") in read(at)
    assert at.button(key="fetch").label == words(language, "hub.go_on", size=45)


@BOTH
@pytest.mark.parametrize(
    ("count", "said"), [(3_140_000, "3.1"), (140_000, "0.14"), (3_999_600_000, "4000")]
)
def test_sizes_are_whole_mb_where_they_are_large(
    monkeypatch: pytest.MonkeyPatch, count: int, said: str, language: str
) -> None:
    files = (HubFile("x", count, "a" * 40),)
    monkeypatch.setattr(hub, "look_up", asks(replace(OFFER, files=files)))
    panel(language)
    idle(ID)
    size = said.replace(".", "," if language == "tr" else ".")
    button = panel(language).button(key="fetch")
    assert button.label == words(language, "hub.fetch", size=size)


def test_all_visitors_share_one_download(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on = [], threading.Event()

    def fetch(offer: Offer) -> Path:
        begun.append(offer)
        assert go_on.wait(60)
        return Path()

    monkeypatch.setattr(hub, "look_up", asks(OFFER))
    monkeypatch.setattr(transfer, "fetch", fetch)
    downloads.asked(ID)
    idle(ID)
    clicks = [threading.Thread(target=downloads.begin, args=(ID,)) for _ in range(8)]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join()
    assert downloads.asked(ID).stage == "fetching"
    go_on.set()
    idle(ID)
    assert len(begun) == 1


def test_an_old_answer_is_asked_for_again_and_little_is_remembered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def look_up(model_id: str) -> Offer:
        asked.append(model_id)
        raise hub_errors.HubUnreachable("")

    monkeypatch.setattr(hub, "look_up", look_up)
    for _ in range(3):
        downloads.asked(ID)
        idle(ID)
    assert asked == [ID]
    old = Download("failed", error=InputError(""), since=time.monotonic() - downloads.FRESH - 1)
    downloads._known[ID] = old
    assert downloads.asked(ID).stage == "asking"
    idle(ID)
    assert asked == [ID, ID]
    for n in range(200):
        downloads.asked(f"{ID}-{n}")
        idle(f"{ID}-{n}")
    assert len(downloads._known) <= downloads._KEPT


def test_what_nobody_foresaw_is_for_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def look_up(model_id: str) -> Offer:
        raise KeyError("inner workings")

    monkeypatch.setattr(hub, "look_up", look_up)
    panel("en")
    idle(ID)
    at = panel("en")
    healthy(at)
    assert "inner workings" not in html(at)
    assert "inner workings" in caplog.text


@BOTH
@pytest.mark.parametrize(
    ("mode", "code"), [("hub", "no_hub_id"), ("local", "download_off"), ("public", "unknown_model")]
)
def test_where_nothing_can_be_fetched_there_is_no_panel(
    monkeypatch: pytest.MonkeyPatch, mode: str, code: str, language: str
) -> None:
    monkeypatch.setenv("DIKKAT_MODE", mode)
    monkeypatch.setattr(downloads, "asked", lambda _: pytest.fail("the hub was asked"))
    model_id = "a/b/c" if mode == "hub" else ID
    at = visit("heads", model=model_id, lang=language)
    healthy(at)
    instead = kept(language, "model", model="all-MiniLM-L6-v2")
    assert said(at) == [words(language, f"error.{code}", model=model_id, kept=instead)]


def test_a_model_of_pictures_stays_chosen_while_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "look_up", asks(OFFER))
    visit("vision", model=ID)
    idle(ID)
    at = visit("vision", model=ID)
    healthy(at)
    assert at.button(key="fetch").label == "Download 90 MB"
    assert at.session_state["model"] == ID
