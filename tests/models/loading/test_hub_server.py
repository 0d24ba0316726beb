"""Models of the hub, looked up and fetched from a server that speaks its protocol."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.loading import hub
from tests.browser.server import free_port
from tests.models import tiny
from tests.models.loading.hub_client import Client, client
from tests.models.loading.hub_server import Hub, Repository, serving

WEIGHTS = "model.safetensors"
MB = hub.MB
ROOM = {"free_disk": 10**12, "free_memory": 10**12, "LARGEST": hub.LARGEST}


@pytest.fixture(scope="module")
def server() -> Iterator[Hub]:
    with serving() as found:
        yield found


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def asking(server: Hub, home: Path) -> Iterator[Client]:
    with client(server.url, home) as found:
        found.ask("set", values={"PATIENCE": 0.5, "PAUSE": 0.01})
        yield found


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A whole tiny model."""
    folder = tiny.save("bert", tmp_path_factory.mktemp("bert"))
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.fixture
def model(server: Hub, files: dict[str, bytes], request: pytest.FixtureRequest) -> Repository:
    """A repository of the test's own, the owner its name says: see `named`."""
    more = {"README.md": b"# tiny", "pytorch_model.bin": b"pickle", "onnx/m.safetensors": b"x"}
    found = server.repositories[named(request)] = Repository(files | more)
    return found


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    return named(request)


def named(request: pytest.FixtureRequest) -> str:
    """Another test's files are in the cache under another name."""
    return f"tiny/{request.node.name.replace('[', '-').replace(']', '')[-90:]}"


def test_a_look_up_tells_the_size_and_downloads_nothing(
    asking: Client, server: Hub, model: Repository, name: str, files: dict[str, bytes]
) -> None:
    found = asking.ask("look_up", name)["found"]
    assert found["files"] == sorted(files)  # neither the pickle, nor what lies in folders
    assert found["size"] == sum(map(len, files.values()))
    assert found["here"] == 0
    assert [path for path in server.asked if path.startswith(name)] == []


def test_a_fetched_model_is_whole_and_is_found_by_every_program(
    asking: Client, model: Repository, name: str, files: dict[str, bytes]
) -> None:
    assert asking.ask("folder", name)["error"] == "NotDownloaded"
    folder = Path(asking.ask("fetch", name)["found"])
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == files
    assert asking.ask("cached", name)["found"] == str(folder)
    assert asking.ask("folder", name)["found"] == str(folder)
    assert asking.ask("look_up", name)["found"]["here"] == sum(map(len, files.values()))


def test_what_another_program_left_half_is_still_offered(
    asking: Client, model: Repository, name: str, home: Path, files: dict[str, bytes]
) -> None:
    cache = home / "hub" / f"models--{name.replace('/', '--')}"
    snapshot = cache / "snapshots" / ("a" * 40)
    snapshot.mkdir(parents=True)
    (cache / "refs").mkdir()
    (cache / "refs" / "main").write_text("a" * 40)
    (snapshot / "config.json").write_bytes(files["config.json"])
    assert asking.ask("folder", name)["error"] == "NotDownloaded"
    assert asking.ask("folder", name, online=False)["found"] == str(snapshot)  # and says why
    assert asking.ask("fetch", name)["found"] == str(snapshot)
    assert asking.ask("folder", name)["found"] == str(snapshot)


def test_a_revision_is_its_own_model(
    asking: Client, model: Repository, name: str, files: dict[str, bytes]
) -> None:
    model.revisions |= {"v1.0": "b" * 40, "refs/pr/2": "c" * 40}
    for revision, commit in model.revisions.items():
        folder = asking.ask("fetch", f"{name}@{revision}")["found"]
        assert Path(folder).name == commit
        assert asking.ask("folder", f"{name}@{revision}")["found"] == folder
        assert asking.ask("cached", name, revision=revision)["found"] == folder
    assert asking.ask("folder", f"{name}@{'b' * 40}")["found"].endswith("b" * 40)
    told = asking.ask("look_up", f"{name}@v2")
    assert told == {"error": "NoRevision", "details": {"model": name, "revision": "v2"}}


