"""Models that have learned nothing, for trained ones to be held against."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import torch
from torch import nn

Model = TypeVar("Model", bound=nn.Module)


def untrained(build: Callable[[], Model], seed: int) -> Model:
    """What `build` makes of that seed, ready to be measured; the global random state is put back.

    build: from torch's global generator alone.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return build().eval()
