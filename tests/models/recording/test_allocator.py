"""What a recording let go of stays with the process, where the C library lets one say so."""

from __future__ import annotations

import ctypes
import platform
from pathlib import Path
from resource import getpagesize

import pytest

from models.recording.allocator import give_back, keep_freed_memory

PAGESIZE = getpagesize()


def test_glibc_takes_the_settings() -> None:
    assert keep_freed_memory() is (platform.libc_ver()[0] == "glibc")


def test_another_c_library_goes_on_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    assert not keep_freed_memory()
    assert not give_back()


def test_memory_that_lies_free_between_blocks_goes_back() -> None:
    blocks = [bytearray(100_000) for _ in range(300)]
    del blocks[::2]  # holes, which no heap's end reaches
    before = resident()
    glibc = platform.libc_ver()[0] == "glibc"
    assert give_back() is glibc
    assert not glibc or resident() < before - 5_000_000


def resident() -> int:
    """Bytes of this process that lie in memory."""
    said = Path("/proc/self/statm")
    return int(said.read_text(encoding="ascii").split()[1]) * PAGESIZE if said.exists() else 0
