"""How large the pictures of a vision Transformer are, and into which patches they are cut."""

from __future__ import annotations

from typing import Any


def size(config: Any) -> tuple[int, int]:
    """(height, width) of the pictures that a configuration is for."""
    return _pair(config.image_size)


def patches(config: Any) -> tuple[str, ...]:
    """ "row,column" of each patch, row by row."""
    (height, width), (down, across) = size(config), _pair(config.patch_size)
    return tuple(f"{r},{c}" for r in range(height // down) for c in range(width // across))


def _pair(value: Any) -> tuple[int, int]:
    return (value, value) if isinstance(value, int) else (int(value[0]), int(value[1]))
