"""`make serve` for real: nginx, two processes; both kinds are killed, then all are told to end."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import re
import signal
import socket
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from deploy.serve import COOKIE, SECRET_VARIABLE
from pages.ui.classroom.store import Store
from pages.ui.hosting.ending import GRACE
from pages.ui.short.store import ShortLinks
from pages.ui.storage.settings import FILE
from tests.browser.classroom import ASKED
from tests.browser.server import free_port, status
from tests.load.__main__ import served
from tests.load.lesson import HEADS, PAGE, QUERY
from tests.load.soak import LOOKS, Soak, soaked
from tests.load.tab import Run, Tab
from tests.loops import finished

pytestmark = pytest.mark.tables
PATIENCE = 300.0  # seconds; a slow machine's, not a measured limit
METRICS = free_port()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def serving(folder: Path) -> Iterator[tuple[str, psutil.Process]]:
    """Its address, and the process that watches over the others."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DIKKAT_DATA", str(folder))
        patch.setenv("DIKKAT_LOG", "json")
        patch.setenv("DIKKAT_METRICS", "true")
        patch.setenv("DIKKAT_MODE", "")  # empty is as good as absent: public
        with served(2, folder / "log.txt", f"--metrics-port={METRICS}") as (url, pids):
            parent = psutil.Process(pids[0]).parent()
            assert parent is not None
            yield url, parent


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
            return await tab.open("heads", "lang=en&text=An+unheard+Zwiebelkuchen")

    return finished(one())


def running(parent: psutil.Process) -> dict[str, psutil.Process]:
    """What runs below it now, by its name: app-0, app-1, nginx."""
    found = {}
    for child in parent.children():
        try:
            said = " ".join(child.cmdline())
        except psutil.NoSuchProcess:  # ended meanwhile, or not waited for yet
            continue
        if name := re.search(r"/(app-\d+)\.sock|/(nginx)\.conf", said):
            found[name[1] or name[2]] = child
    return found


def sockets(parent: psutil.Process) -> Path:
    """The folder where the processes listen."""
    said = running(parent)["nginx"].cmdline()
    return Path(next(word for word in said if word.endswith("nginx.conf"))).parent


def answered(door: Path, path: str) -> tuple[int, str, str]:
    """(status, body, where it leads) of one process itself; (0, "", ""): nobody answers."""
    asked = http.client.HTTPConnection("localhost", timeout=PATIENCE)
    try:
        asked.sock = socket.socket(socket.AF_UNIX)
        asked.sock.settimeout(PATIENCE)
        asked.sock.connect(str(door))
        asked.request("GET", path)
        answer = asked.getresponse()
        body = answer.read().decode(errors="replace")
        return answer.status, body, answer.headers["Location"] or ""
    except (OSError, http.client.HTTPException):
        return 0, "", ""
    finally:
        asked.close()


def killed(parent: psutil.Process, name: str, ask: Path, path: str) -> None:
    """By SIGKILL; until another process has taken its place and answers."""
    before = running(parent)[name].pid
    os.kill(before, signal.SIGKILL)
    deadline = time.monotonic() + PATIENCE
    while True:
        now = running(parent).get(name)
        if now is not None and now.pid != before and answered(ask, path)[0] == 200:
            return
        assert time.monotonic() < deadline, f"{name} is not back"
        time.sleep(0.1)


def test_one_address_is_spread_over_all_and_each_visitor_stays(
    serving: tuple[str, psutil.Process],
) -> None:
    url, parent = serving
    assert {drawn(url) for _ in range(40)} == {"0", "1"}
    assert [drawn(url, n) for n in "01"] == ["", ""]
    assert drawn(url, "7") in "01"  # no such process
    said = [running(parent)[name].environ() for name in ("app-0", "app-1")]
    assert len({one[SECRET_VARIABLE] for one in said}) == 1
    assert {one["DIKKAT_MODE"] for one in said} == {"public"}
    assert {one["PYTHONMALLOC"] for one in said} == {"malloc"}  # what a class took is given back


