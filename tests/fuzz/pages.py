"""Whole pages by hostile addresses: each draws, says at most some sentences, and logs no fault."""

from __future__ import annotations

import logging
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.fuzz import watch
from tests.fuzz.entries import SLUGS, addresses
from tests.pages.visiting import healthy, html, said, visit

MOST_SAID = 12  # sentences at the top of a page


class _Faults(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep what was logged, with its traceback: the fuzzer's inputs are nobody's."""
        self.seen.append(logging.Formatter().format(record))


def opened(page: str, said_: dict[str, str]) -> None:
    """AssertionError: the page failed, or showed what no page may."""
    faults = _Faults()
    log = logging.getLogger("dikkat")
    log.addHandler(faults)
    try:
        with watch.nothing_executed():
            at = visit(page, **said_)
    finally:
        log.removeHandler(faults)
    assert not faults.seen, faults.seen
    healthy(at)
    told = said(at)
    assert len(told) <= MOST_SAID
    assert not [one for one in told if "Traceback" in one]
    assert "<script>alert" not in html(at)


def fuzz(count: int, number: int) -> int:
    """So many visits, from a seed, of all pages in turn: how many were made."""
    made = 0
    each = max(1, count // len(SLUGS)) if count >= len(SLUGS) else 1
    for page in SLUGS[: max(1, min(count, len(SLUGS)))]:

        @seed(number)
        @settings(
            max_examples=each,
            database=None,
            deadline=None,
            derandomize=False,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate,),
        )
        @given(addresses(page))
        def visited(one: tuple[str, dict[str, Any]]) -> None:
            nonlocal made
            made += 1
            opened(*one)

        visited()
    return made
