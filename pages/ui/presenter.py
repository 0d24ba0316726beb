"""Presenter mode: a page read from the back row of a lecture hall, and led by keys.

`?lecture=1` goes along from page to page. What is drawn larger follows from `window.current`,
which is then one of a hall (`viz.board.enlarged` for figures, `presenter.css` for the rest). What
needs no run (a blank screen, a pointer, the list of keys) is the browser's own: `presenter.js`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from pages.ui import keys, scripts, state, window
from pages.ui.text import t

_HERE = Path(__file__).parent
CSS = _HERE / "presenter.css"
# What the list of keys says of each: its words, and the keys as they are written on a keyboard.
_KEYS = {
    "steps": "← → · PageUp PageDown",
    "query": "↑ ↓",
    "head": "J K",
    "layer": "E D",
    "table": "R",
    "sums": "A",
    "spot": "S",
    "pointer": "L",
    "blank": "B",
    "full": "F",
    "present": "P",
    "help": "H",
}
_WORDS = ("keys", "on", "off", "close", "are_off", "blank_on")
_browser = st.components.v2.component(
    "dikkat_presenter",
    js=scripts.read(_HERE, "opener.js", "presenter.js"),
    css=scripts.read(_HERE, "presenter_keys.css"),
)


def on() -> bool:
    """Whether this visit is a lecture."""
    return bool(state.get("lecture"))


def along() -> dict[str, object]:
    """What a link to another page takes along."""
    return {"lecture": True} if on() else {}


def turn() -> None:
    """Begin it, or go back to the page as one reads it alone."""
    state.put("lecture", None if on() else True)


def buttons(further: Mapping[str, str]) -> None:
    """Beside the title: presenter mode on and off, and the keys.

    further: keys of a lecture that plays, as `_KEYS`; their words stand below talk.key.
    """
    words = t("lecture.stop" if on() else "lecture.start")
    st.button(words, key="present", on_click=turn, icon=":material/slideshow:")
    said = {name: t(f"lecture.{name}") for name in _WORDS}
    listed = {name: [keys_, t(f"lecture.key.{name}")] for name, keys_ in _KEYS.items()}
    if further:
        del listed["table"]  # nothing is taken along meanwhile
    listed |= {f"talk-{n}": [keys_, t(f"talk.key.{n}")] for n, keys_ in further.items()}
    with st.container(key="lecture-keys"):
        _browser(key="presenter-browser", data={"on": on(), "words": said, "keys": listed})


def listen() -> None:
    """The keys of a hall that need a run."""
    if window.current().hall:
        keys.button("spot", _spot, "S", relative=True)


def _spot() -> None:
    state.put("spot", None if state.get("spot") else True)
