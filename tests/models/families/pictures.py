"""Families of models of pictures, measured and written down as those of texts are."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.catalog import load
from models.core.arrays import largest
from models.recording.eager import EagerCheck
from models.trace import AttentionBlock
from models.vision.digit import see
from models.vision.eager import against_eager
from models.vision.windows import record_windows
from tests.models.vision.seeing import FAMILIES, SWINS, save, save_swin

NAMES = sorted({*FAMILIES, *SWINS})
HEAD = """
## Recorded from pictures: {count}

A picture of random numbers in place of a text. Of a pair the half that reads pictures is opened.
The eager model is the loaded one's modules once more; heads with windows are compared in
all of these.

| model type | layers | beside q, k, v | heads that agree | largest difference |
|---|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class MeasuredPicture:
    """What was recorded of a family. largest: relative difference, as of a text's."""

    layers: str
    beside: str
    check: EagerCheck
    largest: float


def measured(name: str, folder: Path) -> MeasuredPicture:
    """A family's small checkpoint, saved into a folder and opened as a visitor's."""
    loaded = load(str(save_swin(folder, family=name) if name in SWINS else save(name, folder)))
    assert loaded.pictures is not None
    pixels = np.random.default_rng(0).random(loaded.pictures.shape, dtype=np.float32)
    check = against_eager(loaded, pixels)
    found = [check.weights, check.output]
    if loaded.pictures.windowed:
        layers = record_windows(loaded, pixels)
        found.append(largest(layer.difference() for layer in layers))
        said = f"{len(layers)} × {', '.join(str(n) for n in sorted({x.heads for x in layers}))}"
        beside = f"{_terms([layer.block(0) for layer in layers])}, windows, shift mask"
    else:
        seen = see(loaded, pixels)
        found.append(seen.difference())
        blocks = seen.attention.blocks
        said, beside = f"{len(blocks)} × {blocks[0].heads}", _terms(blocks) or "–"
    return MeasuredPicture(f"{said} heads", beside, check, largest(found).relative)


def _terms(blocks: Sequence[AttentionBlock]) -> str:
    names = (term.name.replace("_", " ") for block in blocks for term in block.terms)
    return ", ".join(dict.fromkeys(names))


def row(name: str, found: MeasuredPicture) -> str:
    """A family's line."""
    agree = f"{found.check.agree} of {found.check.heads}"
    return f"| `{name}` | {found.layers} | {found.beside} | {agree} | {found.largest:.0e} |"


def section() -> str:
    """The part of the document that they are."""
    rows = []
    for name in NAMES:
        with tempfile.TemporaryDirectory() as folder:
            rows.append(row(name, measured(name, Path(folder))))
    return HEAD.format(count=len(rows)) + "\n".join(rows) + "\n"
