"""A visitor's own models: what the page calls them, and which were opened in this session."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from models.catalog import CATALOG, held, is_loaded
from models.errors import InputError
from models.loading import unpacked

MOST = 4
_RECENT = "_recent"
_SNAPSHOT = re.compile(r"models--(?P<id>[^/\\]+)[/\\]snapshots[/\\][^/\\]+")
_DIGITS = 4  # of a zip's content, where two of one name are told apart


class Recent(NamedTuple):
    """A model that was opened. kept: its zip, which stays unpacked as long as it is listed."""

    id: str
    kept: unpacked.Unpacked | None


def remember(model_id: str) -> None:
    """A visitor's own model, once it is in memory: first in the list; what is too old goes."""
    if model_id in CATALOG or not is_loaded(model_id):
        return
    try:
        now = Recent(model_id, held(model_id))
    except InputError:
        return
    others = [one for one in st.session_state.get(_RECENT, ()) if one.id != model_id]
    st.session_state[_RECENT] = [now, *others][:MOST]


def recent() -> tuple[str, ...]:
    """The ids of the visitor's own models, the last opened first."""
    return tuple(one.id for one in st.session_state.get(_RECENT, ()))


def from_zip(model_id: str) -> bool:
    """It came in a zip, and is in memory."""
    return unpacked.name(model_id) is not None and is_loaded(model_id)


def named(model_id: str, among: Iterable[str] = ()) -> str:
    """A visitor's own model by its name: a folder by its own, never by where it lies.

    Those of one name are told apart by the folders that they lie in. among: others that are
    listed beside it and beside the recent ones.
    """
    zipped = unpacked.name(model_id)
    if zipped is not None:
        same = [one for one in recent() if one != model_id and unpacked.name(one) == zipped]
        digits = model_id.rpartition("-")[2][:_DIGITS]
        return f"{zipped}.zip ({digits})" if same else f"{zipped}.zip"
    if not _is_path(model_id):
        return model_id
    cached = _SNAPSHOT.search(model_id)
    if cached is not None:
        return cached["id"].replace("--", "/")
    own = _parts(model_id)
    others = {_parts(one) for one in (*recent(), *among) if _is_path(one)} - {own}
    for count in range(1, len(own)):
        if all(other[-count:] != own[-count:] for other in others):
            return "/".join(own[-count:])
    return own[-1]


def _parts(path: str) -> tuple[str, ...]:
    return Path(os.path.abspath(os.path.expanduser(path))).parts


def _is_path(model_id: str) -> bool:
    """It names a folder, whether or not there is one."""
    if "\0" in model_id:
        return False
    return (
        Path(model_id).is_absolute() or model_id.startswith((".", "~")) or os.path.isdir(model_id)
    )
