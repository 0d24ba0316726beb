"""Take along: a button beside the link's, and the list of what a visitor may carry away.

Pictures are made by the visitor's own browser from what it shows (`button.js`). All else is asked
of Python when it is clicked, in a fragment of its own: nothing is built, and nothing is sent with
a step, until then.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import streamlit as st

from pages.ui import scripts
from pages.ui.export import drawn, files, naming, tables
from pages.ui.text import t

log = logging.getLogger("dikkat")

LONGEST_LINK = 4000  # characters
_KEY, _REPLY, _PAGE = "takealong-button", "_takealong", "_page"
_HERE = Path(__file__).parent
_WORDS = (
    *("button", "list", "picture", "page", "numbers", "sums", "notebook_row", "paper", "print"),
    *("nothing", "no_picture", "failed", "wait", "saved", "page_note", "numbers_note", "sums_note"),
    *("picture_note", "notebook_note", "paper_note", "table", "tables", "which", "close"),
)
_take = st.components.v2.component(
    "dikkat_takealong",
    js=scripts.read(_HERE, "../opener.js", "pictures.js", "paper.js", "table.js", "button.js"),
    css=scripts.read(_HERE, "../share.css", "button.css"),
)


@st.fragment
def button() -> None:
    """The button; what is behind it is drawn by the browser, and asked for one by one."""
    words = {name: t(f"takealong.{name}") for name in _WORDS}
    data = {"words": words, "reply": st.session_state.pop(_REPLY, None)}
    with st.container(key="takealong"):
        _take(key=_KEY, data=data, on_ask_change=_answer)


def _answer() -> None:
    """Before the fragment runs: what the browser asked for."""
    asked = st.session_state[_KEY].get("ask")
    if isinstance(asked, dict):
        st.session_state[_REPLY] = answered(asked)


def answered(asked: dict[str, Any]) -> dict[str, Any]:
    """What the browser is told: names and what there is, a file, or a sentence why there is none.

    asked: what ("open", "table" or a kind of file), the number of the request, the page's link, and
    which table.
    """
    page = str(st.session_state.get(_PAGE, "home"))
    what, link = str(asked.get("what")), str(asked.get("link", ""))[:LONGEST_LINK]
    reply: dict[str, Any] = {"id": asked.get("id"), "what": what}
    try:
        if what == "open":
            now = drawn.all_drawn().now
            return {**reply, "stem": naming.stem(page), "has": files.there(), "now": now}
        if what == "table":
            at = asked.get("at")
            return {**reply, **tables.reply(at if isinstance(at, int) else 0)}
        return {**reply, "file": files.reply(what, page, link)}
    except files.NothingThere:
        return {**reply, "error": t("takealong.nothing")}
    except Exception:
        log.exception("%s of page %s", what, page)
        return {**reply, "error": t("takealong.failed")}
