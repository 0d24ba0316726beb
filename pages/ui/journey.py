"""The chapters in their order: which one comes next, and which ones a visitor has seen."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.ui.topic import Topic, topic, topics

HOME = "home"
_SEEN, _KEY = "_seen", "seen"

_script = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
_browser = st.components.v2.component("dikkat_seen", js=_script)


def chapters() -> tuple[Topic, ...]:
    """The stops of the journey, in their order."""
    return tuple(one for one in topics() if one.chapter)


def following(slug: str) -> Topic:
    """The chapter behind a page; home behind the last one, and from beside the journey."""
    stops = [topic(HOME), *chapters(), topic(HOME)]
    places = [place for place, one in enumerate(stops[:-1]) if one.slug == slug]
    return stops[places[0] + 1] if places else topic(HOME)


def visit(slug: str) -> None:
    """Remember that a page was open: in this session, and in the visitor's browser.

    Home, where visited pages are marked, also learns which ones were open in that browser before.
    """
    seen = _remembered({slug})

    def told() -> None:
        pages = st.session_state[_KEY].get("pages")
        known = {one.slug for one in topics()}
        _remembered({page for page in pages or () if isinstance(page, str)} & known)

    with st.container(key="seen-pages"):
        _browser(key=_KEY, data={"seen": sorted(seen), "asks": slug == HOME}, on_pages_change=told)


def _remembered(more: set[str]) -> set[str]:
    """The pages of this session, with these."""
    st.session_state[_SEEN] = st.session_state.get(_SEEN, set()) | more
    return set(st.session_state[_SEEN])


def seen(slug: str) -> bool:
    """Whether the visitor has had that page open."""
    return slug in st.session_state.get(_SEEN, ())
