"""What stands between a text's words and a translator's numbers: its vocabulary's pieces."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

from models.core import tokens
from models.core.loaded import LoadedModel, once_a_model


@once_a_model
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


@once_a_model
def spellings(loaded: LoadedModel) -> tuple[str, ...]:
    """All words that a translator can write, by their own letters."""
    with loaded.lock:
        known = tokens.spell_ids(loaded.tokenizer, range(loaded.model.config.vocab_size))
    return known.typed


def broken_words(text: str, tokens: Sequence[str], places: Collection[int]) -> tuple[str, ...]:
    """The words of a text that have a token at one of these places, as typed, without marks.

    tokens: with ▁ where a word begins, as a unigram tokenizer writes them.
    """
    words, place, found = text.split(), -1, dict[int, None]()
    for j, token in enumerate(tokens):
        place += token.startswith("▁")
        if j in places:
            found[max(place, 0)] = None
    return tuple(words[at].strip(".,!?") or words[at] for at in found if at < len(words))


def sentence(pieces: Sequence[str], special: Sequence[bool]) -> str:
    """The text that pieces make, without what the tokenizer added."""
    said = (piece for piece, added in zip(pieces, special, strict=True) if not added)
    return "".join(said).replace("▁", " ").strip()
