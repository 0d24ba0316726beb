"""Word vectors on a map of two numbers a word: by PCA, exactly, and by t-SNE, which distorts.

PCA: Pearson (1901), "On Lines and Planes of Closest Fit". t-SNE: van der Maaten & Hinton (2008),
"Visualizing Data using t-SNE". Trustworthiness: Venna & Kaski (2001), "Neighborhood Preservation
in Nonlinear Projection Methods". Imports no torch by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from models.core.arrays import Difference, Floats, difference, read_only
from models.words.space import VectorSpace

NEAREST = 10  # neighbours of a word whose places are compared


@dataclass(frozen=True, slots=True)
class Quality:
    """What a map keeps of the vectors' distances.

    trustworthiness: 0 … 1, 1 where no word stands among another's nearest that is not; kept: share
    of the nearest that are nearest on the map; correlation: Pearson's, of all pairs' distances.
    """

    trustworthiness: float
    kept: float
    correlation: float


@dataclass(frozen=True, slots=True, eq=False)
class Principal:
    """The first two principal components. mean: (D,); axes: (2, D), of length 1.

    shares: (2,) of the variance, 0 … 1; places: (word, 2).
    """

    mean: Floats
    axes: Floats
    shares: Floats
    places: Floats


@dataclass(frozen=True, eq=False)
class WordMap:
    """Some rows of a table, and where they stand on a map.

    rows: of the table; places: (word, 2), in the order of rows; principal: what the places are
    from, None: t-SNE. ValueError: not one place a row.
    """

    space: VectorSpace
    rows: tuple[int, ...]
    places: Floats
    principal: Principal | None = None

    def __post_init__(self) -> None:
        if self.places.shape != (len(self.rows), 2):
            raise ValueError(f"places of {self.places.shape} for {len(self.rows)} rows")

    @cached_property
    def vectors(self) -> Floats:
        """(word, D): the rows in float64."""
        return np.asarray(self.space.vectors[list(self.rows)].astype(np.float64))

    @cached_property
    def ranked(self) -> tuple[Floats, Floats]:
        """(word, word), (word, word): other words by rising distance, in the table, on the map."""
        return _ranked(self.vectors), _ranked(self.places)

    def index(self, row: int) -> int | None:
        """Which word of the map that row is; None: it is not on it."""
        return self.rows.index(row) if row in self.rows else None

    def nearest(self, word: int) -> tuple[int, ...]:
        """The words nearest to one by the distance of their rows, nearest first."""
        return tuple(int(at) for at in self.ranked[0][word, :NEAREST])

    def rank(self, word: int, other: int) -> int:
        """The how-manieth nearest to the word the other is on the map, from 1."""
        return int(np.flatnonzero(self.ranked[1][word] == other)[0]) + 1

    def kept(self, word: int) -> tuple[int, ...]:
        """Those of the nearest that are among as many nearest on the map."""
        return tuple(at for at in self.nearest(word) if self.rank(word, at) <= NEAREST)

    def distance(self, word: int, other: int) -> float:
        """‖row − row‖₂ of two words."""
        return float(np.linalg.norm(self.vectors[word] - self.vectors[other]))

    def offset(self, word: int, other: int) -> Floats:
        """(2,): from the other's place to the word's, in float64."""
        return np.asarray(self.places[word].astype(np.float64) - self.places[other])

    def map_distance(self, word: int, other: int) -> float:
        """The distance of two places, in the map's own units."""
        return float(np.sqrt((self.offset(word, other) ** 2).sum()))

    def check(self, word: int, other: int) -> Difference:
        """How far the distance on the map is from torch's own."""
        import torch

        places = torch.tensor(self.places[[word, other]].astype(np.float64))
        theirs = torch.nn.functional.pairwise_distance(places[0], places[1], eps=0.0)
        return difference(self.map_distance(word, other), float(theirs))

    def check_principal(self) -> Difference:
        """How far the places are from scikit-learn's PCA, either sign of an axis being the same."""
        from sklearn.decomposition import PCA

        theirs = PCA(2, svd_solver="full").fit_transform(self.vectors)
        signs = np.sign((theirs * self.places).sum(0))
        return difference(self.places, theirs * signs, axis=0)


def principal(vectors: Floats) -> Principal:
    """(word, D) → the first two principal components, by the SVD of the centred rows.

    An axis and its opposite are the same axis: its largest number is taken to be positive.
    """
    rows = vectors.astype(np.float64)
    mean = rows.mean(0)
    _, sizes, components = np.linalg.svd(rows - mean, full_matrices=False)
    axes = components[:2]
    axes = axes * np.sign(axes[[0, 1], np.abs(axes).argmax(1)])[:, None]
    shares = sizes[:2] ** 2 / (sizes**2).sum()
    parts = (mean, axes, shares, (rows - mean) @ axes.T)
    return Principal(*(read_only(np.asarray(part)) for part in parts))


def quality(found: WordMap) -> Quality:
    """Trustworthiness, neighbours kept, correlation of distances."""
    from sklearn.manifold import trustworthiness

    kept = np.mean([len(found.kept(word)) / NEAREST for word in range(len(found.rows))])
    upper = np.triu_indices(len(found.rows), 1)
    pairs = (distances(found.vectors)[upper], distances(found.places)[upper])
    trust = trustworthiness(found.vectors, found.places, n_neighbors=NEAREST)
    return Quality(float(trust), float(kept), float(np.corrcoef(*pairs)[0, 1]))


def agreement(one: WordMap, other: WordMap) -> float:
    """Pearson's correlation of all pairs' distances on two maps of the same words."""
    upper = np.triu_indices(len(one.rows), 1)
    first, second = (distances(each.places)[upper] for each in (one, other))
    return float(np.corrcoef(first, second)[0, 1])


def distances(places: Floats) -> Floats:
    """(word, n) → (word, word): ‖place − place‖₂, by differences."""
    rows = places.astype(np.float64)
    return np.array([np.linalg.norm(rows - row, axis=1) for row in rows])


def _ranked(places: Floats) -> Floats:
    found = distances(places)
    np.fill_diagonal(found, np.inf)
    return np.asarray(np.argsort(found, axis=1, kind="stable")[:, :-1])
