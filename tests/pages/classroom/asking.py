"""A class without a server: its routes, asked as a server asks them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape
from typing import Any, NamedTuple
from urllib.parse import urlencode

from starlette.applications import Starlette

from pages.ui import text
from pages.ui.classroom import routes
from pages.ui.classroom import store as stored
from pages.ui.classroom.questions import LONG
from tests.loops import finished

HOST = "class.example"
FORM = "application/x-www-form-urlencoded"
DEVICE = "a" * 22


class Answer(NamedTuple):
    """What came back. words: its main part as one reads it."""

    status: int
    headers: dict[str, str]
    html: str

    @property
    def words(self) -> str:
        main = self.html.partition("<main>")[2].partition("</main>")[0]
        return " ".join(unescape(re.sub("<[^>]*>", " ", main)).split())


def ask(
    path: str,
    sent: dict[str, str] | bytes | Sequence[bytes] | None = None,
    *,
    device: str | None = DEVICE,
    lang: str = "en",
    token: str = "",
    **headers: str,
) -> Answer:
    """sent: a form's fields, or its body as bytes, in parts; None: GET. token: the lecturer's."""
    path, _, query = path.partition("?")
    body = [urlencode(sent).encode()] if isinstance(sent, dict) else sent
    parts = [body] if isinstance(body, bytes) else list(body or [b""])
    told = {"host": HOST, "accept-language": lang}
    if sent is not None:
        told["content-type"] = FORM
    cookies = {**marked(path, device), routes.LECTURER: token or None}
    if held := [f"{name}={value}" for name, value in cookies.items() if value is not None]:
        told["cookie"] = "; ".join(held)
    told |= {name.replace("_", "-"): value for name, value in headers.items()}
    scope = {
        **{"type": "http", "method": "GET" if sent is None else "POST", "path": path},
        **{"query_string": query.encode(), "scheme": "http", "client": ("192.0.2.9", 1)},
        "headers": [(name.encode(), value.encode()) for name, value in told.items()],
    }
    waiting = [
        {"type": "http.request", "body": part, "more_body": n + 1 < len(parts)}
        for n, part in enumerate(parts)
    ]
    came: list[Any] = []

    async def receive() -> Any:
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        came.append(message)

    finished(Starlette(routes=routes.ROUTES)(scope, receive, send))
    found = {name.decode(): value.decode() for name, value in came[0]["headers"]}
    html = b"".join(part.get("body", b"") for part in came[1:]).decode()
    return Answer(came[0]["status"], found, html)


def marked(path: str, device: str | None) -> dict[str, str | None]:
    """A device's cookie as the class of that path would have given it."""
    code = path.rpartition("/")[2]
    sealed = device and device.isascii() and len(code) == LONG
    seal = stored.store().seal(code, device) if sealed and device else ""
    return {f"{routes.COOKIE}-{code}": device and device + seal}


def said(code: str, lang: str = "en") -> str:
    """A sentence of the form."""
    words: str = text.catalogue(lang)[f"classroom.form.{code}"]
    return words
