"""Play, pause, a step back, a step on: a run that goes by itself while somebody looks."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import streamlit as st

from pages.ui import controls as buttons
from pages.ui import state
from pages.ui.stepping import placed, step_buttons
from pages.ui.text import t

PAUSE = 1300  # milliseconds between two words
_PLAYING = "_translator_playing"
_TICKER = Path(__file__).with_name("ticker.js")

_ticker = st.components.v2.component("dikkat_ticker", js=_TICKER.read_text(encoding="utf-8"))


def playing() -> bool:
    """Whether it goes by itself now."""
    return bool(st.session_state.get(_PLAYING))


def controls(count: int) -> None:
    """Play or pause (space), back (←), on (→)."""
    if int(state.get("step")) >= count - 1:
        st.session_state[_PLAYING] = False
    placed(partial(_controls, count))


def _controls(count: int) -> None:
    play, steps = st.columns([62, 210], gap="small")
    now = playing()
    icon = ":material/pause:" if now else ":material/play_arrow:"
    press = (_pause,) if now else (_play, count)
    why = t("translator.pause" if now else "translator.play")
    with play:
        buttons.button(icon, "play", *press, shortcut="Space", help=why)
    with steps:
        step_buttons(range(count), "seq2seq.back", "seq2seq.on")


def clock() -> None:
    """The next step comes by itself. Without it nothing runs: there is no clock while it pauses."""
    if not playing():
        return
    at = int(state.get("step"))

    def ticked() -> None:
        if st.session_state["ticker"].get("tick") == at and playing():
            state.put("step", int(state.get("step")) + 1)

    with st.container(key="clock"):
        _ticker(key="ticker", data={"at": at, "pause": PAUSE}, on_tick_change=ticked)


def _play(count: int) -> None:
    """From here; from the first word where the last one was shown."""
    if int(state.get("step")) >= count - 1:
        state.put("step", 0)
    st.session_state[_PLAYING] = count > 1


def _pause() -> None:
    st.session_state[_PLAYING] = False
