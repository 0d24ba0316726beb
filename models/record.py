"""A forward pass with attention hooks → AttentionTrace.

Nothing here imports torch by itself: pages import this before any model is loaded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from models.catalog import load, showing
from models.core import pooling, tokens
from models.core.arrays import as_numpy as as_numpy
from models.core.by_length import by_length
from models.core.continued import Continued
from models.core.loaded import LoadedModel
from models.core.tokens import Encoded
from models.errors import BrokenNumbers, NotCapturable, TextTooShort
from models.loading import families
from models.recording import around, by_weights, numbers
from models.recording.by_weights import compressed as compressed
from models.trace import AttentionBlock, AttentionTrace, Floats, Kind, Projection, Term

if TYPE_CHECKING:
    from models.recording.capture import Captured, Record

__all__ = ["MAX_WRITTEN", "record"]

# They mask nothing, and hand their learned position bias over where others hand a mask.
_BIAS_IN_MASK = ("beit",)
MAX_WRITTEN = 64  # tokens of an encoder-decoder's own translation


def record(
    model: LoadedModel | str,
    text: str,
    *,
    text_pair: str | None = None,
    target: str | None = None,
    cut: bool = False,
    surroundings: bool = False,
) -> AttentionTrace:
    """The text's pass through the model, with what every attention module was given and gave.

    text_pair: a second sentence (a blank one is none). target: what an encoder-decoder is
    made to write; without one it is the model's own greedy translation. The decoder's tokens
    are its inputs, the start token first: row i of its attention is where it predicts
    token i + 1. cut: read only the beginning of a text that is too long.
    surroundings: keep also what stands around the heads (X, W_Q … W_O): half as much again.
    Raises errors.NotCapturable, BrokenNumbers, TextTooShort, and what LoadedModel.encode and load
    raise.
    """
    loaded = load(model)
    if loaded.pictures is None:
        loaded = showing(loaded, "attention", NotCapturable, "has no attention over text")
    source = loaded.encode(text, text_pair, cut=cut)
    inputs = inputs_of(loaded, source)
    written = _written(loaded, inputs, target, cut) if loaded.is_encoder_decoder else None
    if written is not None:
        inputs["decoder_input_ids"] = batch(written.ids)
    return traced(
        loaded,
        source,
        written,
        blocks(loaded, inputs, surroundings),
        text=tokens.clean(text[: tokens.MAX_CHARACTERS]),
        text_pair=None if tokens.is_blank(text_pair) else text_pair,
        target=None if written is None or tokens.is_blank(target) else target,
    )


def record_between(
    model: LoadedModel | str, /, languages: tuple[str, str], text: str, **more: Any
) -> AttentionTrace:
    """As `record`, of a translator between many; languages: codes of what it reads and writes.

    Raises errors.UnknownLanguage, too.
    """
    from models.loading.languages import speaking

    return record(speaking(load(model), *languages), text, **more)


def traced(
    loaded: LoadedModel,
    source: Encoded,
    written: Encoded | None,
    recorded: tuple[AttentionBlock, ...],
    continued: Continued | None = None,
    padding: int = 0,
    **texts: str | None,
) -> AttentionTrace:
    """Recorded blocks with their tokens; texts: text, text_pair, target. Raises BrokenNumbers,
    NotCapturable (other queries or keys than tokens)."""
    for block in recorded:
        finite(loaded, block.output)
    full, apart = recorded, list[dict[str, Any]]()
    try:
        if loaded.card.family in families.POOLS:
            paths = [path for path, _ in loaded.attention]
            full, apart = pooling.by_axes(loaded.model.config, source, paths, recorded)
        trace = AttentionTrace(
            loaded.card.id,
            source,
            full,
            written,
            others=numbers.others(loaded),
            continued=continued,
            streams=families.streams(loaded.model.config),
            by_length=by_length(loaded.model.config),
            padding=padding,
            languages=None if loaded.languages is None else loaded.languages.both,
            every=tuple(block.layer for block in recorded) if apart else (),
            **texts,  # type: ignore[arg-type]
        )
        pooled = tuple(replace(trace, **parts) for parts in apart)
        return replace(trace, pooled=pooled) if pooled else trace
    except ValueError as error:  # DeepSeek V4 adds keys of its own behind a long text
        raise NotCapturable(str(error), family=loaded.card.family) from error


def batch(ids: tuple[int, ...]) -> Any:
    """(1, token): as a model is called with them."""
    import torch

    return torch.tensor([ids])


def inputs_of(loaded: LoadedModel, encoded: Encoded) -> dict[str, Any]:
    """What the model is called with: name → (1, token)."""
    values = {"attention_mask": (1,) * len(encoded.ids), **encoded.inputs}
    several = any(values.get("token_type_ids", ()))
    if loaded.card.family in families.RELATIVE_SEGMENTS and not several:
        values.pop("token_type_ids", None)  # one segment adds the same to all keys of a query
    inputs = {name: batch(values[name]) for name in loaded.arguments if name in values}
    everywhere = families.global_tokens(loaded.model.config, encoded.ids)
    if everywhere is not None:
        inputs["global_attention_mask"] = batch(everywhere)
    if not loaded.is_encoder_decoder:
        inputs["use_cache"] = False
    return inputs


def _written(
    loaded: LoadedModel, inputs: Mapping[str, Any], target: str | None, cut: bool
) -> Encoded:
    """The decoder's inputs: the start token, then the target or the model's own words."""
    from models.recording import decoder

    if target is not None and not tokens.is_blank(target):
        return decoder.as_decoder_input(loaded, loaded.encode(target, cut=cut, as_target=True))
    return decoder.greedy(loaded, inputs, MAX_WRITTEN)


def blocks(
    loaded: LoadedModel, inputs: Mapping[str, Any], surroundings: bool
) -> tuple[AttentionBlock, ...]:
    """One forward pass, each attention module's part of it. inputs: name → (1, …) tensor."""
    from models.recording import capture

    try:
        found = capture.run(loaded.model, inputs, surroundings=surroundings)
    except RuntimeError as error:
        length = families.of_few(loaded.model.config, inputs)
        if length is None:
            raise
        # Its own code looks for distances of tokens that pooling has left none of.
        raise TextTooShort(str(error), model=loaded.card.title, length=length) from error
    return blocks_of(loaded, found.calls)


