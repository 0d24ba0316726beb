"""Four ways of putting positions into one head's scores, side by side: a what-if.

q and k are a real head's, from the model run without its own positions; to them are applied
the sinusoid added to the layer's input (Vaswani et al. 2017), rotation (RoPE, Su et al. 2021),
linear biases (ALiBi, Press et al. 2022) and bucketed biases (T5, Raffel et al. 2020).
Imports no torch by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from models.catalog import soundless
from models.core import encodings
from models.core.attention import scores
from models.core.encodings import Integers
from models.core.loaded import LoadedModel
from models.errors import NoPositions, NotCapturable, WeightsOnly
from models.positions.learned import without_positions
from models.record import record
from models.trace import AttentionBlock, AttentionTrace, Floats, Surroundings, read_only

Bools = NDArray[np.bool_]
Way = Literal["sinusoid", "rope", "alibi", "t5"]
WAYS: tuple[Way, ...] = get_args(Way)
PARTS = ("content_content", "content_position", "position_content", "position_position")


def bias_of(nearest: int) -> float:
    """The what-if bias of a T5 bucket, by its nearest distance r: −log₂(1 + r).

    T5 learns these numbers, one a head and bucket; none of them ship here.
    """
    return float(-np.log2(1 + max(nearest, 0)))


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """One query and key: what each way's score is made of, all scaled.

    content: q·k; parts: the sinusoid's four; pairs: (pair,) RoPE's, one a pair of dimensions;
    slope, distance: ALiBi's; bucket, bias: T5's.
    """

    content: float
    parts: tuple[float, ...]
    pairs: Floats
    slope: float
    distance: int
    bucket: int
    bias: float

    @property
    def totals(self) -> dict[Way, float]:
        """Way → its score."""
        return {
            "sinusoid": sum(self.parts),
            "rope": float(self.pairs.sum()),
            "alibi": self.content - self.slope * self.distance,
            "t5": self.content + self.bias,
        }


@dataclass(frozen=True, slots=True, eq=False)
class FourWays:
    """One head's content, and what each way makes of it.

    trace: the recording without positions; q: (query, d), k: (key, d) of one head; p_q, p_k:
    (position, d) what the sinusoid adds to q and k once it has gone through W_Q and W_K.
    scaling: of the scores. slope: ALiBi's for this head. masked: (query, key) or None.
    width: of the layer's input, and so of the sinusoid.
    """

    trace: AttentionTrace
    layer: int
    head: int
    heads: int
    q: Floats
    k: Floats
    p_q: Floats
    p_k: Floats
    scaling: float
    slope: float
    width: int
    masked: Bools | None

    @property
    def content(self) -> Floats:
        """(query, key): q·kᵀ scaled, without any position, whatever the mask says."""
        return scores(self.q, self.k) * self.scaling

    def seen(self, found: Floats) -> Floats:
        """(query, key) scores as the mask leaves them: −inf where a query may not look."""
        return found if self.masked is None else np.where(self.masked, -np.inf, found)

    @property
    def special(self) -> tuple[bool, ...]:
        """(query,): which tokens the model added itself."""
        marks = self.trace.target_special if self.trace.kinds[0] == "decoder" else None
        return (marks or self.trace.special)[: len(self.q)]

    @property
    def farthest(self) -> tuple[int, int]:
        """(query, key) of the two words that stand farthest apart, where a query may look back."""
        words = [place for place, mark in enumerate(self.special) if not mark] or [0]
        return words[-1], words[0]

    @property
    def parts(self) -> dict[str, Floats]:
        """The four parts of the sinusoid's scores, (query, key) each: see PARTS."""
        n = len(self.q)
        q, k = (self.q, self.p_q[:n]), (self.k, self.p_k[:n])
        return {
            name: scores(q[number // 2], k[number % 2]) * self.scaling
            for number, name in enumerate(PARTS)
        }

    def pair(self, query: int, key: int) -> int:
        """The pair of dimensions whose part of RoPE's score the two tokens' offset changes most."""
        near, far = (
            encodings.rope_terms(self.q[query], self.k[key], offset) for offset in (0, key - query)
        )
        return int(np.abs(far - near).argmax())

    @property
    def offsets(self) -> Integers:
        """(query, key): key − query."""
        n = np.arange(len(self.q))
        return n[None, :] - n[:, None]

    @property
    def buckets(self) -> Integers:
        """(query, key): T5's bucket of each offset."""
        return encodings.bucket(self.offsets)

    def scores(self, way: Way) -> Floats:
        """(query, key): the scaled scores with that way's positions; masked cells are −inf."""
        n = len(self.q)
        if way == "sinusoid":
            found = scores(self.q + self.p_q[:n], self.k + self.p_k[:n]) * self.scaling
        elif way == "rope":
            turned = (encodings.rotated(part, np.arange(n)) for part in (self.q, self.k))
            found = scores(*turned) * self.scaling
        elif way == "alibi":
            found = self.content + encodings.alibi(n, n, self.slope)
        else:
            found = self.content + biases()[self.buckets]
        return self.seen(found)

    def cell(self, query: int, key: int) -> Cell:
        """What every way adds up for one query and key, whatever the mask says."""
        offset = key - query
        bucket = int(encodings.bucket([offset])[0])
        return Cell(
            float(self.content[query, key]),
            tuple(float(part[query, key]) for part in self.parts.values()),
            encodings.rope_terms(self.q[query], self.k[key], offset) * self.scaling,
            self.slope,
            abs(offset),
            bucket,
            float(biases()[bucket]),
        )

    def along(self, way: Way, query: int, key: int, place: int, offsets: Floats) -> Floats:
        """(offset,): the score of one query's and one key's content at place and place + offset.

        ValueError: beyond the sinusoid's table.
        """
        q, k = self.q[query], self.k[key]
        flat = float(q @ k) * self.scaling
        if way == "rope":
            turned = encodings.rotated(q[None], [place])[0]
            keys = np.broadcast_to(k, (len(offsets), len(k)))
            return read_only(encodings.rotated(keys, place + offsets) @ turned * self.scaling)
        if way == "alibi":
            return flat - self.slope * np.abs(offsets)
        if way == "t5":
            return flat + biases()[encodings.bucket(offsets)]
        places = place + offsets.astype(int)
        if not 0 <= places.min() <= max(int(places.max()), place) < len(self.p_k):
            raise ValueError(f"{place} and its neighbours are not in 0..{len(self.p_k) - 1}")
        return read_only((k + self.p_k[places]) @ (q + self.p_q[place]) * self.scaling)


def along_all(
    ways: FourWays, way: Way, query: int, key: int, places: Sequence[int], offsets: Floats
) -> tuple[Floats, float]:
    """(place, offset) scores from several places on; the largest difference between places."""
    found = np.array([ways.along(way, query, key, place, offsets) for place in places])
    return found, float((found.max(axis=0) - found.min(axis=0)).max())


def most_positional(layers: Sequence[Floats]) -> tuple[int, int]:
    """(layer, head) of the head that looks most at the token before, whatever stands there.

    layers: the model's own weights with its positions, (head, query, key) each.
    """
    before = np.array([np.diagonal(one, -1, axis1=1, axis2=2).mean(axis=1) for one in layers])
    layer, head = np.unravel_index(int(before.argmax()), before.shape)
    return int(layer), int(head)


def biases() -> Floats:
    """(bucket,): the what-if bias of each of T5's buckets, both directions alike."""
    return np.array([bias_of(int(r)) for r in encodings.nearest()])


def recorded(model: LoadedModel | str, text: str, *, cut: bool = False) -> AttentionTrace:
    """The text through the model without positions, with what surrounds its heads.

    Raises errors.NoPositions, NotCapturable, WeightsOnly, and what models.record.record raises.
    """
    loaded = soundless(model)
    sparse = WeightsOnly(f"{loaded.card.id} has sparse attention", model=loaded.card.title)
    if loaded.sparse:
        raise sparse
    without = without_positions(loaded)
    trace = record(without, text, cut=cut, surroundings=True)
    if trace.kinds[0] not in trace.whole_kinds:  # BigBird's long texts
        raise sparse
    around = trace.layers(trace.kinds[0])[0].surroundings
    if around is None or not (around.recorded("q") and around.recorded("k")):
        family = loaded.card.family
        raise NotCapturable(f"{family}: projections unknown", family=family)
    # Qwen 3 norms q and k after projecting: a sinusoid does not just add there.
    if {name for part in "qk" for name in around.changes.get(part, ())} - {"scaled"}:
        raise NoPositions(f"{loaded.card.id} changes q and k on the way", model=loaded.card.title)
    return replace(trace, positions=False)


def of_head(trace: AttentionTrace, layer: int, head: int) -> FourWays:
    """One head of such a recording. layer, head: too large ones count as the last."""
    kind = trace.kinds[0]
    block = trace.block(kind, min(layer, trace.numbers(kind)[-1]))
    head = min(head, block.heads - 1)
    around = block.surroundings
    assert around is not None  # `recorded` saw to it
    steps = block.head(head)
    q, k = (part.astype(np.float64) for part in (steps.q, steps.k))
    p_q, p_k = _added(block, around, head)
    masked = None if steps.mask is None else np.isneginf(steps.mask)
    return FourWays(
        trace=trace,
        layer=block.layer,
        head=head,
        heads=block.heads,
        q=q,
        k=k,
        p_q=p_q,
        p_k=p_k,
        scaling=steps.scaling,
        slope=float(encodings.slopes(block.heads)[head]),
        width=around.x.shape[1],
        masked=masked if masked is not None and masked.any() else None,
    )


def _added(block: AttentionBlock, around: Surroundings, head: int) -> tuple[Floats, Floats]:
    """(position, d) twice: P·W_Q and P·W_K of one head, scaled as the model scales q and k."""
    table = encodings.encoded(range(encodings.MOST), around.x.shape[1])
    kv_head = block.kv_head(head)
    found = []
    for part, own, before, projection in (
        (head, block.q[head], around.q_before, around.w_q),
        (kv_head, block.k[kv_head], around.k_before, around.w_k),
    ):
        d = own.shape[1]
        columns = slice(part * d, (part + 1) * d)
        made = before[:, columns].astype(np.float64)
        # Some families scale q before the attention sees it (OPT): so must be what is added.
        scale = float((own * made).sum() / (made * made).sum())
        found.append(table @ projection.weight[:, columns].astype(np.float64) * scale)
    return found[0], found[1]
