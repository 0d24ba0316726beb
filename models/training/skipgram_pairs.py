"""English sentences of the grammar as words with their neighbours, and what counting makes of them.

Window, subsampling and negative samples as in Mikolov et al. (2013), section 2; the counted vectors
are those of Levy & Goldberg (2014), "Neural Word Embedding as Implicit Matrix Factorization".
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from models.grammar.grammar import Pair, Split, generate
from models.grammar.writing_out import MARKS
from models.trace import Floats
from models.training.symbols import UNKNOWN

Ints = NDArray[np.int64]

SENTENCES, SEED, LEAST = 20_000, 7, 10
WINDOW = 4  # words to either side at the most; how many is drawn for each word
FREQUENT = 2e-3  # share of all words above which some occurrences are left out
SHARPNESS = 0.75  # the power of a word's frequency by which it is drawn as a negative


def words_of(pair: Pair) -> tuple[str, ...]:
    """The English words without the mark; the first one's capital only where it is always so."""
    words, tags = pair.target_words, pair.target_tags
    first = words[0] if tags[0] == "name" or words[0] == "I" else words[0].lower()
    return tuple(word for word in (first, *words[1:]) if word not in MARKS)


@dataclass(frozen=True, slots=True, eq=False)
class Corpus:
    """Sentences as numbers of words. words: by frequency, `<unk>` first; counts: (word,)."""

    words: tuple[str, ...]
    counts: Floats
    sentences: tuple[tuple[int, ...], ...]

    @property
    def negative(self) -> Floats:
        """(word,): how probable each is as a negative sample; `<unk>` never."""
        weights = self.counts**SHARPNESS
        return np.asarray(weights / weights.sum())

    def pairs(self, seed: int) -> Ints:
        """(pair, 2): a word and one that stands near it, frequent words thinned out."""
        drawn = np.random.default_rng(seed)
        share = self.counts / self.counts.sum()
        keep = np.minimum(1.0, np.sqrt(FREQUENT / np.maximum(share, 1e-12)))
        found: list[tuple[int, int]] = []
        for sentence in self.sentences:
            kept = [word for word in sentence if drawn.random() < keep[word]]
            for at, word in enumerate(kept):
                window = int(drawn.integers(1, WINDOW + 1))
                around = (*kept[max(0, at - window) : at], *kept[at + 1 : at + 1 + window])
                found += [(word, other) for other in around]
        return np.array(found, np.int64)


@cache
def corpus(sentences: int = SENTENCES) -> Corpus:
    """The sentences for training; a word that occurs fewer than LEAST times is `<unk>`."""
    drawn = [words_of(pair) for pair in islice(generate(SEED, "train"), sentences)]
    counted = Counter(word for words in drawn for word in words)
    kept = sorted((w for w, n in counted.items() if n >= LEAST), key=lambda w: (-counted[w], w))
    names = (UNKNOWN, *kept)
    return numbered(drawn, names, np.array([0, *(counted[w] for w in kept)], np.float64))


def numbered(drawn: list[tuple[str, ...]], names: tuple[str, ...], counts: Floats) -> Corpus:
    """Sentences in words → in numbers; what has none is left out."""
    ids = {word: i for i, word in enumerate(names)}
    rows = tuple(tuple(ids[w] for w in words if w in ids) for words in drawn)
    return Corpus(names, counts, rows)


def held_out(names: tuple[str, ...], counts: Floats, split: Split, seed: int, most: int) -> Corpus:
    """Other sentences in the same words. counts: (word,) of the training sentences."""
    drawn = [words_of(pair) for pair in islice(generate(seed, split), most)]
    return numbered(drawn, names, counts)


def counted_vectors(pairs: Ints, size: int, width: int) -> Floats:
    """(pair, 2) → (word, width): PPMI of words and neighbours, its largest singular directions.

    PPMI = max(0, ln p(w, c) / (p(w) p(c))); the rows of U √Σ.
    """
    table = np.zeros((size, size))
    np.add.at(table, (pairs[:, 0], pairs[:, 1]), 1.0)
    expected = table.sum(1, keepdims=True) * table.sum(0, keepdims=True) / table.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        information = np.where(table > 0, np.log(table / expected), 0.0)
    u, sizes, _ = np.linalg.svd(np.maximum(information, 0.0))
    return np.asarray(u[:, :width] * np.sqrt(sizes[:width]), np.float32)
