"""Rows of tokens of the grammar's pairs with the English verb last (models.grammar.verb_last)."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from models.grammar.typed import as_typed
from models.grammar.verb_last import UNCAPPED, UNMARKED, pairs

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

PAIRS = 12_000
_SEED = 31

Row = tuple[list[int], list[int]]


@dataclass(frozen=True, slots=True, eq=False)
class ReorderedRows:
    """rows: (source, target) token ids of each pair, </s> last."""

    rows: list[Row]

    def draw(self, number: int, draws: torch.Generator) -> list[Row]:
        """Random rows, put back, the shortest first."""
        at: Tensor = torch.randint(len(self.rows), (number,), generator=draws)
        return sorted((self.rows[i] for i in at.tolist()), key=lambda r: len(r[0]) + len(r[1]))


def rows_of(words: PreTrainedTokenizerFast) -> ReorderedRows:
    """The training pairs as tokens of the translator's own tokenizer."""
    return _rows(words)


@cache
def _rows(words: PreTrainedTokenizerFast) -> ReorderedRows:
    state = random.Random(_SEED)
    drawn = islice(pairs(_SEED, "train"), PAIRS)
    texts = [as_typed(pair, state, unmarked=UNMARKED, uncapped=UNCAPPED) for pair in drawn]
    source, target = (words(list(side))["input_ids"] for side in zip(*texts, strict=True))
    return ReorderedRows(list(zip(source, target, strict=True)))
