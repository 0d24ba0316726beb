"""Records as bytes and back, bit by bit: one safetensors file, and never a pickle.

Its tensors are the arrays (https://github.com/huggingface/safetensors, section "Format"), under the
names of their places ("blocks.0.q"); its metadata holds the rest as JSON, where a list is a tuple
and an object is a table, a record of models.serving.table.RECORDS or a view into a tensor. Memory
that several arrays share goes once, and lies the same way on the other side. What lies in the
model's own parameters goes by the parameter's name, and is the receiver's own there.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
from numpy.lib.array_utils import byte_bounds
from numpy.typing import NDArray

from models.core.arrays import read_only
from models.serving.table import RECORDS, name, named

Array = NDArray[Any]
Parameters = Callable[[], Mapping[str, Array]]
_DTYPES = ("float32", "float64", "bool", "int32", "int64")
_METADATA, _RECORD = "__metadata__", "record"
_SENT, _OWN = "sent", "own"


class WireError(ValueError):
    """Bytes that are no record, or a record that does not go over the wire."""


def none() -> Mapping[str, Array]:
    """The parameters of no model."""
    return {}


def parameters(model: Any) -> dict[str, Array]:
    """Name → numbers of each float32 parameter and buffer that lies in one piece, in its memory."""
    tensors = {**dict(model.named_parameters()), **dict(model.named_buffers())}
    return {
        each: tensor.detach().numpy()
        for each, tensor in tensors.items()
        if tensor.numel() and tensor.is_contiguous() and str(tensor.dtype) == "torch.float32"
    }


def packed(value: object, own: Mapping[str, Array] | None = None) -> bytes:
    """A record as bytes. own: the model's parameters. WireError: something else is in it."""
    from safetensors.numpy import save

    writer = _Packing(own or {})
    node = writer.node(value, "")
    return save(writer.tensors, {_RECORD: json.dumps(node, separators=(",", ":"))})


def unpacked(body: bytes, own: Parameters = none) -> Any:
    """The record of such bytes, its arrays read-only. own: asked where a parameter is named.

    WireError: they are none, whatever they are.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        sent = load(body)
        header = json.loads(body[8 : 8 + int.from_bytes(body[:8], "little")])
        return _Unpacking(sent, own).value(json.loads(header[_METADATA][_RECORD]))
    except WireError:
        raise
    except (SafetensorError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError,
            RecursionError, MemoryError) as error:  # fmt: skip
        raise WireError(f"no record: {error!r:.200}") from error


def _dense(array: Array) -> Array | None:
    """The same numbers in the order of their memory, a view; None: there are gaps in it."""
    order = sorted(range(array.ndim), key=lambda axis: -array.strides[axis])
    turned = array.transpose(order)
    return turned if turned.flags.c_contiguous else None


def _strides(array: Array) -> list[int]:
    return [stride // array.itemsize for stride in array.strides]


class _Packing:
    """tensors: what the file holds, by name."""

    def __init__(self, own: Mapping[str, Array]) -> None:
        self.tensors: dict[str, Array] = {}
        self._known: dict[tuple[object, ...], tuple[str, Array]] = {}
        self._own = sorted((*byte_bounds(array), each) for each, array in own.items())
        self._kept: list[Array] = []  # an address stays one array's as long as that is there

    def node(self, value: object, place: str) -> Any:
        """What JSON keeps of a value. place: where it stands in the record."""
        if value is None or isinstance(value, (bool, int, float, str)):
            return value
        if isinstance(value, tuple):
            return [self.node(part, f"{place}.{n}") for n, part in enumerate(value)]
        if isinstance(value, np.ndarray):
            return {"array": self._array(value, place.removeprefix("."))}
        if isinstance(value, Mapping):
            rows = ((self.node(k, place), self.node(v, f"{place}.{k}")) for k, v in value.items())
            return {"table": [list(row) for row in rows]}
        if is_dataclass(value) and name(type(value)) in RECORDS:
            parts = {f.name: getattr(value, f.name) for f in fields(value)}
            made = {each: self.node(part, f"{place}.{each}") for each, part in parts.items()}
            return {"record": name(type(value)), "fields": made}
        raise WireError(f"{place or 'it'}: {name(type(value))} does not go over the wire")

    def _array(self, array: Array, place: str) -> list[object]:
        if array.dtype.name not in _DTYPES or not array.dtype.isnative:
            raise WireError(f"{place}: an array of {array.dtype}")
        return self._in_model(array) or self._in_file(array, place or "value")

    def _in_model(self, array: Array) -> list[object] | None:
        """Where it lies in the model's memory; None: it does not."""
        first, last = byte_bounds(array)
        at = bisect_right(self._own, (first, float("inf"), "")) - 1
        if at < 0 or not array.size or array.dtype != np.float32:
            return None
        begin, end, own = self._own[at]
        if last > end or array.nbytes > end - begin:
            return None
        offset = (array.__array_interface__["data"][0] - begin) // array.itemsize
        return [_OWN, own, offset, list(array.shape), _strides(array)]

    def _in_file(self, array: Array, place: str) -> list[object]:
        address, dtype = array.__array_interface__["data"][0], array.dtype.name
        key: tuple[object, ...] = (address, array.nbytes, dtype)
        if (turned := _dense(array)) is None:
            key = (address, array.shape, array.strides, dtype)
            again = self._known[key][1] if key in self._known else array.copy(order="K")
            self._kept.append(array)
            array, turned = again, _dense(again)
        if key not in self._known or not array.size:
            assert turned is not None  # a copy has no gaps
            self._known[key] = place, array
            self.tensors[place] = turned
        return [_SENT, self._known[key][0], 0, list(array.shape), _strides(array)]


class _Unpacking:
    def __init__(self, sent: Mapping[str, Array], own: Parameters) -> None:
        self._sent, self._own = sent, own

    def value(self, node: Any) -> Any:
        """The value of a node."""
        if isinstance(node, list):
            return tuple(map(self.value, node))
        if not isinstance(node, dict):
            return node
        if set(node) == {"array"}:
            return self._array(*node["array"])
        if set(node) == {"table"}:
            return {self.value(key): self.value(each) for key, each in node["table"]}
        if set(node) == {"record", "fields"}:
            parts = {each: self.value(part) for each, part in node["fields"].items()}
            return named(node["record"], RECORDS)(**parts)
        raise WireError(f"no node: {sorted(node)!r:.100}")

    def _array(
        self, where: str, tensor: str, offset: int, shape: Iterable[int], strides: Iterable[int]
    ) -> Array:
        """A view into a tensor; numpy holds it within the tensor's bounds."""
        whole = {_SENT: self._sent, _OWN: self._own() if where == _OWN else {}}[where][tensor]
        if whole.dtype.name not in _DTYPES:
            raise WireError(f"an array of {whole.dtype}")
        sides, steps = list(shape), [step * whole.itemsize for step in strides]
        # Steps of 0 would make as many numbers as somebody likes out of one.
        if np.prod(sides, dtype=object) > whole.size:
            raise WireError(f"{sides} of {whole.size} numbers")
        flat = whole.reshape(-1)
        return read_only(np.ndarray(sides, whole.dtype, flat, offset * whole.itemsize, steps))
