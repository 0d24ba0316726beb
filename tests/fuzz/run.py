"""One kind of input many times: a result or a clear sentence each time, and nothing else."""

from __future__ import annotations

from string import Formatter
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from models.errors import InputError
from pages.ui import inputs
from pages.ui.classroom.posting import Refused
from pages.ui.classroom.questions import Unreadable
from pages.ui.lectures.lecture import LectureError
from pages.ui.text import LANGUAGES, catalogue
from tests.fuzz import watch
from tests.fuzz.entries import ENTRIES, Entry

LONGEST = 1_500  # characters of a sentence
_KEPT = "Kept."


def sentences(error: Exception) -> list[str]:
    """What the pages say of an error, in every language. KeyError: something is missing there."""
    told: list[tuple[str, dict[str, Any]]] = []
    if isinstance(error, InputError):
        long = {n: inputs.ending(v) if isinstance(v, str) else v for n, v in error.details.items()}
        told = [(f"error.{error.code}", {"model": "m", **long, "kept": _KEPT})]
    elif isinstance(error, LectureError):
        told = [(f"talk.problem.{one.code}", dict(one.details)) for one in error.problems]
    elif isinstance(error, Refused | Unreadable):
        told = [(f"classroom.form.{error.code}", {})]
    return [
        catalogue(language)[key].format(**values) for language in LANGUAGES for key, values in told
    ]


def gaps(language: str, key: str) -> set[str]:
    """What a sentence names."""
    return {name for _, name, _, _ in Formatter().parse(catalogue(language)[key]) if name}


def check(entry: Entry, one: Any) -> None:
    """AssertionError, or whatever went wrong."""
    with watch.nothing_executed():
        try:
            entry.take(one)
        except entry.refuses as error:
            refused = error
        else:
            return
    for said in sentences(refused):
        assert said.strip()
        assert len(said) < LONGEST
        assert "Traceback" not in said


def fuzz(name: str, count: int, number: int) -> int:
    """So many inputs of one kind, from a seed: how many were tried."""
    entry, tried = ENTRIES[name], 0

    @seed(number)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        derandomize=False,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
        print_blob=False,
    )
    @given(entry.inputs)
    def each(one: Any) -> None:
        nonlocal tried
        tried += 1
        check(entry, one)

    with watch.bounded():
        each()
    return tried


def shares(total: int, of: tuple[str, ...] = tuple(ENTRIES)) -> dict[str, int]:
    """How many inputs of each kind make so many, at least one each."""
    whole = sum(ENTRIES[name].share for name in of)
    return {name: max(1, round(total * ENTRIES[name].share / whole)) for name in of}
