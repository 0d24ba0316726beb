"""A checkpoint's weight files, checked before anything is allocated. No torch.

Format: 8 bytes length N (little-endian), N bytes of JSON (name → dtype, shape, offsets),
then the numbers (https://github.com/huggingface/safetensors, section "Format").
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from models.errors import (
    AdapterFound,
    BrokenFile,
    DamagedWeights,
    MissingWeights,
    NoWeights,
    QuantizedWeights,
    UnsafeWeights,
)

_MAX_HEADER = 100_000_000  # the format's own bound
_ITEM_BITS = {"BOOL": 8, "U8": 8, "I8": 8, "F8_E4M3": 8, "F8_E5M2": 8, "I16": 16, "U16": 16}
_ITEM_BITS |= {"F16": 16, "BF16": 16, "I32": 32, "U32": 32, "F32": 32}
_ITEM_BITS |= {"F64": 64, "I64": 64, "U64": 64, "F8_E8M0": 8, "F4": 4}
_SINGLE = "model.safetensors"
_INDEX = "model.safetensors.index.json"
_ADAPTER = "adapter_config.json"
_SETTINGS = (
    *(_INDEX, _ADAPTER, "generation_config.json", "tokenizer_config.json"),
    *("special_tokens_map.json", "added_tokens.json"),
)
# Whole numbers are fine as a table of places or a mask; as a weight they stand for something else.
_FLOATS = ("F16", "BF16", "F32", "F64")
_WEIGHT = re.compile(r"(weight|_proj|_packed|_blocks|_scales|qzeros)$")
_LISTED = 5  # names of files that a sentence repeats


class Stored(NamedTuple):
    """A weight as its file has it: dtype by the format's own name."""

    dtype: str
    shape: tuple[int, ...]


Fingerprint = tuple[tuple[str, int, int], ...]


def fingerprint(folder: Path) -> Fingerprint:
    """(name, bytes, time of last writing in ns) of each file: what changes with a folder.

    UnsafeWeights: it cannot be read (any more).
    """
    try:
        found = [(path.name, path.stat()) for path in folder.iterdir() if path.is_file()]
    except OSError as error:
        raise UnsafeWeights(f"{folder}: {error}") from error
    return tuple(sorted((name, stat.st_size, stat.st_mtime_ns) for name, stat in found))


def listing(folder: Path) -> str:
    """What lies in a folder, as a sentence repeats it."""
    names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    return ", ".join(names[:_LISTED]) + (" …" if len(names) > _LISTED else "") or "–"


def checked_files(folder: Path) -> tuple[Path, ...]:
    """The folder's weight files, each one's header checked.

    Raises UnsafeWeights (a wrong one), NoWeights, AdapterFound.
    """
    try:
        check_folder(folder)
        _check_settings(folder)
        files = _files(folder)
        for file in files:
            check_header(file)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        if isinstance(error, UnsafeWeights):
            raise
        raise UnsafeWeights(f"{folder}: {error}") from error
    return files


def stored(files: Iterable[Path]) -> dict[str, Stored]:
    """Every weight of checked files, by its name. Raises QuantizedWeights."""
    found = {}
    for file in files:
        for name, entry in check_header(file).items():
            found[name] = one = Stored(entry["dtype"], tuple(entry["shape"]))
            small = one.dtype.startswith(("F8", "F4"))
            if small or (one.dtype not in _FLOATS and _WEIGHT.search(name)):
                raise QuantizedWeights(f"{name} is {one.dtype}", method=one.dtype)
    return found


_LARGEST_TEXT = 64 * 2**20  # bytes: the largest tokenizers come to a third of that


def check_folder(folder: Path) -> None:
    """UnsafeWeights: no ordinary file (a pipe would be waited for, for ever), or a huge text."""
    for path in (*folder.glob("*.json"), *folder.glob("*.txt"), *folder.glob("*.safetensors")):
        if not path.is_file():
            raise UnsafeWeights(f"{path} is no ordinary file")
        if path.suffix != ".safetensors" and path.stat().st_size > _LARGEST_TEXT:
            raise UnsafeWeights(f"{path} has {path.stat().st_size} bytes")


def _check_settings(folder: Path) -> None:
    """BrokenFile: what a library would pass over in silence, and with it what the file says."""
    for name in _SETTINGS:
        if (folder / name).is_file():
            try:
                said = json.loads((folder / name).read_text("utf-8"))
            except (ValueError, RecursionError) as error:
                raise BrokenFile(f"{folder / name}: {error}", file=name) from error
            if not isinstance(said, dict):
                raise BrokenFile(f"{folder / name} holds no names", file=name)


def _files(folder: Path) -> tuple[Path, ...]:
    if (folder / _ADAPTER).is_file():  # without it the model would be another than its owner's
        base = json.loads((folder / _ADAPTER).read_text("utf-8")).get("base_model_name_or_path")
        raise AdapterFound(f"{folder} holds an adapter of {base}", base=str(base or "–"))
    if (folder / _SINGLE).is_file():
        return (folder / _SINGLE,)
    if not (folder / _INDEX).is_file():
        raise NoWeights(f"{folder} has no {_SINGLE}", files=listing(folder))
    shards = set(json.loads((folder / _INDEX).read_text("utf-8"))["weight_map"].values())
    # A shard named ../elsewhere would read outside the folder.
    if not shards or any(Path(name).name != name for name in shards):
        raise UnsafeWeights(f"{folder}: the index names files outside the folder")
    absent = sorted(name for name in shards if not (folder / name).is_file())
    if absent:
        raise MissingWeights(f"{folder} lacks {absent}", name=absent[0], count=len(absent))
    return tuple(folder / name for name in sorted(shards))


def check_header(file: Path) -> dict[str, Any]:
    """Names unique, types known, shapes and offsets consistent, and all bytes accounted for.

    Returns name → entry as the format has it: dtype, shape, data_offsets.
    Raises UnsafeWeights; ValueError, TypeError, KeyError where the JSON is no header at all.
    """
    size = file.stat().st_size
    with file.open("rb") as stream:
        length = int.from_bytes(stream.read(8), "little")
        if not 2 <= length <= min(_MAX_HEADER, size - 8):
            raise UnsafeWeights(f"{file}: a header of {length} bytes in a file of {size}")
        header = json.loads(stream.read(length), object_pairs_hook=_unique)
    header.pop("__metadata__", None)
    place = 0
    for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        start, stop = entry["data_offsets"]
        if start != place or stop - start != _bytes(entry):
            raise UnsafeWeights(f"{file}: {name} does not fill bytes {start}..{stop}")
        place = stop
    if 8 + length + place != size:
        raise UnsafeWeights(f"{file}: {size} bytes, the header speaks of {8 + length + place}")
    return dict(header)


def _bytes(entry: dict[str, Any]) -> int:
    shape = entry["shape"]
    if any(type(n) is not int or n < 0 for n in shape):
        raise UnsafeWeights(f"no shape: {shape}")
    return int(math.prod(shape)) * _ITEM_BITS[entry["dtype"]] // 8


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = dict(pairs)
    if len(names) != len(pairs):
        raise UnsafeWeights("a name stands twice in the header")
    return names


def check_sha256(file: Path, expected: str, model: str) -> None:
    """DamagedWeights when the file is not, bit for bit, the one that was pinned."""
    try:
        with file.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise DamagedWeights(f"{model}: {error}", model=model) from error
    if found != expected:
        raise DamagedWeights(f"{model}: sha256 {found}, expected {expected}", model=model)
