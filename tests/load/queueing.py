"""How long a class waits, computed: two queues, and how many machines keep a wait short.

A process of the app shares itself among all who wait for it (Python's threads take turns), so that
an act's time grows with how many others there are, whatever acts are like: M/G/1 with processor
sharing (Kleinrock 1976, vol. 2, chapter 4), of as many students as the process has. Replicas of
models take one question at a time, the next one is kept: M/G/c, its wait by Allen and Cunneen's
approximation on Erlang's C formula (Allen 1990, chapter 5).
"""

from __future__ import annotations


def act(students: int, service: float, every: float) -> float:
    """Mean seconds of one act. students: of one process; service: seconds of an act alone.

    every: seconds from one act of a student to the next, however long the first took. Whoever acts
    finds (students − 1)·wait/every others: wait = service·(1 + that). Where that has no answer
    within `every`, all wait at once: students·service.
    """
    left = 1 - (students - 1) * service / every
    alone = service / left if left > 0 else every
    return alone if alone < every else students * service


def erlang_c(load: float, servers: int) -> float:
    """The share of those who have to wait. load: arrivals a second · seconds each, < servers."""
    blocked = 1.0
    for count in range(1, servers + 1):
        blocked = load * blocked / (count + load * blocked)
    return blocked / (1 - load / servers * (1 - blocked))


def question(rate: float, service: float, deviation: float, servers: int) -> float:
    """Mean seconds of a question, its wait among them; inf where replicas are too few.

    rate: questions a second; service, deviation: seconds that one takes, and their standard
    deviation.
    """
    load = rate * service
    if load >= servers:
        return float("inf")
    varied = (1 + (deviation / service) ** 2) / 2
    return service + erlang_c(load, servers) * service / (servers - load) * varied


def a_process(service: float, every: float, most: float) -> int:
    """How many students a process of the app carries within `most` seconds an act; 0: none."""
    students = 0
    while act(students + 1, service, every) <= most:
        students += 1
        if students >= 100_000:
            break
    return students


def replicas(rate: float, service: float, deviation: float, most: float) -> int:
    """How many replicas answer within `most` seconds. ValueError: one question takes longer."""
    if service > most:
        raise ValueError(f"one question takes {service} s, and no more than {most} s may pass")
    servers = 1
    while question(rate, service, deviation, servers) > most:
        servers += 1
    return servers
