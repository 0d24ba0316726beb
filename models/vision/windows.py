"""A picture through a model with shifted windows → WindowTrace.

Liu et al. (2021), "Swin Transformer", and (2022), "Swin Transformer V2". Where a window lies is
said by the layer's own functions, which are handed the numbers of the cells in place of their
vectors. Imports no torch by itself.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np

from models.core.loaded import LoadedModel
from models.errors import NotCapturable
from models.record import as_numpy, finite, forward
from models.trace import Floats
from models.vision.digit import verdict
from models.vision.record import inputs_of
from models.vision.trace import Bytes
from models.vision.visitor import as_seen, names_of, plain, prepared
from models.vision.window_trace import PADDING, Places, WindowLayer, WindowTrace

if TYPE_CHECKING:
    from models.recording.capture import Captured


def see_windows(loaded: LoadedModel, picture: Bytes) -> WindowTrace:
    """(height, width, 3) through a model with windows, by its processor where it has one.

    Raises what record_windows and models.vision.visitor.prepared raise.
    """
    reads = loaded.pictures
    assert reads is not None
    pixels = (plain if reads.processor is None else prepared)(loaded, picture)
    logits, shares = verdict(loaded, forward(loaded, inputs_of(loaded, pixels)))
    (rows, columns), (down, across) = reads.grid, reads.patch
    height, width = reads.size
    # The model itself fills up with zeros.
    filled = np.pad(pixels, ((0, 0), (0, rows * down - height), (0, columns * across - width)))
    return WindowTrace(
        layers=record_windows(loaded, pixels),
        pixels=pixels,
        shown=as_seen(loaded, filled),
        patch=reads.patch,
        logits=logits,
        probabilities=shares,
        classes=names_of(loaded, len(logits)),
    )


def record_windows(loaded: LoadedModel, pixels: Floats) -> tuple[WindowLayer, ...]:
    """Every layer of the picture's pass. pixels: (channel, height, width).

    Raises ValueError (a picture of another size), NotCapturable, BrokenNumbers.
    """
    from models.recording import capture

    assert loaded.pictures is not None
    records = capture.run(loaded.model, inputs_of(loaded, pixels)).records
    if len(records) != len(loaded.attention):
        raise _refusal(loaded, f"{len(records)} of {len(loaded.attention)} layers")
    modules = dict(loaded.model.named_modules())
    grid = loaded.pictures.grid
    found: list[WindowLayer] = []
    for number, (record, (path, _)) in enumerate(zip(records, loaded.attention, strict=True)):
        # …encoder.layers.<stage>.blocks.<number>.attention, and of Swin v2 .self behind it
        layer = path[: path.index(".attention")]
        stage = int(layer.split(".")[-3])
        if found and stage > found[-1].stage:  # patches were merged, two by two
            grid = -(-grid[0] // 2), -(-grid[1] // 2)
        found.append(_layer(loaded, record, modules[layer], (number, stage), grid))
    return tuple(found)


def _layer(
    loaded: LoadedModel,
    record: Captured,
    owner: Any,
    numbers: tuple[int, int],
    grid: tuple[int, int],
) -> WindowLayer:
    """owner: the layer that the attention is a part of; numbers: its own and its stage's."""
    import torch

    places, padded = _places(owner, grid)
    if places.shape != (record.query.shape[0], record.query.shape[2]):
        raise _refusal(loaded, f"windows {tuple(record.query.shape)}, not {places.shape}")
    with torch.inference_mode():
        mask = owner.get_attn_mask(*padded, dtype=torch.float32, device=record.query.device)
        added = (
            _together(record, mask) if record.position_bias is None else _by_module(record, mask)
        )
    if added is None:
        raise _refusal(loaded, "its scores get more than a bias and a mask")
    bias, mask = added
    q, k, v = (as_numpy(part) for part in (record.query, record.key, record.value))
    layer, stage = numbers
    return WindowLayer(
        layer=layer,
        stage=stage,
        grid=grid,
        size=int(owner.window_size),
        shift=int(owner.shift_size),
        places=places,
        q=q,
        k=k,
        v=v,
        scaling=as_numpy(record.scaling) if torch.is_tensor(record.scaling) else record.scaling,
        bias=as_numpy(bias[0]),
        mask=None if mask is None else as_numpy(mask),
        output=finite(loaded, as_numpy(record.output.transpose(1, 2))),
    )


def _together(record: Captured, mask: Any) -> tuple[Any, Any] | None:
    """Swin: (1, head, token, token) of bias, and the mask, whose sum its attention was given; None:
    it was given another. mask: (window, token, token), or None.
    """
    import torch

    attention: Any = record.module
    bias = attention.relative_position_bias()
    added = bias if mask is None else bias + mask[:, None]
    given = torch.zeros_like(added) if record.mask is None else record.mask
    return (bias, mask) if torch.equal(added, given) else None


def _by_module(record: Captured, mask: Any) -> tuple[Any, Any] | None:
    """Swin v2: the same as its module adds them. None: its mask is of other cells than `mask`."""
    import torch

    given = None if record.mask is None else record.mask[:, 0]
    if given is None or mask is None:
        return (record.position_bias, None) if given is mask else None
    return (record.position_bias, given) if torch.equal(given != 0, mask != 0) else None


def _places(owner: Any, grid: tuple[int, int]) -> tuple[Places, tuple[int, int]]:
    """(window, token): which cell of the grid stands there; (rows, columns) of the filled grid."""
    import torch

    rows, columns = grid
    # From 1 on: the layer itself fills up with 0.
    cells = torch.arange(1, rows * columns + 1, dtype=torch.float32).view(1, rows, columns, 1)
    filled, _ = owner.maybe_pad(cells, rows, columns)
    cut = sys.modules[type(owner).__module__].window_partition
    moved = torch.roll(filled, (-owner.shift_size, -owner.shift_size), dims=(1, 2))
    windows = cut(moved, owner.window_size)
    places = windows.reshape(-1, owner.window_size**2).long().numpy() - 1
    assert PADDING == -1
    places.flags.writeable = False
    return places, (int(filled.shape[1]), int(filled.shape[2]))


def _refusal(loaded: LoadedModel, why: str) -> NotCapturable:
    family = loaded.card.family
    return NotCapturable(f"{family}: {why}", family=family)
