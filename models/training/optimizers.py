"""What moves the weights: AdamW, or Muon where a recipe asks for it."""

from __future__ import annotations

import re

import torch
from torch import nn

from models.training.plan import Recipe

Optimizers = tuple[torch.optim.Optimizer, ...]

_INSIDE = re.compile(r"\.\d+\.")  # the name of a weight in one of a model's numbered layers


def optimizers(model: nn.Module, recipe: Recipe) -> Optimizers:
    """One for each kind of weight.

    AdamW (Loshchilov & Hutter 2019) moves all of them, or with recipe.muon all but the matrices
    of the layers. Those Muon moves (Jordan et al. 2024): every update is made orthogonal, so that
    directions with small gradients learn as fast as those with large ones, and scaled to AdamW's
    size (Liu et al. 2025), so that one learning rate serves both.
    """
    named = list(model.named_parameters())
    matrices = [p for name, p in named if recipe.muon and p.ndim == 2 and _INSIDE.search(name)]
    held = {id(p) for p in matrices}
    others = [p for _, p in named if id(p) not in held]
    adam = torch.optim.AdamW(others, weight_decay=recipe.weight_decay)
    if not matrices:
        return (adam,)
    muon = torch.optim.Muon(
        matrices, weight_decay=recipe.weight_decay, adjust_lr_fn="match_rms_adamw"
    )
    return adam, muon
