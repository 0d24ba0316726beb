"""Words as rows of a table: distances, nearest rows by cosine, and analogies a − b + c.

Analogies as in Mikolov, Yih & Zweig (2013), section 4 (3CosAdd); that leaving the three given words
out of the answers does much of the work: Linzen (2016), "Issues in evaluating semantic spaces using
word analogies". Imports no torch by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from models.core.arrays import Difference, Floats, difference, read_only

Ints = np.ndarray[tuple[int, ...], np.dtype[np.intp]]


@dataclass(frozen=True, slots=True, eq=False)
class VectorSpace:
    """E, (row, D), and what each row is called; id: of the set of vectors.

    name: as the tokenizer writes a row's token; typed: word as a visitor types it → row.
    """

    id: str
    names: tuple[str, ...]
    vectors: Floats
    typed: Mapping[str, int]
    norms: Floats = field(init=False)  # (row,): ‖row‖, at least a tiny number

    def __post_init__(self) -> None:
        if self.vectors.ndim != 2 or len(self.names) != len(self.vectors):
            raise ValueError(f"{len(self.names)} names for vectors of {self.vectors.shape}")
        norms = np.maximum(np.linalg.norm(self.vectors, axis=1), 1e-12)
        object.__setattr__(self, "norms", read_only(norms))

    @property
    def key(self) -> str:
        """What it may be cached by."""
        return self.id

    def row(self, word: str) -> int | None:
        """A typed word's row; None: it has none of its own."""
        return self.typed.get(word)

    def cosines(self, vector: Floats) -> Floats:
        """(D,) → (row,): cos(row, vector)."""
        size = max(float(np.linalg.norm(vector)), 1e-12)
        return np.asarray(self.vectors @ vector / (self.norms * size))

    def distance(self, one: int, other: int) -> float:
        """‖row − row‖₂."""
        return float(np.linalg.norm(self.vectors[one] - self.vectors[other]))

    def nearest(self, vector: Floats, count: int, without: Sequence[int] = ()) -> list[int]:
        """(D,) → rows by falling cosine; without: rows that are left out."""
        cosines = self.cosines(vector).astype(np.float64)
        cosines[list(without)] = -np.inf
        few = np.argpartition(-cosines, min(count, len(cosines) - 1))[: count + 1]
        return [int(i) for i in few[np.argsort(-cosines[few], kind="stable")]][:count]


@dataclass(frozen=True, slots=True, eq=False)
class Analogy:
    """One question a − b + c. a, b, c: rows; target: (D,); ranked: rows by falling cosine."""

    space: VectorSpace
    a: int
    b: int
    c: int
    ranked: tuple[int, ...]

    @property
    def target(self) -> Floats:
        """(D,): a − b + c."""
        return target(self.space, self.a, self.b, self.c)

    @property
    def given(self) -> tuple[int, int, int]:
        """a, b and c."""
        return self.a, self.b, self.c

    @property
    def nearest(self) -> int:
        """The nearest row of all, the given three among them."""
        return self.ranked[0]

    @property
    def answer(self) -> int:
        """The nearest row that is none of the given three."""
        return next(row for row in self.ranked if row not in self.given)

    def pair(self, row: int) -> tuple[Floats, Floats]:
        """(D,), (D,): a − b + c and that row, in float64."""
        return self.target.astype(np.float64), self.space.vectors[row].astype(np.float64)

    def cosine(self, row: int) -> float:
        """cos(row, a − b + c)."""
        aim, at = self.pair(row)
        return float(at @ aim / (np.linalg.norm(at) * np.linalg.norm(aim)))

    def check(self, row: int) -> Difference:
        """How far that cosine is from torch's own."""
        return cosine_check(*self.pair(row))


def cosine_check(a: Floats, b: Floats) -> Difference:
    """(D,), (D,) → how far numpy's cosine is from torch's own."""
    import torch

    made = float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))
    own = torch.nn.functional.cosine_similarity(torch.tensor(a), torch.tensor(b), dim=0)
    return difference(made, float(own), least=1.0)


def target(space: VectorSpace, a: int, b: int, c: int) -> Floats:
    """(D,): a − b + c, each of unit length first, as in 3CosAdd."""
    unit = [space.vectors[row] / space.norms[row] for row in (a, b, c)]
    return np.asarray(unit[0] - unit[1] + unit[2])


def analogy(space: VectorSpace, a: int, b: int, c: int, count: int = 12) -> Analogy:
    """The rows nearest to a − b + c."""
    ranked = space.nearest(target(space, a, b, c), count)
    return Analogy(space, a, b, c, tuple(ranked))


@dataclass(frozen=True, slots=True)
class Score:
    """How often a − b + c led to the right word. asked: questions.

    right: with the given three words left out of the answers; kept: with them in. nearest_c: how
    often the word nearest to c alone, without the three, was right: what needs no analogy at all.
    """

    asked: int
    right: int
    kept: int
    nearest_c: int

    @property
    def failed(self) -> float:
        """Share of the questions that went wrong, 0 … 1."""
        return 1 - self.right / self.asked

    @property
    def failed_kept(self) -> float:
        """The same with the given words among the answers."""
        return 1 - self.kept / self.asked


def scored(space: VectorSpace, questions: Ints) -> Score:
    """(question, 4) rows of a, b, c and the right answer → how many were answered rightly.

    ValueError: not one question.
    """
    if not len(questions):
        raise ValueError("no question to answer")
    unit = space.vectors / space.norms[:, None]
    counts = np.zeros(3, np.int64)
    for part in np.array_split(questions, -(-len(questions) // 512)):
        a, b, c, answer = part.T
        each = np.arange(len(part))[:, None]
        near = (unit[a] - unit[b] + unit[c]) @ unit.T
        alone = unit[c] @ unit.T
        counts[1] += int((near.argmax(1) == answer).sum())
        near[each, part[:, :3]] = alone[each, part[:, :3]] = -np.inf
        counts[0] += int((near.argmax(1) == answer).sum())
        counts[2] += int((alone.argmax(1) == answer).sum())
    right, kept, nearest = counts.tolist()
    return Score(len(questions), right, kept, nearest)
