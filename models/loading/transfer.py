"""The files of a hub's model, fetched into its cache: resumed where they broke off, and checked.

huggingface_hub itself keeps nothing of a file that broke off, so only its client, its addresses
and its errors are used here. The cache is laid out as it documents, for every program that reads
it: blobs/<digest>, snapshots/<commit>/<name> leading there, refs/<revision> naming the commit
(https://huggingface.co/docs/huggingface_hub/guides/manage-cache).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from models.errors import InputError, NoWeights
from models.loading import hub
from models.loading.hub import CONFIG, HubFile, Offer
from models.loading.hub_errors import HubFails, HubUnreachable, Interrupted, NotWritable, WrongBytes

TRIES = 3  # in a row without a single new byte
PAUSE = 1.0  # seconds before another one
NO_MORE = 416  # HTTP: the file ends before that byte


def fetch(offer: Offer) -> Path:
    """The model's folder in the cache, every file of its stated size and digest.

    How far it is meanwhile: `offer.here`. The configuration comes first, so that a model which
    cannot be opened costs no more than that. Raises as models.loading.configuration does of it;
    NoAccess, HubUnreachable, HubFails, Interrupted, WrongBytes, NoRoom, NotWritable.
    """
    try:
        return _fetched(offer)
    except (OSError, NotWritable) as error:
        hub.check_disk(offer)  # that may be why
        raise NotWritable(str(error)) from error


def _fetched(offer: Offer) -> Path:
    from huggingface_hub.utils import WeakFileLock  # type: ignore[attr-defined]

    locks = offer.root.parent / ".locks" / offer.root.name
    for place in (locks, offer.root / "blobs"):
        place.mkdir(parents=True, exist_ok=True)
    with WeakFileLock(locks / "dikkat.lock"):  # two processes would write one file
        hub.check_room(offer)
        for file in sorted(offer.files, key=lambda one: (one.name != CONFIG, one.size)):
            _complete(offer, file)
            if file.name == CONFIG:
                _check_configuration(offer, file)
            elif file.name == hub.INDEX:
                _check_index(offer, file)
        return _placed(offer)


def _check_configuration(offer: Offer, file: HubFile) -> None:
    from models.loading import checkpoint as checkpoint  # it tells transformers our own families
    from models.loading import configuration

    configuration.check_family(configuration.parsed(offer.blob(file), offer.model_id))


def _check_index(offer: Offer, file: HubFile) -> None:
    """NoWeights: it leads to other files than those that there are."""
    listed = {one.name for one in offer.files}
    try:
        missing = hub.shards_of(offer.blob(file)) - listed
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NoWeights(f"{offer.model_id}: {error}", files=file.name) from error
    if missing:
        shown = ", ".join(sorted(listed))
        raise NoWeights(f"{offer.model_id} lacks {len(missing)} shards", files=shown)


def _complete(offer: Offer, file: HubFile) -> None:
    blob, part = offer.blob(file), offer.part(file)
    whole = blob.is_file() and blob.stat().st_size == file.size
    if whole and _digest(blob, file) == file.digest:
        return
    with part.open("ab", buffering=0) as sink:
        _receive(offer, file, sink)
    if part.stat().st_size != file.size or _digest(part, file) != file.digest:
        part.unlink()
        raise WrongBytes(f"{offer.model_id}: {file}", model=offer.model_id, file=file.name)
    os.replace(part, blob)


def _receive(offer: Offer, file: HubFile, sink: BinaryIO) -> None:
    """All bytes of a file, over as many connections as it takes while any of them brings some."""
    quiet = 0
    while (before := _length(sink)) < file.size:
        try:
            with hub.in_our_words(offer.model_id):
                _stream(offer, file, sink)
        except HubUnreachable as error:
            quiet = 0 if _length(sink) > before else quiet + 1
            if quiet == TRIES:
                raise _broken_off(offer, error) from error
            time.sleep(PAUSE if quiet else 0)
        except HubFails as error:
            if error.details["status"] != NO_MORE:
                raise
            return
        else:
            if _length(sink) <= before:  # that was all: another file than the list's
                return


def _broken_off(offer: Offer, error: InputError) -> InputError:
    """Nothing came at all, or not all of it."""
    if not offer.here:
        return error
    done, size = round(offer.here / hub.MB), round(offer.size / hub.MB)
    return Interrupted(str(error), model=offer.model_id, done=done, size=size)


def _stream(offer: Offer, file: HubFile, sink: BinaryIO) -> None:
    """One connection's bytes, from where the file ends now."""
    from huggingface_hub import get_session, hf_hub_url
    from huggingface_hub.utils import build_hf_headers, hf_raise_for_status  # type: ignore[attr-defined]

    url = hf_hub_url(offer.named.name, file.name, revision=offer.commit)
    # Packed, a text would come in other bytes than those that are counted.
    headers = build_hf_headers() | {"Accept-Encoding": "identity"}
    if have := _length(sink):
        headers["Range"] = f"bytes={have}-"
    with get_session().stream("GET", url, headers=headers, timeout=hub.PATIENCE) as answer:
        hf_raise_for_status(answer)
        if answer.status_code != 206:  # all of it, whatever was asked for
            sink.truncate(0)
        for chunk in answer.iter_bytes():
            _write(sink, chunk)
            if _length(sink) > file.size:
                return


def _write(sink: BinaryIO, chunk: bytes) -> None:
    rest = memoryview(chunk)
    try:
        while rest:  # without a buffer a write may take only the beginning
            rest = rest[sink.write(rest) :]
    except OSError as error:  # before it is taken for one of the network's
        raise NotWritable(str(error)) from error


def _length(sink: BinaryIO) -> int:
    return os.fstat(sink.fileno()).st_size


def _digest(path: Path, file: HubFile) -> str:
    """sha256 where the hub names one, else git's own: of "blob <size>", a zero, and the bytes."""
    with path.open("rb") as stream:
        if len(file.digest) == 64:
            return hashlib.file_digest(stream, "sha256").hexdigest()
        found = hashlib.sha1(f"blob {file.size}\0".encode(), usedforsecurity=False)
        while chunk := stream.read(2**20):
            found.update(chunk)
        return found.hexdigest()


def _placed(offer: Offer) -> Path:
    """The snapshot, its configuration last: what has one is taken for a model."""
    snapshot = offer.root / "snapshots" / offer.commit
    snapshot.mkdir(parents=True, exist_ok=True)
    for file in sorted(offer.files, key=lambda one: one.name == CONFIG):
        pointer = snapshot / file.name
        if not pointer.is_file():
            with suppress(FileNotFoundError):  # one that leads nowhere
                pointer.unlink()
            _point(pointer, offer.blob(file))
    if offer.named.revision != offer.commit:
        ref = offer.root / "refs" / offer.named.revision
        ref.parent.mkdir(parents=True, exist_ok=True)
        ref.write_text(offer.commit, "ascii")
    return snapshot


def _point(pointer: Path, blob: Path) -> None:
    try:
        pointer.symlink_to(os.path.relpath(blob, pointer.parent))
    except OSError:  # Windows lets only some people do that
        shutil.copyfile(blob, pointer)
