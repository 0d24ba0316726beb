"""One text through a recurrent network, unrolled: at which steps it reads, at which it answers.

Karpathy 2015, The Unreasonable Effectiveness of Recurrent Neural Networks: one to many, many to
one, many to many. The cell is the same in all; what differs is what is read in at each step and
which steps' states something is read out of. An encoder-decoder joins the first two (Sutskever et
al. 2014; Cho et al. 2014). Numpy only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from models.core.arrays import Difference, Recomputed, difference
from models.core.attention import softmax
from models.trace import Floats, Projection, RecurrentLayer, read_only

# The shapes in the order in which they are taught, and the model that shows each.
MODELS: Mapping[str, str] = MappingProxyType(
    {
        "many_to_one": "memory-lstm",
        "one_to_many": "seq2seq-fixed",
        "encoder_decoder": "seq2seq",
        "tagging": "tagger",
        "language_model": "lstm",
    }
)
SHAPES = tuple(MODELS)
OF_DECODERS = ("one_to_many", "encoder_decoder")


@dataclass(frozen=True, slots=True, eq=False)
class Unrolled(Recomputed):
    """A column a step. inputs: the word that each step reads; encoded: so many steps from the left
    are an encoder's; layers: those that read the text, () where none is drawn.

    decoder: (answer, unit) the states of a network that writes, None: the text's own layers answer.
    features: (answer, in) what `head` reads the answers from; logits: (answer, out) ours; own:
    torch's, of its whole forward pass; names: of the outputs. The answers stand at the last steps.
    vector: (unit,) what a decoder is told of the whole text; weights: (answer, source), its
    attention. unknown: the steps whose word the model does not know.
    ValueError: arrays that do not fit each other.
    """

    shape: str
    model_id: str
    text: str
    inputs: tuple[str, ...]
    layers: tuple[RecurrentLayer, ...]
    features: Floats
    head: Projection
    own: Floats
    names: tuple[str, ...]
    encoded: int = 0
    decoder: Floats | None = None
    vector: Floats | None = None
    weights: Floats | None = None
    unknown: frozenset[int] = frozenset()
    tags: bool = False
    logits: Floats = field(init=False)

    def __post_init__(self) -> None:
        ours = self.head(self.features.astype(np.float64)).astype(np.float32)
        object.__setattr__(self, "logits", read_only(ours))
        if ours.shape != self.own.shape or ours.shape[1] != len(self.names):
            raise ValueError(f"{ours.shape} logits, {self.own.shape} of torch's, {len(self.names)}")
        if self.decoder is not None and len(self.decoder) != len(ours):
            raise ValueError(f"{len(self.decoder)} states of a decoder, {len(ours)} answers")

    @property
    def key(self) -> tuple[object, ...]:
        """Everything it was computed from."""
        return (type(self).__name__, self.shape, self.model_id, self.text)

    @property
    def steps(self) -> int:
        """How many columns there are."""
        return len(self.inputs)

    @property
    def begin(self) -> int:
        """The first step with an answer; all later ones have one, too."""
        return self.steps - len(self.features)

    @property
    def answers(self) -> tuple[int, ...]:
        """The number of the output with the largest logit, an answer each."""
        return tuple(self.logits.argmax(axis=1).tolist())

    def answer(self, step: int) -> int | None:
        """Which answer a step gives; None: nothing is read out there."""
        return step - self.begin if step >= self.begin else None

    def states(self, step: int) -> tuple[Floats, ...]:
        """Each layer's hidden state (unit,) at a step, from the lowest layer."""
        if self.decoder is not None and step >= self.encoded:
            return (self.decoder[step - self.encoded],)
        return tuple(layer.h[step] for layer in self.layers)

    @property
    def units(self) -> int:
        """How many units all layers have at every step."""
        return min(len(one) for at in range(self.steps) for one in self.states(at))

    def probability(self, answer: int, output: int) -> float:
        """An output's share of the softmax over all, in float64."""
        return float(softmax(self.logits[answer].astype(np.float64))[output])

    def difference(self) -> Difference:
        """Ours, from states recomputed gate by gate, to torch's own logits."""
        return difference(self.logits, self.own)
