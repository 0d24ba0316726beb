"""`/s/<code>`: to the page that a short link belongs to, on this host; the page reads the rest.

The code alone goes along: what was typed would stand in a server's log of requests.
"""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from pages.ui.short.visit import PATH, Trouble, find
from pages.ui.topic import topics
from pages.ui.unread import FRONT, LONGEST_NAME, SHORT

_ALONG = ("lang", "lecture")  # read before anybody knows which page runs
_STATUS = {"gone": 404, "often": 429, "unreachable": 503}


async def short(request: Request) -> Response:
    """To the page; where the code is none, the front page says so, and a script its status."""
    given = request.path_params["code"][:LONGEST_NAME]
    who = request.client.host if request.client else ""
    asked = {n: v for n, v in request.query_params.items() if n == "lang"}
    try:
        kept = await run_in_threadpool(find, given, who)
    except Trouble as trouble:
        if "text/html" not in request.headers.get("accept", ""):
            return Response(status_code=_STATUS[trouble.code])
        return _to(FRONT, {SHORT: given, **asked})
    along = {name: kept.said[name] for name in _ALONG if name in kept.said}
    return _to(kept.page, {SHORT: given, **along, **asked})


def _to(page: str, said: dict[str, str]) -> Response:
    """A page of this app; never elsewhere."""
    path = page if page in {one.slug for one in topics()} - {FRONT} else ""
    headers = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return RedirectResponse(f"/{path}?{urlencode(said)}", 302, headers)


ROUTES = [Route(f"{PATH}/{{code:path}}", short)]