def test_what_broke_off_is_kept_and_the_next_try_fetches_only_the_rest(
    asking: Client, server: Hub, model: Repository, name: str, files: dict[str, bytes]
) -> None:
    size, first = len(files[WEIGHTS]), 10_000
    server.sent.clear()
    model.breaks = {WEIGHTS: [first, 0, 0, 0]}
    told = asking.ask("fetch", name)
    assert told["error"] == "Interrupted"
    assert asking.ask("folder", name)["error"] == "NotDownloaded"
    rest = sum(len(body) for file, body in files.items() if file != WEIGHTS)
    assert asking.ask("look_up", name)["found"]["here"] == rest + first
    assert asking.ask("fetch", name)["found"]
    assert server.sent[WEIGHTS] == size
    assert asking.ask("folder", name)["found"]


def test_a_connection_that_breaks_off_now_and_then_is_taken_up_again(
    asking: Client, server: Hub, model: Repository, name: str, files: dict[str, bytes]
) -> None:
    server.sent.clear()
    model.breaks = {WEIGHTS: [5_000, 0, 7_000, 0, 0, 1_000]}
    folder = Path(asking.ask("fetch", name)["found"])
    assert (folder / WEIGHTS).read_bytes() == files[WEIGHTS]
    assert server.sent[WEIGHTS] == len(files[WEIGHTS])


def test_a_server_that_knows_no_ranges_sends_the_whole_file_again(
    asking: Client, model: Repository, name: str, files: dict[str, bytes]
) -> None:
    model.breaks, model.ranges = {WEIGHTS: [5_000, 1]}, False
    folder = Path(asking.ask("fetch", name)["found"])
    assert (folder / WEIGHTS).read_bytes() == files[WEIGHTS]


def other(body: bytes) -> bytes:
    return bytes([body[0] ^ 1]) + body[1:]


@pytest.mark.parametrize("file", [WEIGHTS, "tokenizer.json"])
@pytest.mark.parametrize("wrong", ["bit", "short", "long"])
@pytest.mark.parametrize("ranges", [True, False])
def test_wrong_bytes_are_noticed_and_not_kept(
    asking: Client,
    model: Repository,
    name: str,
    files: dict[str, bytes],
    *,
    file: str,
    wrong: str,
    ranges: bool,
) -> None:
    body = files[file]
    model.served = {file: {"bit": other(body), "short": body[:-9], "long": body + b"x"}[wrong]}
    model.ranges = ranges
    told = asking.ask("fetch", name)
    assert told == {"error": "WrongBytes", "details": {"model": name, "file": file}}
    assert asking.ask("folder", name)["error"] == "NotDownloaded"
    model.served = {}
    folder = Path(asking.ask("fetch", name)["found"])
    assert (folder / file).read_bytes() == body


def test_no_such_model(asking: Client) -> None:
    told = asking.ask("look_up", "nobody/nothing")
    assert told == {"error": "NoHubModel", "details": {"model": "nobody/nothing"}}


def test_a_gated_model_is_refused_before_it_is_offered(
    asking: Client, model: Repository, name: str
) -> None:
    model.gated = True
    assert asking.ask("look_up", name) == {"error": "NoAccess", "details": {"model": name}}


@pytest.mark.parametrize(
    ("status", "error"), [(403, "NoAccess"), (429, "HubFails"), (500, "HubFails")]
)
def test_an_error_of_the_hubs_own(
    asking: Client, model: Repository, name: str, status: int, error: str
) -> None:
    model.status = status
    assert asking.ask("look_up", name)["error"] == error


def test_a_hub_that_says_nothing_or_is_none_is_unreachable(
    asking: Client, model: Repository, name: str
) -> None:
    model.body = b"<html>Please log in to the hotel's network</html>"
    assert asking.ask("look_up", name)["error"] == "HubUnreachable"
    model.body, model.slow = None, 1.0
    assert asking.ask("look_up", name)["error"] == "HubUnreachable"


def test_no_safetensors(asking: Client, model: Repository, name: str) -> None:
    del model.files[WEIGHTS]
    told = asking.ask("look_up", name)
    assert told["error"] == "NoWeights"
    assert "config.json" in told["details"]["files"]


