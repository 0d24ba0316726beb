"""What stands between a text's words and a translator's numbers: its vocabulary's pieces."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache

from models.core import tokens
from models.core.loaded import LoadedModel


@lru_cache(maxsize=8)
def unmet(loaded: LoadedModel) -> frozenset[str]:
    """Pieces that the tokenizer has and no training text ever held: single letters, <unk>.

    A unigram tokenizer gives all of them one score, the lowest; another: the unknown token alone.
    """
    with loaded.lock:
        state = json.loads(loaded.tokenizer.backend_tokenizer.to_str())["model"]
        unknown = loaded.tokenizer.unk_token
    found = {unknown} if unknown else set()
    if state.get("type") == "Unigram":
        lowest = min(score for _, score in state["vocab"])
        found |= {piece for piece, score in state["vocab"] if score == lowest}
    return frozenset(found)


@lru_cache(maxsize=8)
def spellings(loaded: LoadedModel) -> tuple[str, ...]:
    """All words that a translator can write, by their own letters."""
    with loaded.lock:
        known = tokens.spell_ids(loaded.tokenizer, range(loaded.model.config.vocab_size))
    return known.typed


def sentence(pieces: Sequence[str], special: Sequence[bool]) -> str:
    """The text that pieces make, without what the tokenizer added."""
    said = (piece for piece, added in zip(pieces, special, strict=True) if not added)
    return "".join(said).replace("▁", " ").strip()
