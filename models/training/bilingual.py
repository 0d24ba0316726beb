"""Training pairs of the grammar, Turkish → English, as pieces: natural ones and longer ones."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

import torch
from torch import Tensor
from transformers import PreTrainedTokenizerFast

from models.grammar.grammar import LONGEST, Pair, Split, generate, pair_of
from models.grammar.typed import as_typed
from models.training import tokenizer
from models.training.lengths import by_length
from models.training.padding import padded

PAD, END = (tokenizer.SPECIAL.index(name) for name in (tokenizer.PAD, tokenizer.END))
LENGTHS = range(2, 13)  # Turkish words; longer, their English hardly ever stays within 16
NATURAL, EACH = 30_000, 2_700  # pairs as they come, and of each length
SEED = 21
UNMARKED, UNCAPPED = 0.1, 0.1  # share of pairs without their marks; without the first capital


@lru_cache(maxsize=1)
def words() -> PreTrainedTokenizerFast:
    """The tokenizer of all models that read the grammar's language."""
    return tokenizer.train()


def of_length(length: int, seed: int, splits: Sequence[Split]) -> Iterator[Pair]:
    """Random pairs of so many Turkish words (the final mark not counted), without end."""
    state = random.Random(f"{seed} {length}")
    draws = by_length(LENGTHS[-1] + 1)
    while True:
        pair = pair_of(draws.sample(state, length + 1))
        if len(pair.target_words) <= LONGEST + 1 and pair.split in splits:
            yield pair


@dataclass(frozen=True, slots=True, eq=False)
class PaddedPairs:
    """(pair, piece) numbers of both sides, padded; the pairs lie in the order of their lengths."""

    source: Tensor
    target: Tensor

    def batch(self, rows: int, draws: torch.Generator) -> tuple[Tensor, Tensor]:
        """Neighbours in the pool, so of about one length: (row, n), (row, t), little padding."""
        at = int(torch.randint(len(self.source) - rows + 1, (1,), generator=draws))
        return trimmed(self.source[at : at + rows]), trimmed(self.target[at : at + rows])


def trimmed(ids: Tensor) -> Tensor:
    """Without the columns where every row has ended."""
    return ids[:, : int((ids != PAD).sum(1).max())]


@lru_cache(maxsize=1)
def pool() -> PaddedPairs:
    """The training pairs, drawn anew and the same in every process; takes a minute."""
    state = random.Random(SEED)
    pairs = [*islice(generate(SEED, "train"), NATURAL)]
    for length in LENGTHS:
        pairs += islice(of_length(length, SEED, ("train",)), EACH)
    texts = [as_typed(p, state, unmarked=UNMARKED, uncapped=UNCAPPED) for p in pairs]
    source, target = (words()(list(side))["input_ids"] for side in zip(*texts, strict=True))
    both = sorted(zip(source, target, strict=True), key=lambda ids: (len(ids[0]), len(ids[1])))
    return PaddedPairs(padded([s for s, _ in both], PAD), padded([t for _, t in both], PAD))
