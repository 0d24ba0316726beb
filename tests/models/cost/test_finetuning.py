"""Adapters that visitors train: the loss falls, nothing else moves, and only one runs at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import torch

from models.catalog import load
from models.core.child import Child
from models.cost import finetuning, finetuning_run
from models.cost.adapter import shipped
from models.cost.finetuning import begin, means, seen, settled, stop
from tests.models.cost.trained import Answered, answers


def learned(steps: int, rank: int = 2) -> tuple[list[float], Any, Any, Any]:
    """Losses, the model, its updates, its bits before."""
    loaded = load("translator")
    model, put = finetuning_run.prepared(loaded, rank)
    before = finetuning_run.digest(model)
    losses = list(finetuning_run.train(loaded, model, steps=steps, batch=8))
    return losses, model, put, before


def test_the_loss_falls_and_the_translator_keeps_its_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finetuning_run, "WARMUP", 1)
    loaded, rows = load("translator"), next(finetuning_run._batches(8))
    shared = finetuning_run.digest(loaded.model)
    with torch.no_grad():
        start = float(finetuning_run.loss_of(loaded, loaded.model, rows))
    losses, model, put, before = learned(14)
    with torch.no_grad():
        end = float(finetuning_run.loss_of(loaded, model, rows))
    assert losses[0] == pytest.approx(start)  # B is 0: nothing is added yet
    assert end < 0.9 * start
    assert finetuning_run.digest(model) == before
    assert finetuning_run.digest(load("translator").model) == shared
    found = finetuning_run.of_updates(load("translator"), put)
    assert found.learned(2) == sum(a.size + b.size for a, b in found.matrices.values()) == 6144
    text = "Dün Ayşe çocuğa kitabı verdi.", "Ayşe the book to the child yesterday gave."
    assert finetuning_run.beside(load("translator"), model, found, text).rounding


def test_the_same_rank_gives_the_same_adapter_and_touches_no_generator_of_torch() -> None:
    state, threads = torch.get_rng_state(), torch.get_num_threads()
    first, second = (finetuning_run.of_updates(load("translator"), learned(2)[2]) for _ in "ab")
    assert first.digest == second.digest
    assert torch.equal(torch.get_rng_state(), state)
    assert torch.get_num_threads() == threads


def test_at_the_first_step_b_alone_moves() -> None:
    start = finetuning_run.prepared(load("translator"), 2)[1]
    _, _, put, _ = learned(1)
    for name, one in put.items():
        assert torch.equal(one.a, start[name].a)
        assert not start[name].b.any()
        assert one.b.any()


def test_a_curves_means_are_those_of_twenty_steps() -> None:
    losses = [float(one) for one in range(45)]
    assert means(losses) == ((20, 9.5), (40, 29.5))
    assert means(losses[:19]) == ()


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Answered]]:
    """The processes that were started, each waiting for its `go`."""
    started: list[Answered] = []

    def child(rank: int) -> Answered:
        started.append(Answered(answers(rank)))
        return started[-1]

    monkeypatch.setattr(finetuning, "_child", child)
    yield started
    deadline = time.monotonic() + 10
    while not finetuning._turns.idle.wait(0.01) and time.monotonic() < deadline:
        for one in started:
            one.go.set()


def until(name: str, *stages: str) -> finetuning.AdapterTraining:
    """The run once it is at one of these stages."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        found = seen(name)
        assert found is not None
        if found.stage in stages:
            return found
        time.sleep(0.005)
    raise AssertionError(f"never at {stages}")


def test_one_runs_the_others_wait_in_order_and_each_gets_its_own(held: list[Answered]) -> None:
    names = [begin(rank) for rank in (2, 4, 1)]
    one, two, three = (name or "" for name in names)
    until(one, "starting")
    assert len(held) == 1
    assert [getattr(seen(name), "before", None) for name in (two, three)] == [1, 2]
    held[0].go.set()
    done = until(one, "done")
    assert done.outcome is not None
    assert done.outcome.adapter.rank == 2
    assert done.losses == (4.0, 2.0)
    until(two, "starting")
    assert getattr(seen(three), "before", None) == 1
    stop(three)
    assert until(three, "stopped").outcome is None
    held[1].go.set()
    assert until(two, "done").rank == 4
    settled()
    assert len(held) == 2


def test_a_stopped_training_gives_nothing_and_the_next_begins(held: list[Answered]) -> None:
    one, two = (begin(2) or "" for _ in range(2))
    until(one, "starting")
    stop(one)
    assert until(one, "stopped").outcome is None
    until(two, "starting")
    assert held[0].stopped
    held[1].go.set()
    until(two, "done")


def test_a_process_that_does_not_start_fails_its_own_training_alone(
    held: list[Answered], monkeypatch: pytest.MonkeyPatch
) -> None:
    start = finetuning._child

    def once(rank: int) -> Child:
        monkeypatch.setattr(finetuning, "_child", start)
        raise OSError("no room")

    monkeypatch.setattr(finetuning, "_child", once)
    one, two = (begin(2) or "" for _ in range(2))
    until(one, "failed")
    until(two, "starting")
    held[0].go.set()
    until(two, "done")


def test_no_more_than_so_many_wait_and_who_is_gone_waits_no_longer(
    held: list[Answered], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = begin(1) or ""
    until(first, "starting")
    waiting = [begin(1) for _ in range(finetuning.WAITING)]
    assert all(waiting)
    assert begin(1) is None
    monkeypatch.setattr(finetuning._turns, "unseen", -1.0)
    assert begin(1) is not None  # nobody looks at those that waited
    assert {getattr(seen(name or ""), "stage", "") for name in waiting} == {"dropped"}


def test_what_breaks_off_is_said_and_the_next_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finetuning, "_child", lambda rank: Answered([{"loss": 1.0}], free=True))
    name = begin(1) or ""
    assert until(name, "failed").losses == (1.0,)
    settled()


def test_a_rank_that_is_not_offered_is_refused() -> None:
    with pytest.raises(ValueError, match="rank 3"):
        begin(3)


def test_of_what_is_not_known_nothing_is_said() -> None:
    assert seen("nobody") is None
    stop("nobody")


def test_the_shipped_curve_falls_as_its_card_says() -> None:
    curve = finetuning.shipped_curve()
    assert curve is not None
    assert curve.points[0][0] == finetuning.TOGETHER
    assert curve.points[-1][0] == curve.steps == 800
    assert curve.points[-1][1] < curve.points[0][1] / 20
    assert shipped().rank in finetuning.RANKS


@pytest.mark.slow
def test_the_process_itself_trains_within_its_time() -> None:
    lines: list[Mapping[str, Any]] = []
    threads = threading.active_count()
    for line in Child("models.cost.finetuning_run", "1", seconds=300).answers():
        lines.append(line)
    assert sum("loss" in line for line in lines) == finetuning.STEPS
    assert lines[-1]["untouched"]
    assert lines[-1]["exact"] > lines[-1]["without"] + 0.3
    assert finetuning._outcome(1, lines[-1]).merged.rounding
    assert threading.active_count() <= threads + 1
