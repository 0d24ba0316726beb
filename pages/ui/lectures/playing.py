"""The lecture that plays, and what moves it: the address says which one, and at which stop."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from pages.ui import links, state
from pages.ui.lectures import shipped
from pages.ui.lectures.lecture import Lecture, Stop
from pages.ui.lectures.place import Place
from pages.ui.text import language
from pages.ui.topic import topic

PANELS = ("predict", "notes", "contents", "deck")
_GO = "_talk_go"  # the stop on another page that was asked for
_CHANGED = "_talk_changed"  # something that stands outside of the bar, or in it, is another
_AT = "_talk_at"  # (lecture, stop) of the run before
_OPEN = "_talk_open"  # the bar's open panel
_PREDICTED = "_talk_predicted"  # (lecture, stop) → which choice, as long as the session lasts


@dataclass(frozen=True, slots=True)
class Playing:
    """A lecture at a stop. name: as in the address; number: of the stop, from 1."""

    name: str
    lecture: Lecture
    number: int

    @property
    def stop(self) -> Stop:
        """Where it is."""
        return self.lecture.stops[self.number - 1]

    @property
    def predicted(self) -> int | None:
        """Which choice was predicted at this stop; None: none yet."""
        made: int | None = st.session_state.get(_PREDICTED, {}).get((self.name, self.number))
        there = made is not None and made < len(self.stop.choices)
        return made if there else None


def now() -> Playing | None:
    """What plays; None: nothing does."""
    name = state.get("talk")
    found = None if name is None else shipped.named(name)
    if found is None:
        return None
    number = int(state.get("stop") or 1)
    return Playing(name, found, min(number, len(found.stops)))


def settle() -> None:
    """Before a page is drawn: what the address says of a lecture that is not here is told."""
    name, number = state.get("talk"), state.get("stop")
    playing = now()
    if name is not None and playing is None:
        if name == shipped.OWN:
            state.notice("error.own_talk")
        else:
            state.notice("error.talk", talk=name)
    came, here = st.session_state.get(_AT), playing and (playing.name, playing.number)
    st.session_state[_AT] = here
    if here is not None and came is None:  # begun once more: nothing is uncovered
        st.session_state[_OPEN] = ""
        st.session_state.get(_PREDICTED, {}).pop(here, None)
    if playing is None:
        state.put_all(talk=None, stop=None)
        return
    if number is not None and number != playing.number:
        state.notice("error.talk_stop", value=number, last=playing.number)
    state.put("stop", playing.number)


def step(by: int) -> None:
    """So many stops on, at most to the ends (in a callback)."""
    playing = now()
    if playing is not None:
        here = st.session_state.get(_GO) or playing.number
        go(min(max(here + by, 1), len(playing.lecture.stops)))


def go(number: int) -> None:
    """To a stop, in the state that it says (in a callback). number: from 1."""
    playing = now()
    if playing is not None:
        st.session_state[_GO] = number
        st.session_state[_OPEN] = ""
        # Whenever a stop is gone to, its answer is covered: for the next class, too.
        st.session_state.get(_PREDICTED, {}).pop((playing.name, number), None)


def leave() -> None:
    """The lecture ends; the page stays as it is (in a callback)."""
    state.put_all(talk=None, stop=None)
    st.session_state[_OPEN] = ""
    st.session_state[_CHANGED] = True


def open_panel() -> str:
    """Which of PANELS is open; "": none."""
    return str(st.session_state.get(_OPEN, ""))


def toggle(panel: str) -> None:
    """Open a panel, or close it (in a callback)."""
    st.session_state[_OPEN] = "" if open_panel() == panel else panel
    st.session_state[_CHANGED] = True


def predict(choice: int | None) -> None:
    """The class has predicted this: the answer is uncovered, and seen (in a callback).

    choice: a place among the stop's; one that it does not have is none. None: once more.
    """
    playing = now()
    if playing is None or not (choice is None or 0 <= choice < len(playing.stop.choices)):
        return
    made = st.session_state.setdefault(_PREDICTED, {})
    st.session_state[_PREDICTED] = made | {(playing.name, playing.number): choice}
    st.session_state[_OPEN] = "predict"
    st.session_state[_CHANGED] = True
    if choice is None or playing.stop.shows is not None:
        st.session_state[_GO] = playing.number


def follow(page: str) -> None:
    """Where presses have led: another page, or this one drawn anew. At a fragment's beginning."""
    playing, number = now(), st.session_state.pop(_GO, None)
    changed = bool(st.session_state.pop(_CHANGED, False))
    if playing is not None and number is not None:
        _to(Playing(playing.name, playing.lecture, number), page)
        changed = True
    if changed:
        st.rerun()


def _to(playing: Playing, page: str) -> None:
    """To its stop; where the answer is uncovered already, to what shows it."""
    stop = playing.stop
    place = stop.place if playing.predicted is None else stop.shows or stop.place
    if place.page == page:
        state.put("stop", playing.number)
        state.stage(place.values)
    else:
        st.switch_page(topic(place.page).file, query_params=address(playing, place))


def address(playing: Playing, place: Place) -> dict[str, str]:
    """The parameters of a link to that state, the lecture at its stop, in this language."""
    said = {"lang": language(), "v": str(links.VERSION), **place.said}
    return said | {"talk": playing.name, "stop": str(playing.number)}
