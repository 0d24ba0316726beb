"""The maps that can be looked at: PCA computed at once, t-SNE's places kept beside the weights.

t-SNE takes several seconds, and its last digits hang on the processor: `models.training.word_maps`
computes it once for each table.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from safetensors.numpy import load_file

from models.catalog import CATALOG, card_folder
from models.core.arrays import Floats, read_only
from models.words import vector_sets
from models.words.map import WordMap, principal
from models.words.space import VectorSpace

FILE = "maps.safetensors"
PROJECTIONS = ("pca", "tsne", "tsne_again")
SEEDS = {"tsne": 0, "tsne_again": 1}
PERPLEXITY = 30.0


def rows_of(space: VectorSpace) -> tuple[int, ...]:
    """Rows of the words of the skip-gram table, as far as a table has them."""
    words = vector_sets.space(vector_sets.SKIPGRAM).names
    rows = (vector_sets.row_of(space, word) for word in words)
    return tuple(dict.fromkeys(row for row in rows if row is not None))


def classes(found: WordMap, of: Mapping[str, str]) -> tuple[str, ...]:
    """(word,): the class of each word of a map; "other": `of` has none for it."""
    typed = {row: word for word, row in found.space.typed.items()}
    words = (typed.get(row, "") for row in found.rows)
    return tuple(of.get(word) or of.get(word.capitalize()) or "other" for word in words)


def tsne(vectors: Floats, seed: int, perplexity: float = PERPLEXITY) -> Floats:
    """(word, D) → (word, 2) by scikit-learn's t-SNE, the exact one, from a random beginning.

    Several seconds for a few hundred words.
    """
    from sklearn.manifold import TSNE

    method = TSNE(2, perplexity=perplexity, learning_rate=200.0, init="random", method="exact",
                  random_state=seed, n_jobs=1)  # fmt: skip
    places = method.fit_transform(vectors.astype(np.float64))
    return np.asarray(places - places.mean(0), np.float32)


@lru_cache(maxsize=12)
def word_map(name: str, projection: str) -> WordMap:
    """A map of one of vector_sets.SETS. KeyError: no such table or projection."""
    space = vector_sets.space(name)
    rows = rows_of(space)
    if projection == "pca":
        found = principal(space.vectors[list(rows)])
        return WordMap(space, rows, found.places, found)
    return WordMap(space, rows, _stored()[key(name, projection)])


def key(name: str, projection: str) -> str:
    """What the places of a table are called in the file. KeyError: no such projection."""
    return f"{name}.{SEEDS[projection]}"


@lru_cache(maxsize=1)
def _stored() -> dict[str, Floats]:
    path = card_folder(CATALOG[vector_sets.SKIPGRAM]) / FILE
    return {name: read_only(places) for name, places in load_file(path).items()}
