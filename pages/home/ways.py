"""Three ways on from the home page: a few pages in an order, a lecture, one's own model."""

from __future__ import annotations

import streamlit as st

from models.catalog import accepts_local
from pages.home import lectures, sentence
from pages.ui import frame, lines
from pages.ui.text import t
from pages.ui.topic import topic

# Way → (topic, minutes that a lecturer would plan for it); nobody has measured them.
WAYS = {
    "quarter": (("heads", 5), ("scores", 6), ("translator", 4)),
    "lecture": (),  # its stops stand in its own file
    "own": (("heads", 5), ("scores", 10), ("positions", 5)),
}
_ONE_SENTENCE = "quarter"  # this way goes on with the example's head, as it promises


def view() -> None:
    """A column a way."""
    frame.section(t("home.ways"), t("home.ways_note"))
    columns = st.columns(len(WAYS), gap="medium")
    for column, (name, stops) in zip(columns, WAYS.items(), strict=True):
        with column, st.container(border=True, key=f"way-{name}", height="stretch", gap="xsmall"):
            minutes = sum(spent for _, spent in stops)
            note = t("home.minutes", n=minutes) if stops else ""
            frame.section(t(f"home.way.{name}"), note)
            lines.line("card", t(f"home.way_to.{name}"))
            if name == "own":
                lines.line("card", t("home.own_folder" if accepts_local() else "home.own_hosted"))
            if name == "lecture":
                lectures.view()
            for place, (slug, spent) in enumerate(stops, 1):
                _stop(place, slug, spent, same=name == _ONE_SENTENCE)


def _stop(place: int, slug: str, minutes: int, *, same: bool) -> None:
    """same: with the sentence, head and word of the example, where that page can show them."""
    one = topic(slug)
    shown = sentence.example() if same and slug in sentence.STAGES else None
    state = sentence.opened(slug, shown, shown.clearest) if shown else {}
    words = t("home.stop", n=place, question=t(f"{slug}.title"), minutes=minutes)
    frame.way_to(one, frame.plain(words), icon=None, **state)
