"""What a test asks of the hub's client, in a process of its own: HF_ENDPOINT is read at import.

A line of JSON in, a line out: {"do": …, "model": …} → {"found": …} or {"error": …, "details": …}.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.browser.server import ROOT, offline


class Client:
    """The other process. home: its cache; url: its hub."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, do: str, model: str = "", **more: object) -> dict[str, Any]:
        """What came of it: found, or error and details."""
        sink, source = self._process.stdin, self._process.stdout
        assert sink is not None
        assert source is not None
        sink.write(json.dumps({"do": do, "model": model, **more}) + "\n")
        sink.flush()
        answer = source.readline()
        assert answer, "the client has ended"
        return dict(json.loads(answer))


@contextmanager
def client(url: str, home: Path, **variables: str) -> Iterator[Client]:
    """A process that knows this hub, with a cache of its own."""
    own = {"HF_ENDPOINT": url, "HF_HOME": str(home), "DIKKAT_MODE": "hub"}
    command = [sys.executable, "-m", __name__]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=offline() | own | variables,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Client(process)
        assert process.stdin is not None
        process.stdin.close()
        process.wait(timeout=60)


def _do(asked: dict[str, Any]) -> Any:
    from models.loading import hub, transfer

    model = asked["model"]
    match asked["do"]:
        case "set":  # other limits than real ones
            for name, value in asked["values"].items():
                module = transfer if hasattr(transfer, name) else hub
                setattr(module, name, (lambda *_, v=value: v) if name[0] == "f" else value)
        case "folder":
            return str(hub.folder(model, online=asked.get("online", True)))
        case "look_up":
            offer = hub.look_up(model)
            names = sorted(file.name for file in offer.files)
            return {"size": offer.size, "here": offer.here, "files": names, "commit": offer.commit}
        case "fetch":
            return str(transfer.fetch(hub.look_up(model)))
        case "cached":  # as any other program finds it
            from huggingface_hub import snapshot_download

            return snapshot_download(model, local_files_only=True, revision=asked.get("revision"))
        case "record":
            from models.record import record

            trace = record(model, "the animal was too tired")
            return {"model": trace.model_id, "difference": trace.relative_fidelity()}
    return None


def main() -> None:
    """Answer until nobody asks any more."""
    from models.errors import InputError

    for line in sys.stdin:
        try:
            answer: dict[str, Any] = {"found": _do(json.loads(line))}
        except InputError as error:
            answer = {"error": type(error).__name__, "details": error.details}
        except Exception as error:
            answer = {"error": repr(error)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
