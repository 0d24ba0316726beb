"""How a class reaches this app from the room."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

Trouble = Literal["", "this_machine", "perhaps", "no_network"]
HERE = ("localhost", "127.0.0.1", "::1")
_ANYWHERE = "192.0.2.1"  # RFC 5737: an address that nobody has


@dataclass(frozen=True, slots=True)
class Reach:
    """origin: what the class's address begins with. trouble: what may be in its way, as the
    catalogues say it (classroom.reach.<trouble>)."""

    origin: str
    trouble: Trouble = ""


def reach(public: str, asked: str, listening: str | None, found: str | None) -> Reach:
    """public: the address of the settings. asked: the one by which the lecturer's browser came.

    listening: the server's own setting, where it is known. found: this machine's address in its
    network, where it has one.
    """
    if public:
        return Reach(public)
    parts = urlsplit(asked)
    if parts.hostname not in HERE:
        return Reach(f"{parts.scheme}://{parts.netloc}")
    if found is None:
        return Reach(f"{parts.scheme}://{parts.netloc}", "no_network")
    port = f":{parts.port}" if parts.port else ""
    trouble: Trouble = "this_machine" if listening in HERE else "" if listening else "perhaps"
    return Reach(f"{parts.scheme}://{found}{port}", trouble)


def in_network() -> str | None:
    """This machine's address in its network; nothing is sent: a route is looked up, no more."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((_ANYWHERE, 9))
        except OSError:
            return None
        address = str(probe.getsockname()[0])
    return None if address.startswith(("127.", "0.")) else address
