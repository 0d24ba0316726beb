"""Visitors who have left: what their sessions hold goes, on a server that nobody else visits, too.

Streamlit keeps a session for two minutes, should its browser come back, and lets those that are
over go when the next one is put beside them: after the last visitor, never.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from streamlit.runtime import Runtime
from streamlit.runtime.caching.ttl_cache import TTLCache

EVERY = 60.0  # seconds between two looks

log = logging.getLogger("dikkat")


def expire() -> int:
    """Let go the sessions that are over: how many. The thread of the event loop's alone."""
    manager = getattr(Runtime.instance(), "_session_mgr", None) if Runtime.exists() else None
    kept = getattr(getattr(manager, "_session_storage", None), "_cache", None)
    return len(kept.expire()) if isinstance(kept, TTLCache) else 0


async def sweep(more: Callable[[bool], None], every: float = EVERY) -> None:
    """For ever: those sessions, then `more`, on a thread; it is told whether any went."""
    while True:
        await asyncio.sleep(every)
        try:
            gone = expire()
            await asyncio.to_thread(more, gone > 0)
        except Exception:
            log.exception("what visitors left behind")
