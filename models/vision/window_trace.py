"""What a picture's way through a model with shifted windows left behind: numpy only.

Liu et al. (2021), "Swin Transformer", sections 3.2 and 3.3: attention stays within windows of a
stage's grid; every second layer moves the grid by half a window before it is cut, and what leaves
it at one edge comes in at the other, where it is kept from what lies there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.core.arrays import Difference, Recomputed, largest
from models.core.attention import Term
from models.trace import AttentionBlock, Floats
from models.vision.trace import Bytes

Places = NDArray[np.integer]
PADDING = -1  # the place of what only fills a window up


@dataclass(frozen=True, slots=True, eq=False)
class WindowLayer(Recomputed):
    """One layer's attention, window by window.

    q, k, v: (window, head, token, d); scaling: of their products, or (head, 1, 1) where each head
    has its own; output: (window, head, token, dv), the model's own; bias:
    (head, token, token), the relative position bias of every window; mask: (window, token, token),
    0, or what the model adds between tokens of different ends of the picture; None: nothing is
    shifted. layer: counted through all stages; grid: (rows, columns) of the stage; shift: by how
    many rows and columns; size: tokens along a window's side; places: (window, token), at which of
    the grid's cells a token stands, row by row, or PADDING.
    """

    layer: int
    stage: int
    grid: tuple[int, int]
    size: int
    shift: int
    places: Places
    q: Floats
    k: Floats
    v: Floats
    scaling: float | Floats
    bias: Floats
    mask: Floats | None
    output: Floats

    @property
    def windows(self) -> int:
        """How many."""
        return len(self.places)

    @property
    def heads(self) -> int:
        """How many."""
        return int(self.q.shape[1])

    @property
    def cosine(self) -> bool:
        """Its q and k are of unit length, and each head has a learned factor (Swin v2)."""
        return np.ndim(self.scaling) > 0

    @property
    def mask_value(self) -> float:
        """What the model adds between tokens of different ends of the picture. ValueError: nothing
        is shifted."""
        if self.mask is None:
            raise ValueError(f"nothing is shifted in layer {self.layer}")
        return float(self.mask.min())

    def block(self, window: int) -> AttentionBlock:
        """One window's attention. IndexError: no such window."""
        if not 0 <= window < self.windows:
            raise IndexError(f"window {window} is not in 0..{self.windows - 1}")
        return AttentionBlock(
            kind="encoder",
            layer=self.layer,
            q=self.q[window],
            k=self.k[window],
            v=self.v[window],
            scaling=self.scaling,
            output=self.output[window],
            mask=None if self.mask is None else self.mask[window][None],
            terms=(Term("position_bias", self.bias),),
        )

    def window_of(self, place: int) -> tuple[int, int]:
        """(window, token) of a cell of the grid. ValueError: no such cell."""
        window, token = np.argwhere(self.places == place)[0].tolist()
        return int(window), int(token)

    def difference(self) -> Difference:
        """The recomputed outputs to the model's own, each head of each window by itself."""
        return largest(self.block(window).difference() for window in range(self.windows))


@dataclass(frozen=True, slots=True, eq=False)
class WindowTrace(Recomputed):
    """What one picture left behind in a model with shifted windows.

    pixels: (channel, height, width) as the model was given them; shown: (height, width, 3), what
    its patches are made of as one sees it, filled up to whole patches; patch: (height, width) of
    a patch of the first stage; logits, probabilities: (class,), empty without a classifier;
    classes: their names.
    """

    layers: tuple[WindowLayer, ...]
    pixels: Floats
    shown: Bytes
    patch: tuple[int, int]
    logits: Floats
    probabilities: Floats
    classes: tuple[str, ...]

    @property
    def stages(self) -> int:
        """How many, each with half as many rows and columns as the one before."""
        return self.layers[-1].stage + 1

    def cell(self, layer: WindowLayer) -> tuple[int, int]:
        """(height, width) in pixels of a cell of that layer's grid."""
        height, width = self.patch
        return height * 2**layer.stage, width * 2**layer.stage

    def everywhere(self, layer: int, place: int) -> tuple[tuple[int, int], ...]:
        """(window, token) of each layer's cell at the middle of one layer's cell in the picture.

        place: the cell's number, row by row of that layer's grid.
        """
        here = self.layers[layer]
        (high, wide), (row, column) = self.cell(here), divmod(place, here.grid[1])
        y, x = (row + 0.5) * high, (column + 0.5) * wide
        found = []
        for each in self.layers:
            (high, wide), (rows, columns) = self.cell(each), each.grid
            # A cell of an odd grid's end reaches beyond the picture, its middle maybe, too.
            down, across = min(int(y / high), rows - 1), min(int(x / wide), columns - 1)
            found.append(each.window_of(down * columns + across))
        return tuple(found)

    def likeliest(self, most: int) -> list[int]:
        """The classes' numbers, the likeliest first."""
        order: list[int] = np.argsort(-self.logits, kind="stable")[:most].tolist()
        return order

    def difference(self) -> Difference:
        """Of every window of every layer."""
        return largest(layer.difference() for layer in self.layers)
