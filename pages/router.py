"""Every visit starts here: language, state from the address, menu, page, address again."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.registry import PAGES, Row
from pages.ui import components, frame, state
from pages.ui.text import language, t

_ICON = str(Path(__file__).with_name("ui") / "icon.svg")


def _page(row: Row) -> st.Page:
    return st.Page(
        row.file,
        title=t(f"nav.{row.slug}"),
        icon=row.icon,
        # The default page answers at "/" too; its own address must not be its slug (facts).
        url_path=row.slug,
        default=row.slug == "home",
    )


def main() -> None:
    """One run of the app."""
    # Before the menu, and a file of our own: a named icon would be fetched from another origin.
    st.set_page_config(page_title="Dikkat", page_icon=_ICON, layout="wide")
    state.adopt()
    state.put("lang", language())
    menu: dict[str, list[st.Page]] = {}
    for row in PAGES:
        menu.setdefault(t(f"section.{row.section}"), []).append(_page(row))
    page = st.navigation(menu, position="top")
    st.set_page_config(page_title=f"{page.title} · Dikkat")
    frame.style()
    state.enter(page.url_path or "home")
    page.run()
    components.theme_watch()
    state.publish()


main()
