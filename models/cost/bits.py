"""A shipped model with its matrices rounded to fewer bits: what its heads and its loss make of it.

Round-to-nearest in blocks of 32 (models.cost.quantisation); norms and biases stay as they are.
Imports no torch by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.core.arrays import Difference, as_numpy, difference
from models.core.loaded import LoadedModel
from models.cost.quantisation import BITS, FULL, SIZE, block_bytes, rounded
from models.record import batch, finite, forward, record
from models.recording.ranking import probabilities
from models.trace import AttentionTrace, Floats

SENTENCES = 40  # held-out ones of each language
_SEED = 1000


@dataclass(frozen=True, slots=True, eq=False)
class Quantised:
    """A text through a model whose matrices have so many bits a weight; FULL: as it is.

    logits: (token, vocabulary). losses: (token − 1,) −ln p of each token but the first, in nats.
    library_loss: their mean by torch's cross-entropy. held_out: mean −ln p on held-out sentences.
    bytes: of all numbers as they would be stored; weights: how many are in blocks;
    error: root mean square of what rounding changed, as a share of the weights' own.
    """

    bits: int
    trace: AttentionTrace
    logits: Floats
    losses: Floats
    library_loss: float
    held_out: float
    bytes: int
    weights: int
    error: float

    @property
    def loss(self) -> float:
        """Mean −ln p of the text's tokens but the first, in nats."""
        return float(self.losses.mean())

    @property
    def next(self) -> Floats:
        """(vocabulary,) probabilities of the token after the text."""
        return probabilities(self.logits[-1])

    @property
    def difference(self) -> Difference:
        """Of the loss to the library's own."""
        return difference([self.loss], [self.library_loss])

    @property
    def bits_a_weight(self) -> float:
        """With what a block's scale and minimum take."""
        return FULL if self.bits == FULL else 8 * block_bytes(self.bits) / SIZE


def quantised(loaded: LoadedModel, text: str, bits: int, *, cut: bool = False) -> Quantised:
    """One text with so many bits; FULL or one of BITS.

    Raises what models.record.record raises; ValueError: no such number of bits.
    """
    if bits not in (FULL, *BITS):
        raise ValueError(f"{bits} bits are none of {FULL}, {BITS}")
    from torch.nn.functional import cross_entropy

    model = _copy(loaded, bits)
    trace = record(model.loaded, text, cut=cut)
    ids = trace.source.ids
    answer = forward(model.loaded, {"input_ids": batch(ids)}, use_cache=False).logits[0]
    logits = finite(model.loaded, as_numpy(answer))
    return Quantised(
        bits,
        trace,
        logits,
        _losses(logits, ids),
        float(cross_entropy(answer[:-1], batch(ids)[0, 1:])),
        _held_out(model),
        model.bytes,
        model.weights,
        model.error,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Copy:
    """A rounded copy, and what it would take on disk."""

    loaded: LoadedModel
    bytes: int
    weights: int
    error: float


@lru_cache(maxsize=2 * len(BITS))
def _copy(loaded: LoadedModel, bits: int) -> _Copy:
    """The model with all its matrices rounded; each number counted once, tied ones too."""
    import torch

    from models.loading.checkpoint import copy_of

    copied = copy_of(loaded)
    bytes_, weights, changed, size = 0, 0, 0.0, 0.0
    for name, parameter in copied.model.named_parameters():
        matrix = _in_rows(copied.model, name, parameter)
        if matrix is None or bits == FULL:
            bytes_ += parameter.numel() * FULL // 8
            continue
        made = rounded(as_numpy(matrix), bits).values
        changed += float(((made - as_numpy(matrix)) ** 2).sum(dtype=np.float64))
        size += float((as_numpy(matrix) ** 2).sum(dtype=np.float64))
        with torch.no_grad():
            matrix.copy_(torch.from_numpy(made))
        weights += parameter.numel()
        bytes_ += parameter.numel() // SIZE * block_bytes(bits)
    error = float(np.sqrt(changed / size)) if size else 0.0
    return _Copy(copied, bytes_, weights, error)


def _in_rows(model: Any, name: str, parameter: Any) -> Any:
    """(output, input) as a view; None: no matrix, or rows that are no whole blocks."""
    if parameter.ndim != 2:
        return None
    module = model.get_submodule(name.rpartition(".")[0])
    # GPT-2 keeps its matrices turned round; blocks run along a unit's inputs, as in ggml.
    turned = type(module).__name__ == "Conv1D"
    rows = parameter.T if turned else parameter
    return rows if rows.shape[1] % SIZE == 0 else None


def _losses(logits: Floats, ids: tuple[int, ...]) -> Floats:
    """(token, vocabulary) → (token − 1,): −ln p of the token that follows, in float64."""
    exact = logits[:-1].astype(np.float64)
    top = exact.max(1)
    totals = top + np.log(np.exp(exact - top[:, None]).sum(1))
    return np.asarray(totals - exact[np.arange(len(exact)), list(ids[1:])])


@lru_cache(maxsize=2 * len(BITS))
def _held_out(model: _Copy) -> float:
    """Mean −ln p of the tokens of sentences that no training had, in nats."""
    rows = [model.loaded.encode(text).ids for text in sentences()]
    longest = max(map(len, rows))
    # What stands behind a sentence is seen by none of its tokens.
    ids = np.array([[*row, *[row[-1]] * (longest - len(row))] for row in rows])
    answer = forward(model.loaded, {"input_ids": _rows(ids)}, use_cache=False).logits
    found = [
        _losses(part[: len(row)], row) for part, row in zip(as_numpy(answer), rows, strict=True)
    ]
    return float(np.concatenate(found).mean())


def _rows(ids: NDArray[np.int64]) -> Any:
    """(row, token): as a model is called with them."""
    import torch

    return torch.from_numpy(ids)


@lru_cache(maxsize=1)
def sentences() -> tuple[str, ...]:
    """SENTENCES Turkish ones of the grammar's test part, and their English."""
    return tuple(_drawn())


def _drawn() -> Iterator[str]:
    from itertools import islice

    from models.grammar.grammar import generate

    for pair in islice(generate(_SEED, "test"), SENTENCES):
        yield pair.source
        yield pair.target
