"""What BERT's own pages look at: its entrance, its answers, a judged pair, a word's vectors.

Frozen records, numpy only, never torch; models.bert.input, models.bert.mask, models.bert.next and
models.bert.senses make them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.core.arrays import Difference, Recomputed, difference, largest
from models.core.text_record import OfTokens, TextRecord
from models.core.tokens import Encoded
from models.recording.ranking import probabilities
from models.trace import Floats, Projection, read_only


@dataclass(frozen=True, slots=True, eq=False)
class Embedded(TextRecord, Recomputed):
    """A text at a model's entrance, every array (token, d) and read-only.

    token, segment, position: rows of the three tables; segment is None where the model has no
    such table. scale, shift: (d,) γ and β of the layer norm, eps: its ε. output: what the model's
    own norm gave. rows: which row of each table every token takes.
    """

    model_id: str
    source: Encoded
    token: Floats
    segment: Floats | None
    position: Floats
    scale: Floats
    shift: Floats
    eps: float
    output: Floats
    rows: dict[str, tuple[int, ...]]
    text: str = ""
    text_pair: str | None = None

    @property
    def parts(self) -> dict[str, Floats]:
        """Name → (token, d) of the tables that this model has, in the order of the sum."""
        found = {"token": self.token, "segment": self.segment, "position": self.position}
        return {name: rows for name, rows in found.items() if rows is not None}

    @property
    def total(self) -> Floats:
        """(token, d): the sum, before the layer norm."""
        return read_only(np.sum(list(self.parts.values()), axis=0, dtype=np.float32))

    @property
    def normed(self) -> Floats:
        """(token, d): (sum − mean) / √(variance + ε) · γ + β, over each token's d numbers."""
        x = self.total.astype(np.float64)
        mean, var = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
        made = (x - mean) / np.sqrt(var + self.eps) * self.scale + self.shift
        return read_only(made.astype(np.float32))

    def difference(self) -> Difference:
        """Recomputed to the model's own, behind the layer norm."""
        return difference(self.normed, self.output)


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What the head says of one place. logits: (vocabulary,); features: (d,) what they are from."""

    logits: Floats
    features: Floats

    @property
    def likeliest(self) -> int:
        """The row of the vocabulary with the largest logit."""
        return int(self.logits.argmax())

    def rank(self, word: int) -> int:
        """Which place a row of the vocabulary takes, the likeliest being 1."""
        return 1 + int((self.logits > self.logits[word]).sum())

    def share(self, word: int) -> float:
        """Its probability."""
        return float(probabilities(self.logits)[word])


@dataclass(frozen=True, slots=True, eq=False)
class MaskedText(TextRecord, Recomputed):
    """A text whose places are asked one by one, the others being as `masked` has them.

    masked: the places that read the mask token. stood: the row of the vocabulary that stands at
    each place, −1 where the mask itself was typed.
    read, hidden: what is said of a place where it is read, and where it is hidden, by place (all
    of them, or of a long text a single one). weight: (vocabulary, d) and bias: (vocabulary,) of
    the last layer, logits = features·weightᵀ + bias; vocabulary: the names of its rows.
    """

    model_id: str
    source: Encoded
    masked: tuple[int, ...]
    stood: tuple[int, ...]
    read: dict[int, Answer]
    hidden: dict[int, Answer]
    weight: Floats
    bias: Floats
    vocabulary: tuple[str, ...]
    text: str = ""
    text_pair: str | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """As of every record of a text, with the places that are masked and those asked."""
        return (*super(MaskedText, self).key, self.masked, *self.read)

    def shares(self, place: int) -> tuple[float, float] | None:
        """The probability of what stands at a place, read and hidden; None: nobody knows it."""
        word = self.stood[place]
        if word < 0 or place not in self.read:
            return None
        return self.read[place].share(word), self.hidden[place].share(word)

    def logit(self, answer: Answer, word: int) -> float:
        """features·weight + bias of one row of the vocabulary, in float64."""
        row = self.weight[word].astype(np.float64)
        return float(answer.features @ row + self.bias[word])

    def difference(self) -> Difference:
        """features·weightᵀ + bias to the model's own logits."""
        answers = [*self.read.values(), *self.hidden.values()]
        features = np.stack([a.features for a in answers]).astype(np.float64)
        made = features @ self.weight.T.astype(np.float64) + self.bias
        return difference(made, np.stack([a.logits for a in answers]))


@dataclass(frozen=True, slots=True, eq=False)
class Judgement(TextRecord, Recomputed):
    """What the next-sentence head makes of a pair, all arrays read-only.

    first: (d,) the last layer's vector of the first token; pooler: d → d, pooled = tanh of it;
    judge: d → 2, whose first logit stands for "B follows A". pooled, logits: the model's own.
    """

    model_id: str
    source: Encoded
    first: Floats
    pooler: Projection
    judge: Projection
    pooled: Floats
    logits: Floats
    text: str = ""
    text_pair: str = ""

    @property
    def probability(self) -> float:
        """That B follows A: softmax of the two logits."""
        return float(probabilities(self.logits)[0])

    @property
    def recomputed(self) -> Floats:
        """(d,): tanh(W·h + b), recomputed."""
        return read_only(np.tanh(self.pooler(self.first)))

    @property
    def contributions(self) -> Floats:
        """(d,): what each pooled number adds to the first logit more than to the second."""
        w = self.judge.weight.astype(np.float64)
        return read_only(self.recomputed.astype(np.float64) * (w[:, 0] - w[:, 1]))

    @property
    def weightiest(self) -> int:
        """Which pooled number contributes most, for or against."""
        return int(np.abs(self.contributions).argmax())

    def difference(self) -> Difference:
        """Recomputed to the model's own: the pooled vector, and both logits."""
        pooled = difference(self.recomputed, self.pooled)
        return largest((pooled, difference(self.judge(self.recomputed), self.logits)))

    def logit_difference(self, n: int) -> Difference:
        """The same of one logit; the larger of both is its size."""
        made = self.judge(self.recomputed)[n]
        return difference(made, self.logits[n], among=self.logits)


@dataclass(frozen=True, slots=True)
class ReadSentence(OfTokens):
    """One sentence as the model reads it."""

    text: str
    source: Encoded


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Where the word stands: which sentence, its pieces' places from start to stop − 1."""

    sentence: int
    start: int
    stop: int


@dataclass(frozen=True, slots=True, eq=False)
class Occurrences:
    """A word in several sentences.

    vectors: (layer, occurrence, d), read-only; layer 0 is what goes into the first layer, and a
    word of several pieces has the mean of their vectors. missing: sentences without the word.
    """

    model_id: str
    word: str
    sentences: tuple[ReadSentence, ...]
    found: tuple[Occurrence, ...]
    vectors: Floats
    missing: tuple[int, ...] = ()
    left_out: int = 0

    @property
    def layers(self) -> int:
        """How many sets of vectors there are: the input's and each layer's."""
        return len(self.vectors)

    def cosines(self, layer: int) -> Floats:
        """(occurrence, occurrence): a·b / (|a|·|b|) in one layer."""
        rows = self.vectors[layer].astype(np.float64)
        unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return read_only(unit @ unit.T)

    def nearest(self, layer: int) -> tuple[int | None, ...]:
        """For each occurrence the most similar one of another sentence; None: there is none."""
        sentence = np.array([one.sentence for one in self.found])
        cosine = np.where(sentence[:, None] == sentence, -np.inf, self.cosines(layer))
        best = cosine.argmax(axis=1)
        return tuple(
            int(at) if np.isfinite(cosine[row, at]) else None for row, at in enumerate(best)
        )
