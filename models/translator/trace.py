"""What a translation left behind in an encoder-decoder Transformer, block by block: frozen.

Numpy only, never torch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from models.core.arrays import Difference, Recomputed, largest
from models.core.tokens import Encoded
from models.trace import AttentionTrace, Floats
from models.translator.blocks import Output, ScaledEmbedding, TransformerLayer
from models.translator.steps import WrittenWord, steps_of

Side = Literal["encoder", "decoder"]


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class TransformerTrace(Recomputed):
    """A sentence's whole way through a translator, its own words read again as it writes them.

    attention: q, k, v of all its attentions, with what surrounds the heads; the decoder's tokens
    are its inputs, the start token first. written: the word of every step, the end token special.
    vocabulary: the word of each logit. Row t of the decoder is where it reads word t − 1 and
    writes word t.
    ValueError: not as many steps as rows.
    """

    attention: AttentionTrace
    written: Encoded
    source: ScaledEmbedding
    target: ScaledEmbedding
    encoder: tuple[TransformerLayer, ...]
    decoder: tuple[TransformerLayer, ...]
    output: Output
    vocabulary: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.ids) != len(self.output.own):
            raise ValueError(f"{len(self.ids)} words for {len(self.output.own)} rows of logits")

    @property
    def key(self) -> tuple[object, ...]:
        """That of its attention, with the words that were written."""
        return (*self.attention.key, self.ids)

    @property
    def ids(self) -> tuple[int, ...]:
        """The vocabulary's number of the word written at every step."""
        return self.written.ids

    @property
    def model_id(self) -> str:
        """Which model."""
        return self.attention.model_id

    @property
    def text(self) -> str:
        """What it translates."""
        return self.attention.text

    @property
    def typed(self) -> tuple[str, ...]:
        """The source's pieces as they were typed."""
        return self.attention.typed

    @property
    def reads(self) -> tuple[str, ...]:
        """What the decoder reads at each step."""
        return self.attention.target_typed or ()

    @property
    def logits(self) -> Floats:
        """(step, vocabulary), the model's own."""
        return self.output.own

    def step(self, at: int) -> WrittenWord:
        """One written word with the likeliest ones. IndexError: no such step."""
        return steps_of(self.logits[at][None], (self.ids[at],), self.vocabulary)[0]

    def layers(self, side: Side) -> tuple[TransformerLayer, ...]:
        """The layers of a side."""
        return self.encoder if side == "encoder" else self.decoder

    def difference(self) -> Difference:
        """Of anything recomputed to the model's own."""
        blocks = (block for layer in (*self.encoder, *self.decoder) for block in layer.blocks)
        parts: tuple[Recomputed, ...] = (self.attention, self.source, self.target, self.output)
        return largest(part.difference() for part in (*parts, *blocks))
