"""The diagram of a translator's stages, each a button."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from pages.ui import scripts
from viz.translator import diagram

_stages = scripts.component("dikkat_stages", diagram.script(), diagram.style())


def stages(payload: Mapping[str, Any], on_choose: Callable[[str], None]) -> None:
    """A translator's stages as buttons. payload: from `viz.translator.diagram.payload`."""
    key = "diagram"

    def chosen() -> None:
        stage = st.session_state[key].get("stage")
        if isinstance(stage, str):
            on_choose(stage)

    _stages(key=key, data=dict(payload), on_stage_change=chosen)
