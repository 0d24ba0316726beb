"""What a log may hold of a fault: its kind and its place, never its words.

An error's own words repeat what was typed, whichever library raised it: `int("…")` does.
"""

from __future__ import annotations

import logging
import threading
import traceback

log = logging.getLogger("dikkat")


def wordless(error: BaseException) -> str:
    """A traceback as Python writes it, causes first, each error by the name of its kind alone."""
    parts: list[str] = []
    seen: set[int] = set()
    now: BaseException | None = error
    while now is not None and id(now) not in seen:
        seen.add(id(now))
        kind = f"{type(now).__module__}.{type(now).__qualname__}".removeprefix("builtins.")
        parts.append("".join(traceback.format_tb(now.__traceback__)) + kind)
        now = now.__cause__ or (None if now.__suppress_context__ else now.__context__)
    return "\n\nwhich led to\n\n".join(reversed(parts))


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


def _thread_ended(ended: threading.ExceptHookArgs) -> None:
    if ended.exc_value is not None and not isinstance(ended.exc_value, SystemExit):
        log.error("a thread ended", exc_info=ended.exc_value)
