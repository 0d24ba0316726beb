"""What the grammar knows of a Turkish sentence: its English, and which word says which.

Example sentences lie beside this file, drawn once by `models.training.examples`; any other
sentence is parsed. A model writes pieces, the grammar knows words: `cells` brings both together.
Imports no torch.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.core.tokens import Encoded

if TYPE_CHECKING:
    from models.grammar.grammar import Pair

EXAMPLES = Path(__file__).with_name("examples.json")
WORD_START = "▁"
Link = tuple[int, int]
_building = threading.Lock()
_swept = time.monotonic()


@dataclass(frozen=True, slots=True)
class ReferenceAlignment:
    """A sentence of the grammar and its translation, word by word, the final mark one of them.

    sure: (target word, source word) of all that say the same; possible: the links of words
    that only English asks for (the, do), with the word that they belong to. content: the target
    words that are nouns, names, verbs, adjectives, adverbs or numbers.
    """

    source: str
    target: str
    source_words: tuple[str, ...]
    target_words: tuple[str, ...]
    sure: frozenset[Link]
    possible: frozenset[Link]
    content: frozenset[int]

    @property
    def length(self) -> int:
        """Turkish words, the final mark not counted."""
        return len(self.source_words) - 1


@dataclass(frozen=True, slots=True)
class Cells:
    """Where a gold alignment lies in a matrix of pieces: (step, source piece) of each link.

    steps: for so many steps the written words are the gold ones; later rows have no gold.
    """

    sure: frozenset[Link]
    possible: frozenset[Link]
    steps: int


@lru_cache(maxsize=1)
def examples() -> dict[str, ReferenceAlignment]:
    """What each shows → an example, in the order in which they are offered."""
    found = json.loads(EXAMPLES.read_text("utf-8"))
    return {name: _read(entry) for name, entry in found.items()}


def _read(entry: dict[str, Any]) -> ReferenceAlignment:
    sure, possible = (frozenset((t, s) for t, s in entry[k]) for k in ("sure", "possible"))
    words = tuple(entry["source_words"]), tuple(entry["target_words"])
    return ReferenceAlignment(
        entry["source"], entry["target"], *words, sure, possible, frozenset(entry["content"])
    )


@lru_cache(maxsize=256)
def of_sentence(text: str) -> ReferenceAlignment | None:
    """What the grammar knows of that sentence; None: it is none of its sentences.

    The first sentence that is no example waits for the parser (`prepare`).
    """
    said = " ".join(text.split())
    for example in examples().values():
        if example.source == said:
            return example
    from models.grammar.grammar import LONGEST, derivations

    if not said or len(said.split(" ")) > LONGEST:
        return None
    prepare()
    found = derivations(said, "tr")
    return of_pair(found[0]) if found else None


def sweep(every: float) -> None:
    """Forget the sentences that were looked up, once in so many seconds, however often called."""
    global _swept
    if time.monotonic() - _swept >= every:
        _swept = time.monotonic()
        of_sentence.cache_clear()


def prepare() -> None:
    """Build the parser, once: two seconds, and a million objects that stay."""
    from models.grammar.grammar import chart

    with _building:  # whoever comes meanwhile waits instead of building another
        chart("tr")


def of_pair(pair: Pair) -> ReferenceAlignment:
    """A pair of the grammar, whose possible links hold the sure ones."""
    sure = frozenset(pair.alignment)
    return ReferenceAlignment(
        pair.source,
        pair.target,
        pair.source_words,
        pair.target_words,
        sure,
        frozenset(pair.possible) - sure,
        frozenset(pair.content),
    )


def words_of(text: Encoded) -> list[int | None]:
    """Which word each piece belongs to; None for what the tokenizer added."""
    owners: list[int | None] = []
    word = -1
    for token, added in zip(text.tokens, text.special, strict=True):
        if not added and (token.startswith(WORD_START) or token in (".", "?")):
            word += 1
        owners.append(None if added else max(word, 0))
    return owners


def spelled(text: Encoded) -> list[str]:
    """The words that pieces make."""
    words: dict[int, str] = {}
    for token, owner in zip(text.tokens, words_of(text), strict=True):
        if owner is not None:
            words[owner] = words.get(owner, "") + token.replace(WORD_START, "")
    return list(words.values())


def cells(found: ReferenceAlignment, source: Encoded, written: Encoded) -> Cells:
    """The gold links between pieces, for as long as what is written is gold."""
    keys, rows = words_of(source), words_of(written)
    if spelled(source) != list(found.source_words):
        return Cells(frozenset(), frozenset(), 0)
    steps = _agreeing(found.target_words, written.tokens, rows)
    sure, possible = (
        frozenset(
            (row, key)
            for row in range(steps)
            for key, owner in enumerate(keys)
            if (rows[row], owner) in links
        )
        for links in (found.sure, found.possible)
    )
    return Cells(sure, possible, steps)


def _agreeing(gold_words: Sequence[str], tokens: Sequence[str], rows: Sequence[int | None]) -> int:
    """For how many steps the written pieces are the beginning of the gold words."""
    made: dict[int, str] = {}
    for step, (token, row) in enumerate(zip(tokens, rows, strict=True)):
        if row is None:
            whole = list(made.values()) == list(gold_words)
            return step + 1 if whole else step
        made[row] = made.get(row, "") + token.replace(WORD_START, "")
        finished = all(made[i] == gold_words[i] for i in range(row)) if row else True
        if row >= len(gold_words) or not finished or not gold_words[row].startswith(made[row]):
            return step
    return len(tokens)


def right(written: Sequence[str], wanted: Sequence[str]) -> tuple[bool, ...]:
    """Which written words belong to the longest common subsequence with the wanted ones."""
    below: list[tuple[bool, ...]] = [()] * (len(wanted) + 1)  # of the later words, by wanted place
    for word in reversed(written):
        row = [(False,) * (len(below[0]) + 1)]  # from the last wanted word back
        for j in reversed(range(len(wanted))):
            same, skipped = (True, *below[j + 1]), (False, *below[j])
            beside = max(skipped, row[0], key=sum)  # of equal ones the first
            row.insert(0, same if word == wanted[j] else beside)
        below = row
    return below[0]
