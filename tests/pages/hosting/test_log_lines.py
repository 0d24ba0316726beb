"""The log as JSON: a line an event, where and what kind, and no word that a visitor typed."""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

from pages.ui.hosting.logs import ECS, Lines

TYPED = "Zwiebelkuchen\n{“ş”}"


def line(name: str, words: str, *given: object, error: bool = False) -> dict[str, Any]:
    """What stands in the log for an event of that logger."""
    fault = sys.exc_info() if error else None
    record = logging.getLogger(name).makeRecord(
        name, logging.ERROR, __file__, 7, words, given, fault, "asked"
    )
    written = Lines().format(record)
    assert "\n" not in written
    found: dict[str, Any] = json.loads(written)
    return found


def raised() -> None:
    try:
        raise KeyError(TYPED)
    except KeyError as error:
        raise ValueError(f"no {TYPED}") from error


def test_our_own_words_are_there_and_the_fields_are_the_schemas() -> None:
    said = line("dikkat", "page %s", "heads")
    assert said["message"] == "page heads"
    assert said["log.level"] == "error"
    assert said["log.logger"] == "dikkat"
    assert said["ecs.version"] == ECS
    assert said["@timestamp"].endswith("Z")
    assert line("dikkat.serve", "app-%d ended", 1)["message"] == "app-1 ended"


def test_a_librarys_words_are_not() -> None:
    for name in ("streamlit.web", "uvicorn.error", "dikkatsiz"):
        for said in (line(name, f"cannot {TYPED}"), line(name, "cannot %s", TYPED)):
            assert "Zwiebel" not in json.dumps(said)
            assert said["message"] == "test_log_lines.asked"
            assert said["log.origin"] == {"file.name": "test_log_lines.py", "file.line": 7}


def test_of_an_exception_its_kind_its_causes_and_its_calls() -> None:
    try:
        raised()
    except ValueError:
        said = line("dikkat", "page %s", "heads", error=True)
    assert said["error.type"] == "ValueError < KeyError"
    trace = said["error.stack_trace"]
    assert "in test_of_an_exception_its_kind_its_causes_and_its_calls" in trace
    assert trace.index("KeyError") < trace.index("in raised", trace.index("KeyError"))
    assert "Zwiebel" not in json.dumps(said)


def test_causes_in_a_circle_end() -> None:
    one, other = ValueError(), KeyError()
    one.__cause__, other.__cause__ = other, one
    try:
        raise one
    except ValueError:
        assert line("x", "y", error=True)["error.type"] == "ValueError < KeyError"
