"""Each test has an empty database of its own, and limits that nobody has used up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pages.ui.classroom import routes, session
from pages.ui.classroom import store as stored
from pages.ui.storage import settings
from pages.ui.storage.limits import Limit
from pages.ui.storage.visitors import Keeping


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[stored.Store]:
    """The app's own, by its settings."""
    monkeypatch.delenv(settings.DATABASE_VARIABLE, raising=False)
    monkeypatch.setenv(settings.DATA_VARIABLE, str(tmp_path))
    monkeypatch.setattr(routes, "ADDRESSES", Limit(3_000, 150.0))
    monkeypatch.setattr(routes, "DEVICES", Limit(20, 0.0))
    monkeypatch.setattr(routes, "MARKS", Limit(1_000, 0.0))
    monkeypatch.setattr(session, "KEEPING", Keeping(Limit(6, 0.0), Limit(60, 0.0)))
    found = stored.store()
    yield found
    found.close()
