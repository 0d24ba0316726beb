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
HEIGHT = 60  # pixels that the panel takes
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
    if now.busy:
        _progress(model_id, now)
        return
    left, right = st.columns(_WIDTHS, vertical_alignment="center", gap="medium")
    with left.container(gap="xxsmall"):
        _said(model_id, now)
    with right:
        _button(model_id, now)


def _progress(model_id: str, now: Download) -> None:
    if now.offer is None:
        lines.hint(rich("hub.asking", model=model_id))
        return
    here, size = now.offer.here, now.offer.size
    words = f"{t('hub.fetching', done=said(here), size=said(size))} · {t('hub.goes_on')}"
    st.progress(min(1.0, here / max(size, 1)), words)


def _said(model_id: str, now: Download) -> None:
    if now.error is not None:
        details = {"model": model_id, **now.error.details, "kept": ""}
        lines.line("offer", rich(f"error.{now.error.code}", **details))
    elif now.offer is not None:
        here, size = now.offer.here, now.offer.size
        name, revision = now.offer.named
        what = {"model": name, "revision": revision, "commit": now.offer.commit[:7]}
        count = len(now.offer.files)
        lines.line("offer", rich("hub.offer", size=said(size), count=count, **what))
        left = t("hub.partly", done=said(here), size=said(size))
        lines.hint(left if here else t("hub.private"))


def _button(model_id: str, now: Download) -> None:
    """What fetches it, and how much that is; after a refusal, what asks again."""
    if now.offer is None or not (now.error is None or isinstance(now.error, Interrupted)):
        controls.button(t("hub.again"), "fetch", downloads.begin, model_id)
        return
    here, size = now.offer.here, now.offer.size
    if size >= 10 * MB:  # both are said in whole MB, and so is their difference
        here, size = (round(count / MB) * MB for count in (here, size))
    label = t("hub.go_on" if here else "hub.fetch", size=said(size - here))
    controls.button(label, "fetch", downloads.begin, model_id, type="primary")


def said(count: int) -> str:
    """Bytes in MB (10⁶) as one says them: 90, 4.2, 0.31."""
    return notation().fixed(count / MB, 0 if count >= 10 * MB else 1 if count >= MB else 2)
