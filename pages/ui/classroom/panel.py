"""The lecturer's panel beside the title: join, ask, count, close, reveal. The database, no model.

What it opens is a fragment of its own: nothing of the page is drawn anew for it.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

import streamlit as st

from pages.ui import share
from pages.ui.classroom import ask, session
from pages.ui.classroom.reach import in_network, reach
from pages.ui.classroom.routes import JOIN, LECTURE
from pages.ui.text import labels, notation, t
from viz.board.markup import Safe, template

if TYPE_CHECKING:
    from pages.ui.classroom.store import Standing

OPEN, PANEL = "class-open", "class-panel"
_EVERY = 2.0  # seconds between two looks at the tally
_SURE = "_class_sure"
_SHEETS = [Path(__file__).with_name(f"{name}.css") for name in ("panel", "tally")]
# What a popover holds lies outside of the app's own colours.
_STYLE = template("<style>.st-key-class-panel{color-scheme:{{ scheme }}}{{ css }}</style>")
_JOIN = template(
    "<div class='class-join'><img alt='' src='data:image/svg+xml;base64,{{ picture }}'>"
    "<div><p class='hint'>{{ how }}</p>"
    "<p class='address' translate='no'>{{ where }}</p><p class='letters' translate='no'>{{ code }}"
    "</p></div></div>{% if trouble %}<p class='hint'>{{ trouble }}</p>{% endif %}"
)
_ASKED = template("<p class='class-asked'>{{ words }}</p>")
_HINT = template("<p class='hint'>{{ words }}</p>")


@st.fragment
def button() -> None:
    """The button, and what it opens."""
    with st.container(key="class"):
        place = st.popover(t("classroom.button"), key=OPEN, width="content", on_change=_unsure)
    if place.open:
        with place, st.container(key=PANEL, gap="small"):
            session.guarded(_panel)
            _behind()


def _behind() -> None:
    """What is not seen: the style sheet, and the token's way to the browser."""
    css = "".join(sheet.read_text("utf-8") for sheet in _SHEETS)
    st.html(_STYLE(css=Safe(css), scheme=st.context.theme.type or "light"))
    session.keep()


def _unsure() -> None:
    st.session_state[_SURE] = False


def _panel() -> None:
    now = session.now()
    if now is None:
        st.html(_HINT(words=t("classroom.what")))
        _press("class-begin", session.begin, primary=True)
        session.troubles()
        return
    _join(now)
    if now.question is not None:
        _question(now)
    if now.state != "open":
        ask.form()
    session.troubles()
    _end()


def _press(key: str, press: Callable[..., None], *, primary: bool = False, words: str = "") -> None:
    kind: Literal["primary", "secondary"] = "primary" if primary else "secondary"
    label = words or t(f"classroom.{key.removeprefix('class-')}")
    st.button(label, key=key, on_click=press, type=kind, width="stretch")


def _join(now: Standing) -> None:
    """How the class gets here: a QR code, an address and a code."""
    asked = str(st.context.url or "http://localhost:8501")
    way = reach(share.public_address(), asked, st.get_option("server.address"), in_network())
    link = f"{way.origin}{JOIN}/{now.code}"
    st.html(
        _JOIN(
            picture=b64encode(share.code(link, urlsplit(link).netloc)).decode(),
            how=t("classroom.how"),
            where=way.origin + JOIN,
            code=now.code,
            trouble=t(f"classroom.reach.{way.trouble}") if way.trouble else "",
        )
    )


def _question(now: Standing) -> None:
    assert now.question is not None
    st.html(_ASKED(words=now.question.text))
    every = _EVERY if now.state == "open" else None
    st.fragment(partial(_counts, now.state == "revealed"), run_every=every)()
    left, right = st.columns(2)
    if now.state == "open":
        with left:
            _press("class-close", partial(session.turn, "closed"))
    if now.state in ("open", "closed"):
        with right if now.state == "open" else left:
            _press("class-reveal", partial(session.turn, "revealed"), primary=True)


def _counts(revealed: bool) -> None:
    """What was answered so far; it looks again by itself while the question is open."""
    session.guarded(partial(_counted, revealed))


def _counted(revealed: bool) -> None:
    from pages.ui.classroom import answers
    from viz.tables.tally import model_answer, tally

    now = session.now()
    if now is None or now.question is None:
        return
    counts, own, said = session.tally(now.id), notation(), labels("classroom.form")
    parts = [_HINT(words=said["count"].format(count=sum(counts.values())))]
    if revealed and now.question.answer is not None:
        words = answers.worded(now.question, now.question.answer, own)
        label = said[f"answer_{now.question.source}"]
        parts.append(model_answer(label, words, now.question.where))
    parts.append(tally(answers.rows(now.question, counts, own, said, revealed=revealed)))
    if middle := answers.middle(now.question, counts, own):
        parts.append(_HINT(words=said["median"].format(value=middle)))
    st.html("".join(parts))


def _end() -> None:
    """The second page, and the end of the class."""
    left, right = st.columns(2)
    with left:
        st.link_button(t("classroom.second"), f"{LECTURE}/{session.token()}", width="stretch")
    with right:
        if st.session_state.get(_SURE):
            _press("class-delete", session.delete, primary=True, words=t("classroom.sure"))
        else:
            _press("class-delete", partial(st.session_state.__setitem__, _SURE, True))
    st.html(_HINT(words=t("classroom.kept", hours=session.hours())))
