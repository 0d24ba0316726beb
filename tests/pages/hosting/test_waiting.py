"""The queue before the models on a page, and what is drawn before anybody comes."""

from __future__ import annotations

import gc
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import Runtime
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.testing.v1 import AppTest

from pages.registry import TOPICS
from pages.ui import warm
from pages.ui.hosting import queue, waiting
from pages.ui.text import SPOKEN
from tests.loops import finished
from tests.pages.hosting.test_metrics import counted
from tests.pages.hosting.test_queue import PATIENCE, until
from tests.pages.visiting import charts, healthy, html, visit
from viz.board import kept

bodies: list[str] = []  # HTML that was sent, in order
runners: list[ScriptRunner] = []


@pytest.fixture(autouse=True)
def listened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "MOMENT", 0.0)
    monkeypatch.setattr(queue, "LOOK", 0.01)
    send, run = ForwardMsgQueue.enqueue, ScriptRunner._run_script

    def sent(self: ForwardMsgQueue, msg: Any) -> None:
        bodies.append(msg.delta.new_element.html.body)
        send(self, msg)

    def runs(self: ScriptRunner, data: Any) -> None:
        runners.append(self)
        run(self, data)

    monkeypatch.setattr(ForwardMsgQueue, "enqueue", sent)
    monkeypatch.setattr(ScriptRunner, "_run_script", runs)
    bodies.clear()
    runners.clear()


@contextmanager
def visiting(**parameters: str) -> Iterator[list[AppTest]]:
    """A visitor who comes while the model is busy; after the block the visit."""
    found: list[AppTest] = []
    with waiting.turn("somebody else's"):
        thread = threading.Thread(target=lambda: found.append(visit("heads", **parameters)))
        thread.start()
        yield found
    thread.join(PATIENCE * 3)


@pytest.mark.parametrize(
    ("language", "said"), [("en", "1 before you"), ("tr", "Sizden önce 1 istek var")]
)
def test_who_waits_sees_how_many_are_before(language: str, said: str) -> None:
    text = f"Nobody asked this in {language}"
    with visiting(lang=language, text=text) as found:
        until(lambda: any(said in body for body in bodies))
        assert not found
    healthy(found[0])
    assert "class='queue'" not in html(found[0])
    bodies.clear()
    healthy(visit("heads", lang=language, text=text))
    assert not any("class='queue'" in body for body in bodies)  # nothing of it was kept


def test_who_goes_while_waiting_gives_the_place_up() -> None:
    with visiting(lang="en", text="Whoever asked this left"):
        until(lambda: len(waiting.passes) == 1)
        runners[-1].request_stop()
        until(lambda: len(waiting.passes) == 0)


def test_where_there_is_no_place_it_is_said_and_can_be_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    visit("heads", lang="en")
    refused = counted().get(("dikkat_turned_away_total", ""), 0)
    with monkeypatch.context() as patch:
        patch.setattr(waiting.passes, "_most", 0)
        at = visit("heads", lang="en", text="One too many for the queue")
        healthy(at)
        assert [one.value for one in at.warning if "Very many" in one.value]
        assert charts(at)  # the example's
    assert counted()["dikkat_turned_away_total", ""] > refused
    at.button(key="queue-again").click().run()
    healthy(at)
    assert not at.warning
    assert "queue-again" not in {one.key for one in at.button}


def test_a_lesson_that_was_drawn_needs_no_model_and_keeps_no_figure_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = visit("scores", lang="tr")
    before = {name: n for (name, _), n in counted().items() if name == "dikkat_pass_seconds_count"}
    composed: list[bytes] = []

    class Noting(OrderedDict[bytes, Any]):
        def __setitem__(self, key: bytes, figure: Any) -> None:
            composed.append(key)
            super().__setitem__(key, figure)

    monkeypatch.setattr(kept, "_kept", Noting(kept._kept))
    composed.clear()
    again = visit("scores", lang="tr")
    after = {name: n for (name, _), n in counted().items() if name == "dikkat_pass_seconds_count"}
    assert charts(again) == charts(first)
    assert len(charts(again)) > 1
    assert composed == []
    assert before == after


def test_every_page_and_view_is_drawn_in_every_language_and_both_themes() -> None:
    found = list(warm.visits())
    views = sum(max(len(topic.views), 1) for topic in TOPICS)
    assert len(found) == len(set(found)) == views * len(SPOKEN) * 2
    assert {page for page, _, _ in found[: len(TOPICS) * len(SPOKEN) * 2]} == {
        topic.slug for topic in TOPICS
    }


class Served:
    """A runtime that has ended each run by the time it is asked for it, but for `bad`."""

    def __init__(self, bad: str = "") -> None:
        self.bad = bad
        self.open: dict[str, Any] = {}
        self.asked: list[tuple[str, str, str]] = []

    def connect_session(self, client: Any, _: dict[str, str]) -> str:
        self.open[str(len(self.asked))] = client
        return str(len(self.asked))

    def handle_backmsg(self, session: str, message: BackMsg) -> None:
        asked = message.rerun_script
        theme = asked.context_info.color_scheme
        self.asked.append((asked.page_name or "home", asked.query_string, theme))
        if asked.page_name == self.bad:
            raise RuntimeError("no such page")
        over = ForwardMsg(script_finished=ForwardMsg.FINISHED_SUCCESSFULLY)
        self.open[session].write_forward_msg(over)

    def close_session(self, session: str) -> None:
        del self.open[session]


def test_it_says_that_it_is_done_after_the_last_whatever_goes_wrong(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    served = Served("bert")
    monkeypatch.setattr(warm, "_done", False)
    monkeypatch.setattr(gc, "freeze", lambda: None)
    monkeypatch.setattr(Runtime, "instance", lambda: served)
    finished(warm.draw_all())
    assert warm.done()
    assert served.asked == list(warm.visits())
    assert not served.open
    assert "bert" in caplog.text
    caplog.clear()
