"""What a forward pass left behind: frozen records, numpy only, never torch.

A trace keeps q, k, v and the mask, not the weights: one head's steps come back in well
under a millisecond, and n² numbers a head are not kept for heads that nobody opens.
What recurrent networks leave behind (models/core/recurrent_trace.py) is named here, too.
"""

from __future__ import annotations

from dataclasses import dataclass

from models.core.arrays import Difference, Floats, Recomputed, largest, read_only
from models.core.attention import HeadSteps, Scoring, Term
from models.core.block import AttentionBlock, WeightsBlock
from models.core.by_length import ByLength
from models.core.cell import CellTerms, CellWeights, UnitRow
from models.core.continued import Continued
from models.core.kinds import KINDS, Kind, Sight, sides
from models.core.recurrent_trace import RecurrentLayer, RecurrentTrace
from models.core.surroundings import Projection, Surroundings
from models.core.text_record import TextRecord
from models.core.tokens import Encoded

__all__ = [
    "KINDS",
    "AttentionBlock",
    "AttentionTrace",
    "CellTerms",
    "CellWeights",
    "Floats",
    "HeadSteps",
    "Kind",
    "Projection",
    "RecurrentLayer",
    "RecurrentTrace",
    "Scoring",
    "Sight",
    "Surroundings",
    "Term",
    "UnitRow",
    "WeightsBlock",
    "read_only",
    "sides",
]


# No slots: with them Python's refusal to set a property is another error than that of a field.
@dataclass(frozen=True, eq=False)
class AttentionTrace(TextRecord, Recomputed):
    """A text's whole pass through a model.

    source: the text's tokens, and so `tokens`, `typed`, `special`, `segments`; target_side: the
    decoder's inputs in an encoder-decoder, else None. positions: False where the model's own were
    left out. others: (number, what it is) of each layer without attention, as
    models.recording.numbers names them. continued: which tokens the model wrote itself; None: it
    was asked for none. streams: rows that a decoder has for each token, of which the first are
    recorded (ProphetNet). languages: codes of what a translator between many read and wrote.
    padding: so many of the source's last places are what a shorter input was filled up with.
    rows: what stands at the queries of layers that pool them, which is not the source then; every:
    the numbers of all layers of the pass, where those that pool, and those behind, have recordings
    of their own, `pooled`, (): there are none.
    by_length: up to which length a text's attention is computed whole; None: that of all texts is.
    ValueError: a block of another shape.
    """

    model_id: str
    source: Encoded
    blocks: tuple[AttentionBlock, ...]
    target_side: Encoded | None = None
    text: str = ""
    text_pair: str | None = None
    target: str | None = None
    positions: bool = True
    others: tuple[tuple[int, str], ...] = ()
    continued: Continued | None = None
    streams: int = 1
    languages: tuple[str, str] | None = None
    padding: int = 0
    by_length: ByLength | None = None
    rows: Encoded | None = None
    every: tuple[int, ...] = ()
    pooled: tuple[AttentionTrace, ...] = ()

    def __post_init__(self) -> None:
        for block in self.blocks:
            queries, keys = self.axes(block.kind)
            if block.shape != (len(queries), len(keys)):
                raise ValueError(
                    f"{block.kind} block {block.layer} is {block.shape}, "
                    f"the tokens are {(len(queries), len(keys))}"
                )

    @property
    def target_tokens(self) -> tuple[str, ...] | None:
        """The tokens of the decoder's side; None: there is none."""
        return None if self.target_side is None else self.target_side.tokens

    @property
    def target_typed(self) -> tuple[str, ...] | None:
        """The same as they were typed, or by their own letters where the model wrote them."""
        return None if self.target_side is None else self.target_side.typed

    @property
    def target_special(self) -> tuple[bool, ...] | None:
        """Which tokens of that side the model added itself."""
        return None if self.target_side is None else self.target_side.special

    @property
    def cut(self) -> bool:
        """One of the texts was longer than the model reads, and only its beginning is here."""
        return self.source.cut or (self.target_side is not None and self.target_side.cut)

    @property
    def key(self) -> tuple[object, ...]:
        """As of every record of a text, with what the decoder read, and whether without places.

        padding: a sound and the same with silence behind it are one to the model, not to the page.
        """
        written = None if self.target_side is None else self.target_side.ids
        more = self.target, written, self.positions, self.languages, self.padding
        return (*super().key, *more, tuple(block.layer for block in self.blocks if self.every))

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Which kinds of attention this model has, in the order encoder, decoder, cross."""
        return tuple(kind for kind in KINDS if any(b.kind == kind for b in self.blocks))

    @property
    def whole_kinds(self) -> tuple[Kind, ...]:
        """Those of which every layer has its q, k and v."""
        return tuple(kind for kind in self.kinds if all(b.whole for b in self.layers(kind)))

    def layers(self, kind: Kind) -> tuple[AttentionBlock, ...]:
        """All blocks of a kind, by layer."""
        return tuple(b for b in self.blocks if b.kind == kind)

    def numbers(self, kind: Kind) -> tuple[int, ...]:
        """The model's own numbers of the layers that have this kind."""
        return tuple(block.layer for block in self.layers(kind))

    def block(self, kind: Kind, layer: int) -> AttentionBlock:
        """One block. KeyError: no such kind here; IndexError with those that are: no such layer."""
        numbers = self.numbers(kind)
        if not numbers:
            raise KeyError(f"no {kind} attention in {self.model_id}: it has {self.kinds}")
        if layer not in numbers:
            gaps = numbers != tuple(range(len(numbers)))
            known = str(numbers) if gaps else f"0..{len(numbers) - 1}"
            raise IndexError(f"layer {layer} is not in {known}")
        return self.layers(kind)[numbers.index(layer)]

    def axes(self, kind: Kind) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """(query tokens, key tokens) of a kind's matrices, the model's own tokens."""
        if self.rows is not None:
            return self.rows.tokens, self.tokens
        target = self.tokens if self.target_tokens is None else self.target_tokens
        return sides(kind, self.tokens, target)

    def with_layer(self, layer: int | None) -> AttentionTrace:
        """The recording that has this layer: one of `pooled`, or this one."""
        return next((one for one in self.pooled if layer in [b.layer for b in one.blocks]), self)

    @property
    def all_blocks(self) -> tuple[AttentionBlock, ...]:
        """Those of `pooled`, too."""
        return (*self.blocks, *(block for one in self.pooled for block in one.blocks))

    def difference(self) -> Difference:
        """The recomputed outputs to the model's own outputs, over all heads of all blocks."""
        return largest(block.difference() for block in self.all_blocks)
