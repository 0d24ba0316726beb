"""What was chosen and typed on a page that was left, for when one comes back to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import streamlit as st

from pages.ui.topic import Topic

_SHELVES = "_shelves"
_TEXTS = ("text", "pair", "target", "cut")


def _shelf(page: Topic, name: str) -> tuple[str, str]:
    """Where a page's value of a parameter is kept: pages that share it have one shelf."""
    return (page.texts if name in _TEXTS else page.state) or page.slug, name


def leave(page: Topic, names: Iterable[str], kept: Mapping[str, Any]) -> None:
    """Keep what a page's parameters came to. kept: those that had a value."""
    shelves = st.session_state.setdefault(_SHELVES, {})
    for name in names:
        shelves[_shelf(page, name)] = kept.get(name)


def brought(page: Topic, names: Iterable[str]) -> dict[str, Any]:
    """What was kept for a page's parameters."""
    shelves = st.session_state[_SHELVES]
    found = {name: shelves.get(_shelf(page, name)) for name in names}
    return {name: value for name, value in found.items() if value is not None}
