"""One folder for the models of several seeds: the first one's is whole, of others the weights."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from safetensors.torch import load_file, save_file
from torch import nn

from models.training import symbols


def save(
    models: Sequence[nn.Module], seeds: Sequence[int], folder: Path, tokens: Sequence[str]
) -> None:
    """Write (seed,) models, which read these tokens, into a folder."""
    models[0].save_pretrained(folder)  # type: ignore[operator]
    symbols.without_spaces(tokens).save_pretrained(folder)
    for seed, model in zip(seeds[1:], models[1:], strict=True):
        save_file(model.state_dict(), folder / f"seed-{seed}.safetensors")


def members(build: Callable[[], nn.Module], seeds: Sequence[int], folder: Path) -> list[nn.Module]:
    """(seed,) models as they lie in the folder. build: one of them, untrained."""
    files = ["model.safetensors", *(f"seed-{seed}.safetensors" for seed in seeds[1:])]
    found = []
    for file in files:
        model = build().eval()
        model.load_state_dict(load_file(folder / file))
        found.append(model)
    return found
