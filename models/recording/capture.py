"""Attention hooks: what each attention module was given and gave, kept aside. Imports torch.

The model's own forward pass runs on the fast kernel wherever that computes the same
thing; q, k, v and the mask are kept as references, so that keeping costs next to nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import eager_mask

# Not a name with sdpa, flash or flex in it: transformers treats those specially.
IMPLEMENTATION = "dikkat_record"


@dataclass(eq=False)
class Captured:
    """One call of one attention module, batch of one, still torch.

    around: inputs and outputs of the modules around it: x, x_kv, q, k (projected), concat,
    projected.
    """

    module: nn.Module
    query: Tensor
    key: Tensor
    value: Tensor
    mask: Tensor | None
    scaling: float
    output: Tensor
    position_bias: Tensor | None
    softcap: float | None
    sinks: Tensor | None
    around: dict[str, Tensor] = field(default_factory=dict)


@dataclass(eq=False)
class Sink:
    """Where one forward pass leaves its records; around: by attention module, not yet claimed.

    passed: of each watched module, by its path, what it was given and gave; where asked for.
    """

    surroundings: bool
    between: bool = False
    records: list[Captured] = field(default_factory=list)
    passed: dict[str, tuple[Tensor, Tensor]] = field(default_factory=dict)
    around: dict[int, dict[str, Tensor]] = field(default_factory=dict)
    looked_at: list[tuple[Tensor, bool]] = field(default_factory=list)

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
_sink: ContextVar[Sink | None] = ContextVar("dikkat_sink", default=None)


def attention(
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    scaling: float | None = None,
    dropout: float = 0.0,
    **options: Any,
) -> tuple[Tensor, None]:
    """What transformers calls instead of its own attention; the same numbers come out.

    (1, head, query, d), (1, kv_head, key, d), (1, kv_head, key, dv) → (1, query, head, dv).
    """
    scale = query.shape[-1] ** -0.5 if scaling is None else scaling
    sinks = getattr(module, "sinks", options.get("s_aux"))
    softcap = options.get("softcap")
    # Masks are always explicit here: a causal module without one sees everything, as in eager.
    options["is_causal"] = False
    kernel = sdpa_attention_forward
    if softcap is not None or sinks is not None:
        kernel = sys.modules[type(module).__module__].eager_attention_forward
    sink = _sink.get()
    if sink is not None and sink.is_open(attention_mask):
        attention_mask = None  # adding zeros is all it would do, and the kernel is faster without
    output = kernel(
        module, query, key, value, attention_mask, scaling=scale, dropout=dropout, **options
    )[0]
    if sink is not None:
        bias = options.get("position_bias")
        around = sink.around.pop(id(module), {})
        sink.records.append(
            Captured(
                module,
                query,
                key,
                value,
                attention_mask,
                scale,
                output,
                bias,
                softcap,
                sinks,
                around,
            )
        )
    return output, None


def add_hooks(module: nn.Module, parts: tuple[nn.Module, nn.Module, nn.Module, nn.Module]) -> None:
    """Hooks for what surrounds an attention module. They stay, and do nothing without a sink.

    Adding and removing them for each recording would let one visitor's fire in another's.
    """
    q, k, _, o = parts

    def before(name: str, place: str) -> Any:
        def hook(_: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
            sink = _sink.get()
            if sink is not None and sink.surroundings:
                around = sink.around.setdefault(id(module), {})
                around[place], around[name] = inputs[0], output

        return hook

    def after(_: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        sink = _sink.get()
        if sink is None or not sink.surroundings:
            return
        last = next((r for r in reversed(sink.records) if r.module is module), None)
        if last is not None:
            last.around["concat"], last.around["projected"] = inputs[0], output

    q.register_forward_hook(before("q", "x"))
    k.register_forward_hook(before("k", "x_kv"))
    o.register_forward_hook(after)


def record_calls(path: str, module: nn.Module) -> None:
    """A hook that keeps what goes into and comes out of a module; it stays, as those above."""

    def hook(_: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        sink = _sink.get()
        if sink is not None and sink.between:
            sink.passed[path] = inputs[0], output

    module.register_forward_hook(hook)


def run(
    model: nn.Module,
    inputs: Mapping[str, Any],
    *,
    surroundings: bool = False,
    between: bool = False,
) -> Sink:
    """One forward pass with its attention captured. inputs: name → tensor.

    between: also what goes through the modules between the attentions (`record_calls`).
    """
    sink = Sink(surroundings, between)
    token = _sink.set(sink)
    try:
        with torch.inference_mode():
            model(**inputs)
    finally:
        _sink.reset(token)
    return sink


AttentionInterface.register(IMPLEMENTATION, attention)
# Without a mask function of this name masks would arrive as None, and results be wrong.
AttentionMaskInterface.register(IMPLEMENTATION, eager_mask)
