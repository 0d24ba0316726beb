"""One word after another: how a decoder chooses, what it may see, keeps, and copies."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.ui import about, choosing, frame, generating, kvcache, masked, repeats, views
from pages.ui.generating import Seen
from pages.ui.text import t

_ON_TEXT: dict[str, Callable[[Seen, int], None]] = {
    "write": choosing.view,
    "mask": masked.view,
    "cache": kvcache.view,
}


def body() -> None:
    """Everything below the title. Only the open view is computed."""
    view = views.opened(generating.VIEWS)
    if view == "induction":
        repeats.body(generating.view_control)
    else:
        _on_text(view)
    frame.learn("gpt")


def _on_text(view: str) -> None:
    with st.spinner(t("frame.wait")):
        seen = generating.chosen()
    generating.controls_row(seen, view)
    notices = frame.notices()
    _ON_TEXT[view](seen, notices)
    about.model(seen.written.model_id)


frame.page("gpt", body)
