"""Results of a visitor's own files: kept in the session, and gone with it."""

from __future__ import annotations

import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

_OWN = "_own_results"
Entry = tuple[Any, int]  # what was made, its bytes


class _Results:
    """Of one function in one session, the last asked for behind the others."""

    def __init__(self, gone: Callable[[object], None]) -> None:
        self.kept: OrderedDict[object, Entry] = OrderedDict()
        self.gone, self.lock = gone, threading.Lock()
        weakref.finalize(self, _all_gone, self.kept, gone).atexit = False

    def forget(self, key: object) -> None:
        with self.lock:
            entry = self.kept.pop(key, None)
        if entry is not None:
            self.gone(entry)


def _all_gone(kept: OrderedDict[object, Entry], gone: Callable[[object], None]) -> None:
    while kept:
        gone(kept.popitem()[1])


def _forget(results: weakref.ref[_Results], key: object) -> None:
    found = results()
    if found is not None:
        found.forget(key)


def store(
    make: Callable[..., Entry], most: int, gone: Callable[[object], None]
) -> Callable[..., tuple[Entry, Callable[[], None]]] | None:
    """`make`, whose last `most` results this session keeps: the entry, and what lets it go.

    None: outside of a visit. gone: is told of every entry that is let go, the session's end
    included.
    """
    if get_script_run_ctx(suppress_warning=True) is None:
        return None
    name = f"{make.__module__}.{make.__qualname__}"
    results: _Results = st.session_state.setdefault(_OWN, {}).setdefault(name, _Results(gone))

    def kept(*given: Any, **named: Any) -> tuple[Entry, Callable[[], None]]:
        key = tuple(map(_part, (*given, *sorted(named.items()))))
        entry = results.kept.get(key)
        if entry is None:
            entry = make(*given, **named)
        results.kept[key] = entry
        results.kept.move_to_end(key)
        while len(results.kept) > most:
            results.forget(next(iter(results.kept)))
        # Whoever counts the entry keeps neither it nor the session.
        return entry, partial(_forget, weakref.ref(results), key)

    return kept


def _part(given: Any) -> Any:
    """Of a key: a file's bytes by their digest."""
    return sha256(given).digest() if isinstance(given, bytes) else given
