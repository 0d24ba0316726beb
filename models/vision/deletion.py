"""Does a picture's class hang on the patches attended to? They are removed one by one.

Deletion curves: Petsiuk, Das and Saenko (2018), "RISE", section 4.3. A patch is never really gone:
its pixels are replaced, by paper (0) or by the mean picture's own patch at that place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any, Literal

import numpy as np

from models.catalog import load
from models.core.loaded import LoadedModel
from models.core.rollout import of_heads, rollout, with_residual
from models.measured import read
from models.record import as_numpy
from models.trace import AttentionTrace, Floats, read_only
from models.vision import digits
from models.vision.trace import PictureTrace

Fill = Literal["paper", "mean"]
By = Literal["layer", "rollout", "head"]
Verdict = Literal["more", "unclear", "less"]
Order = tuple[int, ...]

FILLS: tuple[Fill, ...] = ("paper", "mean")
BY: tuple[By, ...] = ("layer", "rollout", "head")
RANDOM = 20  # random orders
ODD = 1  # of them that may do as well, and the attended ones still count as mattering more
SAME = 1e-9  # areas no further apart are one
FILE = "deletion.json"


@dataclass(frozen=True, slots=True, eq=False)
class Deletion:
    """One picture, its patches removed in several orders.

    target: the class that the whole picture is named; orders: "most" and "least" attended first,
    "ink": most ink first; curves: name → (patches + 1,) the target's probability after 0, 1, …
    removals; random_orders, random: (order, …) the same of random ones.
    """

    target: int
    orders: Mapping[str, Order]
    curves: Mapping[str, Floats]
    random_orders: tuple[Order, ...]
    random: Floats

    @property
    def lines(self) -> dict[str, Floats]:
        """Name → (patches + 1,): the curves, and as "random" the mean over the random orders."""
        return {**self.curves, "random": self.random.mean(axis=0)}

    @property
    def spread(self) -> tuple[Floats, Floats]:
        """(patches + 1,) each: the least and the greatest of the random orders."""
        return self.random.min(axis=0), self.random.max(axis=0)

    @property
    def areas(self) -> dict[str, float]:
        """Mean height under each curve."""
        return {name: area(curve) for name, curve in self.curves.items()}

    @property
    def random_areas(self) -> list[float]:
        """The same of each random order."""
        return [area(curve) for curve in self.random]

    @property
    def random_area(self) -> float:
        """The mean of them."""
        return sum(self.random_areas) / len(self.random_areas)

    @property
    def beaten(self) -> int:
        """How many random orders cost less than removing the most attended first."""
        return _larger(self.areas["most"], self.random_areas)


def area(curve: Floats) -> float:
    """(patches + 1,) → mean height under a curve from end to end, by trapezoids."""
    values: list[float] = curve.astype(np.float64).tolist()
    return sum((a + b) / 2 for a, b in pairwise(values)) / (len(values) - 1)


def verdict(most: float, random: Sequence[float]) -> Verdict:
    """Whether removing the most attended first costs more than removing at random.

    "more", "less": its area is smaller, larger than those of all random orders but one.
    """
    if _larger(most, random) >= len(random) - ODD:
        return "more"
    cheaper = _larger(-most, [-one for one in random])
    return "less" if cheaper >= len(random) - ODD else "unclear"


def _larger(least: float, areas: Sequence[float]) -> int:
    """How many areas are larger than one, and not the same by rounding."""
    return sum(one - least > SAME for one in areas)


def shares(trace: AttentionTrace, by: By, layer: int, head: int) -> Floats:
    """(patch,): how much [CLS] gives to each patch. by: the last layer's mean over its heads,
    the rollout over all layers, or one head.
    """
    found = trace.layers("encoder")
    if by == "rollout":
        row = rollout([with_residual(block.weights) for block in found])[-1][0]
    elif by == "layer":
        row = of_heads(found[-1].weights)[0]
    else:
        row = found[layer].weights[head, 0].astype(np.float64)
    return read_only(row[1:])


def deletion(
    model: LoadedModel | str, seen: PictureTrace, attended: Floats, fill: Fill
) -> Deletion:
    """All orders in one batch. attended: (patch,), by which "most" and "least" are ordered."""
    orders = {"most": falling(attended), "least": falling(-attended), "ink": by_ink(seen)}
    drawn = at_random(len(attended))
    curves = after(model, seen, [*orders.values(), *drawn], fill)
    named = dict(zip(orders, curves, strict=False))
    return Deletion(seen.named, orders, named, drawn, curves[len(orders) :])


def falling(values: Floats) -> Order:
    """(patch,) → places, the largest value first; of equal ones the first comes first."""
    order: list[int] = np.argsort(-values, kind="stable").tolist()
    return tuple(order)


def by_ink(seen: PictureTrace) -> Order:
    """The patch with the most ink first: what needs no model at all."""
    return falling(seen.embedding.patches.sum(axis=1))


def at_random(patches: int) -> tuple[Order, ...]:
    """RANDOM orders, always the same ones."""
    drawn = (np.random.default_rng(seed).permutation(patches) for seed in range(RANDOM))
    return tuple(tuple(order.tolist()) for order in drawn)


def after(
    model: LoadedModel | str, seen: PictureTrace, orders: Sequence[Order], fill: Fill
) -> Floats:
    """(order, patches + 1): the named class's probability after 0, 1, … removals, in one batch."""
    import torch

    loaded = load(model)
    pixels = np.concatenate([removed(seen.pixels, order, fill) for order in orders])
    with torch.inference_mode():
        logits = loaded.model(pixel_values=torch.from_numpy(pixels)[:, None]).logits
    shares = as_numpy(logits.softmax(-1))
    return read_only(shares[:, seen.named].reshape(len(orders), -1))


