"""Every visit starts here: language, state from the address, menu, page, address again."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.registry import TOPICS
from pages.ui import components, frame, state, warm, window
from pages.ui.hosting import metrics
from pages.ui.text import language, t
from pages.ui.topic import Topic

_ICON = str(Path(__file__).with_name("ui") / "icon.svg")


def _page(topic: Topic) -> st.Page:
    return st.Page(
        topic.file,
        title=t(f"nav.{topic.slug}"),
        icon=topic.icon,
        # The default page answers at "/" too; its own address must not be its slug (facts).
        url_path=topic.slug,
        default=topic.slug == "home",
    )


def main() -> None:
    """One run of the app."""
    # Before the menu, and a file of our own: a named icon would be fetched from another origin.
    st.set_page_config(page_title="Dikkat", page_icon=_ICON, layout="wide")
    metrics.present()
    warm.lasts()
    state.adopt()
    state.put("lang", language())
    menu: dict[str, list[st.Page]] = {}
    for topic in TOPICS:
        menu.setdefault(t(f"section.{topic.section}"), []).append(_page(topic))
    page = st.navigation(menu, position="top")
    st.set_page_config(page_title=f"{page.title} · Dikkat")
    slug = page.url_path or "home"
    frame.style(slug)
    state.enter(slug)
    page.run()
    window.watch()
    components.frame_words()
    state.publish()


main()
