"""One open tab without a browser: Streamlit's own protocol over its websocket, many at a time."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Origin, Subprotocol

PATIENCE = 60.0  # seconds until an answer counts as lost
_FINE = (
    ForwardMsg.FINISHED_SUCCESSFULLY,
    ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
    ForwardMsg.FINISHED_EARLY_FOR_RERUN,
)


class Lost(Exception):
    """The app did not answer, broke off, or showed a fault instead."""


@dataclass(frozen=True, slots=True)
class Widget:
    """Where a widget's value goes. fragment: the part of the page that runs again; "": all."""

    id: str
    fragment: str


@dataclass(slots=True)
class Run:
    """One run as the tab has seen it, in seconds. picture: until the first figure; None: none."""

    picture: float | None = None
    whole: float = 0.0


@dataclass(slots=True)
class Tab:
    """A visitor's tab. Use as an asynchronous context manager; raises Lost, at once where it opens.

    cookies: as the browser has them, "name=value; …". dark: what the system prefers.
    """

    url: str
    cookies: str = ""
    dark: bool = False
    widgets: dict[str, Widget] = field(default_factory=dict)
    figures: int = 0  # that came so far
    _page: str = ""
    _query: str = ""
    _hash: str = ""
    _said: dict[str, WidgetState] = field(default_factory=dict)
    _kept: dict[str, ForwardMsg] = field(default_factory=dict)
    _presses: int = 0
    _socket: ClientConnection | None = None

    async def __aenter__(self) -> Self:
        headers = {"Cookie": self.cookies} if self.cookies else {}
        try:
            self._socket = await connect(
                self.url.replace("http", "ws", 1) + "/_stcore/stream",
                subprotocols=[Subprotocol("streamlit")],
                origin=Origin(self.url),
                additional_headers=headers,
                open_timeout=PATIENCE,
                max_size=None,
                compression=None,
                ping_interval=None,
            )
        except (OSError, WebSocketException, TimeoutError) as error:
            raise Lost(f"no connection: {type(error).__name__}") from error
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._socket is not None:
            await self._socket.close()

    async def open(self, page: str, query: str) -> Run:
        """Go to a page's address, and read until the end of the run."""
        self._page, self._query, self._hash = page, query, ""
        return await self._run("")

    async def set(self, key: str, value: int | str | bool) -> Run:
        """Give the widget of that key a value. Raises Lost where the page has none."""
        kind = {bool: "bool_value", int: "int_value", str: "string_value"}[type(value)]
        return await self._say(key, kind, value)

    async def press(self, button: str) -> Run:
        """A button, in the way of the page's own listener (`pages/ui/keys.js`)."""
        self._presses += 1
        sent = {"who": f"tab-{id(self)}", "first": self._presses, "presses": [button]}
        return await self._say("keys", "json_value", json.dumps({"presses": sent}))

    async def _say(self, key: str, kind: str, value: Any) -> Run:
        widget = self.widgets.get(key)
        if widget is None:
            raise Lost(f"the page has no widget {key}")
        self._said[widget.id] = WidgetState(id=widget.id, **{kind: value})
        return await self._run(widget.fragment)

    async def _run(self, fragment: str) -> Run:
        assert self._socket is not None
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string, asked.page_script_hash = self._query, self._hash
        asked.fragment_id = fragment
        if not self._hash:
            asked.page_name = self._page
        asked.widget_states.widgets.extend(self._said.values())
        asked.cached_message_hashes.extend(self._kept)
        asked.context_info.color_scheme = "dark" if self.dark else "light"
        asked.context_info.url = f"{self.url}/{self._page}"
        begin, run = time.perf_counter(), Run()
        try:
            async with asyncio.timeout(PATIENCE):
                await self._socket.send(message.SerializeToString())
                while not self._take(run, begin, await self._socket.recv()):
                    pass
        except (OSError, WebSocketException, TimeoutError) as error:
            raise Lost(type(error).__name__) from error
        run.whole = time.perf_counter() - begin
        return run

    def _take(self, run: Run, begin: float, data: str | bytes) -> bool:
        """Read one message; whether it was the last of what was asked for."""
        assert isinstance(data, bytes)
        message = ForwardMsg.FromString(data)
        kind = message.WhichOneof("type")
        if kind == "ref_hash":
            message = self._kept[message.ref_hash]
            kind = message.WhichOneof("type")
        elif message.metadata.cacheable and message.hash:
            self._kept[message.hash] = message
        if kind == "navigation":
            self._hash = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self._query = message.page_info_changed.query_string
        elif kind == "delta":
            self._draw(run, begin, message.delta)
        elif kind == "script_finished":
            if message.script_finished not in _FINE:
                raise Lost(f"a run ended with {message.script_finished}")
            return bool(message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN)
        return False

    def _draw(self, run: Run, begin: float, delta: Delta) -> None:
        if delta.WhichOneof("type") != "new_element":
            return
        kind = delta.new_element.WhichOneof("type")
        if kind is None:
            return
        if kind == "exception":
            raise Lost("a fault stands on the page")
        if kind == "plotly_chart":
            self.figures += 1
            if run.picture is None:
                run.picture = time.perf_counter() - begin
        # Streamlit builds ids from "$$ID", a digest, and the key.
        parts = getattr(getattr(delta.new_element, kind), "id", "").split("-", 2)
        if len(parts) == 3 and parts[0] == "$$ID":
            self.widgets[parts[2]] = Widget("-".join(parts), delta.fragment_id)
