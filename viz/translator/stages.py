"""One step of a Transformer's decoder as it is shown: the step, the head, the lit stage."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from models.core.arrays import Difference, difference
from models.core.attention import HeadSteps, softmax
from models.trace import AttentionBlock, Floats, Kind, Surroundings
from models.translation.reference import Cells
from models.translator.blocks import FeedForward, Norm, TransformerLayer, double
from models.translator.trace import Side, TransformerTrace
from viz.board.axes import inside
from viz.board.tokens import Bools
from viz.translation.growing import starts
from viz.translator.stage_names import STAGES, Stage

ENCODER: tuple[Stage, ...] = STAGES[:5]
ATTENTIONS: dict[Stage, Kind] = {"encoder": "encoder", "decoder": "decoder", "cross": "cross"}
_NORMS = {
    "encoder_norm": "norm",
    "encoder_feed_norm": "feed_norm",
    "decoder_norm": "norm",
    "cross_norm": "cross_norm",
    "feed_norm": "feed_norm",
}


@dataclass(frozen=True, slots=True, eq=False)
class Stepping:
    """A translation at one step, seen through one layer's head, one of its stages opened.

    layer: of the decoder; the encoder's is the same or its last. place: the Turkish piece whose
    way through the encoder is opened. source: the piece that the cross-attention's key is.
    key: of the lit attention. dim: of what the lit stage puts out. strange: source pieces that
    the model never met. gold: links to lay over the weights. ValueError: something is not there.
    """

    trace: TransformerTrace
    step: int
    layer: int
    head: int
    stage: Stage = "cross"
    place: int = 0
    source: int = 0
    key: int = 0
    dim: int = 0
    strange: frozenset[int] = field(default_factory=frozenset)
    gold: Cells | None = None

    def __post_init__(self) -> None:
        inside(
            ValueError,
            ("step", self.step, len(self.trace.ids)),
            ("layer", self.layer, len(self.trace.decoder)),
            ("head", self.head, self.block("cross").heads),
            ("place", self.place, len(self.sources)),
            ("source", self.source, len(self.sources)),
        )

    @property
    def sources(self) -> tuple[str, ...]:
        """The source's pieces as they were typed."""
        return self.trace.typed

    @property
    def begins(self) -> tuple[bool, ...]:
        """Which source pieces begin a word."""
        return starts(self.trace.attention.source)

    @property
    def written(self) -> tuple[str, ...]:
        """The word of each step."""
        return self.trace.written.typed

    @property
    def word(self) -> str:
        """What this step writes."""
        return self.trace.written.typed[self.step]

    @property
    def read(self) -> str:
        """What this step reads."""
        return self.trace.reads[self.step]

    @property
    def matrix(self) -> Floats:
        """(step, source): the cross-attention's weights."""
        return self.weights("cross")

    @property
    def scores(self) -> Floats:
        """(step, source): its scores before the softmax."""
        return self.block("cross").head(self.head).masked

    def block(self, kind: Kind) -> AttentionBlock:
        """One of the three attentions in the chosen layer."""
        return self.trace.attention.block(
            kind, self.depth("encoder" if kind == "encoder" else "decoder")
        )

    def weights(self, kind: Kind) -> Floats:
        """(query, key) of the chosen head, or of its last where this attention has fewer."""
        block = self.block(kind)
        return np.asarray(block.weights[min(self.head, block.heads - 1)])

    def masked(self, kind: Kind) -> Bools:
        """(query, key): True where the model's own mask forbids looking, in the same head."""
        block = self.block(kind)
        return np.isneginf(block.head(min(self.head, block.heads - 1)).masked)

    def depth(self, side: Side) -> int:
        """The chosen layer of a side."""
        return min(self.layer, len(self.trace.layers(side)) - 1)

    @property
    def side(self) -> Side:
        """Where the lit stage stands."""
        return "encoder" if self.stage in ENCODER else "decoder"

    @property
    def family(self) -> str:
        """Which kind of block is lit: embedding, attention, norm, feed, linear or softmax."""
        if self.stage in ATTENTIONS:
            return "attention"
        if self.stage in ("source", "target"):
            return "embedding"
        ends = (name for name in ("norm", "feed") if self.stage.endswith(name))
        return next(ends, self.stage)

    @property
    def row(self) -> int:
        """The place that the lit stage is opened at: a Turkish piece, or the step."""
        return self.place if self.side == "encoder" else self.step

    @property
    def token(self) -> str:
        """What stands there: a Turkish piece, or the word that the decoder reads."""
        return self.sources[self.place] if self.side == "encoder" else self.read

    @property
    def parts(self) -> TransformerLayer:
        """The lit stage's layer."""
        return self.trace.layers(self.side)[self.depth(self.side)]

    @property
    def norm(self) -> Norm:
        """The lit add & norm. KeyError: another stage is lit."""
        found = getattr(self.parts, _NORMS[self.stage])
        assert isinstance(found, Norm)
        return found

    @property
    def feed(self) -> FeedForward:
        """The feed-forward part of the lit stage's layer."""
        return self.parts.feed

    @property
    def keys(self) -> tuple[str, ...]:
        """What the lit attention looks at."""
        return self.trace.reads if self.stage == "decoder" else self.sources

    def heaviest(self, kind: Kind, row: int) -> int:
        """The key that weighs most in one row."""
        return int(np.argmax(self.weights(kind)[row]))

    @property
    def lit(self) -> AttentionBlock:
        """The lit attention. KeyError: another stage is lit."""
        return self.block(ATTENTIONS[self.stage])

    @property
    def steps(self) -> HeadSteps:
        """Every step of the lit attention's head."""
        return self.lit.head(min(self.head, self.lit.heads - 1))

    @property
    def around(self) -> Surroundings:
        """What stands around the lit attention."""
        found = self.lit.surroundings
        assert found is not None
        return found

    @property
    def columns(self) -> tuple[int, int]:
        """start, stop: where the head's output stands among all heads'."""
        width = int(self.lit.v.shape[2])
        head = min(self.head, self.lit.heads - 1)
        return head * width, (head + 1) * width

    def inside(self) -> int:
        """The number of the head's output that weighs most in the chosen dimension behind W_O."""
        start, stop = self.columns
        weight = double(self.around.w_o.weight[start:stop, self.dim])
        return int(np.abs(double(self.around.concat[self.row, start:stop]) * weight).argmax())

    def attention_difference(self) -> Difference:
        """Recomputed to the model's own behind W_O, all heads joined, at the opened place.

        Recomputed from q, k, v: softmax(q·kᵀ·scaling + M)·v of every head, then W_O, in float64.
        """
        block, around = self.lit, self.around
        q, k, v = (double(part) for part in (block.q[:, self.row], block.k, block.v))
        scores = np.einsum("hd,hkd->hk", q, k) * block.scaling
        if block.mask is not None:
            scores += np.broadcast_to(block.mask, (block.heads, *block.shape))[:, self.row]
        joined = np.einsum("hk,hkd->hd", softmax(scores), v).ravel()
        bias = 0 if around.w_o.bias is None else double(around.w_o.bias)
        return difference(
            joined @ double(around.w_o.weight) + bias, double(around.projected[self.row])
        )

    def probability_difference(self) -> Difference:
        """The word's probability, of recomputed logits, to its own among the whole vocabulary."""
        made = self._share(self.trace.output.recomputed[self.step])
        own = softmax(double(self.trace.logits[self.step]))
        return difference(made, own[self.trace.ids[self.step]], among=own)

    def _share(self, logits: Floats) -> float:
        return float(softmax(logits)[self.trace.ids[self.step]])

    def own_value(self) -> float:
        """The model's own number at the chosen dimension of what the lit stage puts out."""
        row, dim, trace = self.row, self.dim, self.trace
        if self.stage == "softmax":
            return self._share(double(trace.logits[row]))
        if self.stage == "linear":
            return float(trace.logits[row, trace.ids[row]])
        if self.stage in ATTENTIONS:
            return float(self.around.projected[row, dim])
        if self.stage in ("source", "target"):
            return float((trace.source if self.side == "encoder" else trace.target).own[row, dim])
        own = self.norm.own if self.stage in _NORMS else self.feed.own
        return float(own[row, dim])
