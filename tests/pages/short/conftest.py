"""Each test has an empty database of its own, and limits that nobody has used up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pages.ui.short import store, visit
from pages.ui.storage import settings
from pages.ui.storage.limits import Limit
from pages.ui.storage.visitors import Keeping


@pytest.fixture
def app_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[store.ShortLinks]:
    """The app's own, by its settings."""
    monkeypatch.delenv(settings.DATABASE_VARIABLE, raising=False)
    monkeypatch.setenv(settings.DATA_VARIABLE, str(tmp_path))
    limits = Limit(30, 0.0), Limit(30, 0.0), Limit(30, 0.0)
    monkeypatch.setattr(visit, "KEEPING", Keeping(*limits[:2]))
    monkeypatch.setattr(visit, "WRONG", limits[2])
    found = store.store()
    yield found
    found.close()
