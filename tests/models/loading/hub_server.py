"""A small server that speaks the hub's protocol, with what goes wrong there made on purpose."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

LARGE = ".safetensors"  # kept by LFS: a redirect, and a sha256 in the list


@dataclass
class Repository:
    """A model of the hub: revision → commit, and its files.

    gated: the list is for all, files are not. declared: name → size in the list, other than the
    truth. served: name → bytes that come instead. breaks: name → after how many bytes of an answer
    the connection breaks off, an answer after the other; then it is whole. ranges: Range is read.
    slow: seconds before the first byte. numbers: how many of them the list names. status: of every
    answer. body: what comes in place of the list.
    """

    files: dict[str, bytes]
    revisions: dict[str, str] = field(default_factory=lambda: {"main": "a" * 40})
    gated: bool = False
    declared: dict[str, int] = field(default_factory=dict)
    served: dict[str, bytes] = field(default_factory=dict)
    breaks: dict[str, list[int]] = field(default_factory=dict)
    ranges: bool = True
    slow: float = 0
    numbers: int = 0
    status: int = 0
    body: bytes | None = None

    def listed(self) -> list[dict[str, Any]]:
        """As the hub's API lists files with their sizes."""
        return [self._entry(name, body) for name, body in self.files.items()]

    def _entry(self, name: str, body: bytes) -> dict[str, Any]:
        size = self.declared.get(name, len(body))
        git = hashlib.sha1(f"blob {len(body)}\0".encode() + body).hexdigest()
        entry: dict[str, Any] = {"rfilename": name, "size": size, "blobId": git}
        if name.endswith(LARGE):
            sha = hashlib.sha256(body).hexdigest()
            entry["lfs"] = {"size": size, "sha256": sha, "pointerSize": 130}
        return entry


class Hub(ThreadingHTTPServer):
    """Repositories by name. asked: how often each path was; sent: bytes of each file that left."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.repositories: dict[str, Repository] = {}
        self.asked: Counter[str] = Counter()
        self.sent: Counter[str] = Counter()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: a visitor that breaks off, which tests ask for, is no fault of the server."""


class _Handler(BaseHTTPRequestHandler):
    server: Hub
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path).strip("/")
        self.server.asked[path] += 1
        if path.startswith("api/models/"):
            self._list(path.removeprefix("api/models/"))
        elif "/resolve/" in path:
            self._file(path, *path.split("/resolve/"))
        else:
            self._lfs(path)

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _known(self, name: str) -> Repository | None:
        found = self.server.repositories.get(name)
        if found is None:  # as the hub does for what is private, too
            self._answer(401, X_Error_Code="RepoNotFound")
        elif found.status:
            self._answer(found.status)
            return None
        return found

    def _list(self, path: str) -> None:
        name, _, revision = path.partition("/revision/")
        found = self._known(name)
        if found is None:
            return
        time.sleep(found.slow)
        commit = found.revisions.get(revision)
        if commit is None and revision not in found.revisions.values():
            self._answer(404, X_Error_Code="RevisionNotFound")
            return
        said: dict[str, Any] = {"id": name, "sha": commit or revision, "siblings": found.listed()}
        said |= {"gated": "manual" if found.gated else False}
        if found.numbers:
            said["safetensors"] = {"parameters": {"F32": found.numbers}, "total": found.numbers}
        body = found.body if found.body is not None else json.dumps(said).encode()
        self._answer(200, body, Content_Type="application/json")

    def _file(self, path: str, name: str, rest: str) -> None:
        found, (commit, _, file) = self._known(name), rest.partition("/")
        if found is None:
            return
        if found.gated:
            self._answer(403, X_Error_Code="GatedRepo")
        elif file not in found.files or commit not in found.revisions.values():
            self._answer(404, X_Error_Code="EntryNotFound")
        elif file.endswith(LARGE):
            self._answer(302, Location=f"{self.server.url}/lfs/{name}/{file}")
        else:
            self._body(found, file)

    def _lfs(self, path: str) -> None:
        _, owner, name, file = path.split("/")
        self._body(self.server.repositories[f"{owner}/{name}"], file)

    def _body(self, found: Repository, file: str) -> None:
        time.sleep(found.slow)
        body, start = found.served.get(file, found.files[file]), 0
        asked = self.headers.get("Range", "")
        if asked and found.ranges:
            start = int(asked.removeprefix("bytes=").rstrip("-"))
            if start >= len(body):
                self._answer(416)
                return
        rest, breaks = body[start:], found.breaks.get(file)
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(rest)))
        self.end_headers()
        if breaks:
            rest = rest[: breaks.pop(0)]
            self.close_connection = True
        self.server.sent[file] += len(rest)
        self.wfile.write(rest)


@contextmanager
def serving() -> Iterator[Hub]:
    """A hub that answers on this machine, empty at first."""
    with Hub() as hub:
        threading.Thread(target=hub.serve_forever, daemon=True).start()
        yield hub
        hub.shutdown()
