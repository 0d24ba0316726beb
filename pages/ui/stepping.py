"""One step back, one step on: two buttons that the arrow keys press, too, and where they stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from pages.ui import controls, state, window
from pages.ui.text import t

_WAITING = "_stepping"  # what stands between picture and sums, until the sums begin


def begin() -> None:
    """A page's run begins: nothing waits, and the sums are still to come."""
    st.session_state[_WAITING] = []


def placed(draw: Callable[[], None]) -> None:
    """Draw here; in a narrow window between the picture and its sums, if those are to come."""
    waiting = st.session_state.get(_WAITING)
    if waiting is None or not window.current().stacked:
        draw()
    else:
        waiting.append(draw)


def sums_begin() -> None:
    """Draw what waits for this place."""
    for draw in st.session_state.pop(_WAITING, None) or ():
        draw()


def step_buttons(
    steps: Sequence[int], back: str, on: str, *, name: str = "step", primary: bool = True
) -> None:
    """Buttons that move a parameter along `steps`, its value among them; they end where it ends.

    back, on: the keys of their words.
    """
    placed(partial(_buttons, steps, back, on, name, primary))


def _buttons(steps: Sequence[int], back: str, on: str, name: str, primary: bool) -> None:
    place, last = steps.index(int(state.get(name))), len(steps) - 1
    kind = "primary" if primary else "secondary"
    left, right = st.columns(2, gap="small")
    with left:
        controls.button(t(back), "previous", state.put, name, steps[max(place - 1, 0)],
                        shortcut="Left", disabled=place == 0)  # fmt: skip
    with right:
        controls.button(t(on), "next", state.put, name, steps[min(place + 1, last)],
                        shortcut="Right", type=kind, disabled=place == last)  # fmt: skip
