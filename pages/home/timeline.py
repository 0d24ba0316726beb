"""When an encoder, when a decoder, when both: the families by year, each name a way to a model."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import streamlit as st

from models.catalog import CATALOG, is_installed, offered
from models.home.timeline import MILESTONES, SIDES, YEARS, Milestone, Side
from pages.ui import frame, lines, links
from pages.ui.text import language, t
from viz.home.timeline import Lane, Name, address, timeline


def view() -> None:
    """The table, and how to read it."""
    frame.section(t("home.timeline"), t("home.timeline_note"))
    with st.container(key="timeline", gap="xsmall"):
        st.html(timeline(YEARS, list(_lanes())))
        lines.hint(t("home.timeline_key"))


def _lanes() -> Iterator[Lane]:
    """A row a side of the Transformer."""
    for side in SIDES:
        said = t(f"home.timeline.{side}_when")
        yield Lane(side, t(f"home.timeline.{side}"), said, _names(side))


def _names(side: Side) -> dict[int, list[Name]]:
    found: dict[int, list[Name]] = defaultdict(list, {year: [] for year in YEARS})
    for one in MILESTONES:
        if one.side == side:
            found[one.year].append(_name(one))
    return found


def _name(one: Milestone) -> Name:
    if not one.model:
        return Name(one.name, note=t("home.timeline.gone"))
    card = CATALOG.get(one.model)
    state = {"v": str(links.VERSION), "lang": language(), "model": one.model}
    note = t(f"home.timeline.{one.reads}") if one.reads else ""
    here = card is not None and card in offered() and is_installed(card)
    return Name(one.name, address(one.page, state), here, note)
