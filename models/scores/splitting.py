"""How X becomes several heads: projected at full width, and only then cut.

MultiHead(X): head_i reads X·W_Qⁱ, W_Qⁱ: width → d_k (Vaswani et al. 2017, section 3.2.2). All W_Qⁱ
side by side are one W_Q, width → h·d_k, so head i has columns i·d_k … (i+1)·d_k − 1 of X·W_Q, and
each of them is a sum over all of X. Numpy only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.core.arrays import Difference, difference
from models.trace import AttentionBlock, Floats, Projection


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """The queries of one layer before they are cut, and one head's part.

    x: (token, width); w_q: width → heads·d, all heads; d: numbers of a head's query;
    recorded: (token, heads·d) what the model's own projection gave.
    Raises IndexError when there is no such head, ValueError when W_Q is not as wide as all heads.
    """

    x: Floats
    w_q: Projection
    head: int
    heads: int
    d: int
    recorded: Floats

    def __post_init__(self) -> None:
        if not 0 <= self.head < self.heads:
            raise IndexError(f"head {self.head} is not in 0..{self.heads - 1}")
        if self.w_q.weight.shape[1] != self.heads * self.d:
            raise ValueError(f"W_Q {self.w_q.weight.shape}, {self.heads} heads of {self.d}")

    @property
    def width(self) -> int:
        """How many numbers a token's x has."""
        return int(self.x.shape[1])

    @property
    def columns(self) -> tuple[int, int]:
        """start, stop: the head's columns of X·W_Q."""
        return self.head * self.d, (self.head + 1) * self.d

    @property
    def rows(self) -> tuple[int, int]:
        """start, stop: which of x's numbers the head would be given if x were cut first."""
        return self.head * self.width // self.heads, (self.head + 1) * self.width // self.heads

    @property
    def full(self) -> Floats:
        """(token, heads·d) X·W_Q at full width, in float64."""
        return _projected(self.x, self.w_q)

    @property
    def query(self) -> Floats:
        """(token, d): the head's columns of it."""
        return self.full[:, slice(*self.columns)]

    @property
    def cut_first(self) -> Floats:
        """(token, d): the what-if, only the head's share of x times its rows of W_Q."""
        rows, part = slice(*self.rows), self.w_q.columns(*self.columns)
        return _projected(self.x[:, rows], Projection(part.weight[rows], part.bias))

    def lost(self, token: int) -> float:
        """‖own − cut first‖ / ‖own‖ of one token's query. IndexError: no such token."""
        own, cut = self.query[token], self.cut_first[token]
        return float(np.linalg.norm(own - cut) / np.linalg.norm(own))

    def difference(self) -> Difference:
        """The head's columns of the full product to what the model's own projection gave it."""
        return difference(self.query, self.recorded[:, slice(*self.columns)])


def _projected(x: Floats, projection: Projection) -> Floats:
    """(token, in) → (token, out) in float64."""
    made = x.astype(np.float64) @ projection.weight.astype(np.float64)
    return np.asarray(made if projection.bias is None else made + projection.bias)


def split(block: AttentionBlock, head: int) -> Split | None:
    """One head of a recorded layer; None: it was not recorded what its queries are made from."""
    around, d = block.surroundings, int(block.q.shape[2])
    if around is None or not around.recorded("q"):
        return None
    if around.w_q.weight.shape[1] != block.heads * d or not around.q_before.size:
        return None
    return Split(around.x, around.w_q, head, block.heads, d, around.q_before)
