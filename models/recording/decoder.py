"""What an encoder-decoder writes: its own greedy translation, or a given target. Imports torch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import torch

from models.core.loaded import LoadedModel
from models.core.tokens import Encoded, spell_ids
from models.errors import TextTooLong


def as_decoder_input(loaded: LoadedModel, target: Encoded) -> Encoded:
    """The target moved one place to the right: the start token first, the end token left out.

    A last token that is the start token itself (MBart's language) has moved to the front.
    """
    ids, first = list(target.ids), start(loaded)
    keep = len(ids) - (ids[-1] in (*ends(loaded), first))
    if target.cut:
        keep = min(keep, loaded.limit - 1)
    if keep + 1 > loaded.limit:
        raise TextTooLong(f"{keep + 1} tokens", length=keep + 1, limit=loaded.limit)
    name = loaded.tokenizer.convert_ids_to_tokens(first)
    return replace(
        target,
        ids=(first, *ids[:keep]),
        tokens=(name, *target.tokens[:keep]),
        typed=(name, *target.typed[:keep]),
        special=(True, *target.special[:keep]),
        segments=(0, *target.segments[:keep]),
        inputs={},
    )


def greedy(loaded: LoadedModel, inputs: Mapping[str, Any], limit: int) -> Encoded:
    """The decoder's inputs: the start token, then the likeliest ones to the end or limit."""
    written = [token for token, _ in steps(loaded, inputs, limit)]
    if written and written[-1] in ends(loaded):
        written.pop()
    with loaded.lock:
        return spell_ids(loaded.tokenizer, [start(loaded), *written])


def steps(
    loaded: LoadedModel, inputs: Mapping[str, Any], limit: int
) -> Iterator[tuple[int, torch.Tensor]]:
    """Word by word: the likeliest token, the end token the last, and the logits (vocabulary,)."""
    decoder, settings = Decoder(loaded, inputs), loaded.model.generation_config
    token = start(loaded)
    for place in range(room(loaded, limit)):
        logits = decoder.read([token])[0]
        forced = settings.forced_bos_token_id if place == 0 else None
        token = int(allowed(logits, settings).argmax()) if forced is None else int(forced)
        yield token, logits
        if token in ends(loaded):
            return


def room(loaded: LoadedModel, limit: int) -> int:
    """How many tokens may be written: `limit`, or as many as the model has places for."""
    return min(limit, loaded.limit - 1)


class Decoder:
    """A decoder that reads one more word a time, of one sentence or of several beams."""

    def __init__(self, loaded: LoadedModel, inputs: Mapping[str, Any], beams: int = 1) -> None:
        self._model, self._cache = loaded.model, None
        with torch.inference_mode():
            memory = loaded.model.get_encoder()(**inputs)
        memory["last_hidden_state"] = memory["last_hidden_state"].expand(beams, -1, -1)
        self._memory = memory
        self._mask = inputs["attention_mask"].expand(beams, -1)

    def read(self, tokens: Sequence[int]) -> torch.Tensor:
        """One token a beam → (beam, vocabulary): the logits of what comes next."""
        with torch.inference_mode():
            result = self._model(
                encoder_outputs=self._memory,
                attention_mask=self._mask,
                decoder_input_ids=torch.tensor(tokens)[:, None],
                past_key_values=self._cache,
                use_cache=True,
            )
        self._cache = result.past_key_values
        logits: torch.Tensor = result.logits[:, -1]
        return logits

    def go_on_from(self, beams: Sequence[int]) -> None:
        """Each beam goes on from what one of them has read so far."""
        assert self._cache is not None
        self._cache.reorder_cache(torch.tensor(beams))


def allowed(scores: torch.Tensor, settings: Any) -> torch.Tensor:
    """(…, vocabulary): −inf at the tokens that the model's own settings forbid."""
    barred = [word[0] for word in settings.bad_words_ids or () if len(word) == 1]
    if barred:
        scores = scores.clone()
        scores[..., barred] = -torch.inf
    return scores


def start(loaded: LoadedModel) -> int:
    """What the decoder reads first."""
    for settings in (getattr(loaded.model, "generation_config", None), loaded.model.config):
        for name in ("decoder_start_token_id", "bos_token_id", "pad_token_id"):
            value = getattr(settings, name, None)
            if value is not None:
                return int(value)
    return 0


def ends(loaded: LoadedModel) -> tuple[int, ...]:
    """The tokens that end a text; none of a model that was never meant to write."""
    settings = getattr(loaded.model, "generation_config", None)
    found = getattr(settings, "eos_token_id", None)
    if found is None:
        return ()
    return tuple(found) if isinstance(found, (list, tuple)) else (int(found),)
