"""One word after another: how a decoder chooses, what it may see, keeps, and copies."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.gpt import cache, controls, feed_forward, induction, mask, order, sampling
from pages.gpt.controls import Seen
from pages.ui import about, frame, parts, views
from pages.ui.text import t

_ON_TEXT: dict[str, Callable[[Seen, int], None]] = {
    "write": sampling.view,
    "mask": mask.view,
    "cache": cache.view,
}


def body() -> None:
    """Everything below the title. Only the open view is computed."""
    view = views.opened(controls.VIEWS)
    if view == "induction":
        induction.body()
    else:
        with st.spinner(t("frame.wait")):
            seen = controls.chosen()
        controls.controls_row(seen, view)
        units = feed_forward.chosen(seen) if view == "write" else None
        _ON_TEXT[view](seen, frame.notices())
        if view == "write":
            order.beside(seen)
            if units is not None:
                feed_forward.beside(seen, units)
        parts.below(about.model, seen.written.model_id)


parts.page("gpt", body)
