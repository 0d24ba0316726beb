"""A checkpoint packed as a zip → a folder. Whoever made the file is not trusted.

Nothing is believed that the file says of itself: bytes are counted as they are read, a name is
never used as a path, and only what a checkpoint needs is unpacked.
Format: PKWARE's APPNOTE.TXT, sections 4.3 and 4.4.
"""

from __future__ import annotations

import re
import stat
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO, BinaryIO

from models.errors import InputError
from models.loading.hub import SETTINGS

MEGA = 2**20
MOST_BYTES = 200 * MEGA  # of the file: it lies in memory, and Streamlit's server takes no more
MOST_UNPACKED = 512 * MEGA  # 134 million numbers in float32
MOST_ENTRIES = 1000
MOST_RATIO = 100  # a tokenizer's text comes to about 10, weights to hardly more than 1
SMALL = MEGA  # of any ratio: settings may say the same again and again
_WEIGHTS = (".safetensors", ".safetensors.index.json")
_CONFIG = "config.json"
_NESTED = re.compile(r"\.(zip|tar|tgz|gz|bz2|xz|zst|7z|rar|whl|jar)$", re.IGNORECASE)
_DRIVE = re.compile(r"[A-Za-z]:")
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
_LISTED = 5  # names that a sentence repeats
_CHUNK = MEGA
_END, _END_64, _END_SIZE, _COMMENT = b"PK\x05\x06", b"PK\x06\x07", 22, 2**16
_DIRECTORY = MOST_ENTRIES * 1024  # bytes; an entry has 46, its name, and what came with it


class ArchiveError(InputError):
    """A visitor's zip that is not unpacked: one of the kinds below."""


class ArchiveTooLarge(ArchiveError):
    """The file itself; details: ``limit`` (MB)."""


class NotAnArchive(ArchiveError):
    """No zip, a damaged one, or one of a kind that is not read; details: none."""


class TooManyEntries(ArchiveError):
    """details: ``limit``."""


class LeadsOutside(ArchiveError):
    """A name that is absolute, or goes up; details: ``name``."""


class LinkInArchive(ArchiveError):
    """A link, or another thing that is neither file nor folder; details: ``name``."""


class NestedArchive(ArchiveError):
    """An archive in the archive; details: ``name``."""


class UnreadableEntry(ArchiveError):
    """Encrypted, or packed by a rare method; details: ``name``."""


class DoubleEntry(ArchiveError):
    """Two files of one name; details: ``name``."""


class UnpacksTooLarge(ArchiveError):
    """More than is unpacked; details: ``limit`` (MB)."""


class ArchiveBomb(ArchiveError):
    """It grows as no checkpoint does; details: ``limit`` (times)."""


class NoCheckpointInArchive(ArchiveError):
    """No config.json at the top or one folder deep; details: ``files`` (what lies there)."""


class SeveralCheckpoints(ArchiveError):
    """details: ``count``."""


class NoRoomToUnpack(ArchiveError):
    """The disk is full, or refuses; details: none."""