def blocks_of(loaded: LoadedModel, records: Sequence[Record]) -> tuple[AttentionBlock, ...]:
    """What a forward pass captured, by kind and layer. NotCapturable: it is not all there."""
    from models.recording.capture import Captured

    family, streams = loaded.card.family, families.streams(loaded.model.config)
    if len(records) != len(loaded.attention):
        counts = f"{len(records)} of {len(loaded.attention)} layers"
        raise NotCapturable(f"{family}: {counts}", family=family)
    layers = numbers.of_model(loaded)
    shared: dict[int, Floats | None] = {}
    found: list[AttentionBlock] = []
    for captured, (_, kind), layer in zip(records, loaded.attention, layers, strict=True):
        if not isinstance(captured, Captured):
            found.append(by_weights.block(captured, kind, layer))
            continue
        if family in _BIAS_IN_MASK:
            captured = replace(captured, mask=None, position_bias=captured.mask)
        before = enumerate(records[: len(found)])
        same = next((found[i].layer for i, r in before if _same_keys(r, captured)), None)
        block = _block(captured, kind, layer, shared, same, _terms(captured, family))
        own = kind == "cross" and streams > 1
        found.append(block.first(block.shape[0] // streams) if own else block)
    return tuple(found)


def _same_keys(one: Record, other: Captured) -> bool:
    """Both attentions were given the very same keys and values, not equal ones."""
    if not isinstance(one, type(other)):
        return False
    pairs = ((one.key, other.key), (one.value, other.value))
    return all(a.data_ptr() == b.data_ptr() and a.shape == b.shape for a, b in pairs)


def forward(loaded: LoadedModel, inputs: Mapping[str, Any], **options: Any) -> Any:
    """What the model answers to one pass, in torch. inputs: name → (1, …) tensor."""
    import torch

    with torch.inference_mode():
        return loaded.model(**inputs, **options)


def finite(loaded: LoadedModel, numbers: Floats) -> Floats:
    """(…) → (…): the same numbers; BrokenNumbers where one is NaN or infinite."""
    if not np.isfinite(numbers).all():
        raise BrokenNumbers(f"{loaded.card.id} computes NaN", model=loaded.card.title)
    return numbers


def _block(
    captured: Captured,
    kind: Kind,
    layer: int,
    shared: dict[int, Floats | None],
    kv_layer: int | None,
    terms: tuple[Term, ...],
) -> AttentionBlock:
    q, k, v = (as_numpy(t[0]) for t in (captured.query, captured.key, captured.value))
    # T5's cross-attention is handed a bias of zeros: none.
    bias = _once(shared, captured.position_bias, lambda given: given if given.any() else None)
    mask = _once(shared, captured.mask, compressed)
    return AttentionBlock(
        kind=kind,
        layer=layer,
        q=q,
        k=k,
        v=v,
        scaling=float(captured.scaling),
        output=as_numpy(captured.output[0].transpose(0, 1)),
        mask=mask,
        terms=terms if bias is None else (Term("position_bias", bias), *terms),
        softcap=captured.softcap,
        sinks=None if captured.sinks is None else as_numpy(captured.sinks),
        surroundings=around.surroundings(captured),
        kv_layer=kv_layer,
    )


def _terms(captured: Captured, family: str) -> tuple[Term, ...]:
    """What a family that was watched adds to q·kᵀ. NotCapturable: a part of it has no name."""
    names = families.TERMS.get(family, ()) if captured.terms else ()
    if len(names) != len(captured.terms):
        raise NotCapturable(f"{family}: {len(captured.terms)} terms", family=family)
    return tuple(
        Term(name, as_numpy(each.values / each.factor if each.scaled else each.values), each.scaled)
        for name, each in zip(names, captured.terms, strict=True)
    )


def _once(shared: dict[int, Floats | None], tensor: Any, make: Any) -> Floats | None:
    """Layers are handed the same mask: one array for all of them."""
    if tensor is None:
        return None
    if id(tensor) not in shared:
        shared[id(tensor)] = make(as_numpy(tensor[0]))
    return shared[id(tensor)]


def projection(module: Any) -> Projection:
    """(in, out) as the formula x·W has it: nn.Linear keeps the transpose, GPT-2's Conv1D not."""
    weight = as_numpy(module.weight)
    turned = type(module).__name__ != "Conv1D"
    bias = None if module.bias is None else as_numpy(module.bias)
    return Projection(weight.T if turned else weight, bias)