def test_a_class_of_twelve_has_its_pictures(serving: tuple[str, psutil.Process]) -> None:
    async def student(n: int) -> Run:
        async with Tab(serving[0], f"{COOKIE}={n % 2}") as tab:
            run = await tab.open(PAGE, QUERY)
            await tab.set("head", n % HEADS + 1)
            await tab.press("next")
            return run

    async def everybody() -> list[Run]:
        return await asyncio.gather(*map(student, range(12)))

    assert None not in [run.picture for run in finished(everybody())]


def test_visitors_come_and_go_on_all_pages(serving: tuple[str, psutil.Process]) -> None:
    pids = [process.pid for process in running(serving[1]).values()]
    soak = Soak(60)
    finished(soaked(serving[0], pids, soak))
    assert soak.errors == []
    assert soak.done >= 60
    assert len(soak.resident) == LOOKS
    assert min(soak.resident) > 0


def test_counts_are_read_at_a_port_of_their_own(serving: tuple[str, psutil.Process]) -> None:
    assert opened(serving[0], "0").picture is not None
    for n in "01":
        with urllib.request.urlopen(f"http://127.0.0.1:{METRICS}/{n}/metrics") as answer:
            assert b"\ndikkat_sessions " in answer.read()
    assert status(f"{serving[0]}/metrics") == 404
    assert status(f"{serving[0]}/0/metrics") != 200
    assert status(f"http://127.0.0.1:{METRICS}/2/metrics") == 404


def test_a_killed_process_is_back_and_its_class_with_it(
    serving: tuple[str, psutil.Process], folder: Path
) -> None:
    url, parent = serving
    database = f"sqlite:///{folder / FILE}"
    store, links = Store(database), ShortLinks(database)
    code, token = store.open()
    asked = store.ask(token, ASKED)
    assert store.submit(code, asked, "phone", "1") == "taken"
    link = f"/s/{links.code('heads', {'text': 'kept'})}"
    links.close()
    door = sockets(parent) / "app-1.sock"
    leads = answered(door, link)[2]
    assert leads.startswith("/heads?")
    killed(parent, "app-1", door, "/health/ready")
    # The new one itself, not another that stands in for it.
    assert ASKED.text in answered(door, f"/class/{code}")[1]
    assert answered(door, link)[2] == leads
    assert opened(url, "1").picture is not None
    assert store.submit(code, asked, "other", "0") == "taken"
    assert store.tally(asked) == {"0": 1, "1": 1}
    store.close()


def test_another_answers_meanwhile(serving: tuple[str, psutil.Process]) -> None:
    url, parent = serving
    os.kill(running(parent)["app-0"].pid, signal.SIGKILL)
    assert opened(url, "0").picture is not None
    assert "app-1" in running(parent)


def test_the_door_is_back_too(serving: tuple[str, psutil.Process]) -> None:
    url, parent = serving
    killed(parent, "nginx", sockets(parent) / "app-1.sock", "/health/live")
    deadline = time.monotonic() + PATIENCE
    while status(f"{url}/health/live") != 200:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_the_log_is_json_and_holds_no_word_of_a_visitor(
    serving: tuple[str, psutil.Process], folder: Path
) -> None:
    lines = (folder / "log.txt").read_text(encoding="utf-8").splitlines()
    events = [json.loads(line) for line in lines]
    said = {event["message"] for event in events}
    assert {"started in mode public", "ready", "app-1 ended with -9"} <= said
    assert "Zwiebel" not in "".join(lines)
    assert "127.0.0.1" not in "".join(line for line in lines if '"dikkat.serve"' not in line)
    assert not [event for event in events if "error.type" in event]


def test_it_ends_in_order_and_leaves_nothing(tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    with served(1, log) as (url, pids):
        assert status(f"{url}/health/ready") == 200
        parent = psutil.Process(pids[0]).parent()
        assert parent is not None
        folder = sockets(parent)
        assert folder.exists()
        parent.send_signal(signal.SIGTERM)
        psutil.wait_procs([parent], timeout=PATIENCE + GRACE)
        assert not parent.is_running()
        assert not [pid for pid in pids if psutil.pid_exists(pid)]
        assert not folder.exists()
    assert "Traceback" not in log.read_text()
    assert "/health" not in log.read_text()  # addresses hold what visitors typed
