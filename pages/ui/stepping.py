"""One step back, one step on: two buttons that the arrow keys press, too."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.ui import controls, state
from pages.ui.text import t


def step_buttons(
    steps: Sequence[int], back: str, on: str, *, name: str = "step", primary: bool = True
) -> None:
    """Buttons that move a parameter along `steps`, its value among them; they end where it ends.

    back, on: the keys of their words.
    """
    place, last = steps.index(int(state.get(name))), len(steps) - 1
    kind = "primary" if primary else "secondary"
    left, right = st.columns(2, gap="small")
    with left:
        controls.button(t(back), "previous", state.put, name, steps[max(place - 1, 0)],
                        shortcut="Left", disabled=place == 0)  # fmt: skip
    with right:
        controls.button(t(on), "next", state.put, name, steps[min(place + 1, last)],
                        shortcut="Right", type=kind, disabled=place == last)  # fmt: skip
