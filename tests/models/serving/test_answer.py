"""Questions and answers over HTTP: a door that fails, forgets and forges; retries and refusals."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.catalog import load
from models.core.arrays import difference
from models.core.environment import SettingError, environment
from models.core.loaded import LoadedModel
from models.errors import EmptyText
from models.gpt.generation import next_logits, next_logits_together
from models.record import record
from models.serving import answer, cluster, wire
from models.serving.backend import asked
from models.serving.errors import NoAnswer
from models.trace import AttentionTrace

TOKEN = "0123456789abcdef"
Reply = Callable[[bytes], tuple[int, bytes]]


class Door(ThreadingHTTPServer):
    """Answers each question by the next reply, then by the last for ever; None hangs up."""

    daemon_threads = True

    def __init__(self) -> None:
        self.replies: list[Reply | None] = [answer.answer]
        self.heard: list[dict[str, str]] = []
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        door = self.server
        assert isinstance(door, Door)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        door.heard.append({"path": self.path, **dict(self.headers)})
        reply = door.replies.pop(0) if len(door.replies) > 1 else door.replies[0]
        if reply is None:
            self.close_connection = True
            return
        status, said = reply(body)
        self.send_response(status)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    with Door() as made:
        threading.Thread(target=made.serve_forever, args=(0.01,), daemon=True).start()
        monkeypatch.setenv("DIKKAT_CLUSTER", made.url)
        monkeypatch.setenv("DIKKAT_CLUSTER_TOKEN", TOKEN)
        monkeypatch.setattr(cluster, "_PAUSE", 0.0)
        yield made
        made.shutdown()


@pytest.fixture(scope="module")
def loaded() -> LoadedModel:
    return load("induction")


def ask(loaded: LoadedModel) -> AttentionTrace:
    return asked(record, loaded, "a b a")


def test_the_same_record_comes_back_with_a_token_and_the_models_name(
    door: Door, loaded: LoadedModel
) -> None:
    assert ask(loaded).key == record(loaded, "a b a").key
    [heard] = door.heard
    assert heard["Authorization"] == f"Bearer {TOKEN}"
    assert heard[cluster.MODEL] == "induction"
    assert heard["path"] == cluster.PATH


@pytest.mark.parametrize("fault", [None, lambda _: (500, b""), lambda _: (503, b"")])
def test_one_fault_is_asked_again_and_two_are_said(
    door: Door, loaded: LoadedModel, fault: Reply | None
) -> None:
    door.replies = [fault, answer.answer]
    assert ask(loaded).tokens
    assert len(door.heard) == 2
    door.replies = [fault]
    with pytest.raises(NoAnswer):
        ask(loaded)
    assert len(door.heard) == 4


def test_the_second_address_answers_for_a_first_that_is_gone(
    door: Door, loaded: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Door() as gone:
        nobody = gone.url
    monkeypatch.setenv("DIKKAT_CLUSTER", f"{nobody}, {door.url}")
    for _ in range(2):
        assert ask(loaded).tokens
    assert len(door.heard) == 2


def test_what_takes_too_long_is_asked_once(
    door: Door, loaded: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = threading.Event()

    def slow(_: bytes) -> tuple[int, bytes]:
        over.wait(10)
        return 200, b""

    monkeypatch.setenv("DIKKAT_CLUSTER_SECONDS", "0.05")
    door.replies = [slow]
    with pytest.raises(NoAnswer):
        ask(loaded)
    over.set()
    assert len(door.heard) == 1


def test_our_own_errors_come_back_as_they_are(door: Door, loaded: LoadedModel) -> None:
    with pytest.raises(EmptyText, match="nothing visible"):
        asked(record, loaded, " ")
    assert len(door.heard) == 1


def test_another_checkpoint_a_wrong_token_and_forged_answers(
    door: Door, loaded: LoadedModel, caplog: pytest.LogCaptureFixture
) -> None:
    forged: list[Reply] = [
        lambda body: answer.answer(body.replace(str(loaded.card.sha256).encode(), b"0" * 64)),
        lambda _: (401, b""),
        lambda _: (200, b"no record"),
        lambda _: (200, wire.packed({"no": "trace"})[:-1]),
        lambda _: (422, b'{"error": "SystemExit", "message": "", "details": {}}'),
        lambda _: (422, b"[]"),
    ]
    for reply in forged:
        door.replies = [reply]
        with pytest.raises(NoAnswer):
            ask(loaded)
    assert "status 409" in caplog.text
    assert "a b a" not in caplog.text  # what somebody typed
    assert TOKEN not in caplog.text


def test_computed_here_where_the_setting_says_so_and_the_log(
    door: Door,
    loaded: LoadedModel,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    door.replies = [None]
    monkeypatch.setenv("DIKKAT_CLUSTER_LOST", "compute")
    assert ask(loaded).tokens
    assert "models.record.record of induction is computed here" in caplog.text


def test_what_is_none_of_the_tables_stays_here(door: Door, loaded: LoadedModel) -> None:
    def own(given: LoadedModel, more: int) -> str:
        return given.card.id * more

    assert asked(own, loaded, 2) == "inductioninduction"
    assert door.heard == []


def test_a_folder_of_a_visitor_stays_here(
    door: Door, tiny_model: Callable[[str], LoadedModel]
) -> None:
    assert asked(next_logits, tiny_model("gpt2"), (1, 2)).shape
    assert door.heard == []


@pytest.mark.parametrize("model_id", ["gpt-mini", "induction"])
def test_texts_that_are_read_together_are_read_as_alone(model_id: str) -> None:
    model = load(model_id)
    texts = [(5, 9, 12), (4,), (7, 3, 3, 3, 8), (5, 9, 12)]
    for text, found in zip(texts, next_logits_together(model, texts), strict=True):
        assert difference(found, next_logits(model, text)).rounding


def test_questions_that_come_together(loaded: LoadedModel) -> None:
    def asks(make: str, *given: object) -> bytes:
        return answer.question(make, "induction", str(loaded.card.sha256), given, {})

    logits = "models.gpt.generation.next_logits"
    many = [asks(logits, (5, 9)), asks("models.record.record", " "), asks(logits, (4,)), b"?"]
    many += [asks(logits, (10**6,)), asks(logits, (5, 9))]
    assert [answer.joins(each) for each in many] == ["induction", None] * 2 + ["induction"] * 2
    found = answer.answers(many)
    assert [status for status, _ in found] == [200, 422, 200, 400, 422, 200]
    for place, text in ((0, (5, 9)), (2, (4,)), (5, (5, 9))):
        assert difference(wire.unpacked(found[place][1]), next_logits(loaded, text)).rounding


def test_a_fault_of_the_replica_is_in_its_log_alone(
    loaded: LoadedModel, caplog: pytest.LogCaptureFixture
) -> None:
    body = answer.question("models.record.record", "induction", str(loaded.card.sha256), (3.5,), {})
    status, said = answer.answer(body)
    assert (status, str(answer.refusal(said))) == (422, "see the replica's log")
    assert "models.record.record of induction" in caplog.text


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
wrong = st.fixed_dictionaries(
    {
        "make": st.sampled_from(["os.system", "models.catalog.load", "models.record.record"])
        | plain,
        "model": st.sampled_from(["/etc", "..", "minilm"]) | plain,
        "digest": plain,
        "given": plain,
        "named": plain,
    }
)


@given(st.binary(max_size=100) | (wrong | plain).map(lambda parts: json.dumps(parts).encode()))
def test_hostile_questions_compute_nothing(body: bytes) -> None:
    assert answer.answer(body) in ((400, b""), (409, b""))


def test_a_question_too_large_is_none() -> None:
    long = answer.question("models.record.record", "minilm", "", ("a" * 2**20,), {})
    assert answer.answer(long) == (400, b"")


def test_arguments_that_are_not_plain_do_not_go() -> None:
    for value in ([1], {1: 2}, object(), b"", (1, [2])):
        with pytest.raises(wire.WireError):
            answer.question("models.record.record", "minilm", "", (value,), {})


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("DIKKAT_CLUSTER", "10.0.0.2:8100"),
        ("DIKKAT_CLUSTER", "http://a:1/path"),
        ("DIKKAT_CLUSTER_TOKEN", "short"),
        ("DIKKAT_CLUSTER_TOKEN", "with a space in it and long"),
        ("DIKKAT_CLUSTER_TOKEN", "sixteen\r\nand: more"),
    ],
)
def test_settings_are_refused_without_their_values(
    name: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, said)
    with pytest.raises(SettingError, match=f"^{name}: ") as refused:
        environment()
    assert said not in str(refused.value)


def test_a_cluster_is_asked_with_a_token_and_the_token_is_not_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DIKKAT_CLUSTER", "http://10.0.0.2:8100 http://10.0.0.3:8100/")
    with pytest.raises(SettingError, match=r"^DIKKAT_CLUSTER_TOKEN: a cluster"):
        environment()
    monkeypatch.setenv("DIKKAT_CLUSTER_TOKEN", TOKEN)
    assert environment().cluster == ("http://10.0.0.2:8100", "http://10.0.0.3:8100")
    assert TOKEN not in repr(environment())
