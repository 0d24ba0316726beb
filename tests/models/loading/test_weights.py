"""Weight files that are not what they say are refused before anything is allocated."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import save_file

from models.errors import BrokenFile, DamagedWeights, MissingWeights, UnsafeWeights
from models.loading.weights import check_header, check_sha256, checked_files


def write(file: Path, header: Any, numbers: bytes) -> Path:
    raw = header if isinstance(header, bytes) else json.dumps(header).encode()
    file.write_bytes(len(raw).to_bytes(8, "little") + raw + numbers)
    return file


def entry(shape: list[Any], start: int, stop: int, dtype: str = "F32") -> dict[str, Any]:
    return {"dtype": dtype, "shape": shape, "data_offsets": [start, stop]}


def test_a_file_that_safetensors_writes_passes(tmp_path: Path) -> None:
    file = tmp_path / "model.safetensors"
    tensors = {"a": torch.zeros(2, 3), "b": torch.zeros(4, dtype=torch.bfloat16)}
    save_file(tensors, file, metadata={"format": "pt"})
    assert checked_files(tmp_path) == (file,)


@pytest.mark.parametrize(
    ("header", "size"),
    [
        ({"a": entry([2], 0, 8)}, 12),  # more bytes than it speaks of
        ({"a": entry([2], 0, 8)}, 4),  # fewer
        ({"a": entry([3], 0, 8)}, 8),  # another shape
        ({"a": entry([2], 4, 12)}, 12),  # a gap
        ({"a": entry([2], 0, 8), "b": entry([2], 4, 12)}, 12),  # an overlap
        ({"a": entry([-2], 0, 8)}, 8),
        ({"a": entry([2.0], 0, 8)}, 8),
        ({"a": entry([2], 0, 8, "PICKLE")}, 8),
        ({"a": {"dtype": "F32"}}, 8),
        ({"a": 5}, 8),
        ([], 8),
        (b'{"a": ', 8),
        (b'{"a":%b,"a":%b}' % ((json.dumps(entry([2], 0, 8)).encode(),) * 2), 8),  # a name twice
        (b"[" * 100_000, 8),
        (b"\xff\xfe", 0),
    ],
)
def test_a_header_that_does_not_fit_its_file_is_refused(
    tmp_path: Path, header: Any, size: int
) -> None:
    write(tmp_path / "model.safetensors", header, bytes(size))
    with pytest.raises(UnsafeWeights):
        checked_files(tmp_path)


@pytest.mark.parametrize("content", [b"", b"\x01", b"\xff" * 8, b"\xff" * 4 + b"\0" * 4 + b"{}"])
def test_a_header_longer_than_its_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "model.safetensors").write_bytes(content)
    with pytest.raises(UnsafeWeights):
        checked_files(tmp_path)


@given(content=st.binary(max_size=80))
def test_no_bytes_at_all_raise_anything_else(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    folder = tmp_path_factory.mktemp("bytes")
    write(folder / "model.safetensors", content, b"")
    with pytest.raises(UnsafeWeights):
        checked_files(folder)


def test_a_pickle_alone_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pytorch_model.bin").write_bytes(b"\x80\x04.")
    with pytest.raises(UnsafeWeights, match="no model"):
        checked_files(tmp_path)


def test_every_shard_is_checked(tmp_path: Path) -> None:
    names = {"a": "one.safetensors", "b": "two.safetensors"}
    (tmp_path / "model.safetensors.index.json").write_text(json.dumps({"weight_map": names}))
    for name in names.values():
        write(tmp_path / name, {"a": entry([2], 0, 8)}, bytes(8))
    assert [file.name for file in checked_files(tmp_path)] == sorted(names.values())
    write(tmp_path / "two.safetensors", {"a": entry([2], 0, 8)}, bytes(4))
    with pytest.raises(UnsafeWeights, match="two"):
        checked_files(tmp_path)
    (tmp_path / "two.safetensors").unlink()
    with pytest.raises(MissingWeights) as refused:
        checked_files(tmp_path)
    assert refused.value.details == {"name": "two.safetensors", "count": 1}


@pytest.mark.parametrize("name", ["../one.safetensors", "deep/one.safetensors", 5])
def test_an_index_does_not_lead_out_of_its_folder(tmp_path: Path, name: Any) -> None:
    index = tmp_path / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": {"a": name}}))
    write(tmp_path.parent / "one.safetensors", {"a": entry([2], 0, 8)}, bytes(8))
    with pytest.raises(UnsafeWeights):
        checked_files(tmp_path)


def test_one_flipped_bit_changes_the_checksum(tmp_path: Path) -> None:
    file = write(tmp_path / "model.safetensors", {"a": entry([2], 0, 8)}, bytes(8))
    right = hashlib.sha256(file.read_bytes()).hexdigest()
    check_sha256(file, right, "some")
    changed = bytearray(file.read_bytes())
    changed[-1] ^= 1
    file.write_bytes(changed)
    check_header(file)  # the header cannot notice
    with pytest.raises(DamagedWeights) as refused:
        check_sha256(file, right, "some")
    assert refused.value.details == {"model": "some"}


def test_a_missing_file_counts_as_damaged(tmp_path: Path) -> None:
    with pytest.raises(DamagedWeights):
        check_sha256(tmp_path / "none", "", "some")


def test_a_pipe_in_the_folder_is_refused_instead_of_waited_for(tmp_path: Path) -> None:
    save_file({"a": torch.zeros(2)}, tmp_path / "model.safetensors")
    os.mkfifo(tmp_path / "config.json")
    with pytest.raises(UnsafeWeights, match="ordinary"):
        checked_files(tmp_path)


@pytest.mark.parametrize("content", ["", "{", "[]", "5", "[" * 100_000, '{"a": }'])
@pytest.mark.parametrize(
    "name",
    ["generation_config.json", "tokenizer_config.json", "special_tokens_map.json"],
)
def test_a_broken_file_is_not_passed_over(tmp_path: Path, name: str, content: str) -> None:
    """A library would go on with its own defaults, and with them another start token."""
    save_file({"a": torch.zeros(2)}, tmp_path / "model.safetensors")
    (tmp_path / name).write_text(content)
    with pytest.raises(BrokenFile) as refused:
        checked_files(tmp_path)
    assert refused.value.details == {"file": name}
