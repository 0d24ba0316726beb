"""The ASGI app: `streamlit run app.py` and `uvicorn app:app` both start it.

Models warm up in a background thread, so that the first page draws at once.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st
from starlette.convertors import Convertor, register_url_convertor
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from streamlit.file_util import get_static_dir

from models.catalog import DEFAULT_MODEL, is_loaded, load
from models.core.environment import SettingError, environment
from models.translation import reference
from pages.registry import TOPICS
from pages.ui import caches, share, warm
from pages.ui.classroom import routes as classroom
from pages.ui.guard import Guard
from pages.ui.hosting import ending, left, logs, metrics
from pages.ui.lectures import notes
from pages.ui.short import route as short
from pages.ui.text import accepted
from pages.ui.unread import LONGEST_NAME, NO_PAGE

# First steps of paths that Streamlit answers itself.
_OTHERS = ("_stcore", "app", "auth", "component", "health", "media", "oauth2callback", "static")

log = logging.getLogger("dikkat")


def warm_up() -> None:
    """Load the default model, then build the parser of the sentences that visitors type.

    Each is then taken out of garbage collection: Streamlit collects after every script run,
    and walking through torch, or through the grammar's million objects, would hold the
    interpreter longer than drawing a page takes.
    """
    steps = {"default model": lambda: load(DEFAULT_MODEL), "grammar's parser": reference.prepare}
    for name, prepare in steps.items():
        try:
            prepare()
        except Exception:
            log.exception("the %s could not be warmed up", name)
        gc.collect()
        gc.freeze()
    logs.begin()  # of the libraries that came with them, too
    log.info("ready")


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Start the warm-up, and what works in the background, without waiting for either.

    ValueError: a setting is none, or the classes' database does not answer.
    """
    logs.begin()
    # An address holds what its visitor typed; Streamlit turns uvicorn's log of them on again.
    logging.getLogger("uvicorn.access").disabled = True
    classroom.start()
    ending.gently()
    log.info("started in mode %s", environment().mode)
    warming = threading.Thread(target=warm_up, name="warm-up", daemon=True)
    warming.start()
    threading.Thread(target=caches.work, name="background", daemon=True).start()
    tasks = [asyncio.create_task(left.sweep(caches.sweep))]
    if environment().warm:
        tasks.append(asyncio.create_task(_drawn_after(warming)))
    yield
    for task in tasks:
        task.cancel()
    log.info("ended")


async def _drawn_after(warming: threading.Thread) -> None:
    await asyncio.to_thread(warming.join)
    await warm.draw_all()


async def live(_: Request) -> JSONResponse:
    """The process answers."""
    return JSONResponse({"status": "ok"})


async def ready(_: Request) -> JSONResponse:
    """The default model is in memory, what was to be drawn before is, and nobody has told the
    process to end: 200, else 503.
    """
    warmed = is_loaded(DEFAULT_MODEL) and (warm.done() or not environment().warm)
    now = warmed and not ending.ending()
    return JSONResponse({"ready": now}, status_code=200 if now else 503)


def counted(_: Request) -> Response:
    """What the app counts of itself, for Prometheus: 404 where the settings do not ask for it."""
    if not environment().metrics:
        return Response(status_code=404)
    return Response(metrics.text(), headers={"Content-Type": metrics.CONTENT_TYPE})


async def page(request: Request) -> HTMLResponse:
    """Streamlit's front end, told where its server is; or the speaker's notes beside it.

    It would ask below the page's own path first, and the browser's console would hold two 404s.
    """
    if request.query_params.get(notes.NAME) == notes.ON:
        return notes.answer(_language(request))
    return HTMLResponse(_index(_language(request)), headers={"Cache-Control": "no-cache"})


@cache
def _index(language: str) -> str:
    """The front end's HTML in a language; a page lies one step below its server."""
    html = Path(get_static_dir(), "index.html").read_text(encoding="utf-8")
    where = "<script>window.__streamlit={BACKEND_BASE_URL:new URL('.',location.href).href}</script>"
    return html.replace("<head>", f"<head>{where}", 1).replace('lang="en"', f'lang="{language}"', 1)


def _language(request: Request) -> str:
    """As the pages choose it: in the address, else the browser's where we speak it."""
    return accepted(request.query_params.get("lang"), request.headers.get("accept-language", ""))


def link_code(request: Request) -> Response:
    """The QR code of a link to this app: 400 for any other."""
    try:
        drawn = share.code(request.query_params.get("link", ""), request.headers.get("host", ""))
    except ValueError as error:
        return Response(str(error), status_code=400, media_type="text/plain")
    headers = {"Cache-Control": "private, max-age=3600", "X-Content-Type-Options": "nosniff"}
    return Response(drawn, media_type="image/svg+xml", headers=headers)


async def home(request: Request) -> RedirectResponse:
    """The front page's own name leads to where it stands."""
    return RedirectResponse(f"/?{request.url.query}".rstrip("?"))


async def stray(request: Request) -> Response:
    """An address below a page's: a reader is led to the page, a script is told there is nothing."""
    page, _, rest = request.url.path.strip("/").partition("/")
    reader = "text/html" in request.headers.get("accept", "")
    if rest.startswith("_stcore") or not reader:
        return Response(status_code=404)
    return RedirectResponse(f"/{page}?{request.url.query}".rstrip("?"))


async def lost(request: Request) -> Response:
    """An address that no page has: a reader is led to the front page, which says so."""
    if "text/html" not in request.headers.get("accept", ""):
        return Response(status_code=404)
    name = request.url.path.strip("/")[:LONGEST_NAME]
    language = {n: v for n, v in request.query_params.items() if n == "lang"}
    return RedirectResponse(f"/?{urlencode({NO_PAGE: name, **language})}")


class Unknown(Convertor[str]):
    """A path that is neither a file's nor one of Streamlit's own."""

    regex = rf"(?!(?:{'|'.join(_OTHERS)})(?:/|$))[^.]+"

    def convert(self, value: str) -> str:
        """As it stands."""
        return value

    def to_string(self, value: str) -> str:
        """As it stands."""
        return value


register_url_convertor("unknown", Unknown())
# A host may keep settings in Streamlit's secrets: they become the environment's before it is read.
st.secrets.load_if_toml_exists()
with suppress(SettingError):  # lifespan says which; uvicorn's own first line comes before it
    logs.begin()

app = st.App(
    "pages/router.py",
    lifespan=lifespan,
    middleware=[Middleware(Guard)],
    routes=[
        Route("/health/live", live),
        Route("/health/ready", ready),
        Route("/metrics", counted),
        Route(share.ROUTE, link_code),
        *classroom.ROUTES,
        *short.ROUTES,
        Route("/home", home),
        Route("/", page),
        *(Route(f"/{topic.slug}", page) for topic in TOPICS),
        *(Route(f"/{topic.slug}/{{rest:path}}", stray) for topic in TOPICS),
        Route("/{path:unknown}", lost),
    ],
)
