"""What all tests share: no network, few threads, side by side, reproducible searches."""

from __future__ import annotations

import os
import socket
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import settings
from streamlit.components.v2 import manifest_scanner

# Before anything imports torch or transformers: they read these once.
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ.setdefault("OMP_NUM_THREADS", "1" if "PYTEST_XDIST_WORKER" in os.environ else "2")

# Pages begin as they do without the large language model, whether or not it is installed.
with patch.dict(os.environ, {"DIKKAT_WITHOUT": "smollm2"}):
    import pages.registry  # noqa: F401 (topics are known wherever a test begins)

# AppTest reads the metadata of every installed package with each visit: half of a visit's time.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)

# The same examples on every machine; `HYPOTHESIS_PROFILE=thorough` looks further.
settings.register_profile("steady", derandomize=True, max_examples=25, deadline=None)
settings.register_profile("thorough", max_examples=1000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

_HERE = ("127.0.0.1", "::1", "localhost")
_TESTS = Path(__file__).parent
_LONG = ("browser/", "models/training/")
# What starts a server, a copy of the project or a training, whole tables (every figure of every
# shipped model measured anew), and what needs the language model that SMALL=1 leaves out.
_TABLES = (
    *("browser/", "models/training/", "docs/test_adding.py", "docs/test_notebook.py"),
    *("models/loading/test_smollm2.py", "models/loading/test_hub_server.py"),
    "pages/test_link_figures.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first, files with most tests before others, the browser's by turns
    with the trainings', so that side by side one of each is at work."""

    def where(item: pytest.Item) -> str:
        return item.path.relative_to(_TESTS).as_posix()

    for item in items:
        if where(item).startswith(_TABLES):
            item.add_marker("tables")
    turns: dict[str, tuple[int, int]] = {}
    for kind, folder in enumerate(_LONG):
        files = Counter(where(item) for item in items if where(item).startswith(folder))
        turns |= {file: (n, kind) for n, (file, _) in enumerate(files.most_common())}
    items.sort(key=lambda item: turns.get(where(item), (len(items), 0)))


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Everything has to work with the network off: reaching beyond this machine is an error."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and address[0] not in _HERE:
            raise ConnectionRefusedError(f"a test reached out to {address[0]}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


@pytest.fixture(autouse=True)
def nothing_went_wrong(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A page that broke says so in a sentence, and in the log: no test may pass over it.

    One that breaks a page on purpose clears `caplog` when it has looked.
    """
    yield
    broken = [r for r in caplog.get_records("call") if str(r.msg).startswith("page ")]
    assert not broken, caplog.text
