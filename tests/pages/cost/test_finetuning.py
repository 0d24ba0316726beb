"""Training an adapter on the cost page: queue, result, the visitor's own beside the shipped one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from models.cost import finetuning
from pages.ui.text import LANGUAGES, catalogue
from tests.models.cost.trained import Answered, answers
from tests.pages.visiting import address, charts, healthy, html, said, visit

LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Answered]]:
    """The processes that were asked for; each says its lines once it may."""
    found: list[Answered] = []

    def child(rank: int) -> Answered:
        found.append(Answered(answers(rank)))
        return found[-1]

    monkeypatch.setattr(finetuning, "_child", child)
    yield found

    def ended() -> bool:
        for one in found:
            one.go.set()
        return finetuning._turns.idle.is_set()

    until(ended)


def until(true: Callable[[], bool]) -> None:
    """Wait for it, not for ever."""
    deadline = time.monotonic() + 10
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def opened(**more: str) -> Any:
    at = visit("cost", v="2", view="lora", **{"adapter": "training", **more})
    healthy(at)
    return at


def pressed(at: Any, key: str) -> None:
    at.button(key=key).click().run()
    healthy(at)


@LANGUAGE
def test_what_is_trained_here_is_measured_and_can_be_opened(
    started: list[Answered], language: str
) -> None:
    at = opened(lang=language, train_rank="4")
    assert not said(at)
    assert "tuning" in charts(at)
    pressed(at, "train")
    assert "stop-training" in [one.key for one in at.button]
    until(lambda: bool(started))
    started[0].go.set()
    finetuning.settled()
    at.run()
    healthy(at)
    body = html(at)
    assert body.count("class='good'") == 2
    assert catalogue(language)["cost.tune.here"].format(rank=4) in body
    pressed(at, "look-at-it")
    assert (address(at)["adapter"], address(at)["rank"]) == ("here", "4")
    assert "low-rank" in charts(at)
    assert catalogue(language)["cost.tune.trained_here"] in html(at)
    at.segmented_control(key="adapter").set_value("shipped").run()
    healthy(at)
    assert at.session_state["rank"] == 1
    assert catalogue(language)["cost.tune.trained_here"] not in html(at)


def test_a_second_visitor_sees_how_many_come_first_and_may_stop(started: list[Answered]) -> None:
    one, two = opened(), opened()
    pressed(one, "train")
    until(lambda: bool(started))
    pressed(two, "train")
    assert two.get("progress")[0].proto.text == "1 visitor before you"
    pressed(two, "stop-training")
    assert catalogue("en")["cost.tune.begin"] in [button.label for button in two.button]
    assert "stopped at step 0" in html(two)
    started[0].go.set()
    finetuning.settled()
    assert len(started) == 1


def test_where_too_many_wait_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finetuning, "begin", lambda rank: None)
    at = opened()
    pressed(at, "train")
    assert said(at)


@LANGUAGE
def test_a_public_app_trains_nothing_and_says_so(
    monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("DIKKAT_MODE", "public")
    at = opened(lang=language)
    assert "train" not in [one.key for one in at.button]
    assert catalogue(language)["cost.tune.hosted"] in html(at)


def test_a_link_to_an_adapter_of_another_visit_says_that_it_is_not_here() -> None:
    at = opened(adapter="here")
    assert said(at)
    assert at.session_state["adapter"] == "training"
