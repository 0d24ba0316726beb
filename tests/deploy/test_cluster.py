"""Two processes of the app, nginx, PostgreSQL and a Ray cluster of two replicas, for real: one of
each is killed while a class is at work, and no answer is lost beyond a retry."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch
from urllib.parse import parse_qs, urlencode, urlsplit

import numpy as np
import psutil
import pytest

from models.catalog import load
from models.record import record
from models.serving.backend import asked
from pages.ui.classroom.routes import COOKIE as PHONE
from pages.ui.classroom.store import Store
from pages.ui.storage.settings import settings
from tests.browser.classroom import ASKED, postgres
from tests.load.__main__ import served
from tests.load.cluster import PYTHON, clustered, environment
from tests.load.tab import Lost, Tab
from tests.loops import finished

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not PYTHON.exists(), reason="Ray's environment is not here: make ray"),
]
STUDENTS, SECONDS, AGAIN = 6, 40.0, 3.0


class Running(NamedTuple):
    """url: nginx's; cluster: the cluster's; parent: process of `make serve`; data: PostgreSQL's
    folder; log: of the app."""

    url: str
    cluster: str
    ray: subprocess.Popen[bytes]
    parent: psutil.Process
    data: str
    log: Path
    store: Store


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("cluster")
    log = folder / "app.txt"
    with postgres() as database, clustered(2, folder / "ray.txt") as (cluster, ray):
        said = environment(cluster) | {"DIKKAT_DATABASE": database}
        with patch.dict(os.environ, said), served(2, log) as (url, pids):
            parent = psutil.Process(pids[0]).parent()
            assert parent is not None
            store = Store(settings().url)
            data = parse_qs(urlsplit(database).query)["host"][0]
            yield Running(url, cluster, ray, parent, data, log, store)
            store.close()


def below(process: psutil.Process, word: str) -> list[psutil.Process]:
    """Its processes whose command says that."""
    return [each for each in process.children(recursive=True) if word in " ".join(each.cmdline())]


def postmaster(folder: str) -> psutil.Process:
    found = [
        one
        for one in psutil.process_iter(["name", "cmdline"])
        if one.info["name"] == "postgres" and folder in " ".join(one.info["cmdline"] or [])
    ]
    return min(found, key=lambda one: one.create_time())


class Load:
    """A class of few. asked, again, lost: sentences; taken, missed: answers of phones."""

    def __init__(self, running: Running, code: str, question: int) -> None:
        self.running, self.code, self.question = running, code, question
        self.asked = self.again = self.lost = self.taken = self.missed = 0
        self.end = time.monotonic() + SECONDS

    async def tab(self, n: int) -> None:
        """Types sentences that nobody typed before; a tab that breaks off is opened again."""
        tab, count = await self.opened(n), 0
        while time.monotonic() < self.end:
            count += 1
            self.asked += 1
            for last in (False, True):
                try:
                    run = await tab.set("text", f"Student {n} types sentence {count}.")
                    assert run.picture is not None
                    break
                except (Lost, AssertionError):
                    self.again += 1
                    self.lost += last
                    tab = await self.opened(n)
            await asyncio.sleep(0.5)
        await tab.__aexit__(None, None, None)

    async def opened(self, n: int) -> Tab:
        """As a browser does it: tried anew until the door answers."""
        while True:
            tab = Tab(self.running.url, f"dikkat_process={n % 2}")
            try:
                await tab.__aenter__()
                await tab.open("heads", "lang=en")
                return tab
            except Lost:
                await asyncio.sleep(0.5)

    async def phones(self) -> None:
        """One after another answers the class's question, and once more where it was not taken."""
        while time.monotonic() < self.end:
            for _ in range(2):
                try:
                    await asyncio.to_thread(self.phone)
                    self.taken += 1
                    break
                except (OSError, AssertionError):
                    await asyncio.sleep(AGAIN)
            else:
                self.missed += 1
            await asyncio.sleep(0.5)

    def phone(self) -> None:
        """A form, and its answer. OSError, AssertionError: it was not taken."""
        place = f"{self.running.url}/class/{self.code}"
        with urllib.request.urlopen(place, timeout=20) as form:
            mark = re.search(rf"{PHONE}=([\w-]+)", str(form.headers))
        assert mark is not None
        body = urlencode({"question": self.question, "choice": 1}).encode()
        headers = {"Cookie": f"{PHONE}={mark[1]}", "Origin": self.running.url}
        sent = urllib.request.Request(place, body, headers)
        with urllib.request.urlopen(sent, timeout=20) as answer:
            assert answer.status == 200


async def killed(kinds: list[Callable[[], psutil.Process]]) -> None:
    """One of each, one after another."""
    for find in kinds:
        await asyncio.sleep(SECONDS / (len(kinds) + 1))
        os.kill(find().pid, signal.SIGKILL)


def test_one_of_each_is_killed_and_no_answer_is_lost_beyond_a_retry(running: Running) -> None:
    code, token = running.store.open()
    question = running.store.ask(token, ASKED)
    ray = psutil.Process(running.ray.pid)
    load_ = Load(running, code, question)
    replicas = below(ray, "ray::ServeReplica")
    assert len(replicas) == 2
    kinds: list[Callable[[], psutil.Process]] = [
        lambda: replicas[0],
        lambda: below(running.parent, "app-1.sock")[0],
        lambda: below(postmaster(running.data), "postgres: ")[-1],
        lambda: below(running.parent, "nginx")[0],
    ]

    async def everybody() -> None:
        tabs = (load_.tab(n) for n in range(STUDENTS))
        await asyncio.gather(*tabs, load_.phones(), killed(kinds))

    finished(everybody())
    assert load_.asked > STUDENTS
    assert (load_.lost, load_.missed) == (0, 0)
    assert load_.again <= 3 * STUDENTS  # a tab's own connection, at most once a kill
    assert sum(running.store.tally(question).values()) >= load_.taken > 0
    said = running.log.read_text(encoding="utf-8")
    assert "asked twice" not in said
    assert "could not bind" not in said
    deadline = time.monotonic() + 60
    while len(below(ray, "ray::ServeReplica")) < 2 and time.monotonic() < deadline:
        time.sleep(0.2)
    assert len(below(ray, "ray::ServeReplica")) == 2


def test_a_replica_computes_what_this_process_does(running: Running) -> None:
    loaded = load("minilm")
    with patch.dict(os.environ, environment(running.cluster)):
        there = asked(record, loaded, "Kediler ışığı görür.")
    here = record(loaded, "Kediler ışığı görür.")
    assert there.key == here.key
    for one, other in zip(there.blocks, here.blocks, strict=True):
        np.testing.assert_allclose(one.output, other.output, atol=1e-5)
    assert there.difference().rounding


def test_nobody_is_answered_without_the_token_and_no_dashboard_is_open(running: Running) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong"}):
        sent = urllib.request.Request(f"{running.cluster}/models", b"{}", headers)
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(sent)
        assert refused.value.code == 401
        refused.value.close()
    processes = [running.ray.pid, *(p.pid for p in below(psutil.Process(running.ray.pid), ""))]
    listening = {
        c.laddr.port
        for c in psutil.net_connections("tcp")
        if c.pid in processes and c.status == psutil.CONN_LISTEN
    }
    assert listening
    assert 8265 not in listening
    replica = below(psutil.Process(running.ray.pid), "ray::ServeReplica")[0]
    assert replica.environ()["RAY_AUTH_MODE"] == "token"
    assert replica.environ()["RAY_USAGE_STATS_ENABLED"] == "0"
