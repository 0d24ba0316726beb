"""The way of a whole lecture: those that the app plays, and a visitor's own file."""

from __future__ import annotations

import streamlit as st

from models.catalog import accepts_local
from pages.ui import frame, lines
from pages.ui.lectures import playing, shipped
from pages.ui.lectures.lecture import Lecture, LectureError, Problem, lecture
from pages.ui.lectures.playing import Playing
from pages.ui.lectures.words import markdown
from pages.ui.own import allowance
from pages.ui.text import t
from pages.ui.topic import topic

_MOST_KB = 200  # of a file: more than its characters can take
_FILE, _READ, _WRONG = "own-lecture", "_own_lecture_read", "_own_lecture_wrong"


def view() -> None:
    """A link a lecture, to its first stop; where files may be opened, a place for one."""
    for name in shipped.SHIPPED:
        _begin(name, shipped.shipped(name, st.session_state["lang"]))
    lines.hint(t("home.talk_keys"))
    if accepts_local():
        with st.expander(t("home.talk_own"), icon=":material/upload_file:"):
            _own()


def _begin(name: str, found: Lecture) -> None:
    place = found.stops[0].place
    words = t("home.talk", title=markdown(found.title), minutes=found.minutes)
    address = playing.address(Playing(name, found, 1), place)
    frame.way_to(topic(place.page), f"**{words}**", icon=":material/play_circle:", **address)
    lines.line("card", t("home.talk_stops", count=len(found.stops)))


def _own() -> None:
    """A file to drop: what is wrong with it line by line, or the way to its first stop."""
    lines.hint(t("home.talk_own_said"))
    # Any kind of file: Streamlit's own refusal is English, and knows the name alone.
    file = st.file_uploader(t("home.talk_file"), key=_FILE, max_upload_size=1)
    if file is not None and st.session_state.get(_READ) != file.file_id:
        st.session_state[_READ] = file.file_id
        try:
            _open(allowance.a_file(file).getvalue())
        except allowance.Spent as spent:
            del st.session_state[_READ]  # it is read once there is room
            st.warning(frame.told(f"error.{spent.code}", **spent.details, kept=t("kept.all")))
    own = shipped.own()
    if own is not None:
        _begin(shipped.OWN, own)
    wrong: tuple[Problem, ...] = st.session_state.get(_WRONG, ())
    if wrong:
        said = [t("home.talk_wrong"), *map(_told, wrong)]
        st.warning(frame.NEW_LINE.join(said), icon=":material/info:")


def _told(problem: Problem) -> str:
    """A problem's sentence, with its line."""
    told = frame.told(f"talk.problem.{problem.code}", **problem.details)
    return f"{frame.told('home.talk_line', line=problem.line)} {told}"


def _open(data: bytes) -> None:
    """Play what the file holds from now on; of one that is no lecture the faults are kept."""
    wrong: tuple[Problem, ...] = ()
    try:
        if len(data) > 1000 * _MOST_KB:
            raise LectureError((Problem(1, "bytes", {"limit": _MOST_KB}),))
        shipped.keep(lecture(data.decode("utf-8")))
    except UnicodeDecodeError as error:
        line = 1 + data.count(b"\n", 0, error.start)
        wrong = (Problem(line, "encoding"),)
    except LectureError as error:
        wrong = error.problems
    st.session_state[_WRONG] = wrong
    if wrong:
        shipped.keep(None)
