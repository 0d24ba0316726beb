"""A matrix with a low-rank update beside it: W x + (α/r) B A x (Hu et al. 2021, equation 3).

Imports torch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn


class LowRank(nn.Module):
    """A frozen linear layer, and the update that is learned for it.

    a: (r, d_in), drawn as Hu et al. draw it; b: (d_out, r), zero, so that training begins with the
    layer as it was. scale: α/r. draws: of a; None: the process's own.
    """

    def __init__(
        self, frozen: nn.Linear, rank: int, alpha: float, draws: torch.Generator | None = None
    ) -> None:
        super().__init__()
        self.frozen = frozen.requires_grad_(False)
        self.a = nn.Parameter(torch.empty(rank, frozen.in_features))
        self.b = nn.Parameter(torch.zeros(frozen.out_features, rank))
        self.scale = alpha / rank
        nn.init.kaiming_uniform_(self.a, a=5**0.5, generator=draws)

    def forward(self, x: Tensor) -> Tensor:
        """(…, d_in) → (…, d_out)."""
        return self.frozen(x) + self.scale * (x @ self.a.T @ self.b.T)  # type: ignore[no-any-return]


def adapt(
    model: nn.Module,
    names: Sequence[str],
    rank: int,
    alpha: float,
    draws: torch.Generator | None = None,
) -> dict[str, LowRank]:
    """Freeze the model and put an update beside each linear layer named; → name → it.

    draws: of every a; None: the process's own.
    KeyError, AttributeError: the model has no such layer.
    """
    model.requires_grad_(False)
    put: dict[str, LowRank] = {}
    for name in names:
        parent, _, leaf = name.rpartition(".")
        holder: Any = model.get_submodule(parent)
        put[name] = LowRank(getattr(holder, leaf), rank, alpha, draws)
        setattr(holder, leaf, put[name])
    return put


def tensors(put: Mapping[str, LowRank]) -> dict[str, Tensor]:
    """name.A (r, d_in) and name.B (d_out, r) of every update: what an adapter's file holds."""
    of = {f"{name}.A": one.a.detach().contiguous() for name, one in put.items()}
    return of | {f"{name}.B": one.b.detach().contiguous() for name, one in put.items()}


def truncated(a: Tensor, b: Tensor, rank: int) -> tuple[Tensor, Tensor]:
    """(r, d_in), (d_out, r) → the same two with `rank` rows and columns: B A's best of that rank.

    By its singular values (Eckart and Young 1936): B A = U S Vᵀ, the largest are kept, √S on
    either side. rank r gives B A itself, but for rounding. ValueError: not in 0..r.
    """
    if not 0 <= rank <= len(a):
        raise ValueError(f"rank {rank} is not in 0..{len(a)}")
    u, s, vt = torch.linalg.svd((b.double() @ a.double()), full_matrices=False)
    root = s[:rank].sqrt()
    return (root[:, None] * vt[:rank]).to(a.dtype), (u[:, :rank] * root).to(b.dtype)
