"""What depth does to signal and gradient: random stacks of blocks, with and without path and norm.

A block is a Transformer's feed-forward layer without biases: f(x) = W₂ a(W₁x). Four ways to stack
it: f(x); x + f(x), He et al. 2016, *Deep Residual Learning*; f(LN(x)); x + f(LN(x)), pre-norm as
in Xiong et al. 2020. The loss is L = r·x of the last layer, r a random vector of length 1, so that
every gradient begins at 1. Nothing is trained. Numpy only, float64, by the chain rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from models.trace import Floats, read_only

Way = Literal["plain", "residual", "norm", "both"]
Bend = Literal["tanh", "relu"]
Start = Literal["linear", "lecun", "he"]
WAYS: tuple[Way, ...] = get_args(Way)
BENDS: tuple[Bend, ...] = get_args(Bend)
# StackWeights are uniform, up to this × 1/√(inputs) in size, which is how torch's nn.Linear begins;
# then with variance 1/inputs (LeCun et al. 1998), and 2/inputs (He et al. 2015).
GAINS: Mapping[Start, float] = {"linear": 1.0, "lecun": 3**0.5, "he": 6**0.5}
STARTS: tuple[Start, ...] = get_args(Start)
DEPTHS = (2, 4, 8, 16, 32)
WIDTH, INNER = 64, 256
SEEDS = 15  # odd: one of the stacks is the median
EPSILON = 1e-5  # as torch's LayerNorm has it


@dataclass(frozen=True, slots=True, eq=False)
class StackWeights:
    """One random stack. w: (block, inner, width), v: (block, width, inner); x, r: (width,)."""

    w: Floats
    v: Floats
    x: Floats
    r: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Stack:
    """All layers there and back, x₀ first. x, gradient: (block + 1, width), ∂L/∂x of each.

    added: (block, width), what f puts out; back: (block, width), Jᵀ∂L/∂x, what comes back
    through f (and the norm before it).
    """

    way: Way
    bend: Bend
    start: Start
    seed: int
    x: Floats
    added: Floats
    gradient: Floats
    back: Floats

    @property
    def key(self) -> tuple[object, ...]:
        """Everything that it was computed from."""
        return (self.way, self.bend, self.start, self.seed, self.depth)

    @property
    def depth(self) -> int:
        """How many blocks it has."""
        return len(self.added)

    @property
    def signal(self) -> Floats:
        """(block + 1,): the root mean square of x."""
        return rms(self.x)

    @property
    def sizes(self) -> Floats:
        """(block + 1,): ‖∂L/∂x‖."""
        return np.asarray(np.linalg.norm(self.gradient, axis=-1))

    @property
    def path(self) -> bool:
        """It has the residual path."""
        return self.way in ("residual", "both")

    @property
    def normed(self) -> bool:
        """It has the norm before f."""
        return self.way in ("norm", "both")


@dataclass(frozen=True, slots=True, eq=False)
class StackComparison:
    """The four ways at one depth. stacks: of each the one whose gradient at x₀ is the median.

    signals, gradients: way → (seed, block + 1), RMS and norm of every random stack.
    """

    stacks: Mapping[Way, Stack]
    signals: Mapping[Way, Floats]
    gradients: Mapping[Way, Floats]

    @property
    def key(self) -> tuple[object, ...]:
        """Everything that it was computed from."""
        return tuple(one.key for one in self.stacks.values())

    @property
    def depth(self) -> int:
        """How many blocks."""
        return self.stacks["plain"].depth


def need(found: StackComparison) -> float:
    """How clearly path and norm are both needed: in powers of ten, by the gradient at x₀.

    How far from 1 the nearest of the three other ways ends, less how far both together end.
    """
    off = {way: abs(float(np.log10(one.sizes[0]))) for way, one in found.stacks.items()}
    return min(size for way, size in off.items() if way != "both") - off["both"]


def rms(x: Floats) -> Floats:
    """(…, width) → (…): √ of the mean square."""
    return np.asarray(np.sqrt((x * x).mean(-1)))


def weights(seed: int, depth: int, start: Start) -> StackWeights:
    """Of one seed; the first blocks are the same at every depth. KeyError: no such start."""
    drawn = np.random.default_rng(seed)
    x, r = drawn.standard_normal((2, WIDTH))
    each = drawn.uniform(-1, 1, (depth, 2, INNER, WIDTH)) * GAINS[start]
    w, v = each[:, 0] / WIDTH**0.5, each[:, 1].swapaxes(1, 2) / INNER**0.5
    return StackWeights(w, v, x / rms(x), r / np.linalg.norm(r))


def stack(seed: int, depth: int, way: Way, bend: Bend, start: Start) -> Stack:
    """One stack, there and back. ValueError: no such way or activation, or no block."""
    if way not in WAYS or bend not in BENDS or depth < 1:
        raise ValueError(f"{way!r}, {bend!r}, {depth} blocks: no such stack")
    return _run(weights(seed, depth, start), seed, way, bend, start)


def _run(given: StackWeights, seed: int, way: Way, bend: Bend, start: Start) -> Stack:
    path, normed = way in ("residual", "both"), way in ("norm", "both")
    xs, added, slopes = [given.x], [], []
    for w, v in zip(given.w, given.v, strict=True):
        z = w @ (layer_norm(xs[-1]) if normed else xs[-1])
        h = np.tanh(z) if bend == "tanh" else np.maximum(z, 0)
        slopes.append(1 - h * h if bend == "tanh" else (z > 0).astype(np.float64))
        added.append(v @ h)
        xs.append(xs[-1] + added[-1] if path else added[-1])
    gradients, back = [given.r], []
    for w, v, slope, x in zip(given.w[::-1], given.v[::-1], slopes[::-1], xs[-2::-1], strict=True):
        through = ((gradients[-1] @ v) * slope) @ w
        back.append(norm_back(x, through) if normed else through)
        gradients.append(gradients[-1] + back[-1] if path else back[-1])
    parts = (xs, added, gradients[::-1], back[::-1])
    return Stack(way, bend, start, seed, *(read_only(np.array(part)) for part in parts))


def layer_norm(x: Floats) -> Floats:
    """(width,) → (width,): less its mean, divided by its standard deviation; γ = 1, β = 0."""
    centred = x - x.mean()
    return np.asarray(centred / np.sqrt((centred * centred).mean() + EPSILON))


def norm_back(x: Floats, gradient: Floats) -> Floats:
    """(width,), (width,) by the norm's output → (width,) by its input x.

    The part along 1 and along the output is taken away, the rest divided by the deviation.
    """
    out = layer_norm(x)
    deviation = np.sqrt(x.var() + EPSILON)
    return np.asarray((gradient - gradient.mean() - out * (gradient * out).mean()) / deviation)


def comparison(depth: int, bend: Bend, start: Start) -> StackComparison:
    """SEEDS random stacks each way. ValueError and KeyError as of the parts."""
    if bend not in BENDS or depth < 1:
        raise ValueError(f"{bend!r}, {depth} blocks: no such stack")
    every: dict[Way, list[Stack]] = {way: [] for way in WAYS}
    for seed in range(SEEDS):
        given = weights(seed, depth, start)
        for way in WAYS:
            every[way].append(_run(given, seed, way, bend, start))
    stacks = {
        way: sorted(found, key=lambda one: float(one.sizes[0]))[SEEDS // 2]
        for way, found in every.items()
    }
    signals = {w: read_only(np.array([s.signal for s in found])) for w, found in every.items()}
    gradients = {w: read_only(np.array([s.sizes for s in found])) for w, found in every.items()}
    return StackComparison(stacks, signals, gradients)
