"""When an encoder, when a decoder, when both: the families by year, each name a way to a model."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import streamlit as st

from models.catalog import CATALOG, goes_online, is_installed, offered
from models.home.timeline import KINDS, MILESTONES, SIDES, YEARS, Milestone, Side, opens
from pages.ui import caches, frame, lines, links
from pages.ui.text import language, t
from viz.home.timeline import Lane, Name, address, timeline


def view() -> None:
    """The table, and how to read it."""
    frame.section(t("home.timeline"), t("home.timeline_note"))
    with st.container(key="timeline", gap="xsmall"):
        st.html(timeline(YEARS, list(_lanes()), t("home.timeline.hub")))
        lines.hint(t("home.timeline_key"))
        if goes_online():
            lines.hint(t("home.timeline_hub_key"))


def _lanes() -> Iterator[Lane]:
    """A row a side of the Transformer."""
    for side in SIDES:
        said = t(f"home.timeline.{side}_when")
        yield Lane(side, t(f"home.timeline.{side}"), said, _names(side), _small(side))


def _small(side: Side) -> str:
    """Which of our models a row opens, in words."""
    here = _here()
    ours = [one.model for (of, _), one in KINDS.items() if of == side and one.model in here]
    names = " · ".join(caches.title(model) for model in ours)
    return t("home.timeline.small", models=names) if names else ""


def _names(side: Side) -> dict[int, list[Name]]:
    found: dict[int, list[Name]] = defaultdict(list, {year: [] for year in YEARS})
    for one in MILESTONES:
        if one.side == side:
            found[one.year].append(_name(one))
    return found


def _here() -> frozenset[str]:
    """Ids of the models that open with the network off."""
    return frozenset(card.id for card in offered() if is_installed(card))


def _name(one: Milestone) -> Name:
    note = t(f"home.timeline.{one.reads}") if one.reads else ""
    if not one.model:
        note = t("home.timeline.gone")
    hub = _way(one.page, one.model) if _fetched(one) else ""
    says = t("home.timeline.hub_says", model=one.model) if hub else ""
    found = opens(one, _here())
    if found is None:
        note = t(f"home.timeline.no_{one.reads or 'model'}")
        return Name(one.name, note=note, hub=hub, hub_says=says)
    same = CATALOG[found.model].family == one.family
    told = t(f"home.timeline.opens_{'own' if same else 'kind'}", model=caches.title(found.model))
    return Name(one.name, _way(found.page, found.model), same, note, told, hub, says)


def _fetched(one: Milestone) -> bool:
    """The publisher's model can be asked for: it is no model of ours, and the app goes online."""
    return bool(one.model) and one.model not in CATALOG and goes_online()


def _way(page: str, model: str) -> str:
    return address(page, {"v": str(links.VERSION), "lang": language(), "model": model})
