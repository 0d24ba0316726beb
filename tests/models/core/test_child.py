"""A module as a process of its own: what it says, what it complains of, how it ends."""

from __future__ import annotations

import subprocess
import traceback
from pathlib import Path

import pytest

from models.core.child import Child


def test_each_line_is_an_answer(tmp_path: Path) -> None:
    file = tmp_path / "lines"
    file.write_text('{"a": 1}\n{"b": [2, "ş"]}\n', "utf-8")
    child = Child("json.tool", "--json-lines", "--compact", str(file), seconds=30)
    assert list(child.answers()) == [{"a": 1}, {"b": [2, "ş"]}]


def test_what_ends_badly_says_what_it_complained_of() -> None:
    child = Child("models.no_such_module", seconds=30)
    with pytest.raises(subprocess.CalledProcessError) as raised:
        list(child.answers())
    assert "no_such_module" in str(raised.value.stderr)
    assert "no_such_module" in "".join(traceback.format_exception(raised.value))  # as in a log


SLEEPS = ("timeit", "-n", "1", "import time; time.sleep(60)")


def test_a_stopped_one_says_nothing_and_complains_of_nothing() -> None:
    child = Child(*SLEEPS, seconds=30)
    child.stop()
    assert list(child.answers()) == []
    child.stop()


def test_one_that_takes_too_long_is_ended() -> None:
    with pytest.raises(subprocess.CalledProcessError):
        list(Child(*SLEEPS, seconds=0.2).answers())
