"""Which layer: by the model's own numbers, since in a hybrid some have no attention."""

from __future__ import annotations

from collections.abc import Sequence

from pages.ui import controls, keys, state


def control(numbers: Sequence[int]) -> None:
    """Which layer, by the model's own numbers: in a hybrid some have no attention."""
    if tuple(numbers) == tuple(range(len(numbers))):
        controls.counted("layer", len(numbers))
    else:
        controls.select("layer", "controls.layer", numbers, str)
        keys.along("layer", numbers)


def chosen(numbers: Sequence[int]) -> int:
    """The chosen layer, one of these; what was asked for beyond is said."""
    if tuple(numbers) == tuple(range(len(numbers))):
        return controls.in_range("layer", len(numbers))
    value = state.get("layer")
    if value not in numbers:
        if value != state.unasked("layer"):
            known = ", ".join(map(str, numbers))
            state.notice("error.no_such_layer", value=value, layers=known)
        value = numbers[0]
        state.put("layer", value)
    return int(value)
