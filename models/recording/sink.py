"""Where one forward pass leaves what its attentions were given and gave. Imports torch."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor, nn

from models.recording.flow import Flow, Origin, Outcome
from models.recording.own_attention import OwnAttention
from models.recording.score_sum import Added
from models.recording.sparse import CapturedWeights


@dataclass(eq=False)
class Captured:
    """One call of one attention module, batch of one, still torch.

    scaling: a number, or (head, 1, 1) where each head has its own.
    terms: what else a family adds to the scores, in order, by no name.
    origins: of "q", "k" and "v", those that are understood; latent: those that came through
    another projection of the same module first; outcome: what the outputs became. All three
    only where surroundings were `asked` for.
    """

    module: nn.Module
    query: Tensor
    key: Tensor
    value: Tensor
    mask: Tensor | None
    scaling: float | Tensor
    output: Tensor
    position_bias: Tensor | None
    softcap: float | None
    sinks: Tensor | None
    terms: tuple[Added, ...] = ()
    origins: dict[str, Origin] = field(default_factory=dict)
    latent: tuple[str, ...] = ()
    outcome: Outcome | None = None
    asked: bool = False

    @property
    def shape(self) -> tuple[int, int]:
        """(queries, keys)."""
        return int(self.query.shape[2]), int(self.key.shape[2])


Record = Captured | CapturedWeights


@dataclass(eq=False)
class Sink:
    """Where one forward pass leaves its records; flow: where surroundings are asked for.

    passed: of each watched module, by its path, what it was given and gave; where asked for.
    answer: what the model itself returned, where it was asked for. watch: of a family with an
    attention of its own; count: tokens of the text that it reads.
    """

    flow: Flow | None = None
    between: bool = False
    watch: OwnAttention | None = None
    count: int = 0
    calls: list[Record] = field(default_factory=list)
    passed: dict[str, tuple[Tensor, Tensor]] = field(default_factory=dict)
    answer: Any = None
    looked_at: list[tuple[Tensor, bool]] = field(default_factory=list)

    @property
    def records(self) -> list[Captured]:
        """Of the calls those with q, k and v: of most models all of them."""
        return [call for call in self.calls if isinstance(call, Captured)]

    def pause(self, paused: bool) -> None:
        """Follow no operations, or do again."""
        for mode in (self.flow, self.watch):
            if mode is not None:
                mode.paused = paused

    def is_open(self, mask: Tensor | None) -> bool:
        """Whether a mask (1, 1, query, key) changes nothing; layers share masks, asked once."""
        if mask is None:
            return True
        for seen, answer in self.looked_at:
            if seen is mask:
                return answer
        self.looked_at.append((mask, not bool(mask.any())))
        return self.looked_at[-1][1]


# A ContextVar, not a global: every thread (and so every visitor) has its own.
CURRENT: ContextVar[Sink | None] = ContextVar("dikkat_sink", default=None)


def keep(sink: Sink, record: Record) -> None:
    """The next call of an attention; what became of the one before is known now."""
    finish(sink)
    sink.calls.append(record)
    if sink.flow is not None and isinstance(record, Captured):
        _begin(record, sink.flow)


def _begin(record: Captured, flow: Flow) -> None:
    """Where its q, k and v come from, as far as it is understood."""
    record.asked = True
    parts = {"q": record.query, "k": record.key, "v": record.value}
    found = {name: flow.origin(each, record.module) for name, each in parts.items()}
    record.origins = {name: origin for name, origin in found.items() if origin is not None}
    record.latent = tuple(n for n, each in parts.items() if _latent(record, n, each, flow))


def _latent(record: Captured, name: str, part: Tensor, flow: Flow) -> bool:
    if name in record.origins:
        return record.origins[name].latent
    return flow.is_latent(part, record.module)


def finish(sink: Sink) -> None:
    """What became of the last record's outputs."""
    last = sink.calls[-1] if sink.calls else None
    if sink.flow is not None and isinstance(last, Captured):
        last.outcome = sink.flow.outcome()
