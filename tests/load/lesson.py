"""A class with one lesson: everybody opens it, then each acts at times of their own."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from pages.ui.window import COOKIE
from tests.bench.sentences import MIXED
from tests.load.tab import Lost, Run, Tab

PAGE, QUERY = "scores", "lang=tr"
ARRIVE, EVERY, OWN = 20.0, 15.0, 5  # seconds, seconds, and every which act types a sentence
LONGEST = 600.0  # seconds that a lesson may last at all
MOST = 1_000  # tabs
HEADS = 12
PICTURE, CLICK, SENTENCE = "first picture", "click", "own sentence"


@dataclass(slots=True)
class Lesson:
    """What a class of so many waited for, in seconds. errors: what went wrong, in short."""

    size: int
    seconds: float
    waits: dict[str, list[float]] = field(
        default_factory=lambda: {PICTURE: [], CLICK: [], SENTENCE: []}
    )
    errors: list[str] = field(default_factory=list)
    lost: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.size <= MOST or not 0 < self.seconds <= LONGEST:
            raise ValueError(f"at most {MOST} tabs and {LONGEST:.0f} s")


async def held(url: str, lesson: Lesson, seed: int = 0) -> None:
    """The lesson, from the first who opens it until the last has left."""
    begin = time.monotonic()
    await asyncio.gather(*(_student(url, lesson, n, seed, begin) for n in range(lesson.size)))


async def _student(url: str, lesson: Lesson, n: int, seed: int, begin: float) -> None:
    """One of them: opens the lesson, then acts until the end."""
    chance = random.Random(seed * MOST + n)
    await asyncio.sleep(n / lesson.size * ARRIVE)
    # As browsers come back: the window's class is known, and some like it dark.
    tab = Tab(url, f"{COOKIE}={chance.choice((3, 3, 4, 5, 7))}", dark=n % 2 == 1)
    opened = time.perf_counter()
    try:
        async with tab:
            run = await tab.open(PAGE, QUERY)
            connected = time.perf_counter() - opened - run.whole
            lesson.waits[PICTURE].append(connected + (run.picture or run.whole))
            await _acts(tab, lesson, n, chance, begin)
    except Lost as error:
        lesson.lost += 1
        lesson.errors.append(str(error))


async def _acts(tab: Tab, lesson: Lesson, n: int, chance: random.Random, begin: float) -> None:
    """The first act at a random time, one each so many seconds from then on."""
    end = begin + ARRIVE + lesson.seconds
    at, acted = time.monotonic() + chance.uniform(0, EVERY), 0
    while at < end:
        await asyncio.sleep(max(0.0, at - time.monotonic()))
        acted += 1
        kind, act = _act(tab, n, acted, chance)
        run = await act()
        lesson.waits[kind].append(run.whole)
        at = max(at + EVERY, time.monotonic())


def _act(
    tab: Tab, n: int, acted: int, chance: random.Random
) -> tuple[str, Callable[[], Awaitable[Run]]]:
    """Another head, a step on or back, or, every fifth time, a sentence that nobody else types."""
    if acted % OWN == 0:
        words = f"{chance.choice(MIXED)[:120]} {n}.{acted}"
        return SENTENCE, lambda: tab.set("text", words)
    if acted % 2:
        head = chance.randint(1, HEADS)
        return CLICK, lambda: tab.set("head", head)
    step = "next" if chance.random() < 0.75 else "previous"
    return CLICK, lambda: tab.press(step)
