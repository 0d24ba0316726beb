"""One step back, one step on: two buttons that the arrow keys press, too."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.ui import state


def step_buttons(
    steps: Sequence[int], back: str, on: str, *, name: str = "step", primary: bool = True
) -> None:
    """Buttons that move a parameter along `steps`, its value among them; they end where it ends."""
    place, last = steps.index(int(state.get(name))), len(steps) - 1
    left, right = st.columns(2, gap="small")
    left.button(
        back,
        key="previous",
        shortcut="Left",
        on_click=state.put,
        args=(name, steps[max(place - 1, 0)]),
        disabled=place == 0,
        width="stretch",
    )
    right.button(
        on,
        key="next",
        shortcut="Right",
        type="primary" if primary else "secondary",
        on_click=state.put,
        args=(name, steps[min(place + 1, last)]),
        disabled=place == last,
        width="stretch",
    )
