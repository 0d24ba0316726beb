"""Records of `models` as JSON and arrays, without pickle: what a tape keeps.

A record is written by its class's bare name and its init fields, so that a file that moves
breaks nothing. Arrays lie beside the JSON, each once, by their content; a model's own parameters
are not copied but named, and read from its checkpoint.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import lzma
import math
import pkgutil
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

import models

Array = NDArray[Any]
# Shorter arrays are not looked for in the checkpoint, longer rows of words are kept once.
_PARAMETER, _WORDS = 64, 32


def name_of(content: bytes) -> str:
    """A short name for some bytes, the same on every machine."""
    return hashlib.sha256(content).hexdigest()[:12]


class Store:
    """Arrays and long rows of words, each kept once, under a name made from its content.

    parameters: the tensors of the model's checkpoint by their names, as they lie in the file.
    """

    def __init__(self, parameters: Callable[[], Mapping[str, Array]]) -> None:
        self.arrays: dict[str, Array] = {}
        self.words: dict[str, list[str]] = {}
        self._read = parameters
        self._parameters: Mapping[str, Array] | None = None
        self._built: dict[str, Array] = {}

    @property
    def parameters(self) -> Mapping[str, Array]:
        """Read when first asked for."""
        if self._parameters is None:
            self._parameters = self._read()
        return self._parameters

    def encode(self, value: Any) -> Any:
        """A value as JSON. TypeError: of a kind that no recording holds."""
        if value is None or isinstance(value, bool | int | str):
            return value
        if isinstance(value, np.generic):
            return {"scalar": [value.dtype.str, value.item()]}
        if isinstance(value, float):
            return value if np.isfinite(value) else {"float": repr(value)}
        if isinstance(value, np.ndarray):
            return self._encode_array(value)
        if is_dataclass(value) and not isinstance(value, type):
            given = {f.name: self.encode(getattr(value, f.name)) for f in fields(value) if f.init}
            return {type(value).__name__: given}
        return self._encode_many(value)

    def _encode_many(self, value: Any) -> Any:
        if isinstance(value, tuple) and type(value) is tuple:
            if len(value) > _WORDS and all(isinstance(part, str) for part in value):
                name = name_of("\0".join(value).encode())
                self.words[name] = list(value)
                return {"words": name}
            return [self.encode(part) for part in value]
        if isinstance(value, list):
            return {"list": self.encode(tuple(value))}
        if isinstance(value, frozenset):
            return {"set": self.encode(tuple(sorted(value)))}
        if isinstance(value, Mapping):
            kind = "fixed" if isinstance(value, MappingProxyType) else "dict"
            return {kind: [[self.encode(k), self.encode(v)] for k, v in value.items()]}
        raise TypeError(f"no recording holds a {type(value).__name__}")

    def _encode_array(self, array: Array) -> Any:
        written = {"writeable": True} if array.flags.writeable else {}
        found = self._parameter(array) if array.size >= _PARAMETER else None
        if found is not None:
            return {"parameter": {**found, **written}}
        heads = 0
        if array.ndim == 3 and 1 < array.shape[0] <= 16 < array.size:
            # Side by side, as the model itself has them: then q and what W_Q gave are one array.
            heads, rows, _ = array.shape
            array = array.transpose(1, 0, 2).reshape(rows, -1)
        array = np.asarray(array, order="C")
        name = name_of(f"{array.dtype.str}{array.shape}".encode() + array.tobytes())
        self.arrays[name] = array
        return {"array": {"name": name, **({"heads": heads} if heads else {}), **written}}

    def _parameter(self, array: Array) -> dict[str, Any] | None:
        """Where the checkpoint has these very numbers; None: nowhere."""
        for name, whole in self.parameters.items():
            for turned in (False, True) if array.ndim == 2 else (False,):
                part = whole.T if turned else whole
                if part.ndim != array.ndim or not _fits(array, part):
                    continue
                axis = 0 if part.shape[1:] == array.shape[1:] else 1
                for start in _starts(array, part, axis):
                    cut = _cut(part, axis, start, array.shape[axis])
                    if np.array_equal(cut.astype(array.dtype), array):
                        place = [axis, start, array.shape[axis]]
                        kept = {"name": name, "turned": turned, "part": place}
                        return {**kept, "dtype": array.dtype.str}
        return None

    def decode(self, value: Any) -> Any:
        """The value that was encoded. KeyError: a part of it is not in this store."""
        if isinstance(value, list):
            return tuple(self.decode(part) for part in value)
        if not isinstance(value, dict):
            return value
        ((kind, held),) = value.items()
        made: Callable[[Any], Any] | None = getattr(self, f"_decode_{kind}", None)
        return made(held) if made is not None else self._decode_record(kind, held)

    def _decode_scalar(self, held: list[Any]) -> Any:
        return np.dtype(held[0]).type(held[1])

    def _decode_float(self, held: str) -> float:
        return float(held)

    def _decode_words(self, held: str) -> tuple[str, ...]:
        return tuple(self.words[held])

    def _decode_list(self, held: Any) -> list[Any]:
        return list(self.decode(held))

    def _decode_set(self, held: Any) -> frozenset[Any]:
        return frozenset(self.decode(held))

    def _decode_dict(self, held: list[Any]) -> dict[Any, Any]:
        return {self.decode(key): self.decode(part) for key, part in held}

    def _decode_fixed(self, held: list[Any]) -> MappingProxyType[Any, Any]:
        return MappingProxyType(self._decode_dict(held))

    def _decode_array(self, held: dict[str, Any]) -> Array:
        array, heads = self.arrays[held["name"]], held.get("heads")
        if heads:
            array = array.reshape(array.shape[0], heads, -1).transpose(1, 0, 2)
            array = np.ascontiguousarray(array)
        return _handed_out(array, held)

    def _decode_parameter(self, held: dict[str, Any]) -> Array:
        whole = self.parameters[held["name"]]
        part = _cut(whole.T if held["turned"] else whole, *held["part"])
        return _handed_out(part.astype(held["dtype"]), held)

    def _decode_record(self, kind: str, held: dict[str, Any]) -> Any:
        given = {name: self.decode(part) for name, part in held.items()}
        return record_class(kind, frozenset(given))(**given)


def _fits(array: Array, part: Array) -> bool:
    """Cut along one axis, the whole could have this shape."""
    differ = [a != b for a, b in zip(array.shape, part.shape, strict=True)]
    smaller = all(a <= b for a, b in zip(array.shape, part.shape, strict=True))
    return smaller and sum(differ) <= 1 and not any(differ[2:])


def _starts(array: Array, part: Array, axis: int) -> list[int]:
    """Where along the axis the whole begins as the array does."""
    last = part.shape[axis] - array.shape[axis]
    first = np.moveaxis(part, axis, 0)[: last + 1]
    own = np.moveaxis(array, axis, 0)[0]
    same = (first.astype(array.dtype) == own).reshape(last + 1, -1).all(axis=1)
    return [int(place) for place in np.flatnonzero(same)]


def _cut(whole: Array, axis: int, start: int, count: int) -> Array:
    return np.moveaxis(np.moveaxis(whole, axis, 0)[start : start + count], 0, axis)


def _handed_out(array: Array, held: Mapping[str, Any]) -> Array:
    if held.get("writeable"):
        return array.copy()
    view = array.view()
    view.flags.writeable = False
    return view


def record_class(name: str, given: frozenset[str]) -> type[Any]:
    """The record of that bare name and those init fields, wherever in `models` it lies.

    Fields with a default may be missing: a record that grew by one reads what was kept before.
    LookupError: there is none; then the record itself has changed, and is to be recorded anew.
    """
    grown = None
    for module in _models():
        found = getattr(module, name, None)
        if isinstance(found, type) and is_dataclass(found):
            own = {f.name: f for f in fields(found) if f.init}
            if own.keys() == given:
                return found
            if given < own.keys() and all(_has_default(own[more]) for more in own.keys() - given):
                grown = found
    if grown is not None:
        return grown
    raise LookupError(f"no record {name}({', '.join(sorted(given))}) in models")


def _has_default(field: Field[Any]) -> bool:
    return field.default is not MISSING or field.default_factory is not MISSING


def _models() -> Iterator[Any]:
    """Modules of `models`: first those at hand, then all others but the trainings."""
    yield from [m for n, m in list(sys.modules.items()) if n.startswith("models.") and m]
    for found in pkgutil.walk_packages(models.__path__, "models."):
        if not found.name.startswith("models.training") and found.name not in sys.modules:
            yield importlib.import_module(found.name)


def written(held: Mapping[str, Any], arrays: Mapping[str, Array]) -> bytes:
    """JSON and arrays as one file's content.

    Of all numbers of a kind first the first byte, then the second …: so they take a fifth less.
    """
    place: dict[str, list[Any]] = {}
    parts = []
    for kind in sorted({array.dtype.str for array in arrays.values()}):
        chosen = [name for name in sorted(arrays) if arrays[name].dtype.str == kind]
        place |= {name: [kind, *arrays[name].shape] for name in chosen}
        whole = np.concatenate([arrays[name].ravel() for name in chosen])
        parts.append(whole.view(np.uint8).reshape(-1, whole.itemsize).T.tobytes())
    text = json.dumps({**held, "arrays": place}, ensure_ascii=False)
    return lzma.compress(b"".join([text.encode(), b"\0", *parts]), preset=9)


def read(content: bytes) -> tuple[dict[str, Any], dict[str, Array]]:
    """The JSON and the arrays again."""
    text, _, left = lzma.decompress(content).partition(b"\0")
    held: dict[str, Any] = json.loads(text)
    place, arrays = held.pop("arrays"), {}
    for kind in sorted({kind for kind, *_ in place.values()}):
        shapes = {name: shape for name, (own, *shape) in sorted(place.items()) if own == kind}
        counts = [math.prod(shape) for shape in shapes.values()]
        size = np.dtype(kind).itemsize
        planes = np.frombuffer(left, np.uint8, sum(counts) * size).reshape(size, -1)
        left = left[planes.size :]
        whole = np.ascontiguousarray(planes.T).view(kind).ravel()
        for (name, shape), end in zip(shapes.items(), np.cumsum(counts), strict=True):
            arrays[name] = whole[end - math.prod(shape) : end].reshape(shape)
    return held, arrays


def checkpoint(folder: Path) -> dict[str, Array]:
    """All tensors of a folder's safetensors files, as numpy has them."""
    from safetensors.numpy import load_file

    found: dict[str, Array] = {}
    for file in sorted(folder.glob("*.safetensors")):
        found |= {f"{file.stem}:{name}": array for name, array in load_file(file).items()}
    return found
