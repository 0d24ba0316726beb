"""What one visitor may ask of a server that many share: new passes of models, and files.

A visitor is a session, never an address: a whole class may come from one. On one's own machine
(DIKKAT_MODE=local) nobody is counted, nor is what the server does by itself.
"""

from __future__ import annotations

from math import ceil

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from models.catalog import mode
from models.core.environment import environment
from models.errors import InputError
from pages.ui.storage.limits import Limit

_COUNTED = "_files_counted"


class Spent(InputError):
    """A visitor has had what one may ask for in a minute; details: ``limit``, ``seconds``."""


class TooManyPasses(Spent):
    """New results of models; what is kept from before counts for none."""


class TooManyUploads(Spent):
    """Files."""


def a_pass() -> None:
    """A visitor asks for what is not kept yet. Raises TooManyPasses."""
    _spend("passes", TooManyPasses)


def a_file(file: UploadedFile) -> UploadedFile:
    """A visitor's file, itself. Raises TooManyUploads, and takes it in a later run."""
    if st.session_state.get(_COUNTED) != file.file_id:
        _spend("uploads", TooManyUploads)
        st.session_state[_COUNTED] = file.file_id
    return file


def _spend(name: str, refusal: type[Spent]) -> None:
    if mode() == "local" or get_script_run_ctx(suppress_warning=True) is None:
        return
    most = int(getattr(environment(), name))
    left: Limit = st.session_state.setdefault(f"_{name}_left", Limit(most, most / 60))
    if not left.allows(""):
        seconds = max(1, ceil(left.wait("")))
        raise refusal(f"{most} {name} a minute", limit=most, seconds=seconds)
