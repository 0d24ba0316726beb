"""Look-ups and downloads of the hub's models, in threads of their own: one a model for everybody.

Whoever asks for a model sees how far it is, whoever began it; a download goes on when its visitor
leaves the page.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

from models.errors import InputError
from models.loading import hub, transfer
from models.loading.hub import Offer

Stage = Literal["asking", "offered", "fetching", "failed"]

FRESH = 60.0  # seconds for which the hub's answer holds: then a new visitor asks anew
_KEPT = 64  # models of which something is remembered

log = logging.getLogger("dikkat")


@dataclass(frozen=True, slots=True)
class Download:
    """How far a model is. offer: once the hub has answered; error: of what has failed."""

    stage: Stage
    offer: Offer | None = None
    error: InputError | None = None
    since: float = field(default_factory=time.monotonic)

    @property
    def busy(self) -> bool:
        """A thread is at work on it."""
        return self.stage in ("asking", "fetching")


_known: OrderedDict[str, Download] = OrderedDict()
_lock = threading.Lock()
# Each looks whether there is room before it begins: two at a time would both find it.
_turn, _asking = threading.Semaphore(1), threading.Semaphore(4)


def seen(model_id: str) -> Download | None:
    """How far a model is; None: nobody asked for it, or it is in the cache by now."""
    return _known.get(model_id)


def asked(model_id: str) -> Download:
    """As `seen`, and the hub is asked where nothing fresh is known."""
    with _lock:
        found = _known.get(model_id)
        if found is None or not (found.busy or time.monotonic() - found.since < FRESH):
            found = _started(model_id, Download("asking"), _look_up)
        return found


def begin(model_id: str) -> None:
    """Fetch what was offered; where nothing is, or it is no longer right, ask the hub again."""
    with _lock:
        found = _known.get(model_id)
        if found is None or found.offer is None:
            _started(model_id, Download("asking"), _look_up)
        elif not found.busy:
            _started(model_id, Download("fetching", found.offer), _fetch)


def _started(model_id: str, now: Download, work: Callable[[str, Download], None]) -> Download:
    _known[model_id] = now
    _known.move_to_end(model_id)
    idle = [name for name, one in _known.items() if not one.busy]
    for name in idle[: max(0, len(_known) - _KEPT)]:
        del _known[name]
    # A daemon: a download that is broken off by the app's end is resumed by the next one.
    threading.Thread(target=work, args=(model_id, now), name=model_id, daemon=True).start()
    return now


def _look_up(model_id: str, now: Download) -> None:
    try:
        with _asking:
            done = Download("offered", hub.look_up(model_id))
    except Exception as error:
        done = Download("failed", error=_refusal(model_id, error))
    with _lock:
        _known[model_id] = done


def _fetch(model_id: str, now: Download) -> None:
    assert now.offer is not None
    try:
        with _turn:
            transfer.fetch(now.offer)
    except Exception as error:
        done = replace(now, stage="failed", error=_refusal(model_id, error), since=time.monotonic())
        with _lock:
            _known[model_id] = done
    else:
        with _lock:
            _known.pop(model_id, None)


def _refusal(model_id: str, error: Exception) -> InputError:
    if isinstance(error, InputError):
        log.info("hub: %s", type(error).__name__)  # the name is a visitor's
        return error
    log.error("hub", exc_info=error)
    return InputError("see the log")
