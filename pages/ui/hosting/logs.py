"""What is logged, and as what: of a fault its kind and its place, never its words.

An error's own words repeat what was typed, whichever library raised it: `int("…")` does. As JSON
the log is a line an event in the field names of the Elastic Common Schema; of a library's event
there is said where in its code it is, since its words may hold what a visitor typed, too.
"""

from __future__ import annotations

import json
import logging
import threading
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime

import streamlit.logger

from models.core.environment import environment

ECS = "8.11.0"
OWN = "dikkat"

log = logging.getLogger(OWN)


class Lines(logging.Formatter):
    """An event → one line of JSON, without any words but our own."""

    def format(self, record: logging.LogRecord) -> str:
        """As logging asks for it."""
        own = record.name.partition(".")[0] == OWN
        at = datetime.fromtimestamp(record.created, UTC)
        said: dict[str, object] = {
            "@timestamp": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "log.level": record.levelname.lower(),
            "message": record.getMessage() if own else f"{record.module}.{record.funcName}",
            "ecs.version": ECS,
            "log.logger": record.name,
            "log.origin": {"file.name": record.filename, "file.line": record.lineno},
            "process.pid": record.process,
        }
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            said["error.type"] = " < ".join(kind(each) for each in causes(error))
            said["error.stack_trace"] = wordless(error)
        return json.dumps(said, ensure_ascii=False)


def kind(error: BaseException) -> str:
    """The name of its class, with its module's."""
    return f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")


def causes(error: BaseException) -> Iterator[BaseException]:
    """An exception, what it came of, and so on; each once."""
    seen: set[int] = set()
    now: BaseException | None = error
    while now is not None and id(now) not in seen:
        seen.add(id(now))
        yield now
        now = now.__cause__ or (None if now.__suppress_context__ else now.__context__)


def wordless(error: BaseException) -> str:
    """A traceback as Python writes it, causes first, each error by the name of its kind alone."""
    calls = [(traceback.format_tb(each.__traceback__), kind(each)) for each in causes(error)]
    return "\n\nwhich led to\n\n".join("".join(lines) + name for lines, name in reversed(calls))


def begin() -> None:
    """As the settings say, for all loggers that are there by now. Raises SettingError."""
    as_lines = environment().log == "json"
    keep_words_out()
    if as_lines:
        as_json()


def keep_words_out() -> None:
    """From now on no logger of this process writes an error's words, whoever's it is.

    Formatters take a record's `exc_text` where it has one. What ends a thread is logged likewise.
    """
    make = logging.getLogRecordFactory()
    if getattr(make, "wordless", False):
        return

    def made(*given: object, **named: object) -> logging.LogRecord:
        record = make(*given, **named)
        if record.exc_info and record.exc_info[1] is not None:
            record.exc_text = wordless(record.exc_info[1])
        return record

    made.wordless = True  # type: ignore[attr-defined]
    logging.setLogRecordFactory(made)
    threading.excepthook = _thread_ended


def as_json() -> None:
    """All that this process logs goes to its standard error as JSON, of ours from INFO on."""
    root = logging.getLogger()
    handler = logging.StreamHandler()
    handler.setFormatter(Lines())
    root.handlers[:] = [handler]
    logging.getLogger(OWN).setLevel(logging.INFO)
    logging.captureWarnings(True)
    # Streamlit gives each logger that it makes a handler of its own, those made later, too.
    streamlit.logger.setup_formatter = _to_root
    for name in list(logging.root.manager.loggerDict):
        _to_root(logging.getLogger(name))


def _to_root(logger: logging.Logger) -> None:
    logger.handlers.clear()
    logger.propagate = True


def _thread_ended(ended: threading.ExceptHookArgs) -> None:
    if ended.exc_value is not None and not isinstance(ended.exc_value, SystemExit):
        log.error("a thread ended", exc_info=ended.exc_value)
