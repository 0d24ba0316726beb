"""One attention module's part of a forward pass: with q, k and v, or with its weights alone."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from models.core.arrays import Difference, Floats, Recomputed, difference, read_only
from models.core.attention import HeadSteps, Scoring, Term, scores, stepped, unsettled
from models.core.kinds import KINDS, Bools, Kind, Sight, sight
from models.core.surroundings import NOTHING, Surroundings


@dataclass(frozen=True, slots=True, eq=False)
class AttentionBlock(Recomputed):
    """One attention module's forward pass: enough to bring back every step of every head.

    q: (head, query, d), k: (kv_head, key, d), v: (kv_head, key, dv), read-only float32.
    scaling: of the scores, or (head, 1, 1) where each head has its own (Swin v2).
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
    scaling: float | Floats
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
    def shared_out(self) -> bool:
        """All that a query gives goes to tokens; else something else takes a part of each row."""
        return self.sinks is None

    @property
    def whole(self) -> bool:
        """With q, k and v, and so with every step; else it is a `WeightsBlock`."""
        return True

    def first(self, queries: int) -> AttentionBlock:
        """The same of the first queries alone."""
        kept, around = slice(queries), self.surroundings
        return replace(
            self,
            q=self.q[:, kept],
            output=self.output[:, kept],
            mask=None if self.mask is None else _rows(self.mask, queries),
            terms=tuple(replace(one, values=_rows(one.values, queries)) for one in self.terms),
            surroundings=None if around is None else around.part(kept, slice(None)),
        )

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


def _rows(array: Floats, queries: int) -> Floats:
    """(…, query or 1, key) → (…, the first queries or 1, key)."""
    return array[..., :queries, :]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class WeightsBlock(AttentionBlock):
    """One module of sparse attention (bands, blocks, buckets): weights alone.

    No matrix of all scores is ever there, so q, k, v are without columns, `scaling` is no number,
    and of `head` there are weights, mask and output.
    found: (head, query, key), what the module gives each key's value. computed: the same, False
    where it never computed a score; mask: −inf there, and where it hid one that it had computed.
    mixed: (head, query, dv), these weights times the module's own values. elsewhere: (head, query),
    what keys get that are no tokens of the text (summaries of blocks, global tokens); None: there
    are none. seed: of what the module draws at random (Reformer's buckets), None: nothing.
    Raises ValueError when the shapes do not fit each other.
    """

    found: Floats
    computed: Bools
    mixed: Floats
    elsewhere: Floats | None = None
    seed: int | None = None

    def __post_init__(self) -> None:
        shape = (*self.q.shape[:2], self.k.shape[1])
        if self.found.shape != shape or self.computed.shape != shape:
            raise ValueError(f"weights {self.found.shape} of {shape}")
        if self.mixed.shape != self.output.shape or self.output.shape[:2] != shape[:2]:
            raise ValueError(f"output {self.output.shape}, mixed {self.mixed.shape}")

    @property
    def shared_out(self) -> bool:
        """No keys but tokens."""
        return self.elsewhere is None

    @property
    def whole(self) -> bool:
        """False: there are no q, k and v."""
        return False

    @property
    def weights(self) -> Floats:
        """(head, query, key): all heads' attention weights."""
        return self.found

    def row(self, query: int) -> Floats:
        """(head, key): all heads' weights of one query."""
        return self.found[:, query]

    def head(self, head: int) -> HeadSteps:
        """Weights, mask and output of one head; the other steps are empty. IndexError: none such.

        masked: (query, key) −inf where the mask is, no number elsewhere.
        """
        how = replace(self.scoring, scaling=np.nan).of_head(self.check(head), self.shape)
        masked = np.full(self.shape, np.nan, np.float32)
        if how.mask is not None:
            masked[np.isneginf(how.mask)] = -np.inf
        parts = self.q[head], self.k[head], self.v[head]
        steps = (NOTHING, NOTHING, read_only(masked), self.found[head], self.mixed[head])
        return HeadSteps(*parts, *steps, how)

    def difference(self) -> Difference:
        """Weights times values to the module's own output, each head by itself."""
        return difference(self.mixed, self.output, axis=(1, 2))
