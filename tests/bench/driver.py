"""A visitor without a browser: speaks Streamlit's own protocol over its websocket."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol


class Session:
    """One open tab. Use as a context manager."""

    def __init__(self, url: str) -> None:
        self._socket = connect(
            url.replace("http", "ws", 1) + "/_stcore/stream",
            subprotocols=[Subprotocol("streamlit")],
            origin=Origin(url),
            max_size=None,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._socket.close()

    def open(self, page: str, query: str) -> int:
        """Go to a page's address and wait for the end of the run; how many bytes came."""
        return sum(map(len, self.messages(page, query)))

    def messages(self, page: str, query: str) -> list[bytes]:
        """Go to a page's address; every message of the run, as it came."""
        message = BackMsg()
        message.rerun_script.page_name = page
        message.rerun_script.query_string = query
        self._socket.send(message.SerializeToString())
        received: list[bytes] = []
        while True:
            data = self._socket.recv()
            assert isinstance(data, bytes)
            received.append(data)
            if ForwardMsg.FromString(data).HasField("script_finished"):
                return received
