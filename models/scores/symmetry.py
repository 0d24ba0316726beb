"""What W_Q and W_K being two matrices is for: with one, a head's scores would be symmetric.

S = Q·Kᵀ = X·W_Q·W_Kᵀ·Xᵀ (Vaswani et al. 2017, section 3.2.1, without the division). With
W_K = W_Q it is Q·Qᵀ, and s(i → j) = q_i·q_j = s(j → i). A rotation by positions (RoPE, Su et al.
2021) changes nothing of that: (R_i q_i)·(R_j q_j) is one number whichever comes first. Numpy only.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np

from models.core.arrays import Difference, difference
from models.core.attention import HeadSteps, scores
from models.trace import AttentionBlock, AttentionTrace, Floats, Kind, Projection

RANDOM = sqrt(2)  # asymmetry where s(i → j) and s(j → i) have mean 0 and nothing in common


@dataclass(frozen=True, slots=True, eq=False)
class HeadScores:
    """(token, token) q·k of one head, before any scaling or mask, in float64."""

    raw: Floats

    @property
    def asymmetry(self) -> float:
        """‖S − Sᵀ‖ / ‖S‖ (Frobenius): 0 for a symmetric S, 2 for S = −Sᵀ; of zeros alone 0."""
        size = float(np.linalg.norm(self.raw))
        return float(np.linalg.norm(self.raw - self.raw.T)) / size if size else 0.0

    @property
    def themselves(self) -> int:
        """How many tokens have no larger score with another token than with themselves."""
        return int((self.raw.diagonal() >= self.raw.max(axis=1)).sum())


@dataclass(frozen=True, slots=True)
class HeadAsymmetry:
    """One head's ‖S − Sᵀ‖ / ‖S‖ in a text."""

    layer: int
    head: int
    asymmetry: float


@dataclass(frozen=True, slots=True, eq=False)
class TwoMatrices:
    """One head's scores as they are, and with W_K = W_Q. q, k: (token, d), as attention used them.

    factor: used queries = factor · projected ones, where a model scales them (OPT); keys are not.
    ValueError: q and k have different shapes.
    """

    q: Floats
    k: Floats
    factor: float = 1.0

    def __post_init__(self) -> None:
        if self.q.shape != self.k.shape:
            raise ValueError(f"queries {self.q.shape}, keys {self.k.shape}")

    @property
    def recorded(self) -> HeadScores:
        """Q·Kᵀ."""
        return _scores(self.q, self.k)

    @property
    def one_matrix(self) -> HeadScores:
        """Q·(X·W_Q)ᵀ: what the scores are once keys are made by W_Q, too."""
        return _scores(self.q, self.same)

    @property
    def same(self) -> Floats:
        """(token, d): keys made by W_Q."""
        return np.asarray(self.q / self.factor)


def _scores(q: Floats, k: Floats) -> HeadScores:
    return HeadScores(scores(q.astype(np.float64), k.astype(np.float64)))


def two_matrices(steps: HeadSteps, factor: float = 1.0) -> TwoMatrices:
    """One recorded head, its own and the what-if. factor: as in TwoMatrices; raises as that."""
    return TwoMatrices(steps.q, steps.k, factor)


def comparable(block: AttentionBlock) -> bool:
    """Whether queries and keys are the same tokens, so that there is an s(j → i) for s(i → j)."""
    return block.whole and block.kind != "cross" and block.shape[0] == block.shape[1]


def of_all_heads(trace: AttentionTrace, kind: Kind) -> tuple[HeadAsymmetry, ...]:
    """Every head of one kind whose queries and keys are the same tokens, layer by layer."""
    blocks = [block for block in trace.all_blocks if block.kind == kind and comparable(block)]
    return tuple(
        HeadAsymmetry(block.layer, head, float(value))
        for block in blocks
        for head, value in enumerate(_asymmetries(block))
    )


def _asymmetries(block: AttentionBlock) -> Floats:
    """(head,): `HeadScores.asymmetry` of each in float64, from d × d products.

    ‖S‖² = Σ (QᵀQ) ⊙ (KᵀK) and ‖S − Sᵀ‖² = 2‖S‖² − 2 Σ (KᵀQ) ⊙ (KᵀQ)ᵀ: no S is computed.
    """
    q = block.q.astype(np.float64)
    k = block.k[[block.kv_head(head) for head in range(len(q))]].astype(np.float64)
    own = (q.mT @ q) * (k.mT @ k)
    crossed = k.mT @ q
    size = own.sum((-2, -1))
    apart = 2 * (size - (crossed * crossed.mT).sum((-2, -1)))
    shares = np.sqrt(np.clip(apart, 0, None) / np.where(size > 0, size, 1))
    return np.asarray(np.where(size > 0, shares, 0.0))


def from_inputs(x: Floats, w_q: Projection, w_k: Projection) -> Floats:
    """(token, width) → (token, token): X·(W_Q·W_Kᵀ)·Xᵀ in float64, biases as one column more.

    The same scores by another way: no query and no key is computed. w_q, w_k: width → d.
    """
    one = np.hstack([x.astype(np.float64), np.ones((len(x), 1))])
    both = [_with_bias(part) for part in (w_q, w_k)]
    return np.asarray(one @ (both[0] @ both[1].T) @ one.T)


def _with_bias(projection: Projection) -> Floats:
    """(width + 1, d)."""
    weight = projection.weight.astype(np.float64)
    bias = np.zeros(weight.shape[1]) if projection.bias is None else projection.bias
    return np.vstack([weight, bias[None].astype(np.float64)])


def check(found: TwoMatrices, x: Floats, w_q: Projection) -> Difference:
    """The what-if from recorded queries to the same from inputs and W_Q. x: (token, width)."""
    return difference(found.one_matrix.raw, found.factor * from_inputs(x, w_q, w_q))
