"""What was measured of *yüz*: how often its nearest vector has the same sense, layer by layer.

Written into the checkpoint's metrics.json by its evaluation. Imports no torch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from models.measured import read

WORD = "yüz"
MORE = 0.06  # by which a measured share has to be larger to be called so: two standard errors


@dataclass(frozen=True, slots=True)
class ByLayer:
    """Shares by layer, the input's vectors first: of the model, and of it before training."""

    trained: tuple[float, ...]
    untrained: tuple[float, ...]

    @property
    def best(self) -> int:
        """The layer with the largest share, the input left out."""
        return max(range(1, len(self.trained)), key=self.trained.__getitem__)

    @property
    def gains(self) -> bool:
        """The best layer is clearly better than its input, and than itself before training."""
        others = self.trained[0], self.untrained[self.best]
        return self.trained[self.best] > max(others) + MORE


@lru_cache(maxsize=8)
def by_layer(model_id: str) -> ByLayer | None:
    """None: it was not measured of this model. Raises errors.DamagedWeights."""
    return read(model_id, "metrics.json", _shares)


def _shares(metrics: Mapping[str, Any]) -> ByLayer | None:
    detail = metrics.get("detail", {})
    names = "yuz_neighbour_by_layer", "yuz_neighbour_by_layer_untrained"
    if not all(name in detail for name in names):
        return None
    return ByLayer(*(tuple(map(float, detail[name])) for name in names))
