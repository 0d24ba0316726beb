"""What a decoder writes after a text by itself: transformers' own greedy generation."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from models.card import ModelCard
from models.core.loaded import LoadedModel
from models.core.tokens import Encoded, spell_ids
from models.errors import NoHead, WeightsOnly

MOST = 64  # tokens that are written after a text


def writes(loaded: LoadedModel) -> bool:
    """It writes text word by word: a decoder alone, with a head that predicts words."""
    return _predicts(loaded) and not loaded.sparse


def _predicts(loaded: LoadedModel) -> bool:
    kinds = {kind for _, kind in loaded.attention}
    return loaded.has_head and not loaded.is_encoder_decoder and kinds == {"decoder"}


def check(loaded: LoadedModel) -> None:
    """Raises NoHead: the model writes no text word by word; WeightsOnly: it has no q, k and v."""
    if loaded.sparse and _predicts(loaded):
        raise WeightsOnly(f"{loaded.card.id} has sparse attention", model=loaded.card.title)
    if not writes(loaded):
        raise NoHead(f"{loaded.card.id} writes no text", model=loaded.card.title)


def continues(loaded: LoadedModel) -> bool:
    """It writes, and transformers knows how to generate with it."""
    can_generate = getattr(loaded.model, "can_generate", None)
    return writes(loaded) and can_generate is not None and bool(can_generate())


def continues_by_card(card: ModelCard) -> bool:
    """The same of a model of the catalogue; our own architectures have no generation of the
    library's."""
    return card.task == "next_token" and card.shows == "attention" and "dikkat" not in card.family


def continued(loaded: LoadedModel, given: Encoded, count: int) -> Encoded:
    """The text with up to `count` tokens behind it: MOST at most, and as many as there is room for.

    The tokens are those that were generated, never a decoded text's. Raises NoHead.
    """
    if not continues(loaded):
        raise NoHead(f"{loaded.card.id} writes no text", model=loaded.card.title)
    room = min(count, MOST, loaded.limit - len(given.ids))
    new = _generated(loaded, given.ids, room) if room > 0 else []
    with loaded.lock:
        whole = given.followed_by(spell_ids(loaded.tokenizer, new))
    return replace(whole, inputs={"input_ids": whole.ids})


def _generated(loaded: LoadedModel, ids: tuple[int, ...], count: int) -> list[int]:
    """Token by token, with the cache of keys and values, up to the model's own end mark."""
    import torch
    from transformers import GenerationConfig

    from models.recording import decoder

    # What is said here holds; the rest comes from the model's own settings.
    plain: dict[str, Any] = {"repetition_penalty": 1.0, "no_repeat_ngram_size": 0, "min_length": 0}
    settings = GenerationConfig(
        do_sample=False,
        num_beams=1,
        max_new_tokens=count,
        pad_token_id=(*decoder.ends(loaded), 0)[0],  # one text: nothing is padded
        **plain,
    )
    given = torch.tensor([ids])
    with torch.inference_mode():
        found = loaded.model.generate(
            given, attention_mask=torch.ones_like(given), generation_config=settings
        )
    return [int(one) for one in found[0, len(ids) :]]
