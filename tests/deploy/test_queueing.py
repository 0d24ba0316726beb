"""The two queues against what is known of them, and against a queue that is played through."""

from __future__ import annotations

import random
from heapq import heapreplace

import pytest

from tests.load.queueing import a_process, act, erlang_c, question, replicas


def test_one_student_and_one_too_many() -> None:
    assert act(1, 0.1, 15) == 0.1
    assert act(76, 0.1, 15) == pytest.approx(0.2)  # half of the time others are at it
    assert act(400, 0.1, 15) == 40.0  # all wait for all
    assert a_process(0.1, 15, 0.2) == 76
    assert a_process(0.3, 15, 0.2) == 0


def test_erlang_as_his_tables_have_it() -> None:
    # One server: the share that waits is its load. M/M/1: 1/(μ − λ).
    assert erlang_c(0.6, 1) == pytest.approx(0.6)
    assert question(6, 0.1, 0.1, 1) == pytest.approx(1 / (10 - 6))
    assert erlang_c(2, 3) == pytest.approx(4 / 9)
    assert question(10, 0.1, 0.1, 1) == float("inf")


def test_questions_as_a_queue_that_is_played_through() -> None:
    chance, rate, servers, count = random.Random(3), 25.0, 3, 40_000
    free, now, total = [0.0] * servers, 0.0, 0.0
    for _ in range(count):
        now += chance.expovariate(rate)
        begin, service = max(now, free[0]), chance.choice((0.02, 0.18))
        heapreplace(free, begin + service)
        total += begin + service - now
    assert question(rate, 0.1, 0.08, servers) == pytest.approx(total / count, rel=0.1)


def test_enough_replicas_and_no_more() -> None:
    found = replicas(133, 0.05, 0.02, 0.1)
    assert question(133, 0.05, 0.02, found) <= 0.1 < question(133, 0.05, 0.02, found - 1)
    with pytest.raises(ValueError, match="one question takes"):
        replicas(1, 0.2, 0.1, 0.1)
