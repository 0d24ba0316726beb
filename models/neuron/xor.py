"""XOR, learned by gradient descent: by one unit, and by a network with a hidden layer of two.

ŷ = σ(v·h + c), h = f(Wx + b), or h = x where there is no hidden layer; the loss is the mean of
−(y ln ŷ + (1 − y) ln(1 − ŷ)) over the four points. One unit cannot (Minsky and Papert 1969,
*Perceptrons*), a hidden layer can (Rumelhart, Hinton and Williams 1986). Numpy only, float64.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from models.errors import OutOfRange
from models.neuron.loss import losses
from models.neuron.unit import Function, logistic
from models.trace import Floats, read_only

Hidden = Literal["none", "sigmoid", "tanh", "relu"]
HIDDEN: tuple[Hidden, ...] = get_args(Hidden)
LAYERS: tuple[Hidden, ...] = HIDDEN[1:]
UNITS = 2
POINTS = read_only(np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]))
LABELS = read_only(np.array([0.0, 1.0, 1.0, 0.0]))
RATE = 1.0  # learning rate
LAST = 2000  # steps of gradient descent, each on all four points
SEEDS = 100
# What reads as 0.50 is no answer: neither right nor wrong.
UNDECIDED = 0.005
# As torch's nn.Linear begins: uniform up to 1/√(inputs) in size, weights and biases alike.
_FIRST = UNITS**-0.5
_STOPS = (1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1000, 1400)


_FUNCTIONS: Mapping[Hidden, Function] = {name: Function(name) for name in LAYERS if name != "none"}
# f′(z), told by h = f(z) itself: `Function.slope` would have to be given z and take e^z again.
_SLOPES: Mapping[Hidden, Callable[[Floats], Floats]] = {
    "sigmoid": lambda h: h * (1 - h),
    "tanh": lambda h: 1 - h * h,
    "relu": lambda h: (h > 0).astype(np.float64),
}


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """The weights of one step. w: (unit, 2), b: (unit,), empty without a hidden layer.

    v: (unit,), or (2,) where the output unit reads the points themselves; c: its bias.
    """

    hidden: Hidden
    w: Floats
    b: Floats
    v: Floats
    c: float

    def represented(self, points: Floats) -> Floats:
        """(point, 2) → (point, unit): h; without a hidden layer the points themselves."""
        if self.hidden == "none":
            return points
        return _FUNCTIONS[self.hidden].value(points @ self.w.T + self.b)

    def output(self, h: Floats) -> Floats:
        """(point, unit) → (point,): ŷ."""
        return logistic(h @ self.v + self.c)


@dataclass(frozen=True, slots=True, eq=False)
class Training:
    """All steps of one training, the untrained network first; float64.

    w: (step, unit, 2), b: (step, unit), v: (step, unit), c: (step,) as of `Network`;
    h: (step, point, unit); outputs: (step, point), ŷ; losses: (step,), the mean of the points'.
    """

    hidden: Hidden
    seed: int
    w: Floats
    b: Floats
    v: Floats
    c: Floats
    h: Floats
    outputs: Floats
    losses: Floats

    @property
    def key(self) -> tuple[object, ...]:
        """Everything that it was trained from."""
        return (self.hidden, self.seed)

    def at(self, step: int) -> Network:
        """The network after so many steps."""
        c = float(self.c[step])
        return Network(self.hidden, self.w[step], self.b[step], self.v[step], c)

    def right(self, step: int) -> int:
        """How many of the four points have ŷ on their label's side of ½."""
        return int(right(self.outputs[step]).sum())

    def undecided(self, step: int) -> int:
        """How many have none that could be told from ½."""
        return int((np.abs(self.outputs[step] - 0.5) < UNDECIDED).sum())

    def loss(self, step: int, point: int) -> float:
        """−ln of what the network gives one point's label."""
        share = float(self.outputs[step, point])
        return float(-np.log(share if LABELS[point] else 1 - share))


def right(outputs: Floats) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """(…, point) of ŷ → (…, point): on the label's side of ½, and not undecided."""
    return (2 * LABELS - 1) * (outputs - 0.5) >= UNDECIDED


@dataclass(frozen=True, slots=True, eq=False)
class _Weights:
    """Of several networks side by side: w (2, unit, seed), b, v (unit, seed), c (seed,)."""

    w: Floats
    b: Floats
    v: Floats
    c: Floats

    def less(self, gradient: _Weights) -> _Weights:
        """A step down."""
        return _Weights(
            self.w - RATE * gradient.w,
            self.b - RATE * gradient.b,
            self.v - RATE * gradient.v,
            self.c - RATE * gradient.c,
        )


