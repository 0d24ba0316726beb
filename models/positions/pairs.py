"""Which two numbers of q and k RoPE turns together, in both conventions, on one head's vectors.

Su et al. (2021, section 3.2.2) turn neighbours, (2i, 2i + 1); LLaMA in transformers turns numbers
half a width apart, (i, i + d/2). Which of them a model means lies in the order of the columns of
W_Q and W_K. Numpy only; what is asked of transformers is imported where it is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from models.core import encodings
from models.core.arrays import Difference, as_numpy, difference
from models.core.attention import scores
from models.core.loaded import LoadedModel
from models.core.surroundings import Projection
from models.positions.rotary import is_rotary
from models.record import record
from models.trace import AttentionTrace, Floats, read_only

Integers = NDArray[np.integer]
Convention = Literal["half", "neighbours"]
CONVENTIONS: tuple[Convention, ...] = get_args(Convention)
_SAME = 1e-3  # of the size: a float32 angle is off by the position times 6e-8, another rotation far


def partners(d: int, convention: Convention) -> Integers:
    """(d/2, 2): the two places that turn together, slowest last. ValueError: an odd width."""
    if d % 2:
        raise ValueError(f"{d} numbers make no pairs")
    places = np.arange(d)
    return places.reshape(2, -1).T if convention == "half" else places.reshape(-1, 2)


def order(d: int, convention: Convention) -> Integers:
    """(d,): which column stands at each place; columns of "half" are as they come.

    q[order] has its pairs (i, i + d/2) where "neighbours" looks for them, at (2i, 2i + 1).
    """
    return np.arange(d) if convention == "half" else partners(d, "half").ravel()


def rotated(vectors: Floats, base: float, convention: Convention) -> Floats:
    """(token, d) → (token, d), in float64: pair i turned by the token's position · base^(−2i/d).

    ValueError: an odd width.
    """
    n, d = vectors.shape
    a, b = partners(d, convention).T
    angle = np.arange(n)[:, None] * encodings.frequencies(d, base)
    cos, sin = np.cos(angle), np.sin(angle)
    x, y = vectors[:, a].astype(np.float64), vectors[:, b].astype(np.float64)
    turned = np.empty(vectors.shape)
    turned[:, a], turned[:, b] = x * cos - y * sin, x * sin + y * cos
    return turned


@dataclass(frozen=True, slots=True, eq=False)
class RotaryPairs:
    """One head before any rotation, its columns in the order of "half".

    q: (query, d), k: (key, d); base: n of θ_i = n^(−2i/d); scaling: of the scores. own: (q, k) as
    the model itself turned them, None: it turns none, and the rotation is a what-if. by_library:
    convention → (query, key) unscaled scores by transformers' functions, of "neighbours" from
    columns of W_Q and W_K that were put in order before anything was computed.
    """

    q: Floats
    k: Floats
    base: float
    scaling: float
    own: tuple[Floats, Floats] | None
    by_library: Mapping[Convention, Floats]

    @property
    def d(self) -> int:
        """Numbers of a query."""
        return int(self.q.shape[1])

    @property
    def frequencies(self) -> Floats:
        """(d/2,): θ_i, radians a position."""
        return encodings.frequencies(self.d, self.base)

    def stored(self, convention: Convention) -> tuple[Floats, Floats]:
        """q and k, (token, d), with their columns in the order of this convention."""
        columns = order(self.d, convention)
        return self.q[:, columns], self.k[:, columns]

    def turned(self, stored: Convention, turns: Convention) -> tuple[Floats, Floats]:
        """R_m q and R_n k, (token, d): columns in one convention's order, turned by another's."""
        q, k = (rotated(part, self.base, turns) for part in self.stored(stored))
        return q, k

    def scores(self, stored: Convention, turns: Convention) -> Floats:
        """(query, key): R_m q · R_n k, scaled, whatever the mask says."""
        return np.asarray(scores(*self.turned(stored, turns)) * self.scaling)

    def check(self) -> Difference:
        """Ours to the vectors that the model itself turned, or to transformers' LLaMA's scores."""
        made = self.turned("half", "half")
        if self.own is not None:
            one, other = (difference(a, b) for a, b in zip(made, self.own, strict=True))
            return max(one, other, key=lambda found: found.relative)
        return difference(scores(*made), self.by_library["half"])

    def same_scores(self) -> Difference:
        """Reordered columns turned as neighbours, by transformers, to ours turned half by half."""
        return difference(self.by_library["neighbours"], self.scores("half", "half") / self.scaling)

    def off(self, stored: Convention, turns: Convention) -> float:
        """The largest |scaled score − the right one| between any two tokens of the text."""
        right = self.scores("half", "half")
        return float(np.abs(self.scores(stored, turns) - right).max())


def base_of(loaded: LoadedModel) -> float | None:
    """n of a rotary model's θ_i = n^(−2i/d), as its configuration has it; None: it rotates none."""
    if not is_rotary(loaded):
        return None
    found = getattr(loaded.model.config, "rope_parameters", None) or {}
    return float(found.get("rope_theta", encodings.BASE))


