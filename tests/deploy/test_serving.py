"""`make serve` for real: nginx, two processes; one is killed, then all are told to end."""

from __future__ import annotations

import os
import re
import signal
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from deploy.serve import COOKIE, GRACE, SECRET_VARIABLE
from pages.ui.classroom.store import Store
from pages.ui.storage.settings import FILE
from tests.browser.classroom import ASKED
from tests.browser.server import status
from tests.load.__main__ import children, served
from tests.load.lesson import CLICK, PICTURE, Lesson, held
from tests.load.tab import Run, Tab
from tests.loops import finished

pytestmark = pytest.mark.tables
BACK = 10.0  # seconds


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def serving(folder: Path) -> Iterator[tuple[str, list[int]]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DIKKAT_DATA", str(folder))
        with served(2, folder / "log.txt") as (url, pids):
            yield url, pids


def drawn(url: str, cookie: str = "") -> str:
    """The process that a visitor is given; "": the one that they have stays theirs."""
    asked = urllib.request.Request(f"{url}/health/live")
    if cookie:
        asked.add_header("Cookie", f"{COOKIE}={cookie}")
    with urllib.request.urlopen(asked) as answer:
        given = re.match(rf"{COOKIE}=(\d+); Path=/; HttpOnly", answer.headers["Set-Cookie"] or "")
    return given[1] if given else ""


def opened(url: str, process: str) -> Run:
    async def one() -> Run:
        async with Tab(url, f"{COOKIE}={process}") as tab:
            return await tab.open("heads", "lang=en")

    return finished(one())


def apps(pids: list[int]) -> list[psutil.Process]:
    """The processes of the app among them."""
    return [one for pid in pids if "uvicorn" in (one := psutil.Process(pid)).cmdline()]


def test_one_address_is_spread_over_all_and_each_visitor_stays(
    serving: tuple[str, list[int]],
) -> None:
    url, pids = serving
    assert {drawn(url) for _ in range(40)} == {"0", "1"}
    assert [drawn(url, n) for n in "01"] == ["", ""]
    assert drawn(url, "7") in "01"  # no such process
    secrets = {process.environ()[SECRET_VARIABLE] for process in apps(pids)}
    assert len(secrets) == 1
    assert len(apps(pids)) == 2
    assert {process.environ()["DIKKAT_MODE"] for process in apps(pids)} == {"public"}


def test_a_class_of_twelve_has_its_pictures(serving: tuple[str, list[int]]) -> None:
    lesson = Lesson(12, 16.0)
    finished(held(serving[0], lesson))
    assert lesson.errors == []
    assert len(lesson.waits[PICTURE]) == 12
    assert len(lesson.waits[CLICK]) >= 12


def test_a_killed_process_is_back_and_its_class_with_it(
    serving: tuple[str, list[int]], folder: Path
) -> None:
    url, pids = serving
    store = Store(f"sqlite:///{folder / FILE}")
    code, token = store.open()
    asked = store.ask(token, ASKED)
    assert store.submit(code, asked, "phone", "1") == "taken"
    victim = next(one for one in apps(pids) if "app-1.sock" in " ".join(one.cmdline()))
    parent = victim.parent()
    assert parent is not None
    os.kill(victim.pid, signal.SIGKILL)
    # Another process answers its visitors at once, links and classes as before.
    assert opened(url, "1").picture is not None
    with urllib.request.urlopen(f"{url}/class/{code}") as answer:
        assert ASKED.text in answer.read().decode()
    deadline = time.monotonic() + 6 * BACK
    while len(apps(children(parent.pid))) < 2 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert len(apps(children(parent.pid))) == 2
    assert opened(url, "1").picture is not None
    assert store.tally(asked) == {"1": 1}
    store.close()


def test_it_ends_in_order_and_leaves_nothing(tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    with served(1, log) as (url, pids):
        assert status(f"{url}/health/ready") == 200
        folders = [Path(one.cmdline()[-1].partition("--uds=")[2]).parent for one in apps(pids)]
        parent = psutil.Process(pids[0]).parent()
        assert parent is not None
        parent.send_signal(signal.SIGTERM)
        psutil.wait_procs([parent], timeout=3 * GRACE)
        assert not parent.is_running()
        assert not [pid for pid in pids if psutil.pid_exists(pid)]
        assert not [folder for folder in folders if folder.exists()]
    assert "Traceback" not in log.read_text()
    assert "/health" not in log.read_text()  # addresses hold what visitors typed
