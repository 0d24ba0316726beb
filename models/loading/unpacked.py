"""Zips that visitors gave, unpacked: here as long as somebody holds them. Imports no torch."""

from __future__ import annotations

import re
import shutil
import tempfile
import threading
import weakref
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from models.errors import UnknownModel
from models.loading import archive

_ID = re.compile(r"(?P<name>.{1,60})\.zip-[0-9a-f]{16}")
_LONGEST = 40  # characters of a name in an id
_WHATEVER = re.compile(r"[^\w.-]+")


class ZipNotHere(UnknownModel):
    """A link names a model that came in a zip, and this process has none; details: ``model``."""


class Unpacked:
    """A checkpoint from a zip. Once nobody refers to it any more, its folder is removed.

    id: what `models.catalog.load` takes; folder: where it lies, named as its owner calls it.
    """

    def __init__(self, model_id: str, place: Path, folder: Path) -> None:
        self.id, self.folder = model_id, folder
        weakref.finalize(self, shutil.rmtree, place, ignore_errors=True)  # at the exit, too


_here: weakref.WeakValueDictionary[str, Unpacked] = weakref.WeakValueDictionary()  # by content
_lock = threading.Lock()


def unpack(file: str, stream: BinaryIO) -> Unpacked:
    """A visitor's zip as a folder of its own; of the same bytes the same one.

    file: what the visitor calls it. Raises archive.ArchiveError.
    """
    with _lock:
        digest = _digest(stream)
        found = _here.get(digest)
        return found if found is not None else _unpacked(file, stream, digest)


def _unpacked(file: str, stream: BinaryIO, digest: str) -> Unpacked:
    try:
        place = Path(tempfile.mkdtemp(prefix="dikkat-"))
    except OSError as error:
        raise archive.NoRoomToUnpack(f"{error}") from error
    try:
        (content := place / "content").mkdir()
        inside = archive.unpack(stream, content)
        name = _name(inside or re.sub(r"\.zip$", "", file, flags=re.IGNORECASE))
        folder = content.rename(place / name)
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    made = _here[digest] = Unpacked(f"{name}.zip-{digest}", place, folder)
    return made


def _digest(stream: BinaryIO) -> str:
    """16 hexadecimal digits of the bytes, as far as a zip is read at all."""
    stream.seek(0)
    found, left = sha256(), archive.MOST_BYTES + 1
    while left > 0 and (chunk := stream.read(min(archive.MEGA, left))):
        found.update(chunk)
        left -= len(chunk)
    return found.hexdigest()[:16]


def _name(said: str) -> str:
    """What a folder and an address can bear of a name."""
    return _WHATEVER.sub("-", said).strip(".-")[:_LONGEST] or "model"


def name(model_id: str) -> str | None:
    """What a model from a zip is called, here or not; None: it is another kind of id."""
    found = _ID.fullmatch(model_id)
    return None if found is None else found["name"]


def held(model_id: str) -> Unpacked | None:
    """The unpacked zip of that id, to be kept by whoever uses it. ZipNotHere: it is gone.

    None: the id is of no zip.
    """
    called = name(model_id)
    if called is None:
        return None
    found = _here.get(model_id.rpartition("-")[2])
    if found is None or found.id != model_id:
        raise ZipNotHere(f"{model_id} is not unpacked here", model=called)
    return found
