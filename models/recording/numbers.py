"""Which of a model's layers an attention is in, by the model's own numbers, and what the rest are.

Imports no torch by itself.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any
from weakref import WeakKeyDictionary

from models.core.kinds import Kind
from models.core.loaded import LoadedModel

# What a layer without attention does, by parts that only such layers have; the first fits.
_OTHER: tuple[tuple[str, frozenset[str], frozenset[str]], ...] = (
    ("recurrent", frozenset({"recurrent_param"}), frozenset()),
    ("linear_attention", frozenset({"A_log"}), frozenset({"D"})),  # a gated delta rule
    ("linear_attention", frozenset({"slope_rate"}), frozenset()),
    ("state_space", frozenset({"A_log"}), frozenset()),
    ("convolution", frozenset({"conv"}), frozenset()),
    ("feed_forward", frozenset({"down_proj"}), frozenset()),
)
OTHERS = (*dict.fromkeys(name for name, *_ in _OTHER), "other")


def layer_numbers(model: Any, attention: Sequence[tuple[str, Kind]]) -> tuple[int, ...]:
    """Of each attention in the order of the forward pass the number of its layer.

    As the model itself counts its layers; where it has no such numbers (one layer's weights used
    again and again, stages within stages): from 0 on, each kind by itself.
    """
    places = _places(model)
    by_path = {path: places[id(module)] for path, module in model.named_modules()}
    calls: dict[str, int] = defaultdict(int)
    own: dict[Kind, list[int | None]] = defaultdict(list)
    for path, kind in attention:
        known = by_path.get(path, [path])
        own[kind].append(_first_number(known[min(calls[path], len(known) - 1)]))
        calls[path] += 1
    good = {kind for kind, found in own.items() if _rises(found)}
    counted: dict[Kind, int] = defaultdict(int)
    numbers = []
    for _, kind in attention:
        number = own[kind][counted[kind]] if kind in good else counted[kind]
        numbers.append(counted[kind] if number is None else number)
        counted[kind] += 1
    return tuple(numbers)


# By the model's own module, and no longer than that is anywhere: a cache of loaded models would
# keep those in memory that everybody else has let go.
_numbers: WeakKeyDictionary[Any, tuple[int, ...]] = WeakKeyDictionary()
_others: WeakKeyDictionary[Any, tuple[tuple[int, str], ...]] = WeakKeyDictionary()


def of_model(loaded: LoadedModel) -> tuple[int, ...]:
    """`layer_numbers` of a loaded model's attentions."""
    found = _numbers.get(loaded.model)
    if found is None:
        found = _numbers[loaded.model] = layer_numbers(loaded.model, loaded.attention)
    return found


def others(loaded: LoadedModel) -> tuple[tuple[int, str], ...]:
    """(number, what it is) of each layer that has no attention of its own; names: OTHERS."""
    found = _others.get(loaded.model)
    if found is None:
        found = _others[loaded.model] = _without_attention(loaded)
    return found


def _without_attention(loaded: LoadedModel) -> tuple[tuple[int, str], ...]:
    if loaded.is_encoder_decoder or not loaded.attention:
        return ()
    names = dict(loaded.model.named_modules(remove_duplicate=False))
    path = loaded.attention[0][0]
    match = re.match(r"(.*?)(?:^|\.)\d+\.", path)
    layers = None if match is None else names.get(match[1])
    if layers is None or not hasattr(layers, "__len__"):
        return ()
    own = set(of_model(loaded))
    return tuple((n, _what(layer)) for n, layer in enumerate(layers) if n not in own)


def _what(layer: Any) -> str:
    parts = {
        word
        for group in (layer.named_parameters(), layer.named_buffers(), layer.named_modules())
        for path, _ in group
        for word in path.split(".")
    }
    fits = (name for name, has, lacks in _OTHER if has <= parts and not lacks & parts)
    return next(fits, "other")


def _places(model: Any) -> dict[int, list[str]]:
    """All paths of each module: Zamba 2 has one attention in several layers."""
    found: dict[int, list[str]] = defaultdict(list)
    for path, module in model.named_modules(remove_duplicate=False):
        found[id(module)].append(path)
    return found


def _first_number(path: str) -> int | None:
    found = re.search(r"(?:^|\.)(\d+)(?:\.|$)", path)
    return None if found is None else int(found[1])


def _rises(numbers: Iterable[int | None]) -> bool:
    known = list(numbers)
    return None not in known and all(a < b for a, b in pairwise(known))  # type: ignore[operator]
