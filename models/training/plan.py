"""What there is to say about training one model: recipe, task, what is measured. Imports torch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn


@dataclass(frozen=True, slots=True)
class Recipe:
    """How long and how fast. One model is trained for each seed.

    The learning rate rises for `warmup` steps and falls to zero along a cosine.
    curve_every: steps averaged into one point of the learning curve; save_every: steps
    between checkpoints, a multiple of it, so that no half point is lost on resuming.
    batch: only told, on the card; the task draws its batches itself. muon: the matrices of
    the layers are moved by Muon, not AdamW (models.training.optimizers).
    """

    steps: int
    batch: int
    learning_rate: float = 1e-3
    seeds: tuple[int, ...] = (0,)
    warmup: int = 100
    weight_decay: float = 0.01
    clip: float = 1.0
    curve_every: int = 20
    save_every: int = 200
    muon: bool = False

    def __post_init__(self) -> None:
        if self.save_every % self.curve_every:
            raise ValueError(f"save_every {self.save_every} is no multiple of {self.curve_every}")


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure: what it means, and how well it must hold.

    margin: how far a fresh sample's figure may lie from the one that was written down.
    at_least, at_most: what the model has to reach; both None: only told.
    """

    meaning: str
    margin: float
    at_least: float | None = None
    at_most: float | None = None

    def reached(self, value: float) -> bool:
        """The figure is within its bounds."""
        over = self.at_least is None or value >= self.at_least
        return over and (self.at_most is None or value <= self.at_most)


@dataclass(frozen=True, slots=True)
class About:
    """What a card says in words, below its title (models.card.SHIPPED); figures are measured."""

    what: str
    data: str
    results: str
    limits: str


@dataclass(frozen=True, slots=True)
class Measured:
    """What an evaluation found on one sample.

    quality: name → figure; baselines: of what → the same names, where they make sense
    (an untrained model, a head switched off, another method). detail: further numbers;
    files: name → what else is written beside metrics.json, as JSON, or a function that makes it
    where that takes long and only the evaluation needs it.
    """

    quality: Mapping[str, float]
    baselines: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    detail: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """One model to train.

    build: an untrained model, from torch's global generator alone. loss: of one batch, drawn
    from the generator handed in (and from nothing else, or a resumed run differs).
    save: the trained models, one a seed → a checkpoint folder. measure: (folder, seed of the
    sample) → figures of what lies there. title, shape: of what is no model by itself, its name on
    the card and (folder) → its sizes there; None: as the catalogue has them.
    """

    id: str
    recipe: Recipe
    about: About
    figures: Mapping[str, Figure]
    build: Callable[[], nn.Module]
    loss: Callable[[nn.Module, torch.Generator], Tensor]
    save: Callable[[Sequence[nn.Module], Path], None]
    measure: Callable[[Path, int], Measured]
    title: str | None = None
    shape: Callable[[Path], dict[str, Any]] | None = None
