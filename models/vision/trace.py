"""What a picture's way through a vision Transformer left behind: frozen records, numpy only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.core.arrays import Difference, Recomputed, difference, largest
from models.trace import AttentionBlock, AttentionTrace, Floats, Projection

Bytes = NDArray[np.uint8]
PROBE = "[PROBE]"  # what asks in a pooling: no token of the picture


@dataclass(frozen=True, slots=True, eq=False)
class Embedding(Recomputed):
    """How a picture becomes vectors: a patch's pixels·W + b, [CLS]'s own vector, + position.

    patches: (patch, pixel) row by row; projection: pixel → width; added: (token, width) of the
    model's own tokens before them; positions: (token, width), 0 where there are none; own:
    (token, width), what the model itself made of them.
    """

    patches: Floats
    projection: Projection
    added: Floats
    positions: Floats
    own: Floats

    @property
    def vectors(self) -> Floats:
        """(token, width), recomputed."""
        return np.vstack((self.added, self.projection(self.patches))) + self.positions

    def parts(self, token: int) -> tuple[Floats, Floats, Floats]:
        """(width,) each: what is made of the pixels, the position, and the model's own sum."""
        pixels: Floats = self.vectors[token] - self.positions[token]
        return pixels, self.positions[token], self.own[token]

    def difference(self) -> Difference:
        """The recomputed vectors to the model's own."""
        return difference(self.vectors, self.own)


@dataclass(frozen=True, slots=True, eq=False)
class PictureTrace(Recomputed):
    """What one picture left behind. pixels: (row, column) 0..1, or (channel, row, column).

    logits, probabilities: (class,), empty where the checkpoint has no classifier.
    """

    attention: AttentionTrace
    pixels: Floats
    embedding: Embedding
    logits: Floats
    probabilities: Floats

    @property
    def named(self) -> int:
        """The class that the model names. ValueError: it has no classifier."""
        return int(self.logits.argmax())

    def difference(self) -> Difference:
        """Of every attention to the model's own outputs, and of the vectors."""
        return largest((self.attention.difference(), self.embedding.difference()))


@dataclass(frozen=True, slots=True, eq=False)
class Pooling(Recomputed):
    """An attention behind the last layer that makes one vector of a whole picture.

    block: its attention, one query. mean: (key,), the heads' mean weights as the module gives
    them; projection: what makes of all heads' outputs the module's own; own: (width,), that one.

    block.output is PyTorch's own, without the projection: the module keeps it to itself.
    """

    block: AttentionBlock
    mean: Floats
    projection: Projection
    own: Floats

    @property
    def projected(self) -> Floats:
        """(width,): Σ α·v of all heads, projected."""
        mixed = np.concatenate([self.block.head(n).output[0] for n in range(self.block.heads)])
        return self.projection(mixed)

    def difference(self) -> Difference:
        """Of each head to PyTorch's own, of their mean and their projection to the module's."""
        mean = self.block.row(0).mean(axis=0)
        pairs = ((mean, self.mean), (self.projected, self.own))
        return largest((self.block.difference(), *(difference(*pair) for pair in pairs)))


@dataclass(frozen=True, slots=True, eq=False)
class VisitorTrace(PictureTrace):
    """What one picture left behind in a visitor's model.

    shown: (height, width, 3), what the patches are made of as one sees it; added: how many tokens
    stand before them; grid: (rows, columns) of these; classes: their names, as the checkpoint has
    them. pooling: an attention behind the last layer, None: there is none. half: as of
    models.core.loaded.Pictures.
    """

    shown: Bytes
    added: int
    grid: tuple[int, int]
    classes: tuple[str, ...]
    pooling: Pooling | None = None
    half: bool = False

    @property
    def left_out(self) -> tuple[int, int]:
        """(rows, columns) of pixels, below and at the right, that are no whole patch."""
        height, width = self.shown.shape[:2]
        return self.pixels.shape[-2] - height, self.pixels.shape[-1] - width

    def difference(self) -> Difference:
        """As of every picture, and of the pooling."""
        found = PictureTrace.difference(self)
        return found if self.pooling is None else largest((found, self.pooling.difference()))

    def likeliest(self, most: int) -> list[int]:
        """The classes' numbers, the likeliest first."""
        order: list[int] = np.argsort(-self.logits, kind="stable")[:most].tolist()
        return order
