"""All tables, and the way to their database: SQLite (WAL) or PostgreSQL."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Engine,
    Float,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
    make_url,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.schema import CreateIndex, CreateTable

from pages.ui.storage.settings import DATABASE_VARIABLE

_LOCK = 0x64696B6B  # of PostgreSQL, while tables are made
_PATIENCE = 30  # seconds that one waits for another's writing, or for an answer
_TRIES, _PAUSE = 50, 0.1  # of making tables while another process does, seconds between

TABLES = MetaData()
ROOMS = Table(
    "dikkat_rooms",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("code", String(8), nullable=False, unique=True),
    Column("lecturer", String(64), nullable=False, unique=True),  # a digest of the token
    Column("opened", Float(53), nullable=False),  # seconds since 1970
)
QUESTIONS = Table(
    "dikkat_questions",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("room", ForeignKey(ROOMS.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("asked", JSON, nullable=False),
    Column("state", String(8), nullable=False),
)
ANSWERS = Table(
    "dikkat_answers",
    TABLES,
    Column("question", ForeignKey(QUESTIONS.c.id, ondelete="CASCADE"), primary_key=True),
    Column("device", String(64), primary_key=True),  # a digest, another one for each question
    Column("value", String(32), nullable=False),
)
LINKS = Table(
    "dikkat_links",
    TABLES,
    Column("code", String(16), primary_key=True),
    Column("mark", String(64), nullable=False, unique=True),  # a digest of what is kept
    Column("stored", Text, nullable=False),  # JSON: a page, and what its address says
    Column("size", Integer, nullable=False),  # bytes
    Column("asked", Float(53), nullable=False, index=True),  # seconds since 1970
)


class Unreachable(Exception):
    """The database does not answer, or not as it should."""


@contextmanager
def answering() -> Iterator[None]:
    """What the database cannot do raises Unreachable, whichever library says so."""
    try:
        yield
    except SQLAlchemyError as error:
        # Its own words may hold what was sent: the kind of error is enough for a log.
        raise Unreachable(type(error).__name__) from error


class Database:
    """The tables, made where they are not there yet, and the way to them. Raises Unreachable."""

    def __init__(self, url: str) -> None:
        self._engine = engine(url)
        self._insert = (sqlite if self._engine.name == "sqlite" else postgresql).insert
        with answering():
            prepare(self._engine)

    def close(self) -> None:
        """Let go of all connections."""
        self._engine.dispose()

    @contextmanager
    def _begin(self) -> Iterator[Connection]:
        with answering(), self._engine.begin() as connection:
            yield connection


def engine(url: str) -> Engine:
    """Connections to a database. ValueError: the address is none, said without its password."""
    try:
        address = make_url(url)
        if address.get_backend_name() != "sqlite":
            more: dict[str, Any] = {"connect_timeout": 5, "application_name": "dikkat"}
            more["options"] = f"-c statement_timeout={_PATIENCE * 1000}"
            pool = {"pool_size": 5, "pool_timeout": _PATIENCE}
            return create_engine(address, pool_pre_ping=True, connect_args=more, **pool)
        embedded = create_engine(address, connect_args={"timeout": _PATIENCE}, pool_size=5)
    except (SQLAlchemyError, ValueError, TypeError) as error:
        raise ValueError(f"{DATABASE_VARIABLE} is no address of a database") from error
    event.listen(embedded, "connect", _embedded)
    return embedded


def _embedded(connection: Any, _: object) -> None:
    """Every connection to SQLite: rows below go with theirs, and leave nothing behind in the file;
    no waiting for the disk in WAL."""
    for setting in ("foreign_keys=ON", "secure_delete=ON", "synchronous=NORMAL"):
        connection.execute(f"PRAGMA {setting}")


def prepare(own: Engine) -> None:
    """Make the tables where they are not there yet; several processes may do so at once."""
    for rest in reversed(range(_TRIES)):
        try:
            if own.name == "sqlite":
                with own.connect() as connection:
                    connection.execute(text("PRAGMA journal_mode=WAL"))
            with own.begin() as connection:
                _make(connection)
            return
        except OperationalError as error:
            # Two that turn WAL on at once: SQLite does not wait for that by itself.
            if not rest or "locked" not in str(error.orig):
                raise
            time.sleep(_PAUSE)


def _make(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    for table in TABLES.sorted_tables:
        connection.execute(CreateTable(table, if_not_exists=True))
        for index in table.indexes:
            connection.execute(CreateIndex(index, if_not_exists=True))
