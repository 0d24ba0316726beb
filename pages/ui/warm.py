"""What visitors open first, drawn once by a process before it says that it is ready.

Nobody's visits, over Streamlit's own runtime: whatever a visitor's first run would load, compute
and compose lies in the process's caches afterwards, where visitors' runs look anyway. Nothing is
kept on disk, so that nothing can be of other code or other weights.
"""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Iterator
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import Runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.session_manager import SessionClient

from models.core.budget import lasting
from pages.ui import links
from pages.ui.text import SPOKEN
from pages.ui.topic import topics

THEMES = ("light", "dark")
LONGEST = 120.0  # seconds of one visit
_OVER = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_WITH_COMPILE_ERROR)

log = logging.getLogger("dikkat")
_done = False
_ours: set[str] = set()  # sessions of nobody, by their ids


class _Nobody(SessionClient):
    """Sees nothing but the end of a run."""

    def __init__(self) -> None:
        self.over = asyncio.Event()

    def write_forward_msg(self, msg: ForwardMsg) -> None:
        """What a browser would be sent; on the thread of the event loop."""
        if msg.WhichOneof("type") == "script_finished" and msg.script_finished in _OVER:
            self.over.set()


def done() -> bool:
    """Whether everything was drawn."""
    return _done


def visits() -> Iterator[tuple[str, str, str]]:
    """(page, query, theme): every page as it opens, then each view's beginning; all languages."""
    first = [(topic.slug, "") for topic in topics()]
    views = [(topic.slug, view) for topic in topics() for view in topic.views[1:]]
    for page, view in (*first, *views):
        for language in SPOKEN:
            asked = {"lang": language, "v": str(links.VERSION)}
            if view:
                asked["view"] = view
            for theme in THEMES:
                yield page, urlencode(asked), theme


def lasts() -> None:
    """At a run's beginning: what nobody's visits ask for stays, since it is no visitor's."""
    context = get_script_run_ctx(suppress_warning=True)
    lasting.set(context is not None and context.session_id in _ours)


async def draw_all() -> None:
    """Draw them one after another; what goes wrong is logged, and the rest is drawn."""
    global _done
    for page, query, theme in visits():
        try:
            await asyncio.wait_for(_drawn(page, query, theme), LONGEST)
        except Exception:
            log.exception("%s?%s could not be drawn beforehand", page, query)
    # As after the models were loaded (app.warm_up): not to be walked through after every run.
    gc.collect()
    gc.freeze()
    _done = True


async def _drawn(page: str, query: str, theme: str) -> None:
    runtime, nobody = Runtime.instance(), _Nobody()
    session = runtime.connect_session(nobody, {})
    _ours.add(session)
    try:
        asked = BackMsg()
        asked.rerun_script.query_string = query
        asked.rerun_script.page_name = "" if page == "home" else page
        asked.rerun_script.context_info.color_scheme = theme
        runtime.handle_backmsg(session, asked)
        await nobody.over.wait()
    finally:
        runtime.close_session(session)
        _ours.discard(session)
