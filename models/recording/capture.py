"""Attention hooks: what each attention module was given and gave, kept aside. Imports torch.

The model's own forward pass runs on the fast kernel wherever that computes the same
thing; q, k, v and the mask are kept as references, so that keeping costs next to nothing.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import replace
from functools import cache, partial
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import eager_mask

from models.errors import NotCapturable
from models.recording import cosine, hashing, sparse
from models.recording.allocator import keep_freed_memory
from models.recording.flow import Flow
from models.recording.own_attention import ComputedAttention, OwnAttention, heads_of
from models.recording.sink import CURRENT, finish, keep
from models.recording.sink import Captured as Captured
from models.recording.sink import Record as Record
from models.recording.sink import Sink as Sink

# Not a name with sdpa, flash or flex in it: transformers treats those specially.
IMPLEMENTATION = "dikkat_record"

# Keywords that are recorded, or that the mask says already.
_UNDERSTOOD = ("position_bias", "softcap", "sliding_window", "kwargs")


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
    _check_understood(module, options)
    attention_mask = _selected(module, attention_mask, key, options)
    # Masks are always explicit here: a causal module without one sees everything, as in eager.
    options["is_causal"] = False
    kernel = sdpa_attention_forward
    if softcap is not None or sinks is not None:
        kernel = sys.modules[type(module).__module__].eager_attention_forward
    sink = CURRENT.get()
    if sink is not None and sink.is_open(attention_mask):
        attention_mask = None  # adding zeros is all it would do, and the kernel is faster without
    output = kernel(
        module, query, key, value, attention_mask, scaling=scale, dropout=dropout, **options
    )[0]
    if sink is not None:
        bias = options.get("position_bias")
        record = Captured(
            module, query, key, value, attention_mask, scale, output, bias, softcap, sinks
        )
        keep(sink, record)
        if sink.flow is not None:
            sink.flow.heads_give(record.output)
    return output, None


def _watched(sink: Sink, seen: ComputedAttention) -> None:
    """An attention that a family computed by itself."""
    scores = seen.scores
    shape = (scores.q.shape[2], scores.k.shape[2])
    with torch._C.DisableTorchFunction():
        terms = [replace(each, scaled=True) for each in scores.scaled] + scores.added
        terms = [replace(each, values=_spread(each.values, shape)[0]) for each in terms]
        mask = None
        if scores.hidden is not None and bool(scores.hidden.any()):
            hidden = _spread(scores.hidden, shape)
            mask = torch.zeros(hidden.shape).masked_fill(hidden, torch.finfo(torch.float32).min)
    parts = scores.q, scores.k, seen.v, mask, scores.factor, seen.output
    keep(sink, Captured(seen.module, *parts, None, None, None, tuple(terms)))
    if sink.flow is not None:
        sink.flow.heads_give(seen.output, seen.product, seen.order)


def _spread(part: Tensor, shape: tuple[int, int]) -> Tensor:
    """(…, query or 1, key or 1) → (1, head or 1, query, key)."""
    return heads_of(part).expand(-1, -1, *shape)


def _check_understood(module: nn.Module, options: dict[str, Any]) -> None:
    """NotCapturable: the family's own attention is handed something that is unknown here."""
    own = getattr(sys.modules[type(module).__module__], "eager_attention_forward", None)
    for name in () if own is None else _not_understood(own):
        if options.get(name) is not None:
            raise NotCapturable(f"{type(module).__name__} is given {name}")


@cache
def _not_understood(own: Any) -> tuple[str, ...]:
    """What a family's own attention takes beside what `attention` knows."""
    known = {*inspect.signature(attention).parameters, *_UNDERSTOOD}
    return tuple(name for name in inspect.signature(own).parameters if name not in known)


