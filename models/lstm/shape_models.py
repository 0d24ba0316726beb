"""The shipped networks as shapes of tasks: a text through one of them → Unrolled.

Imports no torch by itself.
"""

from __future__ import annotations

from typing import Any

from models.catalog import load
from models.core.arrays import as_numpy
from models.core.loaded import LoadedModel
from models.lstm.record import run, unrolled
from models.lstm.shapes import Unrolled
from models.record import projection
from models.recording.vocabulary import spellings
from models.trace import Floats, RecurrentLayer, read_only


def shaped(loaded: LoadedModel, shape: str, text: str) -> Unrolled:
    """The text through a network whose own layers answer: at every step, or at the last alone.

    Raises what models.lstm.record.run raises.
    """
    trace = run(loaded, text)
    output = trace.layers[-1].h
    first = len(output) - 1 if shape == "many_to_one" else 0
    return Unrolled(
        shape=shape,
        model_id=trace.model_id,
        text=trace.text,
        inputs=trace.typed or trace.tokens,
        layers=trace.layers,
        features=read_only(output[first:]),
        head=projection(loaded.model.lm_head),
        own=_forward(loaded.model, trace.source.ids)[first:],
        names=trace.tags or spellings(loaded),
        unknown=frozenset(at for at, unknown in enumerate(trace.unknown) if unknown),
        tags=bool(trace.tags),
    )


def _forward(net: Any, ids: tuple[int, ...]) -> Floats:
    """(step, out): the logits of torch's whole forward pass."""
    import torch

    with torch.inference_mode():
        return as_numpy(net(input_ids=torch.tensor([ids])).logits[0])


def written(trace: Any, shape: str) -> Unrolled:
    """A translation as an encoder-decoder's steps, or as those of its decoder alone.

    trace: a Seq2SeqTrace (models.seq2seq; topics import no other topic), its shapes as there.
    """
    layers: tuple[RecurrentLayer, ...] = ()
    source: tuple[str, ...] = ()
    if shape == "encoder_decoder":
        layers, source = _encoder(load(trace.model_id).model, trace.source.ids), trace.source.typed
    return Unrolled(
        shape=shape,
        model_id=trace.model_id,
        text=trace.text,
        inputs=(*source, *trace.inputs.typed),
        layers=layers,
        features=trace.z,
        head=trace.head,
        own=trace.own.logits,
        names=trace.vocabulary,
        encoded=len(source),
        decoder=trace.h,
        vector=trace.last,
        weights=trace.weights if source else None,
        unknown=frozenset(at for at, one in enumerate(trace.source.unknown) if one and source),
    )


def _encoder(net: Any, ids: tuple[int, ...]) -> tuple[RecurrentLayer, ...]:
    """The layers that read the source, with all gates."""
    import torch

    with torch.inference_mode():
        return unrolled(net.encoder, net.embedding(torch.tensor(ids)))[0]
