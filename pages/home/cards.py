"""The journey: a card a chapter, with its picture, its question, and a mark once it was seen."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from pathlib import Path

import streamlit as st

from pages.ui import frame, journey, lines
from pages.ui.text import t
from pages.ui.topic import Topic
from viz.board.markup import template

_PAGES = Path(__file__).resolve().parents[1]

_HEAD = template(
    "{% if picture %}<img class='thumb' alt='' src='{{ picture }}'>{% endif %}"
    "<p class='stop'><b>{{ place }}</b><span>{{ name }}</span>"
    "{% if seen %}<i>✓ {{ seen }}</i>{% endif %}</p>"
)


def view() -> None:
    """All chapters, in their order."""
    frame.section(t("home.journey"), t("home.journey_note"))
    with st.container(key="journey"):
        for place, one in enumerate(journey.chapters(), 1):
            with st.container(border=True, key=f"card-{one.slug}", gap="xsmall"):
                _card(place, one)


def _card(place: int, one: Topic) -> None:
    seen = t("home.seen") if journey.seen(one.slug) else ""
    drawn = picture(one.slug, frame.current_theme().name)
    st.html(_HEAD(picture=drawn, place=place, name=t(f"nav.{one.slug}"), seen=seen))
    frame.way_to(one, frame.plain(t(f"{one.slug}.title")))
    lines.line("card", t(f"{one.slug}.card"))


@cache
def picture(slug: str, theme: str) -> str:
    """A topic's picture of that theme, as an address that holds it; "": the topic has none."""
    file = _PAGES / slug / f"card-{theme}.svg"
    if not file.is_file():
        return ""
    return f"data:image/svg+xml;base64,{b64encode(file.read_bytes()).decode('ascii')}"
