"""A family's small checkpoint, opened as a visitor's, and held against transformers' own."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

import torch
from transformers import (
    CONFIG_MAPPING,
    AutoConfig,
    AutoModel,
    AutoModelForCausalLM,
    AutoModelForMaskedLM,
    AutoModelForSeq2SeqLM,
)

from models.catalog import load
from models.core.loaded import LoadedModel
from models.heads import sound, wav
from models.record import batch, forward, inputs_of, record
from models.recording.eager import answer, compared
from models.trace import AttentionTrace
from tests.models import tiny
from tests.models.families import table
from tests.models.heads import whisper

MOST = 5_000_000  # parameters: what is larger has a size that SIZES does not know


@dataclass(frozen=True, slots=True)
class Measured:
    """What was recorded of a family. heads: recorded; compared: of these with eager's weights.

    largest: the largest relative difference of weights, outputs and answer to eager's.
    """

    trace: AttentionTrace
    heads: int
    compared: int
    agree: int
    largest: float


def measured(folder: Path) -> Measured:
    """A folder recorded, and compared with the same folder under transformers' eager attention."""
    loaded = load(str(folder))
    trace, inputs = _recorded(loaded)
    with torch.inference_mode():
        eager = _eager(loaded, folder)(**inputs, output_attentions=True)
    found = compared(loaded, trace, eager, answer(forward(loaded, inputs)), answer(eager))
    return Measured(
        trace,
        found.heads,
        found.compared,
        found.agree,
        max(found.weights.relative, found.output.relative, trace.relative_fidelity()),
    )


def _recorded(loaded: LoadedModel) -> tuple[AttentionTrace, dict[str, Any]]:
    """A text's recording, or a sound's, and what the model was called with."""
    if loaded.sounds is not None:
        heard = sound.record_sound(loaded, wav.example(loaded.sounds.rate))
        return heard.attention, sound.inputs_of(heard)
    trace = record(loaded, tiny.SENTENCE)
    inputs = inputs_of(loaded, loaded.encode(tiny.SENTENCE))
    if trace.target_side is not None:
        inputs["decoder_input_ids"] = batch(trace.target_side.ids)
    return trace, inputs


def _eager(loaded: LoadedModel, folder: Path) -> Any:
    """Loaded anew, by transformers alone."""
    options = {"attn_implementation": "eager", "dtype": torch.float32}
    return type(loaded.model).from_pretrained(folder, **options).eval()


def save(name: str, folder: Path) -> Path:
    """A checkpoint of a family with random weights, the same every time, a tokenizer beside it."""
    if name == "whisper":
        return whisper.save(folder)
    words = tiny.tokenizer(table.words_of(name))
    marks: table.Options = {"pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2}
    if table.words_of(name) == "pieces":
        marks |= {"bos_token_id": None, "eos_token_id": 1}
    given = table.SIZES | marks
    own = _fields(name)
    sizes = {key: value for key, value in given.items() if key in own}
    for one, other in CONFIG_MAPPING[name].attribute_map.items():
        if {one, other} <= sizes.keys():
            del sizes[one]
    last = {"vocab_size": len(words)}
    config = AutoConfig.for_model(name, **sizes | table.options(name) | last)
    door = next(door for door in _doors(config) if type(config) in door._model_mapping)
    torch.manual_seed(0)
    model = door.from_config(config).float().eval()
    assert sum(p.numel() for p in model.parameters()) < MOST, f"{name} is not small"
    with torch.no_grad():  # what begins at 0 or 1 would test nothing
        for parameter in model.parameters():
            if parameter.dim() < 2:
                parameter.add_(torch.randn_like(parameter) * 0.3)
    model.save_pretrained(folder)
    words.save_pretrained(folder)
    return folder


@cache
def _fields(name: str) -> frozenset[str]:
    kind: Any = CONFIG_MAPPING[name]
    return frozenset({field.name for field in fields(kind)} | kind.attribute_map.keys())


def _doors(config: Any) -> tuple[Any, ...]:
    if config.is_encoder_decoder:
        return AutoModelForSeq2SeqLM, AutoModel
    if table.words_of(config.model_type) == "wordpiece":
        return AutoModelForMaskedLM, AutoModel
    return AutoModelForCausalLM, AutoModelForMaskedLM, AutoModel
