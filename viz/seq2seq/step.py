"""One step of a recurrent decoder as it is shown: which step, source piece and dimension."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from models.seq2seq.trace import AdditiveAttention, Seq2SeqTrace
from models.trace import Floats
from models.translation.reference import Cells
from viz.board.axes import inside
from viz.translation.growing import starts


@dataclass(frozen=True, slots=True, eq=False)
class Decoding:
    """A translation with the chosen step, source piece and dimension of the context.

    ids: the vocabulary's number of the word at each step: a given target's (teacher forcing),
    else the predicted one. strange: source pieces that the model never met. gold: links to
    lay over the matrix, None: they are not shown. ValueError: a trace without attention.
    """

    trace: Seq2SeqTrace
    ids: tuple[int, ...]
    step: int
    source: int
    dim: int = 0
    strange: frozenset[int] = field(default_factory=frozenset)
    gold: Cells | None = None

    def __post_init__(self) -> None:
        if self.trace.attention is None:
            raise ValueError("the trace has no attention")
        inside(
            ValueError,
            ("step", self.step, self.steps),
            ("source", self.source, len(self.sources)),
            ("dim", self.dim, self.trace.encoder.shape[1]),
        )

    @property
    def attention(self) -> AdditiveAttention:
        """The attention that every trace here has."""
        found = self.trace.attention
        assert found is not None
        return found

    @property
    def heaviest(self) -> int:
        """The source piece that weighs most."""
        return int(self.weights.argmax())

    @property
    def steps(self) -> int:
        """How many words are written."""
        return len(self.trace.inputs.ids)

    @property
    def sources(self) -> tuple[str, ...]:
        """The source pieces as they were typed."""
        return self.trace.typed

    @property
    def written(self) -> tuple[str, ...]:
        """The word at each step: the given target's, or the predicted one."""
        return self.trace.written.typed

    @property
    def begins(self) -> tuple[bool, ...]:
        """Which source pieces begin a word."""
        return starts(self.trace.source)

    @property
    def matrix(self) -> Floats:
        """(step, source) weights."""
        return self.attention.weights

    @property
    def scores(self) -> Floats:
        """(step, source) before the softmax."""
        return self.attention.scores

    @property
    def read(self) -> str:
        """The word that the chosen step reads."""
        return self.trace.inputs.typed[self.step]

    @property
    def word(self) -> int:
        """The number of the chosen step's word in the vocabulary."""
        return self.ids[self.step]

    @property
    def weights(self) -> Floats:
        """(source,) of the chosen step."""
        return np.asarray(self.attention.weights[self.step])

    @property
    def features(self) -> Floats:
        """(out,): z_k·w_k of the chosen word, whose sum with its bias is the logit; float64."""
        weight = self.trace.head.weight[:, self.word].astype(np.float64)
        return np.asarray(self.trace.z[self.step].astype(np.float64) * weight)

    @property
    def feature(self) -> int:
        """The unit of z that says most for or against the chosen word."""
        return int(np.abs(self.features).argmax())
