"""The ASGI app: `streamlit run app.py` and `uvicorn app:app` both start it.

Models warm up in a background thread, so that the first page draws at once.
"""

from __future__ import annotations

import gc
import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from models.catalog import DEFAULT_MODEL, is_loaded, load
from models.translation import reference
from pages.registry import TOPICS

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


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Start the warm-up without waiting for it."""
    threading.Thread(target=warm_up, name="warm-up", daemon=True).start()
    yield


async def live(_: Request) -> JSONResponse:
    """The process answers."""
    return JSONResponse({"status": "ok"})


async def ready(_: Request) -> JSONResponse:
    """The default model is in memory: 200, else 503."""
    loaded = is_loaded(DEFAULT_MODEL)
    return JSONResponse({"ready": loaded}, status_code=200 if loaded else 503)


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


app = st.App(
    "pages/router.py",
    lifespan=lifespan,
    routes=[
        Route("/health/live", live),
        Route("/health/ready", ready),
        Route("/home", home),
        *(Route(f"/{topic.slug}/{{rest:path}}", stray) for topic in TOPICS),
    ],
)
