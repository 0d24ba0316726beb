"""`python -m tests.load.cluster`: what models behind Ray Serve cost, into docs/hosting.md.

The cluster is one of this machine, in the environment that `make cluster` makes; who asks is this
process. Both share the processors, which is said beside the figures.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from models.catalog import load
from models.core.loaded import LoadedModel
from models.record import record
from models.serving import wire
from models.serving.backend import asked
from tests.bench.harness import machine
from tests.bench.readme import replaced
from tests.browser.server import ROOT, free_port

PYTHON = ROOT / ".ray" / "bin" / "python"
PAGE = ROOT / "docs" / "hosting.md"
RESULTS = ROOT / "build" / "cluster.json"
TOKEN = secrets.token_hex(32)
ROUNDS, SECONDS, ASKERS = 5, 20.0, 4
_PATIENCE = 300.0  # seconds until all replicas are there
_PROXIES = ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY")
SENTENCE = "The quick brown fox jumps over the lazy dog."


def environment(url: str) -> dict[str, str]:
    """What an app is started with that asks this cluster."""
    return {"DIKKAT_CLUSTER": url, "DIKKAT_CLUSTER_TOKEN": TOKEN, "DIKKAT_CLUSTER_SECONDS": "300"}


@contextmanager
def clustered(replicas: int, log: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A cluster of this machine: (address, its first process). RuntimeError: it does not come."""
    url = f"http://127.0.0.1:{(port := free_port())}"
    command = [str(PYTHON), "-m", "deploy.cluster", f"--port={port}", f"--replicas={replicas}"]
    kept = {name: value for name, value in os.environ.items() if name not in _PROXIES}
    kept |= {"DIKKAT_CLUSTER_TOKEN": TOKEN, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1"}
    with log.open("wb") as sink:
        cluster = subprocess.Popen(
            command, cwd=ROOT, env=kept, stdout=sink, stderr=subprocess.STDOUT
        )
    deadline = time.monotonic() + _PATIENCE
    try:
        while b"Models: http" not in log.read_bytes():
            if cluster.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the cluster did not come up:\n" + log.read_text())
            time.sleep(0.2)
        yield url, cluster
    finally:
        cluster.send_signal(signal.SIGTERM)
        try:
            cluster.wait(60)
        except subprocess.TimeoutExpired:
            cluster.kill()


def medians(rounds: int = ROUNDS, **tasks: Callable[[], object]) -> dict[str, float]:
    """Seconds of each, which take turns, so that a machine that slows down slows all of them."""
    taken: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(rounds + 1):
        for name, task in tasks.items():
            begin = time.perf_counter()
            task()
            taken[name].append(time.perf_counter() - begin)
    # The first round has models loaded, and does not count.
    return {name: statistics.median(each[1:]) for name, each in taken.items()}


def answers_a_second(loaded: LoadedModel, seconds: float = SECONDS) -> float:
    """Sentences that nobody asked before, by several who each wait for their answer."""
    until, done = time.monotonic() + seconds, [0] * ASKERS

    def asks(who: int) -> None:
        while time.monotonic() < until:
            asked(record, loaded, f"{SENTENCE} {who} {done[who]}")
            done[who] += 1

    threads = [threading.Thread(target=asks, args=(who,)) for who in range(ASKERS)]
    begin = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / (time.monotonic() - begin)


def compared(loaded: LoadedModel, text: str) -> dict[str, float]:
    """One recording in this process and over the wire, and the wire's own part: seconds, bytes."""
    own, here = wire.parameters(loaded.model), record(loaded, text, cut=True)
    body = wire.packed(here, own)
    found = medians(
        there=lambda: asked(record, loaded, text, cut=True),
        here=lambda: record(loaded, text, cut=True),
        packed=lambda: wire.packed(here, own),
        unpacked=lambda: wire.unpacked(body),
    )
    return found | {"tokens": len(here.tokens), "bytes": len(body)}


def table(found: dict[str, dict[str, float]], rates: dict[str, dict[int, float]]) -> str:
    """Two tables of Markdown."""
    rows = [
        "| one recording | in this process | from a replica | of that, packed + unpacked | bytes |",
        "|---|---|---|---|---|",
    ]
    for model_id, each in found.items():
        seconds = (f"{each[n]:.3f} s" for n in ("here", "there"))
        both = each["packed"] + each["unpacked"]
        size = f"{each['bytes'] / 2**20:.1f} MiB"
        what = f"{model_id}, {each['tokens']:.0f} tokens"
        rows.append(f"| {' | '.join((what, *seconds, f'{both:.3f} s', size))} |")
    rows += ["", "| sentences a second | 1 replica | 2 replicas |", "|---|---|---|"]
    for model_id, by in rates.items():
        rows.append(f"| {model_id} | {by[1]:.2f} | {by[2]:.2f} |")
    one, five, fifteen = os.getloadavg()
    said = f"{machine()}; load average at the end {one:.0f}, {five:.0f}, {fifteen:.0f}."
    return "\n".join([*rows, "", f"Measured on {said}"]) + "\n"


def main() -> int:
    """Exit status 1 where the environment is not there."""
    if not PYTHON.exists():
        print("Ray is not here: make ray", file=sys.stderr)
        return 1
    models = {name: load(name) for name in ("minilm", "smollm2")}
    texts = {"minilm": SENTENCE, "smollm2": " ".join([SENTENCE] * 100)}
    found: dict[str, dict[str, float]] = {}
    rates: dict[str, dict[int, float]] = {name: {} for name in models}
    for replicas in (1, 2):
        with (
            tempfile.TemporaryDirectory() as folder,
            clustered(replicas, Path(folder, "log.txt")) as (url, _),
            patch.dict(os.environ, environment(url)),
        ):
            for name, loaded in models.items():
                if replicas == 1:
                    found[name] = compared(loaded, texts[name])
                rates[name][replicas] = answers_a_second(loaded)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"found": found, "rates": rates}, indent=2), encoding="utf-8")
    page = replaced(PAGE.read_text(encoding="utf-8"), table(found, rates), "cluster")
    PAGE.write_text(page, encoding="utf-8")
    print(table(found, rates))
    return 0


if __name__ == "__main__":
    sys.exit(main())
