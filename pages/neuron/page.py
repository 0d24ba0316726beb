"""What does one unit compute? Its sum, its activation, its loss and its gradient."""

from __future__ import annotations

from collections.abc import Callable

from pages.neuron import TOPIC, depth, loss, unit, xor
from pages.ui import parts, views

_VIEWS: dict[str, Callable[[], None]] = {
    "unit": unit.view,
    "loss": loss.view,
    "xor": xor.view,
    "depth": depth.view,
}


def body() -> None:
    """Everything below the title. Only the open view is computed."""
    _VIEWS[views.opened(TOPIC.views)]()


parts.page("neuron", body)
