"""Which of BERT's two heads a model has: a word for every place, and whether B follows A."""

from __future__ import annotations

from typing import Any

from models.catalog import soundless
from models.core.loaded import LoadedModel


def fills_masks(loaded: LoadedModel) -> bool:
    """It has a head that predicts words, reads both sides, and knows a mask token.

    Raises errors.HearsSounds: it reads no text.
    """
    soundless(loaded)
    kinds = {kind for _, kind in loaded.attention}
    masks = getattr(loaded.tokenizer, "mask_token_id", None) is not None
    return loaded.has_head and kinds == {"encoder"} and masks


def judges_pairs(loaded: LoadedModel) -> bool:
    """It has BERT's head for the next sentence."""
    return hasattr(getattr(loaded.model, "cls", None), "seq_relationship")


def word_logits(answer: Any) -> Any:
    """(…, place, vocabulary), torch: what BERT's two classes name differently."""
    return answer.logits if "logits" in answer else answer.prediction_logits
