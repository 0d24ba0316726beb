"""How far a training has come, kept in one safetensors file: it goes on where it stopped."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from models.training.optimizers import Optimizers
from models.training.plan import Recipe

_MODEL, _OPTIMIZER, _RANDOM, _DRAWS = "model.", "optimizer.", "random", "draws"


@dataclass(slots=True)
class Progress:
    """Steps done, seconds they took, and the learning curve: (step, mean loss) points."""

    step: int = 0
    seconds: float = 0.0
    curve: list[tuple[int, float]] = field(default_factory=list)


def save(
    file: Path,
    model: nn.Module,
    movers: Optimizers,
    draws: torch.Generator,
    progress: Progress,
    recipe: Recipe,
) -> None:
    """Everything that the next step depends on, in one file that is never half written."""
    tensors = {_MODEL + name: value.clone() for name, value in model.state_dict().items()}
    tensors |= {_OPTIMIZER + name: value.clone() for name, value in _moments(movers)}
    tensors |= {_RANDOM: torch.get_rng_state(), _DRAWS: draws.get_state()}
    notes = {"progress": json.dumps(asdict(progress)), "recipe": json.dumps(asdict(recipe))}
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_suffix(".part")
    save_file(tensors, beside, metadata=notes)
    os.replace(beside, file)


def restore(
    file: Path,
    model: nn.Module,
    movers: Optimizers,
    draws: torch.Generator,
    recipe: Recipe,
) -> Progress:
    """Put everything back. ValueError: the file belongs to a training by another recipe."""
    with safe_open(file, framework="pt") as stored:
        notes = stored.metadata()
        tensors = {name: stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118
    if json.loads(notes["recipe"]) != json.loads(json.dumps(asdict(recipe))):
        raise ValueError(f"{file} belongs to another recipe: remove it to begin anew")
    model.load_state_dict(_below(tensors, _MODEL))
    _set_moments(movers, _below(tensors, _OPTIMIZER))
    torch.set_rng_state(tensors[_RANDOM])
    draws.set_state(tensors[_DRAWS])
    found = json.loads(notes["progress"])
    return Progress(found["step"], found["seconds"], [(s, v) for s, v in found["curve"]])


def _below(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {n.removeprefix(prefix): t for n, t in tensors.items() if n.startswith(prefix)}


def _moments(movers: Optimizers) -> Iterator[tuple[str, Tensor]]:
    for number, mover in enumerate(movers):
        for index, values in mover.state_dict()["state"].items():
            for name, value in values.items():
                yield f"{number}.{index}.{name}", value


def _set_moments(movers: Optimizers, tensors: dict[str, Tensor]) -> None:
    for number, mover in enumerate(movers):
        state: dict[int, dict[str, Tensor]] = {}
        for key, value in _below(tensors, f"{number}.").items():
            index, _, name = key.partition(".")
            state.setdefault(int(index), {})[name] = value
        mover.load_state_dict(mover.state_dict() | {"state": state})
