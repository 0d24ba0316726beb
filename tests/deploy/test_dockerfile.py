"""The container: what its Dockerfile says, and, with `make test-all`, that its steps hold."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psutil
import pytest

from pages.ui.hosting.ending import GRACE
from tests.browser.server import ROOT, status
from tests.deploy.dockerfile import built, read, started
from tests.load.tab import Run, Tab
from tests.loops import finished
from tools.distribution import main as install

TEXT = (ROOT / "Dockerfile").read_text(encoding="utf-8")
URL = "http://127.0.0.1:7860"
PATIENCE = 300.0  # seconds; a slow machine's, not a measured limit


def said(name: str) -> list[str]:
    return [rest for step, rest in read(TEXT) if step == name]


def test_steps_are_read_whole() -> None:
    text = "# no\nFROM a:1 AS b\nRUN one \\\n # no\n && two\n\nENV A=1 \\\n    B=2\n"
    assert read(text) == [("FROM", "a:1 AS b"), ("RUN", "one && two"), ("ENV", "A=1 B=2")]


def test_it_is_pinned_watched_and_nobodys_root() -> None:
    assert re.fullmatch(r"DEBIAN=\d+\.\d+-slim", said("ARG")[0])
    assert {base.partition(" ")[0] for base in said("FROM")} == {"debian:${DEBIAN}"}
    assert said("USER") == ["1000:1000"]
    assert "/health/live" in said("HEALTHCHECK")[0]
    assert "DIKKAT_MODE=public" in said("ENV")[-1].split()


def test_what_it_copies_is_there_and_the_app_needs_nothing_else() -> None:
    own = [rest.split() for rest in said("COPY") if not rest.startswith("--from")]
    names = {name for *some, _ in own for name in some}
    assert not [name for name in names if not (ROOT / name).exists()]
    assert {"app.py", ".streamlit", "deploy", "tools", "models", "viz", "text", "pages"} <= names


def opened() -> Run:
    async def one() -> Run:
        async with Tab(URL) as tab:
            return await tab.open("heads", "lang=en")

    return finished(one())


def until(url: str, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while status(url) != 200:
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.5)


@pytest.mark.slow
def test_its_steps_give_an_app_that_runs_where_nobody_may_write(tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    if (
        shutil.which("docker")
        and subprocess.run(["docker", "info"], capture_output=True).returncode == 0
    ):
        in_docker(log)
        return
    if os.geteuid() != 0 or install("debootstrap"):
        pytest.skip("needs Docker, or root and debootstrap")
    arguments = {"TORCH_INDEX": "", "SMALL": "1"}
    stage = built(TEXT, ROOT, tmp_path, arguments)
    with started(stage, log, "--processes=1", DIKKAT_METRICS="true") as process:
        until(f"{URL}/health/ready", log)
        assert opened().picture is not None
        assert stage.run(stage.health).returncode == 0
        inner, *_ = psutil.Process(process.pid).children()
        assert {one.uids().real for one in inner.children(recursive=True)} == {1000}
        assert status("http://127.0.0.1:9090/0/metrics") == 200
        inner.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE + GRACE) == 0
    assert "error" not in log.read_text()


def in_docker(log: Path) -> None:
    """The same where Docker is."""
    subprocess.run(["docker", "build", "-q", "-t", "dikkat-test", str(ROOT)], check=True)
    run = ["docker", "run", "-d", "--rm", "--read-only", "--tmpfs=/tmp", "-p", "7860:7860"]
    done = subprocess.run([*run, "dikkat-test", "--processes=1"], check=True, capture_output=True)
    name = done.stdout.decode().strip()
    try:
        until(f"{URL}/health/ready", log)
        assert opened().picture is not None
    finally:
        subprocess.run(["docker", "stop", name], check=True, capture_output=True)
