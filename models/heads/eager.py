"""A text's forward pass held against transformers' own eager attention. No torch by itself."""

from __future__ import annotations

from dataclasses import replace

from models.core.loaded import LoadedModel
from models.heads.continuation import record_continued
from models.record import batch, forward, inputs_of, record
from models.recording.eager import EagerCheck, answer, compared, twin
from models.trace import AttentionTrace

FIRST = 200  # characters: eager attention keeps the weights of all heads at once


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
    return compared(loaded, trace, eager, answer(own), answer(eager))


def once(loaded: LoadedModel, text: str) -> EagerCheck:
    """The check that every checkpoint gets, of a text's beginning: enough for all its heads."""
    return against_eager(loaded, text[:FIRST])
