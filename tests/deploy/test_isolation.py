"""Many sessions in two processes at once: each tab hears its own text alone, and no log has any."""

from __future__ import annotations

import asyncio
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote

import pytest

from deploy.serve import COOKIE
from tests.load.__main__ import served
from tests.load.tab import Run, Tab
from tests.loops import finished

pytestmark = pytest.mark.tables
PAGES = (("heads", ""), ("bert", "&view=mask&model=bert-mini"), ("gpt", "&model=gpt-mini"))
TABS, ROUNDS = 8, 2


def mark(tab: int, turn: int) -> str:
    """A word that only this tab types, and only once."""
    return f"Zyzzo{'abcdefgh'[tab]}{'klmn'[turn]}geton"


MARKS = {(tab, turn): mark(tab, turn) for tab in range(TABS) for turn in range(ROUNDS + 1)}


@dataclass(slots=True)
class Heard(Tab):
    """A tab that keeps all that it was sent."""

    heard: list[bytes] = field(default_factory=list)

    def _take(self, run: Run, begin: float, data: str | bytes) -> bool:
        assert isinstance(data, bytes)
        self.heard.append(data)
        return Tab._take(self, run, begin, data)


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("isolation") / "log.txt"


@pytest.fixture(scope="module")
def url(log: Path) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DIKKAT_DATA", str(log.parent))
        with served(2, log) as (url, _):
            yield url


async def _visits(url: str, number: int) -> bytes:
    page, more = PAGES[number % len(PAGES)]
    async with Heard(url, f"{COOKIE}={number % 2}") as tab:
        await tab.open(page, f"lang=en&text={quote('The ' + MARKS[number, 0])}{more}")
        for turn in range(1, ROUNDS + 1):
            await tab.set("text", f"The {MARKS[number, turn]}")
        return b"".join(tab.heard)


def test_each_tab_hears_its_own_text_and_no_others(url: str) -> None:
    async def all_at_once() -> list[bytes]:
        return await asyncio.gather(*(_visits(url, number) for number in range(TABS)))

    for number, heard in enumerate(finished(all_at_once())):
        words = {one for one, word in MARKS.items() if word.encode() in heard}
        assert words == {(number, turn) for turn in range(ROUNDS + 1)}


def _sent(url: str, method: str = "GET", body: bytes | None = None) -> int:
    request = urllib.request.Request(url, data=body, method=method)
    try:
        with urllib.request.urlopen(request) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_what_is_typed_sent_or_answered_wrongly_is_in_no_log(url: str, log: Path) -> None:
    word = MARKS[0, 0]
    assert _sent(f"{url}/heads?text={word}&layer={word}") == HTTPStatus.OK
    assert _sent(f"{url}/class/{word}") == HTTPStatus.NOT_FOUND
    assert _sent(f"{url}/class/ACDEFG", "POST", word.encode()) in range(400, 500)
    assert _sent(f"{url}/s/{word}") < HTTPStatus.INTERNAL_SERVER_ERROR
    upload = f"{url}/_stcore/upload_file/{word}/{word}"
    assert _sent(upload, "PUT", word.encode()) == HTTPStatus.FORBIDDEN
    assert _sent(f"{url}/{word}/{word}") < HTTPStatus.INTERNAL_SERVER_ERROR
    written = log.read_text()
    assert [one for one in MARKS.values() if one in written] == []
