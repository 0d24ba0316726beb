"""What travels to the page: weights as one byte each, tokens as text that cannot act.

BertViz writes every weight as a JSON number of up to 22 characters. A screen shows 256
strengths of a line, so a byte a weight paints the same picture.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.trace import AttentionTrace, Floats, Kind
from viz.board.notation import shortened, visible

# A weight is sent as round(weight · STEPS); the page divides again, so it is off by ≤ ½ / STEPS.
STEPS = 255


def as_bytes(weights: Floats) -> NDArray[np.uint8]:
    """Weights 0–1 → 0–255, rounded to the nearest, the same shape."""
    return np.rint(np.clip(weights, 0, 1) * STEPS).astype(np.uint8)


def of_kind(
    trace: AttentionTrace, kind: Kind, words: tuple[Sequence[str], Sequence[str]], longest: int
) -> dict[str, Any]:
    """One kind's tokens and weights, (layer, head, query, key) in C order as base64.

    ValueError: layers differ in their number of heads, or words do not match the tokens.
    """
    weights = np.stack([as_bytes(block.weights) for block in trace.layers(kind)])
    if tuple(map(len, words)) != weights.shape[2:]:
        raise ValueError(f"words {tuple(map(len, words))} for weights {weights.shape}")
    queries, keys = ([shortened(visible(word), longest) for word in side] for side in words)
    return {
        "kind": kind,
        "queries": queries,
        "keys": keys,
        "layers": weights.shape[0],
        "heads": weights.shape[1],
        "weights": base64.b64encode(weights.tobytes()).decode("ascii"),
    }


def plain(token: str) -> str:
    """A tokenizer's token without its word-boundary mark: Ġthe, ▁the, the</w> → the."""
    bare = token[1:] if token[:1] in {"Ġ", "▁"} else token
    bare = bare.removesuffix("</w>") if token != "</w>" else bare
    return bare or "␣"


def for_script(data: Mapping[str, Any]) -> str:
    r"""JSON that may stand inside a script element, whatever a visitor typed.

    ASCII only, so U+2028, U+2029 and lone surrogates are written \uXXXX; <, > and & too,
    so that no token can end the element or open a comment in it.
    """
    text = json.dumps(data, separators=(",", ":"))
    return text.replace("<", r"\u003c").replace(">", r"\u003e").replace("&", r"\u0026")
