"""What BERT's two heads say of a text: a word for every place, and whether B follows A.

Imports no torch by itself. The numbers are the model's own logits; nothing is recomputed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from models.catalog import load
from models.core.attention import softmax
from models.core.loaded import LoadedModel
from models.core.text_record import OfTokens
from models.core.tokens import Encoded
from models.errors import NoHead
from models.record import as_numpy, finite, forward, inputs_of
from models.trace import Floats, read_only


@dataclass(frozen=True, slots=True)
class Guess:
    """One entry of the vocabulary at one place: the model's score, and softmax of all scores."""

    piece: str
    logit: float
    probability: float


@dataclass(frozen=True, slots=True, eq=False)
class MaskedWords(OfTokens):
    """What a masked-word head says at every place of a text, masked there or not.

    masked: the places that read the mask token. logits: (place, vocabulary), read-only;
    vocabulary: the columns' names.
    """

    model_id: str
    source: Encoded
    masked: tuple[int, ...]
    logits: Floats
    vocabulary: tuple[str, ...]

    @property
    def probabilities(self) -> Floats:
        """(place, vocabulary): softmax of the logits."""
        return read_only(softmax(self.logits))

    def best(self, place: int, k: int = 10) -> tuple[Guess, ...]:
        """The k likeliest pieces at one place, likeliest first. IndexError: no such place."""
        row = self.logits[place]
        probabilities = softmax(row)
        order = np.argsort(-row, kind="stable")[:k]
        return tuple(
            Guess(self.vocabulary[i], float(row[i]), float(probabilities[i])) for i in order
        )


def masked_words(model: LoadedModel | str, text: str, pair: str | None = None) -> MaskedWords:
    """A score for every piece of the vocabulary at every place. [MASK] may be typed in the text.

    Raises errors.NoHead (the model was not trained to fill masks), BrokenNumbers, and what
    LoadedModel.encode and load raise.
    """
    loaded = load(model)
    if not fills_masks(loaded):
        raise NoHead(f"{loaded.card.id} predicts no masked words", model=loaded.card.title)
    encoded = loaded.encode(text, pair)
    logits = word_logits(forward(loaded, inputs_of(loaded, encoded)))
    mask = loaded.tokenizer.mask_token_id
    return MaskedWords(
        model_id=loaded.card.id,
        source=encoded,
        masked=tuple(i for i, piece in enumerate(encoded.ids) if piece == mask),
        logits=finite(loaded, as_numpy(logits[0])),
        vocabulary=vocabulary(loaded),
    )


def next_sentence(model: LoadedModel | str, text: str, pair: str) -> float:
    """The probability that `pair` is the sentence after `text`, by the model's own head.

    Raises errors.NoHead (the model was not trained to tell), EmptyText (a blank sentence),
    BrokenNumbers, and what LoadedModel.encode and load raise.
    """
    from models.core import tokens

    loaded = load(model)
    if not judges_pairs(loaded):
        raise NoHead(f"{loaded.card.id} judges no pairs", model=loaded.card.title)
    encoded = loaded.encode(text, tokens.clean(pair))
    answer = forward(loaded, inputs_of(loaded, encoded))
    scores = as_numpy(answer.seq_relationship_logits[0])
    return float(softmax(finite(loaded, scores))[0])  # column 0: B follows A


def fills_masks(loaded: LoadedModel) -> bool:
    """It has a head that predicts words, reads both sides, and knows a mask token."""
    kinds = {kind for _, kind in loaded.attention}
    masks = getattr(loaded.tokenizer, "mask_token_id", None) is not None
    return loaded.has_head and kinds == {"encoder"} and masks


def judges_pairs(loaded: LoadedModel) -> bool:
    """It has BERT's head for the next sentence."""
    return hasattr(getattr(loaded.model, "cls", None), "seq_relationship")


def word_logits(answer: Any) -> Any:
    """(…, place, vocabulary), torch: what BERT's two classes name differently."""
    return answer.logits if "logits" in answer else answer.prediction_logits


@cache
def vocabulary(loaded: LoadedModel) -> tuple[str, ...]:
    """The name of each column; a table may have more rows than the tokenizer has names."""
    rows = int(loaded.model.config.vocab_size)
    with loaded.lock:
        names = loaded.tokenizer.convert_ids_to_tokens(
            list(range(min(rows, len(loaded.tokenizer))))
        )
    return tuple(names[i] if i < len(names) and names[i] else f"<{i}>" for i in range(rows))