def unpack(stream: BinaryIO, folder: Path) -> str:
    """Write a checkpoint's files into an existing empty folder. → its folder inside, "": the top.

    Raises ArchiveError, always one of its kinds; what is in the folder then is worth nothing.
    """
    size = stream.seek(0, 2)
    if size > MOST_BYTES:
        raise ArchiveTooLarge(f"{size} bytes", limit=MOST_BYTES // MEGA)
    try:
        _check_end(stream, size)
        with zipfile.ZipFile(stream) as archive:
            inside, wanted = _wanted(archive.infolist())
            growth = max(SMALL, MOST_RATIO * size)
            left = min(MOST_UNPACKED, growth)
            for name, entry in wanted.items():
                with archive.open(entry) as source:
                    left = _write(folder / name, source, left, growth)
    except ArchiveError:
        raise
    except Exception as error:  # a file made to break its reader breaks it in many ways
        raise NotAnArchive(f"{type(error).__name__}: {error}") from error
    return inside


def _check_end(stream: BinaryIO, size: int) -> None:
    """Before the whole directory is read into memory: how large its end says that it is."""
    stream.seek(max(0, size - _END_SIZE - _COMMENT - len(_END_64) * 5))
    tail = stream.read()
    last = len(tail) - _END_SIZE
    # The library takes an end without comment first, else the last that looks like one.
    plain = last >= 0 and tail[last:].startswith(_END) and tail.endswith(b"\0\0")
    place = last if plain else tail.rfind(_END)
    if place < 0 or _END_64 in tail[max(0, place - 20) : place]:
        raise NotAnArchive("no end of a directory, or one for huge files")
    if int.from_bytes(tail[place + 12 : place + 16], "little") > _DIRECTORY:
        raise TooManyEntries("a huge directory", limit=MOST_ENTRIES)


def _wanted(entries: list[zipfile.ZipInfo]) -> tuple[str, dict[str, zipfile.ZipInfo]]:
    """The folder in the archive, and the checkpoint's files in it by their bare names."""
    if len(entries) > MOST_ENTRIES:
        raise TooManyEntries(f"{len(entries)} entries", limit=MOST_ENTRIES)
    files = [(parts, entry) for entry in entries if (parts := _checked(entry))]
    inside = _folder([parts for parts, _ in files])
    found: dict[str, zipfile.ZipInfo] = {}
    for parts, entry in files:
        name = parts[-1]
        if parts[:-1] != inside or not _is_needed(name):
            continue
        if name in found:
            raise DoubleEntry(name, name=name)
        if entry.flag_bits & _ENCRYPTED or entry.compress_type not in _METHODS:
            raise UnreadableEntry(f"{name}: method {entry.compress_type}", name=name)
        found[name] = entry
    return "".join(inside), found


def _is_needed(name: str) -> bool:
    """What a checkpoint is opened from."""
    return SETTINGS.fullmatch(name) is not None or name.endswith(_WEIGHTS)


def _checked(entry: zipfile.ZipInfo) -> tuple[str, ...]:
    """The folders and the name of a file, (): a folder. Raises what a wrong one is refused for."""
    # As it is written there: the library cuts names at a NUL, and a backslash leads on elsewhere.
    name = entry.orig_filename.replace("\\", "/")
    parts = tuple(part for part in name.split("/") if part not in ("", "."))
    absolute = name.startswith("/") or _DRIVE.match(name)
    if absolute or ".." in parts or not parts or not name.isprintable():
        raise LeadsOutside(repr(name), name=entry.orig_filename)
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise LinkInArchive(repr(name), name=name)
    if _NESTED.search(name):
        raise NestedArchive(repr(name), name=name)
    return () if name.endswith("/") or kind == stat.S_IFDIR else parts


def _folder(files: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Where the one config.json is, () at the top, which comes first: some have more below."""
    places = {parts[:-1] for parts in files if parts[-1] == _CONFIG and len(parts) <= 2}
    if () in places:
        return ()
    if not places:
        names = sorted("/".join(parts) for parts in files)
        listed = ", ".join(names[:_LISTED]) + (" …" if len(names) > _LISTED else "")
        raise NoCheckpointInArchive(listed, files=listed or "–")
    if len(places) > 1:
        raise SeveralCheckpoints(f"{places}", count=len(places))
    return places.pop()


def _write(path: Path, source: IO[bytes], left: int, growth: int) -> int:
    """Unpack one file. left: bytes that may still come, → after it; growth: all, by the ratio."""
    try:
        with path.open("xb") as target:
            while chunk := source.read(_CHUNK):
                left -= len(chunk)
                if left < 0 and growth <= MOST_UNPACKED:
                    raise ArchiveBomb(path.name, limit=MOST_RATIO)
                if left < 0:
                    raise UnpacksTooLarge(path.name, limit=MOST_UNPACKED // MEGA)
                target.write(chunk)
    except OSError as error:
        raise NoRoomToUnpack(f"{error}") from error
    return left
