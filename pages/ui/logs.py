"""The log as JSON, a line an event, in the field names of the Elastic Common Schema.

What a visitor typed, and where from, can stand in the words of a library or of an exception. So of
a library's event there is said where in its code it is, and of an exception its kind and its calls;
words are our own loggers' alone, which say no visitor's text.
"""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime

import streamlit.logger

from models.core.environment import environment

ECS = "8.11.0"
OWN = "dikkat"


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
            said["error.stack_trace"] = "\n".join(calls(error))
        return json.dumps(said, ensure_ascii=False)


def kind(error: BaseException) -> str:
    """The name of its class, with its module's."""
    return f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")


def causes(error: BaseException) -> Iterator[BaseException]:
    """An exception, what it came of, and so on; each once."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__  # type: ignore[assignment]


def calls(error: BaseException) -> Iterator[str]:
    """Where it was raised, outermost call first: files, lines and functions, never values."""
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"{frame.filename}:{frame.lineno} {frame.name}"


def begin() -> None:
    """As the settings say, for all loggers that are there by now. Raises SettingError."""
    if environment().log == "json":
        as_json()


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
