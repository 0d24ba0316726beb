"""What a language model expects next: probabilities of words, the likeliest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.core.attention import softmax
from models.core.loaded import LoadedModel
from models.trace import Floats


def vocabulary(model: LoadedModel) -> tuple[str, ...]:
    """The names of all rows of the model's scores; a row without a name is <its number>."""
    rows = int(model.model.config.vocab_size)
    with model.lock:
        named = model.tokenizer.convert_ids_to_tokens(list(range(rows)))
    return tuple(f"<{i}>" if word is None else word for i, word in enumerate(named))


@dataclass(frozen=True, slots=True)
class NextWord:
    """A word of the vocabulary. id: its row there; logits, probabilities: one a network or what-if.

    Logits of two networks cannot be compared, their probabilities can.
    """

    id: int
    word: str
    logits: tuple[float, ...]
    probabilities: tuple[float, ...]


def probabilities(logits: Floats) -> Floats:
    """(…, vocabulary) scores → softmax in float64."""
    return softmax(logits.astype(np.float64))


def likeliest(
    scores: Sequence[Floats], words: Sequence[str], *, most: int = 8, also: int | None = None
) -> list[NextWord]:
    """The words that the first of some (vocabulary,) scores finds likeliest, with all their shares.

    also: a word that must not be missing, at the end where it is not among the likeliest.
    """
    shares = [probabilities(one) for one in scores]
    order = np.argsort(-scores[0], kind="stable")[:most].tolist()
    if also is not None and also not in order:
        order = [*order[: most - 1], also]
    return [NextWord(i, words[i], _at(scores, i), _at(shares, i)) for i in order]


def _at(vectors: Sequence[Floats], i: int) -> tuple[float, ...]:
    return tuple(float(one[i]) for one in vectors)


def total(logits: Floats, ids: Sequence[int]) -> float:
    """(vocabulary,) logits → what a group of words has of the probability together."""
    return float(probabilities(logits)[list(ids)].sum())


def likely_groups(
    scores: Sequence[Floats], groups: Mapping[str, Sequence[int]], most: int, least: float
) -> dict[str, list[float]]:
    """Those groups (of word numbers) that have most: totals, one a (vocabulary,) score vector.

    Empty where the first vector gives all groups together less than `least`.
    """
    shares = {name: [total(one, ids) for one in scores] for name, ids in groups.items()}
    if sum(one[0] for one in shares.values()) < least:
        return {}
    likely = sorted(shares, key=lambda name: -max(shares[name]))[:most]
    return {name: shares[name] for name in likely}
