"""A model of the hub that is not here yet: what it takes, the button for it, how far it is.

The visitor's model stays chosen meanwhile, and opens by itself once it is here.
"""

from __future__ import annotations

import streamlit as st

from models.errors import InputError
from models.loading import downloads
from models.loading.downloads import Download, Stage
from models.loading.hub import MB
from models.loading.hub_errors import Interrupted, NotDownloaded
from pages.ui import controls, lines
from pages.ui.text import notation, rich, t

POLL = 1.0  # seconds between two looks how far it is
_WANTED = "_fetching"  # the model of which this run has to speak
HEIGHT = 2  # notices that the panel is as high as
_WIDTHS = (1300, 500)


def offer(error: InputError, model_id: str) -> None:
    """Where that is why a model does not open, let this run's panel speak of it."""
    if isinstance(error, NotDownloaded):
        st.session_state[_WANTED] = model_id


def panel() -> bool:
    """The panel, where `offer` was called in this run: whether it is drawn."""
    model_id = st.session_state.pop(_WANTED, None)
    if model_id is None:
        return False
    now = downloads.asked(model_id)
    with st.container(border=True, key="fetching"):
        st.fragment(_panel, run_every=POLL if now.busy else None)(model_id, now.stage)
    return True


def _panel(model_id: str, stage: Stage) -> None:
    """By itself, as often as there may be something new; what is another stage is another run."""
    now = downloads.seen(model_id)
    if now is None or now.stage != stage:
        st.rerun()
    left, right = st.columns(_WIDTHS, vertical_alignment="center", gap="medium")
    with left:
        _said(model_id, now)
    with right:
        label = _label(now)
        if label:
            controls.button(label, "fetch", downloads.begin, model_id, type="primary")


def _said(model_id: str, now: Download) -> None:
    if now.stage == "asking":
        lines.remark(rich("hub.asking", model=model_id))
    elif now.error is not None:
        details = {"model": model_id, **now.error.details, "kept": ""}
        lines.remark(rich(f"error.{now.error.code}", **details))
    elif now.offer is not None:
        here, size = now.offer.here, now.offer.size
        sizes = {"done": said(here), "size": said(size)}
        if now.stage == "fetching":
            st.progress(min(1.0, here / max(size, 1)), t("hub.fetching", **sizes))
            lines.hint(t("hub.goes_on"))
            return
        name, revision = now.offer.named
        what = {"model": name, "revision": revision, "commit": now.offer.commit[:7]}
        lines.remark(rich("hub.offer", size=said(size), count=len(now.offer.files), **what))
        lines.hint(t("hub.partly" if here else "hub.private", **sizes))


def _label(now: Download) -> str:
    """Of the button; "": there is nothing to press."""
    if now.busy:
        return ""
    if now.offer is None or not (now.error is None or isinstance(now.error, Interrupted)):
        return t("hub.again")
    here, size = now.offer.here, now.offer.size
    return t("hub.go_on" if here else "hub.fetch", size=said(size - here))


def said(count: int) -> str:
    """Bytes in MB (10⁶) as one says them: 90, 4.2, 0.31."""
    return notation().fixed(count / MB, 0 if count >= 10 * MB else 1 if count >= MB else 2)
