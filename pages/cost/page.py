"""What does it cost? Layers by length, kernels that need no matrix, caches in bytes."""

from __future__ import annotations

from collections.abc import Callable

from pages.cost import TOPIC, cache, layers, lora, quantisation, tiles
from pages.ui import parts, views

_VIEWS: dict[str, Callable[[], None]] = {
    "layers": layers.view,
    "tiles": tiles.view,
    "quantisation": quantisation.view,
    "lora": lora.view,
    "cache": cache.view,
}


def body() -> None:
    """Everything below the title. Only the open view is computed."""
    _VIEWS[views.opened(TOPIC.views)]()


parts.page("cost", body)