def recorded(model: LoadedModel, text: str, *, cut: bool = False) -> AttentionTrace:
    """A text through a model with its own rotation, and what surrounds its heads.

    Raises what models.record.record raises.
    """
    return record(model, text, cut=cut, surroundings=True)


def of_head(trace: AttentionTrace, layer: int, head: int, base: float) -> RotaryPairs | None:
    """One head of a recording with surroundings; None: no q and k before a rotation are known.

    layer, head: too large ones count as the last. The recording's own rotation is taken for the
    model's where it is this one (`own`); where it is another, there is nothing to show.
    """
    block = trace.block(trace.kinds[0], min(layer, trace.numbers(trace.kinds[0])[-1]))
    head, around = min(head, block.heads - 1), block.surroundings
    if around is None or not (around.recorded("q") and around.recorded("k")):
        return None
    sides = []
    for name, place, used, before, projection in (
        ("q", head, block.q[head], around.q_before, around.w_q),
        ("k", block.kv_head(head), block.k[block.kv_head(head)], around.k_before, around.w_k),
    ):
        d = used.shape[1]
        columns = place * d, (place + 1) * d
        plain = before[:, slice(*columns)].astype(np.float64)
        # Some families scale q before the attention sees it (OPT); a rotation keeps its length.
        factor = float(np.linalg.norm(used) / (np.linalg.norm(plain) or 1.0))
        source = around.source(name).astype(np.float64)
        sides.append((source, projection.columns(*columns), factor, plain * factor, used))
    q, k = sides[0][3], sides[1][3]
    if q.shape[1] % 2 or q.shape[1] != k.shape[1] or not isinstance(block.scaling, float):
        return None
    own = None
    if around.rotary:
        own = sides[0][4].astype(np.float64), sides[1][4].astype(np.float64)
        if any(difference(rotated(a, base, "half"), b).relative > _SAME
               for a, b in zip((q, k), own, strict=True)):  # fmt: skip
            return None
    columns_in_order = order(q.shape[1], "neighbours")
    moved = [_through(*side[:3], columns_in_order) for side in sides]
    library: dict[Convention, Floats]
    library = {"half": _by_llama(q, k, base), "neighbours": _by_cohere(moved[0], moved[1], base)}
    return RotaryPairs(read_only(q), read_only(k), base, block.scaling, own, library)


def _through(x: Floats, projection: Projection, factor: float, columns: Integers) -> Floats:
    """(token, width) → (token, d): through the same matrix with its columns in another order."""
    bias = None if projection.bias is None else projection.bias[columns]
    return np.asarray(Projection(projection.weight[:, columns], bias)(x)) * factor


def _by_llama(q: Floats, k: Floats, base: float) -> Floats:
    from transformers.models.llama import modeling_llama as library

    rotary, config = library.LlamaRotaryEmbedding, _settings(q, k, base)
    return _by(rotary(config), library.apply_rotary_pos_emb, q, k)


def _by_cohere(q: Floats, k: Floats, base: float) -> Floats:
    from transformers.models.cohere import modeling_cohere as library

    rotary, config = library.CohereRotaryEmbedding, _settings(q, k, base)
    return _by(rotary(config), library.apply_rotary_pos_emb, q, k)


def _settings(q: Floats, k: Floats, base: float) -> Any:
    return SimpleNamespace(
        rope_parameters={"rope_type": "default", "rope_theta": base},
        max_position_embeddings=max(len(q), len(k)),
        head_dim=q.shape[1],
    )


def _by(rotary: Any, apply: Any, q: Floats, k: Floats) -> Floats:
    """(query, d), (key, d) → (query, key): turned by the library's functions, in float32."""
    import torch

    with torch.inference_mode():
        sides = [torch.from_numpy(part.astype(np.float32))[None, None] for part in (q, k)]
        turned = []
        for side in sides:
            cos, sin = rotary(side, torch.arange(side.shape[2])[None])
            turned.append(as_numpy(apply(side, side, cos, sin)[0][0, 0]).astype(np.float64))
    return np.asarray(scores(*turned))
