"""`python -m tests.load.small`: what a small host has to give; the table goes into docs/hosting.md.

The app is started as Streamlit's Community Cloud does, by `streamlit run app.py`, in public mode
and without SmolLM2.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from unittest.mock import patch

from pages.registry import ORDER
from tests.bench.harness import Row, compared, markdown, printed
from tests.bench.readme import replaced
from tests.browser.server import ROOT, free_port, offline, running
from tests.load.tab import Lost, Tab
from tests.load.watch import Watch

DOCUMENT = ROOT / "docs" / "hosting.md"
SESSIONS, RESIDENT = 20, 690.0  # megabytes: the least that Community Cloud promises
ROUNDS, SLOWER = 5, 2.5
PATIENCE = 300.0  # seconds
PUBLIC = {"DIKKAT_MODE": "public", "DIKKAT_WITHOUT": "smollm2", "OMP_NUM_THREADS": "1"}
IMPORTS = "import plotly.graph_objects, streamlit, torch, transformers"


def imports() -> float:
    """Seconds from nothing to a Python that has imported what any such app needs."""
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-c", IMPORTS], check=True, env=offline() | PUBLIC)
    return time.perf_counter() - begin


def first_picture() -> float:
    """Seconds from nothing to the first figure of `heads` in a visitor's tab. Raises Lost."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}"]
    begin = time.perf_counter()
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=offline() | PUBLIC,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            return asyncio.run(_seen(f"http://127.0.0.1:{port}", begin))
        finally:
            process.kill()


async def _seen(url: str, begin: float) -> float:
    while True:
        try:
            async with Tab(url) as tab:
                opened = time.perf_counter()
                run = await tab.open("heads", "lang=en")
                return opened - begin + (run.picture or run.whole)
        except Lost as error:
            if "no connection" not in str(error) or time.perf_counter() - begin > PATIENCE:
                raise
            await asyncio.sleep(0.05)


async def everywhere(url: str, visitor: int, begun: asyncio.Barrier) -> None:
    """A visitor who opens every page, each visitor from another one on, and stays till the end."""
    async with Tab(url) as tab:
        for n in range(len(ORDER)):
            page = ORDER[(visitor + n) % len(ORDER)]
            await tab.open("" if page == "home" else page, f"lang={('en', 'tr')[visitor % 2]}")
        await begun.wait()


async def all_of_them(url: str) -> None:
    """All at once; nobody leaves before the last has seen everything."""
    end = asyncio.Barrier(SESSIONS)
    await asyncio.gather(*(everywhere(url, n, end) for n in range(SESSIONS)))


def resident() -> float:
    """The most megabytes (2^20 bytes) that the app holds while all of them are there."""
    with (
        tempfile.TemporaryDirectory() as folder,
        patch.dict(os.environ, PUBLIC | {"DIKKAT_DATA": folder}),
        running(ROOT / "app.py", Path(folder, "log.txt")) as server,
        Watch([server.process.pid]) as watch,
    ):
        asyncio.run(all_of_them(server.url))
        return watch.resident / 2**20


def main() -> int:
    """Exit status 1 where a limit does not hold."""
    what = f"{SESSIONS} sessions that open all {len(ORDER)} pages each: most resident"
    rows = [
        Row(what, resident(), "MB", RESIDENT, SESSIONS),
        compared(
            "cold start to the first picture of `heads` ÷ bare imports",
            first_picture,
            imports,
            limit=SLOWER,
            unit="s",
            rounds=ROUNDS,
            warm_up=1,
        ),
    ]
    text = DOCUMENT.read_text(encoding="utf-8")
    DOCUMENT.write_text(replaced(text, markdown(rows), "small"), encoding="utf-8")
    print(printed(rows))
    return 0 if all(row.within for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