def removed(pixels: Floats, order: Order, fill: Fill) -> Floats:
    """(row, column) → (patches + 1, row, column): after the first 0, 1, … patches of an order."""
    side = round(len(order) ** 0.5)
    cell = len(pixels) // side
    other = filling(fill)
    pictures = np.repeat(pixels[None], len(order) + 1, axis=0)
    for count, patch in enumerate(order):
        row, column = (place * cell for place in divmod(patch, side))
        there = slice(row, row + cell), slice(column, column + cell)
        pictures[(slice(count + 1, None), *there)] = other[there]
    return pictures


@cache
def filling(fill: Fill) -> Floats:
    """(row, column): what stands in a removed patch's place; the mean is the training part's."""
    training = digits.split()[0].pixels
    return read_only(training.mean(axis=0) if fill == "mean" else np.zeros_like(training[0]))


@dataclass(frozen=True, slots=True)
class Gain:
    """By how much an order's area is smaller than another's: mean over pictures, standard error."""

    mean: float
    error: float

    @property
    def verdict(self) -> Verdict:
        """Decided where the mean is more than two standard errors from 0."""
        if abs(self.mean) <= 2 * self.error:
            return "unclear"
        return "more" if self.mean > 0 else "less"


@dataclass(frozen=True, slots=True, eq=False)
class HeldOut:
    """The same over many pictures: mean curves, each (patches + 1,).

    curves: "most", "least", "ink", "random"; low, high: the least and the highest of the random
    orders' mean curves; areas: under the mean curves; over_random, over_ink: what "most" gains.
    """

    pictures: int
    curves: Mapping[str, Floats]
    low: Floats
    high: Floats
    areas: Mapping[str, float]
    over_random: Gain
    over_ink: Gain


@cache
def measured(model_id: str, by: str, fill: Fill) -> HeldOut | None:
    """By "layer", "rollout" or "head-<layer>-<head>"; None: not measured. DamagedWeights."""
    return read(model_id, FILE, lambda found: _held_out(found, by, fill))


def _held_out(found: Mapping[str, Any], by: str, fill: Fill) -> HeldOut | None:
    of_fill = found["fills"][fill]
    ranked = of_fill["by"].get(by)
    if ranked is None:
        return None
    curves = {"most": ranked["most"], "least": ranked["least"]}
    curves |= {name: of_fill[name]["mean"] for name in ("ink", "random")}
    return HeldOut(
        found["pictures"],
        {name: read_only(np.array(curve)) for name, curve in curves.items()},
        read_only(np.array(of_fill["random"]["low"])),
        read_only(np.array(of_fill["random"]["high"])),
        {**{name: of_fill[name]["area"] for name in ("ink", "random")}, **ranked["areas"]},
        Gain(**ranked["over_random"]),
        Gain(**ranked["over_ink"]),
    )