def _first(hidden: Hidden, seed: int) -> tuple[Floats, Floats, Floats, float]:
    drawn = np.random.default_rng(seed)
    units = 0 if hidden == "none" else UNITS
    w = drawn.uniform(-_FIRST, _FIRST, (units, 2)).T
    b = drawn.uniform(-_FIRST, _FIRST, units)
    v = drawn.uniform(-_FIRST, _FIRST, 2)
    return w, b, v, float(drawn.uniform(-_FIRST, _FIRST))


def _begin(hidden: Hidden, seeds: range) -> _Weights:
    parts = zip(*(_first(hidden, seed) for seed in seeds), strict=True)
    return _Weights(*(np.stack(part, axis=-1) for part in parts))


def _forward(hidden: Hidden, at: _Weights) -> tuple[Floats, Floats]:
    """→ h (point, unit, seed), z (point, seed)."""
    if hidden == "none":
        h: Floats = np.broadcast_to(POINTS[..., None], (*POINTS.shape, len(at.c)))
    else:
        h = _FUNCTIONS[hidden].value(_times(POINTS, at.w) + at.b)
    return h, (h * at.v).sum(1) + at.c


def _times(matrix: Floats, weights: Floats) -> Floats:
    """(a, b), (b, unit, seed) → (a, unit, seed), as one product."""
    return (matrix @ weights.reshape(len(weights), -1)).reshape(-1, *weights.shape[1:])


def _gradient(hidden: Hidden, at: _Weights, h: Floats, outputs: Floats) -> _Weights:
    """Of the mean loss, by the chain rule: ∂L/∂z = (ŷ − y)/4 at each point."""
    error = (outputs - LABELS[:, None]) / len(LABELS)
    dv, dc = (error[:, None] * h).sum(0), error.sum(0)
    if hidden == "none":
        return _Weights(at.w * 0, at.b * 0, dv, dc)
    dz = error[:, None] * at.v * _SLOPES[hidden](h)
    return _Weights(_times(POINTS.T, dz), dz.sum(0), dv, dc)


def mean_loss(z: Floats) -> Floats:
    """(…, point) → (…): the mean of the points' losses."""
    return np.asarray(losses(z, LABELS).mean(-1))


def training(hidden: Hidden, seed: int) -> Training:
    """(LAST + 1 steps): one network from its random start on.

    OutOfRange: no such seed. ValueError: no such hidden layer.
    """
    if hidden not in HIDDEN:
        raise ValueError(f"{hidden!r} is none of {HIDDEN}")
    if not 0 <= seed < SEEDS:
        raise OutOfRange(f"seed {seed}", name="seed", value=seed, last=SEEDS - 1)
    at, steps = _begin(hidden, range(seed, seed + 1)), []
    for _ in range(LAST + 1):
        h, z = _forward(hidden, at)
        outputs = logistic(z)
        steps.append([part[..., 0] for part in (at.w, at.b, at.v, at.c, h, outputs, z)])
        at = at.less(_gradient(hidden, at, h, outputs))
    w, b, v, c, hs, outs, zs = (read_only(np.array(part)) for part in zip(*steps, strict=True))
    return Training(hidden, seed, w.swapaxes(1, 2), b, v, c, hs, outs, read_only(mean_loss(zs)))


def gradient(trained: Training, step: int) -> Network:
    """∂L/∂W (unit, 2), ∂L/∂b, ∂L/∂v (unit,), ∂L/∂c of one step, as it is descended by."""
    at = trained.at(step)
    one = _Weights(at.w.T[..., None], at.b[:, None], at.v[:, None], np.array([at.c]))
    h, outputs = trained.h[step, ..., None], trained.outputs[step, :, None]
    found = _gradient(at.hidden, one, h, outputs)
    return Network(at.hidden, found.w[..., 0].T, found.b[:, 0], found.v[:, 0], float(found.c[0]))


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """Trainings from many seeds at their last step. right: (seed,) points; losses: (seed,)."""

    hidden: Hidden
    right: Floats
    losses: Floats

    @property
    def learned(self) -> int:
        """How many seeds have all four points right."""
        return int((self.right == len(LABELS)).sum())


def survey(hidden: Hidden) -> Survey:
    """(SEEDS,): every seed trained to its last step, all of them at once."""
    at = _begin(hidden, range(SEEDS))
    for _ in range(LAST):
        h, z = _forward(hidden, at)
        at = at.less(_gradient(hidden, at, h, logistic(z)))
    z = _forward(hidden, at)[1]
    counts = right(logistic(z.T)).sum(1).astype(np.float64)
    return Survey(hidden, read_only(counts), read_only(mean_loss(z.T)))


def stops(step: int) -> list[int]:
    """The steps that are stepped through, ever farther apart, the chosen one among them."""
    return sorted({0, *_STOPS, LAST, step})
