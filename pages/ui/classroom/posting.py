"""A small form, as one of our own pages sends it; anything else is refused with its reason."""

from __future__ import annotations

import asyncio
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import ClientDisconnect, Request

from pages.ui import share

LARGEST = 4_096  # bytes of a form; the longest that is meant needs 60
SLOWEST = 10.0  # seconds until it has come
_MOST_FIELDS = 12


class Refused(Exception):
    """code: the sentence, as the catalogues have it (classroom.form.<code>).

    back: where the reader goes on; "": the start.
    """

    def __init__(self, code: str, back: str = "") -> None:
        super().__init__(code)
        self.code, self.back = code, back


def own(request: Request, back: str) -> None:
    """Raises Refused where another site's page sent this: a browser says which one did."""
    fetched, origin = (request.headers.get(name) for name in ("sec-fetch-site", "origin"))
    if fetched is not None:
        ours = fetched in ("same-origin", "none")
    else:
        public = urlsplit(share.public_address()).netloc
        known = {request.headers.get("host", ""), public} - {""}
        ours = origin is None or urlsplit(origin).netloc in known
    if not ours:
        raise Refused("elsewhere", back)


async def posted(request: Request, back: str) -> dict[str, str]:
    """The fields of a form, which is small and comes soon. Raises Refused."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise Refused("kind", back)
    announced = request.headers.get("content-length", "0")
    if not announced.isdecimal() or len(announced) > 9 or int(announced) > LARGEST:
        raise Refused("large", back)
    try:
        body = await asyncio.wait_for(_body(request, back), SLOWEST)
    except TimeoutError as error:
        raise Refused("slow", back) from error
    except ClientDisconnect as error:
        raise Refused("unreadable", back) from error
    try:
        pairs = parse_qsl(body.decode("ascii"), True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise Refused("unreadable", back) from error
    if len(dict(pairs)) < len(pairs) or any("\0" in part for pair in pairs for part in pair):
        raise Refused("unreadable", back)
    return dict(pairs)


async def _body(request: Request, back: str) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            raise Refused("large", back)
    return bytes(body)
