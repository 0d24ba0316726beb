"""What a lecture shows while it plays: one bar in the title's place, and what it opens.

The question is the page's title meanwhile. What is to say stays folded: the class sees this screen.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import streamlit as st

from pages.ui import keys, tries
from pages.ui.export import button as takealong
from pages.ui.lectures import notes, playing
from pages.ui.lectures.deck import panel as deck
from pages.ui.lectures.lecture import Stop
from pages.ui.lectures.playing import Playing
from pages.ui.lectures.words import markdown
from pages.ui.lesson import MOST
from pages.ui.text import t
from viz.board.markup import Safe, template

_CSS = Safe(Path(__file__).with_suffix(".css").read_text(encoding="utf-8"))
_STYLE = template("<style>{{ css }}</style>")
_PROGRESS = template(
    "<p class='talk-progress'><b>{{ place }}</b><span>{{ minutes }}</span>"
    "<progress max='{{ all }}' value='{{ spent }}'></progress></p>"
)
# Widget → what its press does, and the key that presses it, too.
_PRESSES: dict[str, tuple[Callable[[], None], str]] = {
    "talk-previous": (partial(playing.step, -1), "Shift+N"),
    "talk-next": (partial(playing.step, 1), "N"),
    "talk-predict": (partial(playing.toggle, "predict"), "T"),
    "talk-notes": (partial(playing.toggle, "notes"), "O"),
    "talk-contents": (partial(playing.toggle, "contents"), "C"),
    "talk-deck": (partial(playing.toggle, "deck"), "G"),
    **{f"talk-choice-{n}": (partial(playing.predict, n), str(n + 1)) for n in range(MOST)},
}
# What the list of keys says of a lecture's own; V is the browser's, which opens the window.
KEYS = {
    "stops": "N ⇧N",
    "predict": "T",
    "choices": " ".join(str(n + 1) for n in range(MOST)),
    "notes": "O",
    "window": "V",
    "contents": "C",
    "deck": "G",
}
_CLICKER = {"PageUp": "talk-previous", "PageDown": "talk-next"}  # where a page has no further step


def listen() -> None:
    """The lecture's keys, while one plays: inside of `keys.listening`."""
    if playing.now() is not None:
        for key, (press, called) in _PRESSES.items():
            keys.button(key, press, called, relative=key in _CLICKER.values())
        keys.beyond(_CLICKER)


@st.fragment
def show(page: str) -> None:
    """The bar, and what is open below it."""
    playing.follow(page)
    now = playing.now()
    if now is None:
        return
    st.html(_STYLE(css=_CSS))
    with st.container(key="talk", horizontal=True, vertical_alignment="center", gap="small"):
        _progress(now)
        with st.container(key="talk-question", width="stretch"):
            st.title(markdown(now.stop.question), anchor=False)
        with st.container(key="talk-buttons", horizontal=True, width="content", gap="xxsmall"):
            _buttons(now)
        notes.lead(now)
    panel = playing.open_panel()
    if panel:
        with st.container(key="talk-panel", gap="xsmall"):
            _DRAWN[panel](now)


def _progress(now: Playing) -> None:
    spent = now.lecture.before(now.number)
    until, whole = spent + now.stop.minutes, now.lecture.minutes
    place = t("talk.place", n=now.number, of=len(now.lecture.stops))
    minutes = t("talk.minutes", first=spent, last=until, of=whole)
    html = _PROGRESS(place=place, minutes=minutes, all=whole, spent=until)
    with st.container(key="talk-progress", width="content"):
        st.html(html)


def _buttons(now: Playing) -> None:
    covered = now.predicted is None
    label = t("talk.predict" if covered else "talk.answer")
    icon = ":material/help:" if covered else ":material/check:"
    predict = _PRESSES["talk-predict"][0]
    st.button(label, key="talk-predict", icon=icon, on_click=predict, type="primary")
    _icon("previous", ":material/skip_previous:", disabled=now.number == 1)
    _icon("next", ":material/skip_next:", disabled=now.number == len(now.lecture.stops))
    _icon("contents", ":material/toc:")
    _icon("notes", ":material/speaker_notes:", disabled=not now.stop.notes)
    _icon("leave", ":material/close:", press=_leave)


def _icon(
    name: str, icon: str, *, disabled: bool = False, press: Callable[[], None] | None = None
) -> None:
    """A button of which only the icon is seen; what it does opens below the pointer.

    press: where no key of the lecture's does it.
    """
    key, words = f"talk-{name}", t(f"talk.{name}")
    press = _PRESSES[key][0] if key in _PRESSES else press
    st.button(words, key=key, icon=icon, on_click=press, help=words, disabled=disabled)


def _leave() -> None:
    playing.leave()
    deck.leave()


def _predict(now: Playing) -> None:
    """What may be predicted; then the answer."""
    stop = now.stop
    if now.predicted is not None:
        _answer(stop, now.predicted)
        return
    for at, choice in enumerate(stop.choices):
        key = f"talk-choice-{at}"
        words = markdown(choice.words)
        st.button(words, key=key, on_click=_PRESSES[key][0], width="stretch")


def _answer(stop: Stop, predicted: int) -> None:
    st.markdown(tries.judged(stop.choices, predicted, markdown))
    st.markdown(markdown(stop.answer))
    again = partial(playing.predict, None)
    st.button(t("frame.again"), key="talk-again", type="tertiary", on_click=again)


def _notes(now: Playing) -> None:
    """What to say at this stop."""
    st.caption(t("talk.for_you", title=markdown(now.stop.title)))
    st.markdown(markdown(now.stop.notes))
    # The browser alone opens it: `notes/first.js`.
    st.button(t("talk.window"), key="talk-window", icon=":material/open_in_new:", type="tertiary")


def _contents(now: Playing) -> None:
    """All stops, and what may be taken along: their slides, and what this page has; the stop where
    the lecture is leads back into its state."""
    st.markdown(f"**{markdown(now.lecture.title)}**")
    for number, stop in enumerate(now.lecture.stops, 1):
        icon = ":material/play_arrow:" if number == now.number else None
        words = t("talk.stop", n=number, title=markdown(stop.title), minutes=stop.minutes)
        go = partial(playing.go, number)
        st.button(words, key=f"talk-stop-{number}", type="tertiary", icon=icon, on_click=go)
    slides = _PRESSES["talk-deck"][0]
    with st.container(key="talk-along", horizontal=True, vertical_alignment="center"):
        st.button(t("deck.title"), key="talk-deck", icon=":material/slideshow:", on_click=slides)
        takealong.button()


_DRAWN: dict[str, Callable[[Playing], None]] = {
    "predict": _predict,
    "notes": _notes,
    "contents": _contents,
    "deck": deck.show,
}
