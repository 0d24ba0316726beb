"""A sentence through a translator in Marian's shape → TransformerTrace. Imports no torch by itself.

Post-norm encoder-decoder (Vaswani et al. 2017; as Marian has it, Junczys-Dowmunt et al. 2018):
    x = √width·E[token] + position
    x ← norm(x + attention(x)), in the decoder also x ← norm(x + cross(x, encoder))
    x ← norm(x + W₂·f(W₁·x))                    logits = E·x + b
Everything is recorded in one forward pass over all the words that were written, in double
precision: row t of a decoder sees only what stands before it, so it holds what step t computed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from models import record
from models.catalog import soundless
from models.core import tokens
from models.core.loaded import LoadedModel
from models.core.tokens import Encoded
from models.errors import NotCapturable, NotTranslating
from models.loading.families import BETWEEN
from models.record import MAX_WRITTEN, as_numpy
from models.recording.vocabulary import spellings
from models.trace import AttentionBlock, Floats, Kind, Projection
from models.translator.beam import searched
from models.translator.beam_trace import BeamSearch
from models.translator.blocks import (
    ACTIVATIONS,
    FeedForward,
    Norm,
    Output,
    ScaledEmbedding,
    TransformerLayer,
)
from models.translator.steps import Run, steps_of
from models.translator.trace import TransformerTrace

_Passed = Mapping[str, tuple[Any, Any]]


def run(model: LoadedModel | str, text: str, *, cut: bool = False) -> Run:
    """What the model writes word by word, the likeliest word at every step (greedy).

    cut: read only the beginning of a long text. Raises errors.NotTranslating, NotCapturable (an
    unknown activation), BrokenNumbers, and what LoadedModel.encode and load raise.
    """
    from models.recording import decoder

    loaded, source = read_source(model, text, cut)
    made = list(decoder.steps(loaded, record.inputs_of(loaded, source), MAX_WRITTEN))
    ids = tuple(token for token, _ in made)
    with loaded.lock:
        written = tokens.spell_ids(loaded.tokenizer, ids)
    logits = np.stack([as_numpy(row) for _, row in made])
    record.finite(loaded, logits)
    return Run(
        loaded.card.id,
        tokens.clean(text[: tokens.MAX_CHARACTERS]),
        source,
        written,
        steps_of(logits, ids, spellings(loaded)),
        ended=ids[-1] in decoder.ends(loaded),
    )


def search(
    model: LoadedModel | str,
    text: str,
    beams: int,
    *,
    penalty: float | None = None,
    cut: bool = False,
) -> BeamSearch:
    """The beam search of a text, every step of it. Raises as `run`; ValueError: beams below 1.

    penalty: the length's power in a score; None: the model's own.
    """
    loaded, source = read_source(model, text, cut)
    return searched(loaded, record.inputs_of(loaded, source), beams, MAX_WRITTEN, penalty)


def translate(
    model: LoadedModel | str,
    text: str,
    *,
    beams: int = 1,
    penalty: float | None = None,
    cut: bool = False,
) -> TransformerTrace:
    """The text's whole way through the translator, while it writes its own translation.

    beams: 1: the likeliest word at every step; more: the best of a beam search, its scores with
    `penalty`, None: the model's own. Raises as `run`.
    """
    from models.loading.checkpoint import in_double
    from models.recording import capture, decoder

    loaded, source = read_source(model, text, cut)
    inputs = record.inputs_of(loaded, source)
    if beams == 1:
        ids = tuple(token for token, _ in decoder.steps(loaded, inputs, MAX_WRITTEN))
    else:
        ids = searched(loaded, inputs, beams, MAX_WRITTEN, penalty).best.ids
    with loaded.lock:
        read = tokens.spell_ids(loaded.tokenizer, (decoder.start(loaded), *ids[:-1]))
        written = tokens.spell_ids(loaded.tokenizer, ids)
    inputs["decoder_input_ids"] = record.batch(read.ids)
    # The numbers come from a pass in double precision, the weights are the one model's own.
    sink = capture.run(in_double(loaded).model, inputs, surroundings=True, between=True)
    blocks = record.blocks_of(loaded, sink.calls)
    said = tokens.clean(text[: tokens.MAX_CHARACTERS])
    output = _output(loaded.model, sink.passed)
    record.finite(loaded, output.own)
    return TransformerTrace(
        attention=record.traced(loaded, source, read, blocks, text=said),
        written=written,
        vocabulary=spellings(loaded),
        output=output,
        **_sides(loaded.model, sink.passed, blocks, (source.ids, read.ids)),
    )


def read_source(model: LoadedModel | str, text: str, cut: bool) -> tuple[LoadedModel, Encoded]:
    """The model, and the text as it reads it. Raises as `run`, but for BrokenNumbers."""
    loaded = soundless(model)
    family = loaded.card.family
    if not (loaded.is_encoder_decoder and loaded.has_head and family in BETWEEN):
        raise NotTranslating(
            f"{family} is no translator of Marian's shape", model=loaded.card.title
        )
    activation = loaded.model.config.activation_function
    if activation not in ACTIVATIONS:
        raise NotCapturable(f"activation {activation!r}", family=family)
    return loaded, loaded.encode(text, cut=cut)


def _sides(
    net: Any,
    passed: _Passed,
    blocks: tuple[AttentionBlock, ...],
    ids: tuple[Sequence[int], Sequence[int]],
) -> dict[str, Any]:
    """Both sides' embeddings and layers."""
    found: dict[str, Any] = {}
    activation = net.config.activation_function
    for side, name, own in zip(("encoder", "decoder"), ("source", "target"), ids, strict=True):
        part, layers = getattr(net.model, side), []
        for n, layer in enumerate(part.layers):
            kinds = {block.kind: block for block in blocks if block.layer == n}
            layers.append(_layer(passed, f"model.{side}.layers.{n}", layer, kinds, activation))
        found[side] = tuple(layers)
        around = layers[0].attention.surroundings
        assert around is not None
        found[name] = ScaledEmbedding(
            as_numpy(part.embed_tokens.weight)[list(own)],
            float(part.embed_scale),
            as_numpy(part.embed_positions.weight)[: len(own)],
            around.x,
        )
    return found


