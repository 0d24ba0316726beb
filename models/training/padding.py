"""Rows of different lengths as one tensor."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence


def padded(rows: Sequence[Sequence[int]], pad: int = 0) -> Tensor:
    """(row, the longest's length), the ends filled up."""
    return pad_sequence([torch.tensor(row) for row in rows], batch_first=True, padding_value=pad)
