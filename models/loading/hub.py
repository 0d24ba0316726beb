"""A model of the Hugging Face hub: its id, its folder in the cache, what a download would take.

Nothing here downloads: `folder` asks no network at all, `look_up` only for the list of files;
models.loading.transfer fetches them. Imports huggingface_hub only where it is asked.
"""

from __future__ import annotations

import json
import logging
import math
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from models.errors import InputError, NoConfiguration, NoWeights, UnknownModel
from models.loading.hub_errors import (
    DownloadOff,
    HubFails,
    HubUnreachable,
    NoAccess,
    NoHubId,
    NoHubModel,
    NoMemory,
    NoRevision,
    NoRoom,
    NotDownloaded,
    TooLarge,
)

MB = 10**6
LARGEST = 4_000 * MB  # bytes of one model: a billion numbers in float32
LARGEST_TEXT = 64 * MB  # bytes of one file beside the weights: it is read into memory as a whole
PATIENCE = 5.0  # seconds without a word from the hub: a lecture hall without network must not hang
CONFIG = "config.json"
_SINGLE, INDEX = "model.safetensors", "model.safetensors.index.json"
_SHARD = re.compile(r"model-\d+-of-\d+\.safetensors")
# What stands beside the weights and is read when a folder is opened, of any family.
SETTINGS = re.compile(
    r"(config|generation_config|(pre)?processor_config|adapter_config|special_tokens_map)\.json"
    r"|(added_tokens|tokenizer|tokenizer_config)\.json|([\w-]+_)?vocab(-\w+)?\.(json|txt|bpe)"
    r"|merges\.txt|bpe\.codes|[\w.-]+\.(spm|model)",
    re.ASCII,
)
_NAME = r"[A-Za-z0-9](?:[\w.-]{0,94}\w)?"
_PART = r"\w[\w.-]{0,95}"
_ID = re.compile(rf"({_NAME}(?:/{_NAME})?)(?:@({_PART}(?:/{_PART}){{0,3}}))?", re.ASCII)
_MAIN = "main"
_COMMIT = re.compile(r"[0-9a-f]{40}")
_DIGEST = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_LISTED = 5  # names of files that a sentence repeats

log = logging.getLogger("dikkat")


class Named(NamedTuple):
    """What an id says: owner/name, and a branch, tag or commit."""

    name: str
    revision: str


def named(model_id: str) -> Named:
    """The parts of owner/name or owner/name@revision; without one it is main's. NoHubId."""
    found = _ID.fullmatch(model_id)
    if found is None or "--" in found[1] or ".." in model_id:
        raise NoHubId(f"no id of the hub: {model_id!r}", model=model_id)
    return Named(found[1], found[2] or _MAIN)


def folder(model_id: str, *, online: bool) -> Path:
    """The model's folder in the hub's cache; asks no network.

    online: whether the app may, so that what is not whole could be downloaded. Raises NoHubId,
    NotDownloaded (online), DownloadOff, UnknownModel (offline).
    """
    try:
        found = _cached(*named(model_id))
    except NoHubId as error:
        if online:
            raise
        raise UnknownModel(str(error), model=model_id) from error
    if found is not None and (_is_whole(found) or not online):
        return found
    if online:
        raise NotDownloaded(f"{model_id} is not in the cache", model=model_id)
    # A name without an owner is a slip more often than a model.
    kind = DownloadOff if "/" in model_id else UnknownModel
    raise kind(f"no model {model_id!r}", model=model_id)


def _cached(name: str, revision: str) -> Path | None:
    from huggingface_hub import try_to_load_from_cache

    found = try_to_load_from_cache(name, CONFIG, revision=revision)
    return Path(found).parent if isinstance(found, str) else None


def _is_whole(found: Path) -> bool:
    """All weights are there: another program may have left the configuration alone."""
    if (found / _SINGLE).is_file():
        return True
    try:
        return all((found / name).is_file() for name in shards_of(found / INDEX))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def shards_of(index: Path) -> set[str]:
    """The files that an index names. Raises OSError, ValueError, KeyError, TypeError."""
    if (size := index.stat().st_size) > LARGEST_TEXT:
        raise ValueError(f"an index of {size} bytes")
    return set(json.loads(index.read_text("utf-8"))["weight_map"].values())


@dataclass(frozen=True, slots=True)
class HubFile:
    """A file of the hub. size: bytes; digest: its sha256, else git's own sha1, in hexadecimal."""

    name: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Offer:
    """What a download of a model takes. commit: which state of it; files: all that is fetched.

    memory: bytes of its numbers in float32, as far as the hub says how many there are.
    """

    model_id: str
    named: Named
    commit: str
    files: tuple[HubFile, ...]
    memory: int

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)

    @property
    def here(self) -> int:
        """Bytes of them that lie here already, whoever fetched them."""
        places = ((file, (self.blob(file), self.part(file))) for file in self.files)
        return sum(min(file.size, max(map(_length, both))) for file, both in places)

    @property
    def root(self) -> Path:
        """The model's folder in the hub's cache."""
        from huggingface_hub.constants import HF_HUB_CACHE
        from huggingface_hub.file_download import repo_folder_name

        return Path(HF_HUB_CACHE) / repo_folder_name(repo_id=self.named.name, repo_type="model")

    def blob(self, file: HubFile) -> Path:
        """Where a file lies in the cache, once it is whole."""
        return self.root / "blobs" / file.digest

    def part(self, file: HubFile) -> Path:
        """Where it lies before that."""
        return self.root / "blobs" / f"{file.digest}.incomplete"


