"""The lecture's slides on screen: a button, how far they are, the file."""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st

from pages.ui import controls, frame, share
from pages.ui.lectures.deck import making
from pages.ui.lectures.deck.making import Making
from pages.ui.lectures.deck.order import Order
from pages.ui.lectures.playing import Playing
from pages.ui.text import language, notation, t
from viz.export.picture import chromium

LOCAL = "http://localhost:8501"  # where the app is, as long as nobody says otherwise
POLL = 1.0  # seconds between two looks how far it is
KIND = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_TICKET, _FULL = "_deck", "_deck_full"  # in the session: what was begun; it was one too many
_MB = 1e6


def show(now: Playing) -> None:
    """What the slides are, and the way to them."""
    st.markdown(f"**{t('deck.title')}**")
    st.caption(t("deck.note"))
    order = _order(now)
    run = _run(order)
    busy = run is not None and run.busy
    st.fragment(_state, run_every=POLL if busy else None)(order, run.stage if run else "")


def leave() -> None:
    """Nobody waits for it any more (in a callback)."""
    name = st.session_state.pop(_TICKET, None)
    if name is not None:
        making.stop(name)


def _order(now: Playing) -> Order:
    theme = frame.current_theme().name
    return Order(now.name, now.lecture.source, language(), theme, _link())


def _link() -> str:
    """Where the app is, for those who open a link: what comes before the page's name."""
    public = share.public_address()
    try:
        here = urlsplit((st.context.url or "")[: share.LONGEST])
    except ValueError:  # what a browser says may be anything
        return public or LOCAL
    if public or here.scheme not in ("http", "https"):
        return public or LOCAL
    return f"{here.scheme}://{here.netloc}{here.path.rpartition('/')[0]}"


def _run(order: Order) -> Making | None:
    """This visitor's, where it is the same lecture, language and theme."""
    name = st.session_state.get(_TICKET)
    found = None if name is None else making.seen(name)
    return found if found is not None and found.order == order else None


def _state(order: Order, stage: str) -> None:
    """By itself, as often as there may be something new; another stage is another run."""
    run = _run(order)
    if (run.stage if run else "") != stage:
        st.rerun()
    file = making.file(order)
    if file is not None:
        size = notation().fixed(len(file) / _MB, 1)
        st.download_button(
            t("deck.save", size=size), file, order.file, KIND,
            key="deck-save", type="primary", icon=":material/download:", on_click="ignore",
        )  # fmt: skip
    elif run is not None and run.busy:
        words = {"count": run.before, "n": run.slide, "last": run.last}
        stage = "starting" if run.stage == "waiting" and not run.before else run.stage
        st.progress(run.share, t(f"deck.stage.{stage}", **words))
        controls.button(t("deck.stop"), "deck-stop", _stop)
    elif chromium() is None or (run is not None and run.stage == "no_browser"):
        st.info(t("deck.no_browser"), icon=":material/info:")
    else:
        _offer(run, order)


def _offer(run: Making | None, order: Order) -> None:
    if st.session_state.pop(_FULL, False):
        st.caption(t("deck.full", count=making.WAITING))
    elif run is not None and run.stage in ("stopped", "dropped", "failed"):
        st.caption(t(f"deck.stage.{run.stage}"))
    controls.button(t("deck.make"), "deck-make", _begin, order, type="primary")


def _begin(order: Order) -> None:
    run = _run(order)
    if run is None or not run.busy:  # else a second click came before the first one's run
        leave()  # of another language or theme
        name = making.begin(order)
        st.session_state[_FULL] = name is None
        if name is not None:
            st.session_state[_TICKET] = name


def _stop() -> None:
    name = st.session_state.get(_TICKET)
    if name is not None:
        making.stop(name)
