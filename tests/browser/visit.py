"""One visitor's page in a real Chromium: waiting for the app, and everything that went wrong."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    Request,
    WebSocket,
)
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from pages.ui.window import WINDOWS

PATIENCE = 30_000.0  # milliseconds

SETTLED = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  return app !== null
    && app.dataset.testScriptState === "notRunning"
    && app.dataset.testConnectionState === "CONNECTED"
    && document.querySelector('[data-testid="stSkeleton"]') === null;
}"""
# Two frames: the first callback runs before the frame that shows the change, the second after.
_PAINT = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
_DRAWN = ".js-plotly-plot .main-svg, canvas, svg, iframe, table"
_FITTED = """(place) => !document.querySelector(".st-key-screen-watch")
  || document.documentElement.dataset.window === place"""

_UNTIL = """(given) => new Promise((done, fail) => {{
  const end = performance.now() + {patience}, seen = {script};
  const look = () => {{
    if (seen(given)) done();
    else if (performance.now() > end) fail(new Error("not seen"));
    else setTimeout(look, 20);
  }};
  look();
}})"""
_GONE = ("context was destroyed", "navigation")


def until(page: Page, script: str, given: object = None, patience: float = PATIENCE) -> None:
    """Wait until a function of JavaScript says so.

    Playwright's own way asks the page to make a function of a text, which its content policy
    forbids. patience: milliseconds, after which Playwright's Error says what was not seen.
    """
    while True:
        try:
            page.evaluate(_UNTIL.format(script=script, patience=patience), given)
            return
        except Error as error:
            if not any(words in error.message for words in _GONE):
                error.add_note(script)
                raise


class Visit:
    """A page with its troubles: console errors, page errors, requests to other origins."""

    def __init__(self, context: BrowserContext, base: str) -> None:
        self.page: Page = context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.problems: list[str] = []
        self.runs = 0
        self.bytes_received = 0
        self._base = base
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.problems.append(f"page error: {error}"))
        self.page.on("websocket", self._websocket)
        context.on("request", self._request)

    def leave(self) -> None:
        """Close the pages, and forget what the app has kept in the browser: another may come."""
        context = self.page.context
        session = context.new_cdp_session(context.new_page())
        kept = {"origin": self._base, "storageTypes": "all"}
        session.send("Storage.clearDataForOrigin", kept)
        context.clear_permissions()
        for page in context.pages:
            page.close()
        context.remove_listener("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        where = message.location.get("url", "")
        if message.type == "error":
            self.problems.append(f"console: {message.text} ({where})")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self._base, "data:", "blob:", "about:")):
            self.problems.append(f"another origin: {request.url}")

    def _websocket(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._frame)

    def _frame(self, payload: bytes | str) -> None:
        if isinstance(payload, bytes):
            self.bytes_received += len(payload)
            self.runs += ForwardMsg.FromString(payload).HasField("script_finished")

    def goto(self, path: str) -> None:
        """Open an address of the app and wait until it is drawn for this window, and idle."""
        self.runs = 0
        self.page.goto(self._base + path)
        self.until_run(0)
        self.idle()
        self.fitted()

    def fitted(self) -> None:
        """Wait until the page is drawn for the class of its window; another app knows of none."""
        size = self.page.viewport_size or {"width": 0, "height": 0}
        place = max(
            n
            for n, one in enumerate(WINDOWS)
            if size["width"] >= one.width and size["height"] >= one.height
        )
        until(self.page, _FITTED, str(place))
        self.idle()

    def idle(self) -> None:
        """Wait until no script runs, nothing is still a placeholder, and that is painted."""
        until(self.page, SETTLED)
        self.painted()

    def painted(self) -> None:
        """Wait until what the page holds now is on screen."""
        self.page.evaluate(_PAINT)

    @contextmanager
    def rerun(self) -> Iterator[None]:
        """What is done inside makes the script run once more: wait until it has."""
        before = self.runs
        yield
        self.until_run(before)
        self.idle()

    def until_run(self, before: int) -> None:
        """Wait until the script has run once more than so many times."""
        # The counter grows only while Playwright hands out events, as this waiting does.
        for _ in range(int(3 * PATIENCE / 20)):  # a server's first visitor waits for its imports
            if self.runs > before:
                return
            self.page.wait_for_timeout(20)
        raise TimeoutError(f"the script did not run again; troubles so far: {self.problems}")

    def box(self, key: str) -> Locator:
        """The container of a widget or figure key."""
        return self.page.locator(f".st-key-{key}")

    def figure(self, key: str = "main-figure") -> Locator:
        """The container of a key, once a picture in it is on screen."""
        self.box(key).locator(_DRAWN).first.wait_for(state="visible")
        self.painted()
        return self.box(key)

    def screenshot(self, name: str) -> None:
        """Save the window as <name>.png in the folder DIKKAT_SHOTS; nothing where that is unset."""
        if folder := os.environ.get("DIKKAT_SHOTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=Path(folder) / f"{name}.png")
