"""Deletion curves of the held-out digits: every way to rank patches, both ways to remove them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from models.catalog import load
from models.core.loaded import LoadedModel
from models.trace import Floats
from models.vision.deletion import (
    BY,
    FILLS,
    RANDOM,
    Fill,
    after,
    area,
    at_random,
    by_ink,
    falling,
    shares,
)
from models.vision.digit import see
from models.vision.digits import Digits
from models.vision.trace import PictureTrace

Curves = Mapping[str, Floats]  # a ranking's name → (picture, order, patches + 1)
_PLAIN = "plain"  # what needs no attention: most ink first, then the random orders


def curves(folder: Path, pictures: Digits) -> dict[str, Any]:
    """What is written beside metrics.json: mean curves, areas, and what they gain."""
    loaded = load(str(folder))
    seen = [see(loaded, pixels) for pixels in pictures.pixels]
    return {
        "pictures": len(seen),
        "patches": len(seen[0].embedding.patches),
        "random_orders": RANDOM,
        "fills": {fill: _row(_of_fill(loaded, seen, fill)) for fill in FILLS},
    }


def _of_fill(loaded: LoadedModel, seen: list[PictureTrace], fill: Fill) -> Curves:
    found: dict[str, list[Floats]] = {}
    for one in seen:
        rankings = _rankings(loaded, one)
        orders = [order for row in rankings.values() for order in (falling(row), falling(-row))]
        plain = [by_ink(one), *at_random(len(one.embedding.patches))]
        made = after(loaded, one, [*orders, *plain], fill)
        for place, name in enumerate(rankings):
            found.setdefault(name, []).append(made[2 * place : 2 * place + 2])
        found.setdefault(_PLAIN, []).append(made[len(orders) :])
    return {name: np.array(rows, np.float64) for name, rows in found.items()}


def _rankings(loaded: LoadedModel, seen: PictureTrace) -> dict[str, Floats]:
    """The last layer's mean, the rollout, every single head."""
    found: dict[str, Floats] = {b: shares(seen.attention, b, 0, 0) for b in BY if b != "head"}
    for layer in range(loaded.card.layers):
        for head in range(loaded.card.heads):
            found[f"head-{layer}-{head}"] = shares(seen.attention, "head", layer, head)
    return found


def _row(found: Curves) -> dict[str, Any]:
    plain = found[_PLAIN]
    ink, random = plain[:, 0], plain[:, 1:]
    by_order = random.mean(axis=0)
    return {
        "random": _curve(by_order.mean(axis=0))
        | {"low": by_order.min(axis=0).tolist(), "high": by_order.max(axis=0).tolist()},
        "ink": _curve(ink.mean(axis=0)),
        "by": {
            name: _of_ranking(rows, ink, random.mean(axis=1))
            for name, rows in found.items()
            if name != _PLAIN
        },
    }


def _curve(mean: Floats) -> dict[str, Any]:
    return {"mean": mean.tolist(), "area": area(mean)}


def _of_ranking(rows: Floats, ink: Floats, random: Floats) -> dict[str, Any]:
    """rows: (picture, 2, n), most and least attended first; ink, random: (picture, n)."""
    most, least = rows.mean(axis=0)
    return {
        "most": most.tolist(),
        "least": least.tolist(),
        "areas": {"most": area(most), "least": area(least)},
        "over_random": _gain(random, rows[:, 0]),
        "over_ink": _gain(ink, rows[:, 0]),
    }


def _gain(other: Floats, most: Floats) -> dict[str, float]:
    """By how much the area under "most" is smaller: mean and standard error over the pictures."""
    pairs = zip(other, most, strict=True)
    gains = np.array([area(theirs) - area(ours) for theirs, ours in pairs])
    return {
        "mean": float(gains.mean()),
        "error": float(gains.std(ddof=1) / np.sqrt(len(gains))),
    }
