"""A whole forward pass held against transformers' own eager attention. No torch by itself.

The eager model is the loaded one's modules once more with the same tensors: it costs no second
copy. What it computes is transformers' own code, not the kernel that recordings come from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.core.arrays import ROUNDING, Difference, Floats, as_numpy, difference, largest
from models.core.attention import masked_softmax, unsettled
from models.core.kinds import KINDS, Kind
from models.core.loaded import LoadedModel
from models.recording.by_length import settle
from models.recording.laid_out import matrix
from models.trace import AttentionBlock, AttentionTrace

# Where transformers hands out each kind's weights: of an encoder-decoder, else `attentions`.
_HANDED_OUT: dict[Kind, str] = {
    "encoder": "encoder_attentions",
    "decoder": "decoder_attentions",
    "cross": "cross_attentions",
}
# And what global tokens give (Longformer), without a target and with one.
_GLOBAL = ("global_attentions", "encoder_global_attentions")


@dataclass(frozen=True, slots=True)
class EagerCheck:
    """What a recorded pass is to the same pass with eager attention.

    agree of heads: those whose weights are the same but for rounding; heads: all that were
    recorded. weights: of these to eager's, each head by itself; 0 heads where the family hands
    none out. output: the model's answer (logits, or hidden states) to eager's.
    """

    agree: int
    compared: int
    heads: int
    weights: Difference
    output: Difference

    @property
    def passed(self) -> bool:
        """Every recorded head was compared and agrees, and so does the answer."""
        return self.agree == self.compared == self.heads and self.output.rounding


def twin(model: Any) -> Any:
    """The same modules with the same tensors, not copies, on transformers' eager attention."""
    tensors = [*model.parameters(), *model.buffers()]
    made = deepcopy(model, {id(tensor): tensor for tensor in tensors})
    for module in made.modules():
        module._forward_hooks.clear()  # they would record into the loaded model's sinks
        module._forward_pre_hooks.clear()
        # transformers hangs up its own anew, unless it believes that it has.
        module.__dict__.pop("_output_capturing_hooks_installed", None)
    made.set_attn_implementation("eager")
    settle(made)
    return made


def compared(
    loaded: LoadedModel, trace: AttentionTrace, eager: Any, own: Floats, answer: Floats
) -> EagerCheck:
    """A recording to eager's weights; own, answer: (…) what both models gave."""
    config = loaded.model.config
    parts = (trace, *trace.pooled)
    found = [pair for p in parts for kind in KINDS for pair in _pairs(config, p, eager, kind)]
    each = [head for pair in found for head in heads_apart(*pair)]
    return checked(trace, each, own, answer)


def checked(
    trace: AttentionTrace, each: Sequence[Difference], own: Floats, answer: Floats
) -> EagerCheck:
    """each: of every compared head its difference to eager's; own, answer: (…)."""
    return EagerCheck(
        agree=sum(head.rounding for head in each),
        compared=len(each),
        heads=sum(block.heads for block in trace.all_blocks),
        weights=largest(each),
        output=difference(own, answer),
    )


def heads_apart(block: AttentionBlock, weights: Floats) -> list[Difference]:
    """(head, query, key) of eager → each recorded head's difference to it."""
    ours = block.weights
    if block.sinks is not None and weights.sum(axis=-1).min() > 1 - ROUNDING:
        ours = ours / ours.sum(axis=-1, keepdims=True)  # Granite's are handed out without the sink
    if ours.shape != weights.shape:
        return [Difference(float("inf"), float("inf"))] * block.heads
    if not block.whole:
        return [difference(*pair) for pair in zip(ours, weights, strict=True)]
    k = np.repeat(block.k, block.heads // len(block.k), axis=0)
    ones = np.ones((*k.shape[:2], 1), k.dtype)  # so that what rounding moves is of weights alone
    least = unsettled(ours, block.q, k, ones, block.scoring)
    return [difference(*pair, least=size) for *pair, size in zip(ours, weights, least, strict=True)]


def _pairs(
    config: Any, trace: AttentionTrace, eager: Any, kind: Kind
) -> Iterator[tuple[AttentionBlock, Floats]]:
    """Each recorded block with what eager handed out for it, where that can be told.

    MiniMax hands out something for its linear layers, too: then a layer's number tells.
    """
    blocks, handed = trace.layers(kind), _handed_out(trace, eager, kind)
    beside = _named(eager, _GLOBAL[trace.target_side is not None]) or ()
    if trace.every or len(handed) == len(blocks) + len(trace.others):
        handed = [handed[block.layer] for block in blocks]
    for n, (block, each) in enumerate(zip(blocks, handed, strict=False)):
        if block.whole:
            # ProphetNet's cross-attention has rows for what it predicts, behind the tokens'.
            rows = block.shape[0] if trace.streams > 1 else None
            yield block, _as_weights(as_numpy(each[0]))[:, :rows]
        elif (found := matrix(config, block, each, beside[n] if beside else None)) is not None:
            yield block, found


def _handed_out(trace: AttentionTrace, eager: Any, kind: Kind) -> Sequence[Any]:
    """What each layer hands out that hands anything out, in order."""
    name = _HANDED_OUT[kind] if trace.target_side is not None else "attentions"
    if trace.target_side is None and kind not in trace.kinds:
        return ()
    return [each for each in _named(eager, name) or () if each is not None]


def _as_weights(handed: Floats) -> Floats:
    """SqueezeBERT and ProphetNet's encoder hand out what the softmax is given."""
    outside = handed.min() < 0 or handed.max() > 1 + ROUNDING
    return masked_softmax(handed) if outside else handed


def _named(answer: Any, name: str) -> Any:
    return answer.get(name) if isinstance(answer, Mapping) else getattr(answer, name, None)


def answer(result: Any) -> Floats:
    """(…) logits, or the last hidden states."""
    for name in ("logits", "prediction_logits", "last_hidden_state"):
        found = _named(result, name)
        if found is not None:
            return as_numpy(found)
    return as_numpy(result[0])