def _layer(
    passed: _Passed, path: str, layer: Any, kinds: Mapping[Kind, AttentionBlock], activation: str
) -> TransformerLayer:
    """A layer's blocks in the order in which they are passed."""
    crossing = hasattr(layer, "encoder_attn")
    attention = kinds["decoder" if crossing else "encoder"]
    norm = _norm(passed, path, "self_attn_layer_norm", layer, _added(attention))
    cross = cross_norm = None
    if crossing:
        cross = kinds["cross"]
        cross_norm = _norm(passed, path, "encoder_attn_layer_norm", layer, _added(cross))
    feed = _feed(passed, path, layer, activation)
    return TransformerLayer(
        attention,
        norm,
        feed,
        _norm(passed, path, "final_layer_norm", layer, (feed.x, feed.own)),
        cross,
        cross_norm,
    )


def _added(block: AttentionBlock) -> tuple[Floats, Floats]:
    """What went into an attention, and what came out of it."""
    around = block.surroundings
    assert around is not None
    return around.x, around.projected


def _norm(passed: _Passed, path: str, name: str, layer: Any, added: tuple[Floats, Floats]) -> Norm:
    module = getattr(layer, name)
    return Norm(
        *added,
        as_numpy(module.weight),
        as_numpy(module.bias),
        float(module.eps),
        as_numpy(passed[f"{path}.{name}"][1][0]),
    )


def _feed(passed: _Passed, path: str, layer: Any, activation: str) -> FeedForward:
    (x, inner), (active, y) = passed[f"{path}.fc1"], passed[f"{path}.fc2"]
    return FeedForward(
        as_numpy(x[0]),
        record.projection(layer.fc1),
        activation,
        record.projection(layer.fc2),
        as_numpy(inner[0]),
        as_numpy(active[0]),
        as_numpy(y[0]),
    )


def _output(net: Any, passed: _Passed) -> Output:
    """The words' own vectors once more, as Marian ties them; its bias is a buffer beside it."""
    x, scores = (part[0] for part in passed["lm_head"])
    bias = net.final_logits_bias[0]
    projection = Projection(as_numpy(net.lm_head.weight).T, as_numpy(bias))
    return Output(as_numpy(x), projection, as_numpy(scores + bias))
