"""The class's routes: join by a code, answer on a plain form; the lecturer's second page.

No session of Streamlit's and no model: the database alone, asked in a thread. What is wrong is a
sentence in the reader's language, with the status that says so to a machine.
"""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from pages.ui import share, text
from pages.ui.classroom.posting import Refused, own, posted
from pages.ui.classroom.questions import Unreadable, tidy
from pages.ui.classroom.reach import in_network, reach
from pages.ui.hosting import metrics
from pages.ui.storage.limits import Limit
from pages.ui.storage.settings import DATABASE_VARIABLE, settings

JOIN, LECTURE = "/class", "/class/lecture"
COOKIE, LECTURER = "dikkat-device", "dikkat-lecture"
_LONGEST_CODE, _LONGEST_TOKEN = 12, 64
_TOKEN = re.compile(rf"[\w-]{{1,{_LONGEST_TOKEN}}}", re.ASCII)
_MARK = 22  # characters of a device's mark, before its seal
_DAY = 86_400
_STATUS = {
    **{"nothing": 400, "half": 400, "no_number": 400, "not_offered": 400, "unreadable": 400},
    **{"no_cookie": 400, "elsewhere": 403, "wrong_code": 404, "wrong_link": 404, "gone": 200},
    **{"slow": 408, "closed_now": 409, "changed": 409, "large": 413, "kind": 415, "flood": 429},
    **{"full": 429, "unreachable": 503},
}

# A whole class may come from one address: 200 look every few seconds, and answer at once.
ADDRESSES, DEVICES = Limit(3_000, 150.0), Limit(20, 0.5)
MARKS = Limit(1_000, 0.5)  # devices of one address that are new to a class
WRONG = Limit(120, 1.0)  # codes and links that are none; the right ones go on all the same
log = logging.getLogger("dikkat")


def start() -> None:
    """Look at the settings; where there is a database, make its tables, and forget classes that are
    over. ValueError: the settings are none, or it does not answer."""
    file = settings().file
    if file is not None and not file.exists():
        return  # it is made when a class begins
    from pages.ui.classroom import store
    from pages.ui.short.store import store as links

    try:
        store.store().purge()
        links().purge()
    except store.Unreachable as error:
        raise ValueError(f"{DATABASE_VARIABLE}: the database does not answer") from error


def language(request: Request) -> str:
    """The reader's."""
    query, header = request.query_params.get("lang"), request.headers.get("accept-language", "")
    return text.accepted(query, header)


def _page(request: Request, html: str, status: int = 200) -> Response:
    from pages.ui.classroom import form

    headers = form.headers() | {"Vary": "Accept-Language, Cookie"}
    if status == 429:
        headers["Retry-After"] = "10"
    return HTMLResponse(html, status, headers)


def _to(path: str) -> Response:
    return RedirectResponse(path, 303, {"Cache-Control": "no-store"})


Answering = Callable[[Request], Awaitable[Response]]


def _said(answer: Answering) -> Answering:
    """What a route refuses becomes a page that says why."""

    async def answered(request: Request) -> Response:
        try:
            if not ADDRESSES.allows(_address(request)):
                raise Refused("flood")
            return await answer(request)
        except Refused as refused:
            return await run_in_threadpool(_refusal, request, refused)

    return answered


def _refusal(request: Request, refused: Refused) -> Response:
    from pages.ui.classroom import form

    spoken = language(request)
    back = form.address(refused.back or JOIN, spoken)
    return _page(request, form.told(spoken, refused.code, back), _STATUS[refused.code])


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


@_said
async def join(request: Request) -> Response:
    """Where one types the code."""
    given = request.query_params.get("code", "")[: _LONGEST_CODE * 2]
    return await run_in_threadpool(_join, request, given)


def _join(request: Request, given: str) -> Response:
    from pages.ui.classroom import form

    spoken = language(request)
    if not given:
        return _page(request, form.join(spoken))
    code = tidy(given)
    if _look(code, "") is None:
        return _wrong(request, given)
    return _to(form.address(f"{JOIN}/{code}", spoken))


def _wrong(request: Request, given: str) -> Response:
    from pages.ui.classroom import form

    if not WRONG.allows(_address(request)):
        raise Refused("flood")
    return _page(request, form.join(language(request), given, "wrong_code"), 404)


@_said
async def room(request: Request) -> Response:
    """A class's question on a phone: looked at, or answered."""
    code = tidy(request.path_params["code"])
    device = await run_in_threadpool(_device, request, code)
    if request.method != "POST":
        change = "change" in request.query_params
        return await run_in_threadpool(_room, request, code, device, change)
    back = f"{JOIN}/{code}" if code else ""
    own(request, back)
    if not device:
        raise Refused("no_cookie", back)
    if not DEVICES.allows(device):
        raise Refused("flood", back)
    sent = await posted(request, back)
    return await run_in_threadpool(_answer, request, code, device, sent)