def _selected(
    module: nn.Module, mask: Tensor | None, key: Tensor, options: dict[str, Any]
) -> Tensor | None:
    """The mask (1, head or 1, query, key) with the keys hidden that an indexer did not choose.

    Sparse attention (DeepSeek-AI 2025) hands its choice to kernels that know of it; transformers
    puts it into the mask for its own two only, by their names.
    """
    keys, blocks = options.pop("indices", None), options.pop("block_indices", None)
    if keys is not None:
        left = torch.ones(*keys.shape[:-1], key.shape[2], dtype=torch.bool)
        left = left.scatter(-1, keys.long(), False).unsqueeze(1)
        mask = torch.zeros(left.shape) if mask is None else mask
        return mask.masked_fill(left, torch.finfo(mask.dtype).min)
    if blocks is not None:  # of whole blocks of keys, as the family itself lays them out
        places = torch.arange(key.shape[2])[None]
        indexer: Any = module.indexer
        return indexer.build_block_mask(  # type: ignore[no-any-return]
            blocks, mask, key.shape[2], key.dtype, key.device, places
        )
    return mask


def record_calls(path: str, module: nn.Module) -> None:
    """A hook that keeps what goes into and comes out of a module; it stays."""

    def hook(_: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        sink = CURRENT.get()
        if sink is not None and sink.between:
            sink.passed[path] = inputs[0], output

    module.register_forward_hook(hook)


def record_sparse(model: nn.Module) -> None:
    """Hooks that keep what the modules give that compute sparse attention; they stay."""
    for module, parts in sparse.modules(model, _family(model)):
        hashing.settle(module)
        module.register_forward_pre_hook(_enter)
        module.register_forward_hook(partial(_leave, parts), with_kwargs=True)


def record_cosine(model: nn.Module) -> None:
    """The same of the modules that compute scaled cosine attention."""
    for module in cosine.modules(model):
        module.register_forward_pre_hook(_enter)
        leave = partial(_leave_cosine, cosine.times_masked(module))
        module.register_forward_hook(leave, with_kwargs=True)


def _leave_cosine(times: int, module: nn.Module, args: Any, kwargs: Any, gave: Any) -> None:
    sink = CURRENT.get()
    if sink is not None:
        keep(sink, cosine.captured(module, times, args, kwargs, gave))
        sink.pause(False)


def _family(model: nn.Module) -> str:
    return str(getattr(model.config, "model_type", ""))


def _enter(_: nn.Module, args: Any) -> None:
    """What it multiplies inside is not followed: no queries by keys."""
    sink = CURRENT.get()
    if sink is not None:
        sink.pause(True)


def _leave(parts: sparse.SparseParts, module: nn.Module, args: Any, kwargs: Any, gave: Any) -> None:
    sink = CURRENT.get()
    if sink is not None:
        keep(sink, sparse.captured(module, parts, args, kwargs, gave, sink.count))
        sink.pause(False)


def records_itself(model: nn.Module) -> bool:
    """Its attentions call `attention`; else they have to be watched."""
    return getattr(model.config, "_attn_implementation", None) == IMPLEMENTATION


def run(
    model: nn.Module,
    inputs: Mapping[str, Any],
    *,
    surroundings: bool = False,
    between: bool = False,
    answer: bool = False,
) -> Sink:
    """One forward pass with its attention captured. inputs: name → tensor.

    between: also what goes through the modules between the attentions (`record_calls`). answer:
    also what the model returned, which may be the largest of all.
    """
    sink = Sink(Flow() if surroundings else None, between)
    sink.watch = None if records_itself(model) else OwnAttention(partial(_watched, sink))
    if _family(model) in sparse.PARTS:
        sink.count = int(inputs["input_ids"].shape[1])
    token = CURRENT.set(sink)
    try:
        # The watch inside: what it lays out otherwise, the flow sees too.
        with torch.inference_mode(), sink.flow or nullcontext(), sink.watch or nullcontext():
            returned = model(**inputs)
            sink.answer = returned if answer else None
            del returned
    finally:
        CURRENT.reset(token)
    finish(sink)
    return sink


keep_freed_memory()
AttentionInterface.register(IMPLEMENTATION, attention)
# Without a mask function of this name masks would arrive as None, and results be wrong.
AttentionMaskInterface.register(IMPLEMENTATION, eager_mask)
