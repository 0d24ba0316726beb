"""What a forward pass left behind: frozen records, numpy only, never torch.

A trace keeps q, k, v and the mask, not the weights: one head's steps come back in well
under a millisecond, and n² numbers a head are not kept for heads that nobody opens.
What recurrent networks leave behind (models/core/recurrent_trace.py) is named here, too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from models.core.arrays import Difference, Floats, Recomputed, difference, largest, read_only
from models.core.attention import HeadSteps, Scoring, Term, scores, stepped, unsettled
from models.core.cell import CellTerms, CellWeights, UnitRow
from models.core.continued import Continued
from models.core.kinds import KINDS, Kind, Sight, sides, sight
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
    "read_only",
    "sides",
]


@dataclass(frozen=True, slots=True, eq=False)
class AttentionBlock(Recomputed):
    """One attention module's forward pass: enough to bring back every step of every head.

    q: (head, query, d), k: (kv_head, key, d), v: (kv_head, key, dv), read-only float32.
    mask: additive, broadcastable to (head, query, key), masked = −inf; None: nothing masked.
    terms: what else the scores are made of, by name. softcap: Gemma 2's bound.
    sinks: (head,) GPT-OSS's extra term of the softmax.
    output: (head, query, dv), what the model itself produced.
    layer: the model's own number. kv_layer: the layer whose keys and values these are, None: its
    own (Gemma 3n and 4 share them among layers).
    Raises ValueError when the shapes do not fit each other.
    """

    kind: Kind
    layer: int
    q: Floats
    k: Floats
    v: Floats
    scaling: float
    output: Floats
    mask: Floats | None = None
    terms: tuple[Term, ...] = ()
    softcap: float | None = None
    sinks: Floats | None = None
    surroundings: Surroundings | None = None
    kv_layer: int | None = None

    def __post_init__(self) -> None:
        heads, queries, d = self.q.shape
        kv_heads, keys, d_k = self.k.shape
        if self.kind not in KINDS:
            raise ValueError(f"kind {self.kind!r} is none of {KINDS}")
        if d != d_k or self.v.shape[:2] != (kv_heads, keys):
            raise ValueError(f"q {self.q.shape}, k {self.k.shape}, v {self.v.shape} do not fit")
        if kv_heads == 0 or heads % kv_heads:
            raise ValueError(f"{heads} query heads cannot share {kv_heads} key/value heads")
        if self.output.shape != (heads, queries, self.v.shape[2]):
            raise ValueError(f"output {self.output.shape} does not fit q and v")
        added = [term.values for term in self.terms]
        for array in added if self.mask is None else [*added, self.mask]:
            np.broadcast_shapes(array.shape, (heads, queries, keys))

    @property
    def heads(self) -> int:
        """How many query heads."""
        return int(self.q.shape[0])

    @property
    def shape(self) -> tuple[int, int]:
        """(queries, keys)."""
        return int(self.q.shape[1]), int(self.k.shape[1])

    def kv_head(self, head: int) -> int:
        """Which key/value head a query head uses (grouped-query attention, Ainslie et al. 2023)."""
        return self.check(head) // (self.heads // int(self.k.shape[0]))

    def check(self, head: int) -> int:
        """`head` itself; IndexError with the range when there is no such head."""
        if not 0 <= head < self.heads:
            raise IndexError(f"head {head} is not in 0..{self.heads - 1}")
        return head

    @property
    def sight(self) -> Sight:
        """Which keys the mask leaves to each query."""
        return sight(self.mask, *self.shape)

    @property
    def scoring(self) -> Scoring:
        """How all its heads' scores become weights."""
        sinks = None if self.sinks is None else self.sinks[:, None, None]
        return Scoring(self.scaling, self.terms, self.softcap, self.mask, sinks)

    @property
    def position_bias(self) -> Floats | None:
        """(head, query, key) or broadcastable: what is added to the scores (T5); None: nothing."""
        return next((term.values for term in self.terms if term.name == "position_bias"), None)

    def head(self, head: int) -> HeadSteps:
        """Each step of softmax(QKᵀ·scaling + terms + mask)·V of one head. IndexError: none such."""
        shared = self.kv_head(head)
        return stepped(
            self.q[head], self.k[shared], self.v[shared], self.scoring.of_head(head, self.shape)
        )

    @property
    def weights(self) -> Floats:
        """(head, query, key): all heads' attention weights, computed on demand."""
        how, raw = self.scoring, scores(self.q, self._by_head(self.k))
        return read_only(how.weights(how.masked(how.scaled(raw))))

    def row(self, query: int) -> Floats:
        """(head, key): all heads' weights of one query, without those of any other."""
        how, place = self.scoring, slice(query, query + 1)
        terms = tuple(replace(term, values=_row(term.values, place)) for term in how.terms)
        mask = None if how.mask is None else _row(how.mask, place)
        how = replace(how, terms=terms, mask=mask)
        raw = scores(self.q[:, place], self._by_head(self.k))
        return read_only(how.weights(how.masked(how.scaled(raw)))[:, 0])

    def _by_head(self, shared: Floats) -> Floats:
        """(kv_head, …) → (head, …)."""
        group = self.heads // len(shared)
        return np.repeat(shared, group, axis=0) if group > 1 else shared

    def difference(self) -> Difference:
        """The recomputed output to the model's own output, each head by itself."""
        v, k, weights = self._by_head(self.v), self._by_head(self.k), self.weights
        least = unsettled(weights, self.q, k, v, self.scoring)
        return difference(weights @ v, self.output, axis=(1, 2), least=least)


def _row(array: Floats, place: slice) -> Floats:
    """(…, query or 1, key) → (…, 1, key)."""
    return array[..., place, :] if array.shape[-2] > 1 else array


# No slots: with them Python's refusal to set a property is another error than that of a field.
@dataclass(frozen=True, eq=False)
class AttentionTrace(TextRecord, Recomputed):
    """A text's whole pass through a model.

    source: the text's tokens, and so `tokens`, `typed`, `special`, `segments`; target_side: the
    decoder's inputs in an encoder-decoder, else None. positions: False where the model's own were
    left out. others: (number, what it is) of each layer without attention, as
    models.recording.numbers names them. continued: which tokens the model wrote itself; None: it
    was asked for none. ValueError: a block of another shape.
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
        """As of every record of a text, with what the decoder read, and whether without places."""
        written = None if self.target_side is None else self.target_side.ids
        return (*super().key, self.target, written, self.positions)

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Which kinds of attention this model has, in the order encoder, decoder, cross."""
        return tuple(kind for kind in KINDS if any(b.kind == kind for b in self.blocks))

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
        target = self.tokens if self.target_tokens is None else self.target_tokens
        return sides(kind, self.tokens, target)

    def difference(self) -> Difference:
        """The recomputed outputs to the model's own outputs, over all heads of all blocks."""
        return largest(block.difference() for block in self.blocks)
