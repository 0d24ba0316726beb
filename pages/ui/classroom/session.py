"""The lecturer's class in this session, and what is done with it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import streamlit as st

from pages.ui.classroom.routes import LECTURER
from pages.ui.storage.limits import Limit
from pages.ui.storage.settings import settings
from pages.ui.storage.visitors import Keeping
from pages.ui.text import t

if TYPE_CHECKING:
    from pages.ui.classroom.questions import ClassQuestion
    from pages.ui.classroom.store import Standing

_TOKEN, _TROUBLE = "_class_token", "_class_trouble"
_keep = st.components.v2.component(
    "dikkat_keep", js=Path(__file__).with_name("keep.js").read_text(encoding="utf-8")
)
KEEPING = Keeping(Limit(6, 6 / 3600), Limit(60, 60 / 3600))  # classes that are begun
log = logging.getLogger("dikkat")


def token() -> str:
    """The lecturer's, of this session or of the one before a page was loaded anew."""
    return str(st.session_state.get(_TOKEN, st.context.cookies.get(LECTURER, "")))


def now() -> Standing | None:
    """What the class is at; None: there is none. Raises Unreachable."""
    from pages.ui.classroom.store import store

    return store().lecture(token()) if token() else None


def keep() -> None:
    """Hand the token to the browser, once in a run of the panel."""
    with st.container(key="code-class"):
        _keep(key="class-keep", data={"cookie": LECTURER, "token": token()})


def tally(asked: int) -> dict[str, int]:
    """Answer → how many gave it. Raises Unreachable."""
    from pages.ui.classroom.store import store

    return store().tally(asked)


def hours() -> int:
    """How long a class is kept."""
    return round(settings().seconds / 3600)


def trouble(code: str) -> None:
    """Say in this run what went wrong: classroom.wrong.<code>."""
    st.session_state[_TROUBLE] = code


def troubles() -> None:
    """What went wrong with the last press, once."""
    if code := st.session_state.pop(_TROUBLE, ""):
        st.warning(t(f"classroom.wrong.{code}"))


def guarded(draw: Callable[[], None]) -> None:
    """Draws, or says that the database does not answer."""
    from pages.ui.classroom.store import Unreachable

    try:
        draw()
    except Unreachable as error:
        log.warning("the classes' database: %s", error)
        st.warning(t("classroom.wrong.unreachable"))


def _done(do: Callable[[], object]) -> object:
    """What a press does in the database; what it cannot do is said. None: nothing was done."""
    from pages.ui.classroom.store import TooMany, Unreachable

    try:
        return do()
    except TooMany as error:
        trouble(str(error))
    except Unreachable as error:
        log.warning("the classes' database: %s", error)
        trouble("unreachable")
    return None


def begin() -> None:
    """A class of one's own (in a callback)."""
    from pages.ui.classroom.store import store

    if not KEEPING.allowed():
        trouble("often")
        return
    opened = _done(lambda: store().open())
    if isinstance(opened, tuple):
        st.session_state[_TOKEN] = opened[1]


def ask(asked: ClassQuestion) -> bool:
    """Open a question (in a callback); whether it is."""
    from pages.ui.classroom.store import store

    return bool(_done(lambda: store().ask(token(), asked)))


def turn(state: Literal["closed", "revealed"]) -> None:
    """Close or reveal (in a callback)."""
    from pages.ui.classroom.store import store

    _done(lambda: store().turn(token(), state))


def delete() -> None:
    """The end of the class, with all that it holds (in a callback)."""
    from pages.ui.classroom.store import store

    if _done(lambda: store().delete(token())) is not None:
        st.session_state[_TOKEN] = ""
