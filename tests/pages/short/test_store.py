"""Short links on SQLite; tests/browser/test_class.py does the same on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.ui.short import store
from pages.ui.short.store import LONG, Full, ShortLinks
from pages.ui.storage import settings
from pages.ui.storage.codes import LETTERS, fresh, tidy
from tests.pages.short.behaviour import SAID, Clock, keeps


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def links(tmp_path: Path, clock: Clock) -> Iterator[ShortLinks]:
    found = ShortLinks(f"sqlite:///{tmp_path / settings.FILE}", 100.0, clock)
    yield found
    found.close()


def test_an_address_is_kept_for_its_time(links: ShortLinks, clock: Clock) -> None:
    keeps(links, clock)


def test_nothing_of_what_is_over_is_left_in_the_file(
    links: ShortLinks, clock: Clock, tmp_path: Path
) -> None:
    links.code("heads", {"text": "somebody's secret"})
    clock.now += 101
    assert links.purge() == 1
    links.close()
    files = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"secret" not in files


def test_what_is_kept_has_limits(links: ShortLinks, monkeypatch: pytest.MonkeyPatch) -> None:
    both = {"text": "ş" * 10_000, "pair": "ğ" * 10_000}
    assert links.find(links.code("heads", both)) == ("heads", both)
    with pytest.raises(Full, match="long"):
        links.code("heads", {"text": "x" * store.LONGEST})
    monkeypatch.setattr(store, "MOST_BYTES", 125_000)
    with pytest.raises(Full, match="full"):
        links.code("heads", {"text": "x" * 5_000})
    monkeypatch.setattr(store, "MOST_BYTES", 10**9)
    monkeypatch.setattr(store, "MOST", 1)
    with pytest.raises(Full, match="full"):
        links.code("heads", {"text": "y"})
    assert links.code("heads", both)  # what is there already is still told


def test_many_that_ask_for_the_same_at_once_get_one_code(links: ShortLinks) -> None:
    with ThreadPoolExecutor(8) as pool:
        codes = set(pool.map(lambda _: links.code("heads", SAID), range(16)))
    assert len(codes) == 1


@given(st.text(LETTERS, min_size=LONG, max_size=LONG), st.text(" -\t\n", max_size=3))
def test_a_code_is_read_as_people_type_it(code: str, between: str) -> None:
    assert tidy(f"{code[:4]}{between}{code[4:]}".lower(), LONG) == code


@given(st.text(LETTERS + "iıİlLsS01O-/. \0ß%", max_size=LONG + 3))
def test_nothing_else_is_a_code(typed: str) -> None:
    assert set(tidy(typed, LONG)) <= set(LETTERS)
    assert len(tidy(typed, LONG)) in (0, LONG)


def test_codes_are_long_and_no_two_letters_look_alike() -> None:
    assert len(LETTERS) ** LONG / store.MOST > 2**35  # tries for one that leads somewhere
    assert not set(LETTERS) & set("0O1IL2Z5S8B6VWXQ")
    assert len({fresh(LONG) for _ in range(1000)}) == 1000


@pytest.mark.parametrize(("said", "days"), [("", 180), ("1", 1), ("3660", 3660)])
def test_the_setting_says_how_long(
    said: str, days: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(settings.DATA_VARIABLE, str(tmp_path))
    monkeypatch.setenv(settings.LINK_VARIABLE, said)
    assert (settings.settings().days, settings.settings().lasting) == (days, True)


@pytest.mark.parametrize("said", ["0", "-1", "3661", "1.5", "week", "٣", "9" * 5000])
def test_a_wrong_setting_is_told(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(settings.LINK_VARIABLE, said)
    with pytest.raises(ValueError, match=settings.LINK_VARIABLE):
        settings.settings()
