"""The picture as a pad to draw in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from pages.ui import scripts
from pages.ui.components import answers
from viz.vision import pad

_pad = scripts.component("dikkat_pad", pad.script(), pad.style())


def drawing_pad(
    payload: Mapping[str, Any], *, on_draw: Callable[[str], None], key: str = "pad"
) -> None:
    """A picture to draw in; on_draw gets its signs after every stroke, before the run that follows.

    payload: from `viz.vision.pad.payload`. What the browser sends is only text: on_draw has to
    check it.
    """

    def drawn() -> None:
        found = st.session_state[key].get("drawn")
        if not isinstance(found, dict):
            return
        code, stroke = found.get("code"), found.get("stroke")
        if isinstance(code, str) and isinstance(stroke, str):
            st.session_state[answers(key)] = stroke[:40]
            on_draw(code)

    seen = st.session_state.get(answers(key))
    _pad(key=key, data={**payload, "answers": seen}, on_drawn_change=drawn)
