"""Checkpoint folders in the places where people keep them. Looks, and reads config.json alone."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

MOST = 50  # folders that are listed
_LOOKED = 300  # entries of a place that are looked at
_LARGEST = 2**20  # bytes of a config.json
_CACHED = re.compile(r"models--(?P<id>.+)")


@dataclass(frozen=True, slots=True)
class Nearby:
    """A folder that looks like a checkpoint. id: for `models.catalog.load`; family: its word."""

    id: str
    family: str


def nearby() -> tuple[Nearby, ...]:
    """What lies in the working directory, in its `models` and `checkpoints`, in the visitor's
    `models`, one folder deep, and in the Hugging Face cache, by its ids there."""
    here = Path.cwd()
    places = dict.fromkeys((here, here / "models", here / "checkpoints"))
    with suppress(RuntimeError):  # a user without a home
        places[Path.home() / "models"] = None
    found = (one for place in places for one in _folders(place))
    return tuple(islice((*found, *_cache()), MOST))


def _folders(place: Path) -> Iterator[Nearby]:
    for folder in _subfolders(place):
        family = _family(folder)
        if family:
            yield Nearby(str(folder), family)


def _cache() -> Iterator[Nearby]:
    from huggingface_hub.constants import HF_HUB_CACHE

    for folder in _subfolders(Path(HF_HUB_CACHE)):
        known = _CACHED.fullmatch(folder.name)
        snapshots = _subfolders(folder / "snapshots") if known else []
        family = next(filter(None, map(_family, snapshots)), "")
        if known and family:
            yield Nearby(known["id"].replace("--", "/"), family)


def _subfolders(place: Path) -> list[Path]:
    try:
        with os.scandir(place) as entries:
            found = [entry.path for entry in islice(entries, _LOOKED) if entry.is_dir()]
    except OSError:
        return []
    return sorted(map(Path, found), key=lambda path: path.name.casefold())


def _family(folder: Path) -> str:
    """What config.json says, "": it is no checkpoint with safetensors, or says nothing."""
    try:
        config = folder / "config.json"
        if not config.is_file() or config.stat().st_size > _LARGEST:
            return ""
        if next(folder.glob("*.safetensors"), None) is None:
            return ""
        said = json.loads(config.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return ""
    family = said.get("model_type") if isinstance(said, dict) else None
    return family if isinstance(family, str) else ""
