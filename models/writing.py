"""What an encoder-decoder writes: its own greedy translation, or a given target. Imports torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import torch

from models.catalog import LoadedModel
from models.errors import TextTooLong
from models.tokens import Encoded, spell_ids


def as_decoder_input(loaded: LoadedModel, target: Encoded) -> Encoded:
    """The target moved one place to the right: the start token first, the end token left out."""
    ids = list(target.ids)
    keep = len(ids) - (ids[-1] in ends(loaded.model.generation_config))
    start = _start(loaded)
    if keep + 1 > loaded.limit:
        raise TextTooLong(f"{keep + 1} tokens", length=keep + 1, limit=loaded.limit)
    name = loaded.tokenizer.convert_ids_to_tokens(start)
    return replace(
        target,
        ids=(start, *ids[:keep]),
        tokens=(name, *target.tokens[:keep]),
        typed=(name, *target.typed[:keep]),
        special=(True, *target.special[:keep]),
        segments=(0, *target.segments[:keep]),
        inputs={},
    )


def greedy(loaded: LoadedModel, inputs: Mapping[str, Any], limit: int) -> Encoded:
    """The likeliest token at every step, until the end token or `limit` tokens.

    Returns the decoder's inputs: the start token, then the written ones without the end.
    """
    settings = loaded.model.generation_config
    ids = [_start(loaded)]
    with torch.inference_mode():
        memory = loaded.model.get_encoder()(**inputs)
        cache = None
        while len(ids) <= min(limit, loaded.limit - 1):
            result = loaded.model(
                encoder_outputs=memory,
                attention_mask=inputs["attention_mask"],
                decoder_input_ids=torch.tensor([ids[-1:]]),
                past_key_values=cache,
                use_cache=True,
            )
            cache = result.past_key_values
            token = _choice(result.logits[0, -1], settings, first=len(ids) == 1)
            if token in ends(settings):
                break
            ids.append(token)
    with loaded.lock:
        return spell_ids(loaded.tokenizer, ids)


def _choice(logits: torch.Tensor, settings: Any, *, first: bool) -> int:
    """The likeliest token that the model's own settings allow at this place."""
    if first and settings.forced_bos_token_id is not None:
        return int(settings.forced_bos_token_id)
    barred = [word[0] for word in settings.bad_words_ids or () if len(word) == 1]
    if barred:
        logits = logits.clone()
        logits[barred] = -torch.inf
    return int(logits.argmax())


def _start(loaded: LoadedModel) -> int:
    for settings in (loaded.model.generation_config, loaded.model.config):
        for name in ("decoder_start_token_id", "bos_token_id", "pad_token_id"):
            value = getattr(settings, name, None)
            if value is not None:
                return int(value)
    return 0


def ends(settings: Any) -> tuple[int, ...]:
    """The tokens with which a model ends what it writes."""
    ends = settings.eos_token_id
    if ends is None:
        return ()
    return tuple(ends) if isinstance(ends, (list, tuple)) else (int(ends),)