def test_shards_come_with_their_index(asking: Client, model: Repository, name: str) -> None:
    body, shards = model.files.pop(WEIGHTS), ["model-00001-of-00002.safetensors"]
    shards += ["model-00002-of-00002.safetensors"]
    index = json.dumps({"weight_map": dict(zip("ab", shards, strict=True))}).encode()
    model.files |= {shards[0]: body, shards[1]: body + b"x", "consolidated.safetensors": body}
    assert asking.ask("look_up", name)["error"] == "NoWeights"  # which of them, nobody says
    model.files["model.safetensors.index.json"] = index
    found = asking.ask("look_up", name)["found"]["files"]
    assert {*shards, "model.safetensors.index.json"} < set(found)
    assert "consolidated.safetensors" not in found
    assert asking.ask("fetch", name)["found"] == asking.ask("folder", name)["found"]


def test_what_is_too_large_is_refused_with_both_numbers(
    asking: Client, server: Hub, model: Repository, name: str
) -> None:
    model.declared = {WEIGHTS: 5_000 * MB}
    told = asking.ask("look_up", name)
    assert told["error"] == "TooLarge"
    assert told["details"] == {"model": name, "size": 5_001, "limit": 4_000}
    assert [path for path in server.asked if path.startswith(name)] == []


def test_neither_memory_nor_disk_is_overfilled(
    asking: Client, model: Repository, name: str
) -> None:
    model.declared, model.numbers = {WEIGHTS: 90 * MB}, 45 * MB  # two bytes each: float16
    asking.ask("set", values=ROOM | {"free_memory": 179 * MB})
    told = asking.ask("look_up", name)
    assert (told["error"], told["details"]["size"], told["details"]["free"]) == (
        "NoMemory", 180, 179
    )  # fmt: skip
    asking.ask("set", values=ROOM | {"free_disk": 90 * MB})
    told = asking.ask("look_up", name)
    assert (told["error"], told["details"]["size"], told["details"]["free"]) == ("NoRoom", 91, 90)
    asking.ask("set", values=ROOM)
    assert asking.ask("look_up", name)["found"]


def test_a_cache_that_takes_no_files_is_told_from_a_full_disk(
    asking: Client, model: Repository, name: str, home: Path
) -> None:
    blobs = home / "hub" / f"models--{name.replace('/', '--')}" / "blobs"
    blobs.parent.mkdir(parents=True)
    blobs.write_text("a file where a folder has to be")
    assert asking.ask("fetch", name)["error"] == "NotWritable"
    blobs.unlink()
    assert asking.ask("fetch", name)["found"]


def test_a_models_own_code_is_refused_before_its_weights_come(
    asking: Client, server: Hub, model: Repository, name: str
) -> None:
    own = {"auto_map": {"AutoModel": "own.Own"}, "model_type": "own"}
    said = json.loads(model.files["config.json"])
    model.files |= {"config.json": json.dumps(said | own).encode(), "own.py": b"1 / 0"}
    server.asked.clear()
    told = asking.ask("fetch", name)
    assert told == {"error": "UnknownFamily", "details": {"family": "own"}}
    assert [path for path in server.asked if "/resolve/" in path and name in path] == [
        f"{name}/resolve/{'a' * 40}/config.json"
    ]


@pytest.mark.parametrize("digest", ["../../../x", "", "A" * 40], ids=["path", "none", "capitals"])
def test_nothing_of_the_list_becomes_a_path_as_it_stands(
    asking: Client, model: Repository, name: str, digest: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = model.listed()
    listed[0]["blobId"] = digest
    monkeypatch.setattr(model, "listed", lambda: listed)
    assert asking.ask("look_up", name)["error"] == "HubUnreachable"


def test_a_fetched_model_opens_with_the_network_gone(
    asking: Client, model: Repository, name: str, home: Path
) -> None:
    assert asking.ask("fetch", name)["found"]
    with client(f"http://127.0.0.1:{free_port()}", home) as here:
        found = here.ask("record", name)["found"]
        assert found["model"] == name
        assert found["difference"] < 1e-5
        assert here.ask("look_up", name)["error"] == "HubUnreachable"
