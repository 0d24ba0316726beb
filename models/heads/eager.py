"""A whole forward pass held against transformers' own eager attention. No torch by itself.

The eager model is the loaded one's modules once more with the same tensors: it costs no second
copy. What it computes is transformers' own code, not the kernel that recordings come from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from models.core.arrays import ROUNDING, Difference, Floats, as_numpy, difference, largest
from models.core.attention import masked_softmax, unsettled
from models.core.kinds import KINDS, Kind
from models.core.loaded import LoadedModel
from models.heads.continuation import record_continued
from models.record import batch, forward, inputs_of, record
from models.trace import AttentionBlock, AttentionTrace

FIRST = 200  # characters: eager attention keeps the weights of all heads at once
# Where transformers hands out each kind's weights: of an encoder-decoder, else `attentions`.
_HANDED_OUT: dict[Kind, str] = {
    "encoder": "encoder_attentions",
    "decoder": "decoder_attentions",
    "cross": "cross_attentions",
}


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


def against_eager(
    loaded: LoadedModel, text: str, *, text_pair: str | None = None, target: str | None = None
) -> EagerCheck:
    """A text through the model and through its eager twin. Raises what record raises."""
    trace = record(loaded, text, text_pair=text_pair, target=target, cut=True)
    return _held(loaded, trace)


def between_against_eager(
    loaded: LoadedModel, languages: tuple[str, str], text: str, target: str | None
) -> EagerCheck:
    """The same of a translator between many. Raises as record_between does."""
    from models.loading.languages import speaking

    return against_eager(speaking(loaded, *languages), text, target=target)


def continued_against_eager(loaded: LoadedModel, text: str, count: int) -> EagerCheck:
    """The same with `count` tokens that the model writes behind it. Raises as record does."""
    return _held(loaded, record_continued(loaded, text, count, cut=True))


def _held(loaded: LoadedModel, trace: AttentionTrace) -> EagerCheck:
    inputs = inputs_of(loaded, trace.source)
    if trace.target_side is not None:
        inputs["decoder_input_ids"] = batch(trace.target_side.ids)
    own = forward(loaded, inputs)
    eager = forward(replace(loaded, model=twin(loaded.model)), inputs, output_attentions=True)
    return compared(trace, eager, answer(own), answer(eager))


def once(loaded: LoadedModel, text: str) -> EagerCheck:
    """The check that every checkpoint gets, of a text's beginning: enough for all its heads."""
    return against_eager(loaded, text[:FIRST])


def twin(model: Any) -> Any:
    """The same modules with the same tensors, not copies, on transformers' eager attention."""
    tensors = [*model.parameters(), *model.buffers()]
    made = deepcopy(model, {id(tensor): tensor for tensor in tensors})
    for module in made.modules():
        module._forward_hooks.clear()  # they would record into the loaded model's sinks
        # transformers hangs up its own anew, unless it believes that it has.
        module.__dict__.pop("_output_capturing_hooks_installed", None)
    made.set_attn_implementation("eager")
    return made


def compared(trace: AttentionTrace, eager: Any, own: Floats, answer: Floats) -> EagerCheck:
    """A recording to eager's weights; own, answer: (…) what both models gave."""
    found = [pair for kind in KINDS for pair in _pairs(trace, eager, kind)]
    each = [head for pair in found for head in heads_apart(*pair)]
    return checked(trace, each, own, answer)


def checked(
    trace: AttentionTrace, each: Sequence[Difference], own: Floats, answer: Floats
) -> EagerCheck:
    """each: of every compared head its difference to eager's; own, answer: (…)."""
    return EagerCheck(
        agree=sum(head.rounding for head in each),
        compared=len(each),
        heads=sum(block.heads for block in trace.blocks),
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
    k = np.repeat(block.k, block.heads // len(block.k), axis=0)
    ones = np.ones((*k.shape[:2], 1), k.dtype)  # so that what rounding moves is of weights alone
    least = unsettled(ours, block.q, k, ones, block.scoring)
    return [difference(*pair, least=size) for *pair, size in zip(ours, weights, least, strict=True)]


def _pairs(
    trace: AttentionTrace, eager: Any, kind: Kind
) -> Iterator[tuple[AttentionBlock, Floats]]:
    """Each recorded block with what eager handed out for it.

    MiniMax hands out something for its linear layers, too: then a layer's number tells.
    """
    blocks, handed = trace.layers(kind), _weights(trace, eager, kind)
    if len(handed) == len(blocks) + len(trace.others):
        return zip(blocks, (handed[block.layer] for block in blocks), strict=True)
    return zip(blocks, handed, strict=False)


def _weights(trace: AttentionTrace, eager: Any, kind: Kind) -> Sequence[Floats]:
    """(head, query, key) a layer that hands its weights out, in order."""
    name = _HANDED_OUT[kind] if trace.target_side is not None else "attentions"
    handed = _named(eager, name)
    if trace.target_side is None and kind not in trace.kinds:
        return ()
    return [_as_weights(as_numpy(each[0])) for each in handed or () if each is not None]


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
