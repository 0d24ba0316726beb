"""What visitors held goes once they have left, on a server that nobody else visits, too."""

from __future__ import annotations

import asyncio
import contextlib
import weakref
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from streamlit.runtime import Runtime, RuntimeConfig
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.session_manager import SessionInfo

from pages.ui.hosting import left


class Visit:
    """What a session holds."""

    def __init__(self, name: str) -> None:
        self.id = name


@pytest.fixture
def storage(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> MemorySessionStorage:
    """Where Streamlit's own runtime puts visitors who have left."""
    monkeypatch.setattr(Runtime, "_instance", None)
    kept = MemorySessionStorage(ttl_seconds=60)
    Runtime(
        RuntimeConfig(
            script_path=str(tmp_path / "app.py"),
            media_file_storage=MemoryMediaFileStorage("/media"),
            uploaded_file_manager=MemoryUploadedFileManager("/upload"),
            session_storage=kept,
        )
    )
    return kept


@pytest.fixture
def clock(storage: MemorySessionStorage) -> SimpleNamespace:
    now = SimpleNamespace(seconds=0.0)
    cast(Any, storage._cache)._timer = lambda: now.seconds
    return now


def visit(storage: MemorySessionStorage, name: str) -> weakref.ref[Visit]:
    session = Visit(name)
    storage.save(SessionInfo(client=None, session=cast(Any, session), script_run_count=1))
    return weakref.ref(session)


def test_the_last_visitors_session_goes(
    storage: MemorySessionStorage, clock: SimpleNamespace
) -> None:
    first = visit(storage, "first")
    clock.seconds = 30.0
    second = visit(storage, "second")
    assert left.expire() == 0
    assert first() is not None  # a browser may still come back
    clock.seconds = 61.0
    assert [one.session.id for one in storage.list()] == ["second"]
    assert first() is not None  # Streamlit by itself keeps what it lists no more
    assert left.expire() == 1
    assert first() is None
    assert second() is not None
    clock.seconds = 91.0
    assert left.expire() == 1
    assert second() is None
    assert left.expire() == 0


def test_nothing_is_done_where_no_app_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Runtime, "_instance", None)
    assert left.expire() == 0


def test_the_look_goes_on_and_says_what_went(
    storage: MemorySessionStorage, clock: SimpleNamespace
) -> None:
    told: list[bool] = []

    def sweep(ended: bool) -> None:
        told.append(ended)
        if len(told) == 1:
            raise OSError("goes on")

    visit(storage, "only")
    clock.seconds = 61.0

    async def until_told() -> None:
        task = asyncio.create_task(left.sweep(sweep, every=0.01))
        while len(told) < 3:
            await asyncio.sleep(0.01)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    asyncio.run(asyncio.wait_for(until_told(), 20))
    assert told[:3] == [True, False, False]
