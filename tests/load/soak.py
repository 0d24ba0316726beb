"""Thousands of interactions on all pages, by visitors who come and go: does memory stay flat?"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.bench.harness import Row
from tests.bench.sentences import MIXED
from tests.browser.states import states
from tests.load.tab import Lost, Tab
from tests.load.watch import use

AT_ONCE, ACTS, OWN = 8, 5, 4  # visitors; acts after each has opened a page; every which a sentence
LOOKS = 5  # at memory, after equal shares of all interactions
FULL = 2  # the look by which caches are full: the last one is held against it
MEMORY = 1.1
MOST = 100_000  # interactions


@dataclass(slots=True)
class Soak:
    """resident: bytes after each share of the interactions; errors: in short."""

    many: int
    done: int = 0
    resident: list[int] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not LOOKS <= self.many <= MOST:
            raise ValueError(f"{LOOKS} to {MOST} interactions")


async def soaked(url: str, pids: Sequence[int], soak: Soak, seed: int = 0) -> None:
    """All interactions, one state of the app after another, each opened by a visitor of its own."""
    chance = random.Random(seed)
    visits = _visits(soak, chance)
    await asyncio.gather(*(_visitor(url, pids, soak, visits, chance) for _ in range(AT_ONCE)))


def _visits(soak: Soak, chance: random.Random) -> Iterator[str]:
    """Every state once, in another order each time, until enough was done."""
    while True:
        for state in chance.sample(states(), len(states())):
            if soak.done >= soak.many:
                return
            yield state


async def _visitor(
    url: str, pids: Sequence[int], soak: Soak, visits: Iterator[str], chance: random.Random
) -> None:
    for number, state in enumerate(visits):
        page, language = urlsplit(state), chance.choice(("tr", "en"))
        try:
            async with Tab(url, dark=chance.random() < 0.5) as tab:
                await tab.open(page.path.strip("/"), f"{page.query}&lang={language}")
                _count(soak, pids)
                for act in range(ACTS):
                    if act == OWN and "text" in tab.widgets:
                        words = f"{chance.choice(MIXED)[:120]} {number}.{soak.done}"
                        await tab.set("text", words)
                    elif "keys" in tab.widgets:
                        await tab.press("next" if chance.random() < 0.75 else "previous")
                    else:
                        break
                    _count(soak, pids)
        except Lost as error:
            soak.errors.append(f"{state}: {error}")
            _count(soak, pids)


def _count(soak: Soak, pids: Sequence[int]) -> None:
    soak.done += 1
    if soak.done % (soak.many // LOOKS) == 0 and len(soak.resident) < LOOKS:
        soak.resident.append(use(pids).resident)


def rows(soak: Soak) -> list[Row]:
    """What `make load SOAK=…` prints of it."""
    share, full = soak.many // LOOKS, soak.resident[FULL - 1]
    found = [Row(f"soak of {soak.many}: errors", len(soak.errors), "", 0, soak.done)]
    for n, resident in enumerate(soak.resident, 1):
        name, last = f"soak: resident after {share * n}", n == LOOKS
        limit, against = (MEMORY, full / 2**20) if last else (None, None)
        found.append(Row(name, resident / 2**20, "MB", limit, 1, against))
    return found
