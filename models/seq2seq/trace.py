"""What a recurrent encoder-decoder left behind: frozen records, numpy only, never torch."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from models.core.arrays import Difference, Recomputed, difference, largest
from models.core.text_record import TextRecord
from models.core.tokens import Encoded
from models.trace import Floats, Projection, read_only

__all__ = ["AdditiveAttention", "ModelNumbers", "Seq2SeqTrace"]


@dataclass(frozen=True, slots=True, eq=False)
class AdditiveAttention:
    """Additive attention (Bahdanau et al. 2015), every step of the decoder.

    w: units → a, W without bias; u: 2·units → a, U with its bias; v: (a,).
    query: (step, a) W·h_t; key: (source, a) U·H_j + b.
    scores: (step, source) e_{t,j} = Σ_a v_a·tanh(query_{t,a} + key_{j,a}); weights: their
    softmax over the source; context: (step, 2·units) C_t = Σ_j α_{t,j}·H_j.
    """

    w: Projection
    u: Projection
    v: Floats
    query: Floats
    key: Floats
    scores: Floats
    weights: Floats
    context: Floats

    def terms(self, step: int, source: int) -> Floats:
        """(a,): v_a·tanh(query_{t,a} + key_{j,a}), whose sum is the score e_{t,j}."""
        return read_only(self.v * np.tanh(self.query[step] + self.key[source]))


@dataclass(frozen=True, slots=True, eq=False)
class ModelNumbers:
    """The same numbers as the model's own modules give them, in double precision, then rounded.

    Without attention weights and context are None.
    """

    encoder: Floats
    h: Floats
    logits: Floats
    weights: Floats | None = None
    context: Floats | None = None


# No slots: with them Python's refusal to set a property is another error than that of a field.
@dataclass(frozen=True, eq=False)
class Seq2SeqTrace(TextRecord, Recomputed):
    """A text's whole pass through a recurrent encoder-decoder, recomputed from its weights.

    source: the text's tokens. inputs: the word that each decoder step reads, the start token
    first; predicted: the likeliest word after it. expected: what a given target has there
    (teacher forcing: step t + 1 reads expected_t); None: running free (step t + 1 reads
    predicted_t). vocabulary: the word of each logit, by its own letters.

    encoder: (source, 2·units) states H, the last `backward` units read back; first: (units,)
    the decoder's state before its first step, tanh(bridge(last)); h: (step, units);
    z: (step, out) tanh(combine(joined)); logits: (step, vocabulary) of z by `head`.
    All arrays read-only float32. Raises ValueError when the shapes do not fit each other.
    """

    model_id: str
    source: Encoded
    inputs: Encoded
    predicted: Encoded
    vocabulary: tuple[str, ...]
    encoder: Floats
    backward: int
    first: Floats
    h: Floats
    z: Floats
    logits: Floats
    bridge: Projection
    combine: Projection
    head: Projection
    own: ModelNumbers
    attention: AdditiveAttention | None = None
    expected: Encoded | None = None
    text: str = ""
    target: str | None = None

    def __post_init__(self) -> None:
        steps, source = len(self.inputs.ids), len(self.tokens)
        wanted = {"encoder": source, "h": steps, "z": steps, "logits": steps}
        for name, rows in wanted.items():
            if len(getattr(self, name)) != rows:
                raise ValueError(f"{name} has {len(getattr(self, name))} rows, not {rows}")
        found = None if self.attention is None else self.attention.scores.shape
        if found not in (None, (steps, source)):
            raise ValueError(f"scores are {found}, the tokens {(steps, source)}")
        if self.logits.shape[1] != len(self.vocabulary):
            raise ValueError(f"{self.logits.shape[1]} logits for {len(self.vocabulary)} words")

    @property
    def written(self) -> Encoded:
        """The word of every step: the given target's, else the likeliest."""
        return self.predicted if self.expected is None else self.expected

    @property
    def cut(self) -> bool:
        """One of the texts was longer than the model reads, and only its beginning is here."""
        return self.source.cut or (self.expected is not None and self.expected.cut)

    @property
    def key(self) -> tuple[object, ...]:
        """As of every record of a text, with the given target."""
        return (*super().key, self.target)

    @property
    def forced(self) -> bool:
        """Teacher forcing: each step read the given target's word, not the one predicted before."""
        return self.expected is not None

    @property
    def scores(self) -> Floats | None:
        """(step, source) e; None: without attention."""
        return None if self.attention is None else self.attention.scores

    @property
    def weights(self) -> Floats | None:
        """(step, source) α; None: without attention."""
        return None if self.attention is None else self.attention.weights

    @property
    def likeliest(self) -> tuple[int, ...]:
        """The vocabulary's number of the word that each step finds likeliest."""
        return tuple(self.logits.argmax(axis=1).tolist())

    def heaviest(self, step: int) -> int:
        """The source piece that weighs most at a step. ValueError: without attention."""
        if self.attention is None:
            raise ValueError("the trace has no attention")
        return int(self.attention.weights[step].argmax())

    @property
    def context(self) -> Floats | None:
        """(step, 2·units) C; None: without attention, where `last` is the context of all steps."""
        return None if self.attention is None else self.attention.context

    @property
    def last(self) -> Floats:
        """(2·units,): the encoder's last state, each direction's where it has read everything."""
        forward = np.arange(-self.encoder.shape[1], 0) < -self.backward
        return read_only(np.where(forward, self.encoder[-1], self.encoder[0]))

    @property
    def joined(self) -> Floats:
        """(step, 3·units) [h_t; C_t], or [h_t; last] without attention."""
        same = np.broadcast_to(self.last, (len(self.h), len(self.last)))
        context = same if self.context is None else self.context
        return read_only(np.concatenate((self.h, context), axis=1))

    def difference(self) -> Difference:
        """Recomputed to the model's own, over states, weights, contexts and logits."""
        pairs = ((getattr(self, f.name), getattr(self.own, f.name)) for f in fields(self.own))
        return largest(difference(a, b) for a, b in pairs if a is not None)
