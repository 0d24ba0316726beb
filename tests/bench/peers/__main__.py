"""`python -m tests.bench.peers [part …]`: the app beside its peers; writes measured.json."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.bench.driver import Session
from tests.bench.harness import ROOT, machine
from tests.bench.measure_record import MODEL, THREADS, text_of
from tests.bench.peers import recorders, viewers
from tests.bench.peers.environments import APP, NAMES, last_line, python, requirements
from tests.bench.peers.painting import painted
from tests.bench.peers.recorders import OURS, PLAIN, SIZES
from tests.bench.peers.table import STORED, WHOLE, table
from tests.browser.server import running

Stored = dict[str, Any]


def asked(name: str, module: str, *arguments: str) -> Any:
    """What a module says as JSON in a peer's environment. RuntimeError with its last line."""
    print(f"{name}: {module} ...", file=sys.stderr, flush=True)
    command = [str(python(name)), "-m", f"tests.bench.peers.{module}", name, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True)
    if done.returncode:
        said = done.stderr.decode(errors="replace")
        raise RuntimeError(last_line(said)[:200] or f"ended with {done.returncode}")
    return json.loads(done.stdout)


def recorded(stored: Stored) -> None:
    """Times and memory of every recorder."""
    for name in recorders.PEERS:
        try:
            sizes = asked(name, "recorders")
        except RuntimeError as error:
            stored["failed"][name] = str(error)
            continue
        for tokens, found in sizes.items():
            for who, cell in found.items():
                if who == PLAIN or (who == OURS and name != APP):
                    continue
                stored["memory"].setdefault(who, {})[tokens] = {"mib": cell.pop("mib")}
                stored["record"].setdefault(who, {})[tokens] = cell


def sent(stored: Stored) -> None:
    """Bytes of our overview as the app's websocket carries it, and of the page that it is on."""
    with tempfile.TemporaryDirectory() as folder:
        app = running(ROOT / "app.py", Path(folder) / "log")
        with app as server:
            for tokens in SIZES:
                query = {"v": 2, "lang": "en", "model": MODEL, "text": text_of(tokens)}
                with Session(server.url) as session:
                    messages = session.messages("heads", urlencode(query))
                overview = [m for m in messages if _component(m) == "dikkat_overview"]
                for who, parts in ((OURS, overview), (WHOLE, messages)):
                    cell = {"bytes": sum(map(len, parts))}
                    stored["bytes"].setdefault(who, {})[str(tokens)] = cell


def _component(message: bytes) -> str:
    element = ForwardMsg.FromString(message).delta.new_element
    return str(element.bidi_component.component_name)


def drawn(stored: Stored) -> None:
    """Bytes of the viewers' pages, and the time to painted."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pages: dict[str, dict[str, Any]] = {}
        for environment in viewers.VIEWS:
            try:
                pages |= asked(environment, "viewers", name)
            except RuntimeError as error:
                stored["failed"][environment] = str(error)
        for tokens in map(str, SIZES):
            print(f"painting {tokens} tokens ...", file=sys.stderr, flush=True)
            here = {view: found[tokens] for view, found in pages.items()}
            times = painted(folder, {v: p["file"] for v, p in here.items() if "file" in p})
            for view, page in here.items():
                if view != OURS:
                    stored["bytes"].setdefault(view, {})[tokens] = {
                        key: page[key] for key in ("bytes", "failed") if key in page
                    }
                stored["painted"].setdefault(view, {})[tokens] = times.get(view, page)


def versions() -> dict[str, str]:
    """Package → version of each peer, from its pins."""
    first = {
        name: next(
            line for line in requirements(name).read_text("utf-8").splitlines() if "==" in line
        )
        for name in NAMES
        if name != APP
    }
    return {"bertviz": version("bertviz")} | dict(pin.split("==") for pin in first.values())


PARTS = {"recorded": recorded, "sent": sent, "drawn": drawn}


def main(wanted: list[str]) -> int:
    """Measures all parts or some, the others stay as they were stored."""
    for part in wanted or list(PARTS):
        found: Stored = {name: {} for name in ("record", "memory", "bytes", "painted", "failed")}
        PARTS[part](found)
        stored = json.loads(STORED.read_text("utf-8")) if STORED.exists() else {}
        found["failed"] = {part: found["failed"]}
        for name, rows in found.items():
            stored.setdefault(name, {}).update(rows)
        stored |= {"machine": machine(), "versions": versions(), "threads": THREADS}
        stored |= {"date": date.today().isoformat(), "load": round(os.getloadavg()[0], 1)}
        text = json.dumps(stored, indent=1, ensure_ascii=False, sort_keys=True)
        STORED.write_text(text + "\n", encoding="utf-8")
    print(table(stored))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
