"""How far a recurrent layer has read, and which of its units one looks at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from models.trace import Floats, RecurrentLayer, RecurrentTrace
from viz.board.axes import inside

LSTM = ("f", "i", "g", "c", "o", "h")  # from top to bottom
GRU = ("r", "z", "n", "h")
RNN = ("h",)
GATES = ("f", "i", "o", "r", "z")  # between 0 and 1
MOST, WINDOW = 18, 16  # a longer text is shown through a window of so many words
UNKNOWN = frozenset({"<unk>", "[UNK]"})  # what tokenizers call a word that they do not know


def around(step: int, steps: int, most: int = MOST, shown: int = WINDOW) -> tuple[int, int]:
    """(first, end) of the places that are shown: all up to `most`, else so many around the step."""
    if steps <= most:
        return 0, steps
    first = min(max(0, step - shown // 2), steps - shown)
    return first, first + shown


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """One layer's way through a text, at one step, with one of its units chosen.

    words: as they were typed; unknown: the places of those that the model does not know.
    order: the units from top to bottom (the backward ones behind the forward ones).
    silenced: units whose states are held at 0. depth: which layer it is, from 0.
    Raises ValueError, IndexError: something does not fit the layer.
    """

    layer: RecurrentLayer
    words: Sequence[str]
    step: int
    unit: int
    order: Sequence[int]
    unknown: frozenset[int] = field(default_factory=frozenset)
    silenced: frozenset[int] = field(default_factory=frozenset)
    depth: int = 0

    def __post_init__(self) -> None:
        steps, units = self.layer.h.shape
        if sorted(self.order) != list(range(units)):
            raise ValueError(f"the order is not one of {units} units")
        if len(self.words) != steps:
            raise ValueError(f"{len(self.words)} words, {steps} steps")
        inside(IndexError, ("step", self.step, steps), ("unit", self.unit, units))

    @property
    def parts(self) -> tuple[str, ...]:
        """What is drawn: all six of an LSTM, four of a GRU, h of an RNN."""
        return {"lstm": LSTM, "gru": GRU, "rnn": RNN}[self.layer.cell]

    @property
    def shape(self) -> tuple[int, int]:
        """(steps, units)."""
        return int(self.layer.h.shape[0]), int(self.layer.h.shape[1])

    @property
    def backwards(self) -> bool:
        """The chosen unit reads from the end: its step before is the word after."""
        return self.unit >= self.forward

    @property
    def forward(self) -> int:
        """How many units read forward."""
        return self.shape[1] - self.layer.backward

    @property
    def before(self) -> int | None:
        """The place that the chosen unit read just before; None at its first step."""
        at = self.step + 1 if self.backwards else self.step - 1
        return at if 0 <= at < self.shape[0] else None

    @property
    def window(self) -> tuple[int, int]:
        """(first, end) of the places that are shown: all, or a window around the step."""
        return around(self.step, self.shape[0])

    def values(self, part: str) -> Floats:
        """(step, unit) of f, i, g, c, o or h."""
        return np.asarray(getattr(self.layer, part))

    def value(self, part: str) -> float:
        """The chosen unit's at this step."""
        return float(self.values(part)[self.step, self.unit])


def of_trace(
    trace: RecurrentTrace, layer: int, *, step: int, unit: int, order: Sequence[int]
) -> Reading:
    """One layer of a recording. IndexError: no such layer."""
    return Reading(
        layer=trace.layers[layer],
        words=trace.typed or trace.tokens,
        step=step,
        unit=unit,
        order=order,
        unknown=frozenset(i for i, token in enumerate(trace.tokens) if token in UNKNOWN),
        silenced=frozenset(number for at, number in trace.silenced if at == layer),
        depth=layer,
    )
