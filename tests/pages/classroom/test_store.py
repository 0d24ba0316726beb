"""Where answers are kept, on SQLite; tests/browser/test_class.py does the same on PostgreSQL."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pages.ui.classroom import questions
from pages.ui.classroom.questions import ClassQuestion
from pages.ui.classroom.store import Store, TooMany
from pages.ui.storage import settings
from pages.ui.storage.settings import FILE
from tests.pages.classroom.behaviour import CHOICE, behaves


class Clock:
    """Seconds that a test turns itself."""

    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def address(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / FILE}"


def test_a_class_is_asked_answers_and_is_deleted(address: str) -> None:
    behaves(Store(address))


def test_two_hundred_that_answer_at_once_are_all_counted(address: str) -> None:
    own, other = Store(address), Store(address)  # two processes share the file
    code, token = own.open()
    asked = own.ask(token, CHOICE)
    with ThreadPoolExecutor(20) as pool:
        stores = (own, other) * 100
        given = [(one, code, asked, f"device {n}", str(n % 2)) for n, one in enumerate(stores)]
        outcomes = set(pool.map(lambda one: one[0].submit(*one[1:]), given))
    assert outcomes == {"taken"}
    assert own.tally(asked) == {"0": 100, "1": 100}


def test_a_class_is_forgotten_after_its_day(address: str, tmp_path: Path) -> None:
    clock = Clock()
    store = Store(address, keep=100.0, clock=clock)
    code, token = store.open()
    asked = store.ask(token, CHOICE)
    store.submit(code, asked, "device", "0")
    clock.now += 99
    assert store.standing(code) is not None
    clock.now += 2
    assert store.standing(code) is None
    assert store.lecture(token) is None
    assert store.submit(code, asked, "device", "1") == "absent"
    with sqlite3.connect(tmp_path / FILE) as connection:
        tables = ("rooms", "questions", "answers")
        left = [
            connection.execute(f"SELECT count(*) FROM dikkat_{t}").fetchone()[0] for t in tables
        ]
    connection.close()
    assert left == [0, 0, 0]


def test_neither_the_token_nor_the_device_stands_in_the_file(address: str, tmp_path: Path) -> None:
    store = Store(address)
    code, token = store.open()
    for text in ("first?", "second?"):
        asked = store.ask(token, ClassQuestion("choice", text, ("a", "b")))
        store.submit(code, asked, "the device's mark", "0")
    store.close()
    with sqlite3.connect(tmp_path / FILE) as connection:
        said = "\n".join(connection.iterdump())
        marks = connection.execute("SELECT device FROM dikkat_answers").fetchall()
    connection.close()
    assert code in said
    assert token not in said
    assert "the device's mark" not in said
    assert len(set(marks)) == 2  # nothing ties two answers of one device together


def test_the_file_is_in_wal_mode(address: str, tmp_path: Path) -> None:
    Store(address).close()
    with sqlite3.connect(tmp_path / FILE) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_codes_are_short_and_hold_no_letter_that_is_taken_for_another(address: str) -> None:
    store = Store(address)
    opened = [store.open() for _ in range(50)]
    assert len({code for code, _ in opened}) == len({token for _, token in opened}) == 50
    for code, token in opened:
        assert len(code) == questions.LONG
        assert not set(code) & set("0O1IİıL2Z5S8B")
        assert code not in token
        assert len(token) >= 32


def test_a_code_that_is_taken_is_not_given_twice(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter("AAAAA" + "AAAAA" + "CCCCC")
    monkeypatch.setattr("pages.ui.classroom.store.secrets.choice", lambda _: next(drawn))
    store = Store(address)
    assert [store.open()[0] for _ in range(2)] == ["AAAAA", "CCCCC"]


def test_there_are_not_more_classes_questions_and_answers_than_are_kept(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, most in (("MOST_ROOMS", 1), ("MOST_QUESTIONS", 1), ("MOST_ANSWERS", 2)):
        monkeypatch.setattr(f"pages.ui.classroom.store.{name}", most)
    store = Store(address)
    code, token = store.open()
    asked = store.ask(token, CHOICE)
    outcomes = [store.submit(code, asked, f"device {n}", "0") for n in range(3)]
    assert outcomes == ["taken", "taken", "full"]
    with pytest.raises(TooMany):
        store.ask(token, CHOICE)
    with pytest.raises(TooMany):
        store.open()


@pytest.mark.parametrize(
    ("said", "url"),
    [
        ("postgresql://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgres://u:p@h:1/d?sslmode=require", "postgresql+psycopg://u:p@h:1/d?sslmode=require"),
        ("postgresql+psycopg2://u@h/d", "postgresql+psycopg://u@h/d"),
        ("sqlite:////a/b.db", "sqlite:////a/b.db"),
    ],
)
def test_a_database_is_named_by_its_address(
    said: str, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(settings.DATABASE_VARIABLE, said)
    assert settings.settings() == settings.Storage(url, 86_400.0, 180, lasting=True)


@pytest.mark.parametrize(
    "said",
    ["mysql://u:secret@h/d", "secret", "postgresql://", "sqlite://", "sqlite:///:memory:", "://"],
)
def test_what_names_no_database_is_told_without_its_password(
    said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(settings.DATABASE_VARIABLE, said)
    with pytest.raises(ValueError, match=settings.DATABASE_VARIABLE) as error:
        settings.settings()
    assert "secret" not in str(error.value)


@pytest.mark.parametrize("said", ["0", "-1", "a day", "nan", "inf", "1e9"])
def test_a_wrong_number_of_hours_is_told(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(settings.KEEP_VARIABLE, said)
    with pytest.raises(ValueError, match=settings.KEEP_VARIABLE):
        settings.settings()


def test_a_folder_that_is_none_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(settings.DATABASE_VARIABLE, raising=False)
    file = tmp_path / "file"
    file.write_text("")
    monkeypatch.setenv(settings.DATA_VARIABLE, str(file))
    with pytest.raises(ValueError, match=settings.DATA_VARIABLE):
        settings.settings()


def test_without_settings_the_file_lies_where_nobody_else_looks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (settings.DATABASE_VARIABLE, settings.DATA_VARIABLE, settings.KEEP_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    found = Path(settings.settings().url.removeprefix("sqlite:///"))
    assert found.parent.parent == tmp_path.resolve()
    assert found.parent.stat().st_mode & 0o777 == 0o700