def look_up(model_id: str) -> Offer:
    """Ask the hub what a download of this model would take; nothing is downloaded.

    Raises NoHubId, NoHubModel, NoRevision, NoAccess, HubUnreachable, HubFails, NoWeights,
    NoConfiguration, TooLarge, NoMemory, NoRoom.
    """
    wanted = named(model_id)
    with in_our_words(model_id):
        from huggingface_hub import HfApi, get_hf_file_metadata, hf_hub_url

        info = HfApi().model_info(
            wanted.name, revision=wanted.revision, files_metadata=True, timeout=PATIENCE
        )
        offer = _offer(model_id, wanted, info)
        if info.gated:  # its list is for everybody, its files are not
            get_hf_file_metadata(
                hf_hub_url(wanted.name, CONFIG, revision=offer.commit), timeout=PATIENCE
            )
    check_room(offer)
    return offer


def _offer(model_id: str, wanted: Named, info: Any) -> Offer:
    """The hub's own list, trusted in nothing that becomes a path. ValueError: it is no list."""
    entries = {entry.rfilename: entry for entry in info.siblings or ()}
    weights = [_SINGLE] if _SINGLE in entries else sorted(filter(_SHARD.fullmatch, entries))
    if weights and weights != [_SINGLE]:
        weights = [*weights, INDEX] if INDEX in entries else []
    by_size = sorted(entries, key=lambda name: -(entries[name].size or 0))  # weights first
    shown = ", ".join(by_size[:_LISTED]) + (" …" if len(entries) > _LISTED else "") or "–"
    if not weights:
        raise NoWeights(f"{model_id} has no safetensors", files=shown)
    if CONFIG not in entries:
        raise NoConfiguration(f"{model_id} has no {CONFIG}", files=shown)
    names = [*filter(SETTINGS.fullmatch, entries), *weights]
    files = tuple(_file(entries[name]) for name in names)
    text = needed(max(file.size for file in files if not file.name.endswith(".safetensors")))
    if text > (limit := LARGEST_TEXT // MB):
        raise TooLarge(f"{model_id}: {text} MB of text", model=model_id, size=text, limit=limit)
    if not _COMMIT.fullmatch(str(info.sha)):
        raise ValueError(f"no commit: {info.sha!r}")
    numbers = getattr(info.safetensors, "total", None) or 0
    stored = sum(file.size for file in files if file.name in weights)
    return Offer(model_id, wanted, info.sha, files, max(4 * numbers, stored))


def _file(entry: Any) -> HubFile:
    size, digest = entry.size, entry.blob_id
    if entry.lfs is not None:
        size, digest = entry.lfs.size, entry.lfs.sha256
    if type(size) is not int or size < 0 or not _DIGEST.fullmatch(str(digest)):
        raise ValueError(f"{entry.rfilename}: {size} bytes, {digest!r}")
    return HubFile(entry.rfilename, size, digest)


def check_room(offer: Offer) -> None:
    """Raises TooLarge, NoMemory, NoRoom: before a byte is fetched."""
    model, size = offer.model_id, needed(offer.size)
    if offer.size > LARGEST:
        raise TooLarge(f"{model}: {size} MB", model=model, size=size, limit=LARGEST // MB)
    free = free_memory()
    if free is not None and (size := needed(offer.memory)) > (left := free // MB):
        raise NoMemory(f"{model}: {size} of {left} MB", model=model, size=size, free=left)
    check_disk(offer)


def check_disk(offer: Offer) -> None:
    """NoRoom: what is still missing does not fit where it would lie."""
    missing, free = offer.size - offer.here, free_disk(offer.root)
    if missing > free:
        size, left, model = needed(missing), free // MB, offer.model_id
        raise NoRoom(f"{model}: {size} of {left} MB", model=model, size=size, free=left)


def needed(count: int) -> int:
    """Bytes as whole MB, rounded up."""
    return math.ceil(count / MB)


def free_disk(place: Path) -> int:
    """Free bytes where a folder lies or will lie."""
    there = next(path for path in (place, *place.parents) if path.is_dir())
    return shutil.disk_usage(there).free


def free_memory() -> int | None:
    """Bytes that a program can still take, as Linux counts them; None: not known here."""
    try:
        counted = Path("/proc/meminfo").read_text("ascii")
    except OSError:
        return None
    found = re.search(r"^MemAvailable:\s+(\d+) kB", counted, re.MULTILINE)
    return None if found is None else int(found[1]) * 1024


@contextmanager
def in_our_words(model_id: str) -> Iterator[None]:
    """What the library raises, as what a page can say; its own words go into the log."""
    try:
        yield
    except InputError:
        raise
    except Exception as error:  # the library's errors are many, those of its network layer too
        log.info("hub: %s", type(error).__name__)  # its words repeat what was typed
        raise _refusal(model_id, error) from error


def _refusal(model_id: str, error: Exception) -> InputError:
    from huggingface_hub import errors

    said, model = str(error), {"model": model_id}
    if isinstance(error, errors.GatedRepoError):
        return NoAccess(said, **model)
    if isinstance(error, errors.RevisionNotFoundError):
        return NoRevision(said, model=named(model_id).name, revision=named(model_id).revision)
    if isinstance(error, errors.RepositoryNotFoundError):
        return NoHubModel(said, **model)
    if isinstance(error, errors.HFValidationError):
        return NoHubId(said, **model)
    if isinstance(error, errors.HfHubHTTPError):
        status = error.response.status_code
        return NoAccess(said, **model) if status in (401, 403) else HubFails(said, status=status)
    return HubUnreachable(said)


def _length(path: Path) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return 0