def _room(request: Request, code: str, device: str, change: bool) -> Response:
    from pages.ui.classroom import form

    now = _look(code, device)
    if now is None:
        return _wrong(request, request.path_params["code"][: _LONGEST_CODE * 2])
    counts = _counted(now.id) if now.state == "revealed" else {}
    response = _page(request, form.room(language(request), now, counts, change=change))
    return response if device else _marked(request, response, code)


def _answer(request: Request, code: str, device: str, sent: Mapping[str, str]) -> Response:
    from pages.ui.classroom import form

    now = _look(code, device)
    if now is None:
        return _wrong(request, request.path_params["code"][: _LONGEST_CODE * 2])
    if sent.get("question") != str(now.id) or now.question is None:
        raise Refused("changed", f"{JOIN}/{code}")
    if now.state != "open":
        raise Refused("closed_now", f"{JOIN}/{code}")
    try:
        value = now.question.read(sent)
    except Unreadable as error:
        html = form.room(language(request), now, {}, given=sent, trouble=error.code)
        return _page(request, html, _STATUS[error.code])
    outcome = _ask("submit", code, now.id, device, value)
    metrics.answered(outcome)
    if outcome == "taken":
        return _to(form.address(f"{JOIN}/{code}", language(request)))
    refused = {"closed": "closed_now", "absent": "wrong_code"}.get(outcome, outcome)
    raise Refused(refused, f"{JOIN}/{code}")


@_said
async def key(request: Request) -> Response:
    """The lecturer's own link: it becomes a cookie, and stands in no address that a class sees."""
    token = request.path_params["token"]
    if not _TOKEN.fullmatch(token):  # nor is it anything that a cookie could hold
        raise Refused("wrong_link" if WRONG.allows(_address(request)) else "flood")
    response = _to(f"{LECTURE}?{request.url.query}".rstrip("?"))
    safe = {"samesite": "lax", "secure": request.url.scheme == "https"}
    response.set_cookie(LECTURER, token, path="/", **safe)  # type: ignore[arg-type]
    return response


@_said
async def lecture(request: Request) -> Response:
    """The lecturer's second page: the tally, to close, to reveal, to delete."""
    token = request.cookies.get(LECTURER, "")[:_LONGEST_TOKEN]
    sent: Mapping[str, str] = {}
    if request.method == "POST":
        own(request, LECTURE)
        sent = await posted(request, LECTURE)
    return await run_in_threadpool(_lecture, request, token, sent.get("do", ""))


def _lecture(request: Request, token: str, do: str) -> Response:
    from pages.ui.classroom import form

    spoken = language(request)
    if do == "delete" and _ask("delete", token):
        raise Refused("gone")
    if do in ("closed", "revealed"):
        _ask("turn", token, do)
    if request.method == "POST":
        return _to(form.address(LECTURE, spoken))
    now = _ask("lecture", token)
    if now is None:
        raise Refused("wrong_link" if WRONG.allows(_address(request)) else "flood")
    origin = reach(share.public_address(), str(request.url), None, in_network()).origin
    link = f"{origin}{JOIN}/{now.code}"
    picture = share.code(link, urlsplit(link).netloc)
    html = form.lecture(spoken, now, _counted(now.id), origin + JOIN, picture)
    return _page(request, html)


def _look(code: str, device: str) -> Any:
    return _ask("standing", code, device) if code else None


def _counted(asked: int) -> dict[str, int]:
    return dict(_ask("tally", asked)) if asked else {}


def _ask(what: str, *given: Any) -> Any:
    """What the store's method of that name gives, in a thread of its own."""
    from pages.ui.classroom import store

    try:
        return getattr(store.store(), what)(*given)
    except store.Unreachable as error:
        log.warning("the classes' database: %s", error)
        raise Refused("unreachable") from error


def _device(request: Request, code: str) -> str:
    """The device's own mark in that class; "": it has none, or one that we have not given."""
    said = request.cookies.get(f"{COOKIE}-{code}", "") if code else ""
    mark, seal = said[:_MARK], said[_MARK:]
    known = len(said) > _MARK and said.isascii() and _ask("seal", code, mark)
    return mark if known and secrets.compare_digest(known, seal) else ""


def _marked(request: Request, response: Response, code: str) -> Response:
    """A device that is new to the class gets a mark, which nobody else can make."""
    if not MARKS.allows(_address(request)):
        raise Refused("flood", f"{JOIN}/{code}")
    safe = {"httponly": True, "samesite": "lax", "secure": request.url.scheme == "https"}
    mark = secrets.token_urlsafe(16)
    said = mark + _ask("seal", code, mark)
    response.set_cookie(f"{COOKIE}-{code}", said, max_age=_DAY, path=JOIN, **safe)  # type: ignore[arg-type]
    return response


ROUTES = [
    Route(JOIN, join),
    Route(LECTURE, lecture, methods=["GET", "POST"]),
    Route(f"{LECTURE}/{{token}}", key),
    Route(f"{JOIN}/{{code}}", room, methods=["GET", "POST"]),
]
