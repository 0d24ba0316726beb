"""No visitor's text in a log: marks go through pages, state, faults, files and class answers."""

from __future__ import annotations

import io
import logging
import threading
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from models.errors import InputError
from models.loading import downloads, hub, unpacked
from models.loading.archive import ArchiveError
from pages.ui import caches, frame
from pages.ui.classroom import routes
from pages.ui.classroom.store import Store
from pages.ui.hosting import logs
from pages.ui.lectures.lecture import LectureError, lecture
from pages.ui.short import route as short
from pages.ui.storage import settings
from tests.browser.classroom import ASKED
from tests.pages.visiting import visit

MARK = "Zyzzogeton"  # no word of the project


@pytest.fixture(autouse=True)
def without_words() -> Iterator[None]:
    """As the app is started; other tests see errors' words."""
    before, hook = logging.getLogRecordFactory(), threading.excepthook
    logs.keep_words_out()
    yield
    logging.setLogRecordFactory(before)
    threading.excepthook = hook


def broken(*_: object, **__: object) -> object:
    raise ValueError(f"cannot read {MARK}")


def nested() -> None:
    try:
        int(MARK)
    except ValueError as error:
        raise RuntimeError(MARK) from error


def written(error: Exception) -> str:
    """What a handler of anybody's makes of an error."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    other = logging.getLogger("somebody.else")
    other.addHandler(handler)
    try:
        raise error
    except type(error):
        other.exception("it failed")
    finally:
        other.removeHandler(handler)
    return stream.getvalue()


def test_a_fault_is_logged_by_its_kind_and_place_and_without_its_words() -> None:
    try:
        nested()
    except RuntimeError as error:
        said = written(error)
    assert "ERROR it failed" in said
    assert "in nested" in said
    assert said.index("ValueError") < said.index("RuntimeError")
    assert MARK not in said


def test_what_ends_a_thread_is_logged_without_its_words(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(threading, "excepthook", logs._thread_ended)  # pytest has its own here
    thread = threading.Thread(target=broken)
    thread.start()
    thread.join()
    assert "a thread ended" in caplog.text
    assert "ValueError" in caplog.text
    assert MARK not in caplog.text + "".join(capfd.readouterr())


def test_marks_through_everything_leave_no_trace(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    tmp_path: object,
) -> None:
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.WARNING, "httpx")  # the test's own client
    monkeypatch.setenv(settings.DATA_VARIABLE, str(tmp_path))
    # State: read, wrong, unknown; a model, a name, a code that are none.
    visit("heads", text=MARK, layer=MARK, model=MARK, **{MARK: MARK})
    visit("scores", mode="hand", matrix=f"{MARK}~x", s=MARK)
    # Faults: of a recording, and of a page.
    monkeypatch.setattr(caches, "trace", broken)
    visit("heads", text=f"{MARK} again")
    monkeypatch.setattr(frame, "notices", broken)
    visit("bert", text=MARK)
    # Files.
    with pytest.raises(ArchiveError):
        unpacked.unpack(f"{MARK}.zip", io.BytesIO(MARK.encode()))
    with pytest.raises(LectureError):
        lecture(f"# {MARK}")
    # The hub.
    with pytest.raises(InputError), hub.in_our_words(MARK):
        broken()
    downloads._refusal(MARK, ValueError(MARK))
    # A class's answers, and codes that are none.
    store = Store(settings.settings().url)
    code, token = store.open()
    store.ask(token, ASKED)
    client = TestClient(Starlette(routes=[*routes.ROUTES, *short.ROUTES]))
    client.get(f"/class/{code}")
    for value in (MARK, "%00", "0"):
        client.post(f"/class/{code}", data={"question": "1", "choice": value, MARK: MARK})
    client.get(f"/class/{MARK}?lang={MARK}")
    client.get(f"/s/{MARK}")
    store.close()
    said = "".join(capfd.readouterr())
    logged = caplog.text
    caplog.clear()
    assert "page bert" in logged
    assert "recording with" in logged
    assert MARK not in logged
    assert MARK not in said
