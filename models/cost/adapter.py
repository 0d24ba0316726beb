"""An adapter: A and B of each matrix that has an update, and what they were learned for.

The shipped one, and those that visitors train. Imports no torch by itself.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from models.core.arrays import Floats, read_only
from models.measured import ADAPTERS

SHIPPED = "verb-last"


@dataclass(frozen=True, slots=True, eq=False)
class Adapter:
    """(α/r) B A beside each of these matrices of a model.

    base: the model's id. rank: r, which was trained. scale: α/r. matrices: place in the model →
    a (r, d_in), b (d_out, r). digest: of all numbers.
    """

    base: str
    rank: int
    scale: float
    matrices: Mapping[str, tuple[Floats, Floats]]
    digest: str

    @property
    def key(self) -> tuple[object, ...]:
        """Which one it is."""
        return self.base, self.digest

    @property
    def model_id(self) -> str:
        """The model that it belongs to."""
        return self.base

    @property
    def shape(self) -> tuple[int, int]:
        """(d_out, d_in) of every matrix that has an update."""
        a, b = next(iter(self.matrices.values()))
        return len(b), a.shape[1]

    def learned(self, rank: int) -> int:
        """The numbers that an update of that rank would have beside the same matrices."""
        return len(self.matrices) * rank * sum(self.shape)


def of_arrays(base: str, rank: int, scale: float, arrays: Mapping[str, Floats]) -> Adapter:
    """name.A (r, d_in), name.B (d_out, r), as models.core.low_rank.tensors names them."""
    names = sorted(name.removesuffix(".A") for name in arrays if name.endswith(".A"))
    matrices = {n: (read_only(arrays[f"{n}.A"]), read_only(arrays[f"{n}.B"])) for n in names}
    digest = hashlib.sha256()
    for pair in matrices.values():
        for part in pair:
            digest.update(part.tobytes())
    return Adapter(base, rank, scale, matrices, digest.hexdigest())


@lru_cache(maxsize=1)
def shipped() -> Adapter:
    """The one that comes with the app. OSError, LookupError, ValueError: it is damaged."""
    from safetensors.numpy import load_file

    info = description()
    arrays = load_file(ADAPTERS / SHIPPED / "model.safetensors")
    rank = int(info["rank"])
    return of_arrays(str(info["base"]), rank, float(info["alpha"]) / rank, arrays)


@lru_cache(maxsize=1)
def description() -> dict[str, Any]:
    """What its file says: base, rank, alpha, adapted."""
    return dict(json.loads((ADAPTERS / SHIPPED / "adapter.json").read_text("utf-8")))
