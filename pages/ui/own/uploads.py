"""Files at the server's door, whichever page sent them: Streamlit keeps each in memory until its
session ends, asked for by a page or not.
"""

from __future__ import annotations

from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.types import Scope
from streamlit import runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from models.catalog import mode
from models.core.environment import environment
from pages.ui.storage.limits import Limit

PATH = "/_stcore/upload_file/"
HELD = 250 * 2**20  # bytes of a session's files at a time; the largest that is read has 200 MiB
TWICE = 2  # as many as the pages take: they say so in a sentence, a status says it to scripts
_asked = Limit(1.0, 1 / 60)  # a session's minutes


def refused(scope: Scope) -> HTTPStatus | None:
    """Why the server does not take this request's file; None: it does, or this brings none."""
    if scope["type"] != "http" or scope["method"] != "PUT" or not scope["path"].startswith(PATH):
        return None
    if mode() == "local":
        return None
    if mode() == "public":
        return HTTPStatus.FORBIDDEN  # no page of this mode asks for a file
    size = Headers(scope=scope).get("content-length", "")
    if not size.isdecimal() or len(size) > 12:
        return HTTPStatus.LENGTH_REQUIRED
    session = scope["path"].removeprefix(PATH).partition("/")[0]
    if _held(session) + int(size) > HELD:
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    if not _asked.allows(session, 1 / (TWICE * environment().uploads)):
        return HTTPStatus.TOO_MANY_REQUESTS
    return None


def _held(session: str) -> int:
    """Bytes of a session's files."""
    manager = runtime.get_instance().uploaded_file_mgr if runtime.exists() else None
    if not isinstance(manager, MemoryUploadedFileManager):
        return 0
    return sum(len(file.data) for file in dict(manager.file_storage.get(session, {})).values())
