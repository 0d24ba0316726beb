"""The translator's training pairs, as pieces: drawn from the grammar once, typed as people type."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from models.grammar.grammar import generate
from models.grammar.typed import as_typed
from models.training import tokenizer

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

PAIRS = 100_000  # with 40,000 it was learned by heart: new sentences came out worse than these
UNMARKED, UNCAPPED = 0.12, 0.12  # share of pairs without their marks; without the first capital
LONG, OFTEN = 8, 3.0  # sentences of so many words come so many times as often
_SEED = 11

Row = tuple[list[int], list[int]]


@dataclass(frozen=True, slots=True, eq=False)
class WeightedPairs:
    """rows: (source, target) piece numbers, </s> last. odds: (row,), how often each is drawn."""

    rows: list[Row]
    odds: Tensor
    words: PreTrainedTokenizerFast

    def draw(self, rows: int, draws: torch.Generator) -> list[Row]:
        """Random rows, put back, the shortest first."""
        chosen = [self.rows[i] for i in self.odds.multinomial(rows, generator=draws).tolist()]
        return sorted(chosen, key=lambda row: len(row[0]) + len(row[1]))


@cache
def pool() -> WeightedPairs:
    """The pairs, the first of which make the tokenizer; half a minute, once a process."""
    state = random.Random(_SEED)
    counts: Counter[str] = Counter()
    texts, odds = [], []
    for number, pair in enumerate(islice(generate(tokenizer.SEED, "train"), PAIRS)):
        if number < tokenizer.CORPUS:
            counts.update(tokenizer.pieces_of(pair))
        texts.append(as_typed(pair, state, unmarked=UNMARKED, uncapped=UNCAPPED))
        odds.append(OFTEN if len(pair.source_words) - 1 >= LONG else 1.0)
    words = tokenizer.of_counts(counts)
    source, target = (words(list(side))["input_ids"] for side in zip(*texts, strict=True))
    return WeightedPairs(list(zip(source, target, strict=True)), torch.tensor(odds), words)
