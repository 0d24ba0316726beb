"""What is computed once and shared by all sessions: bounded, keyed by model, text and settings.

Four doors, each called once a function, at the import of the module that needs it (never in a
page.py, which every run executes anew). What raises is not kept: the next visitor asks again.
All that they keep counts in bytes together, and goes once nobody has asked for it for a while;
what comes of a visitor's own file is that session's, and goes with it.
"""

from __future__ import annotations

import gc
import logging
import queue
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar, cast

import streamlit as st

from models import record
from models.catalog import CATALOG, accepts_local, files, forget_zips, held, load, mode
from models.core.arrays import Difference, occupied
from models.core.budget import Budget as Budget
from models.core.loaded import LoadedModel
from models.heads import continuation
from models.recording import ranking
from models.recording.allocator import give_back
from models.serving.backend import asked
from models.trace import AttentionTrace
from models.translation import reference
from pages.ui.export import drawn
from pages.ui.hosting import metrics, waiting
from pages.ui.own import allowance, recent, session
from pages.ui.text import t
from viz.board.kept import sweep as forget_figures

log = logging.getLogger("dikkat")

TRACES = 24  # of 512 tokens: about 18 MiB each, 27 MiB with what surrounds the heads
# All that is kept for all sessions: 24 such. Weights of sparse attention and terms of the scores
# take 150 MiB and more of one text, since there are as many as cells of all heads.
BYTES = TRACES * 27 * 2**20
FIGURES = 256  # what is taken from a record and small

P = ParamSpec("P")
R = TypeVar("R")


class Record(Protocol):
    """What says by itself which one it is: everything that it was made from, hashable."""

    @property
    def key(self) -> tuple[object, ...]: ...  # noqa: D102


Recorded = TypeVar("Recorded", bound=Record)


def of_values(make: Callable[P, R], *, entries: int) -> Callable[P, R]:
    """The same function, whose last `entries` results all sessions share.

    Arguments: texts, numbers, flags and tuples of them, never arrays.
    ValueError: a function without a name of its own (a lambda, one inside another).
    """

    def shared(*given: P.args, **named: P.kwargs) -> tuple[R, int]:
        made = make(*given, **named)
        return made, occupied(made)

    found = _cached(shared, make, entries)

    def by_values(*given: P.args, **named: P.kwargs) -> R:
        made = found(*given, **named)
        drawn.asked(make, "", given, named, partial(found, *given, **named))
        return made

    return by_values


def of_model(
    make: Callable[Concatenate[LoadedModel, P], R],
    *,
    entries: int,
    budget: Budget | None = None,
    own: bool = False,
) -> Callable[Concatenate[str, P], R]:
    """The same function, called with the model's id; the rest as `of_values`.

    What is not kept yet is computed when its turn has come (`pages.ui.hosting.waiting`).
    budget: what its entries take counts there. own: they come of a visitor's own file, are that
    session's alone, and gone with it; arguments may be bytes.
    Raises waiting.Busy, and what `make` and models.catalog.load raise.
    """

    # A folder's files are in the key: one that was written to since is another model.
    def shared(
        model_id: str, written: object, /, *given: P.args, **named: P.kwargs
    ) -> tuple[R, int]:
        waiting.look()
        allowance.a_pass()
        loaded = load(model_id)
        with metrics.a_pass(make.__name__):
            made = asked(make, loaded, *given, **named)
        # What surrounds its heads are the model's own weights, which it holds anyway.
        return made, occupied(made, loaded.memory)

    found = _cached(shared, make, entries, budget=budget, own=own)

    def by_id(model_id: str, /, *given: P.args, **named: P.kwargs) -> R:
        kept = held(model_id)  # of a zip that is gone no number is shown
        try:
            written = files(model_id)
            made = waiting.in_turn(partial(found, model_id, written, *given, **named))
            drawn.asked(make, model_id, given, named, partial(by_id, model_id, *given, **named))
            return made
        finally:
            del kept

    return by_id


def of_record(
    make: Callable[Concatenate[Recorded, P], R], *, entries: int = FIGURES
) -> Callable[Concatenate[Recorded, P], R]:
    """The same function of a record, found by the record's own key; the rest as `of_values`."""

    def shared(
        key: tuple[object, ...], _record: Recorded, /, *given: P.args, **named: P.kwargs
    ) -> tuple[R, int]:
        made = make(_record, *given, **named)
        return made, occupied(made)

    found = _cached(shared, make, entries, beside=1)

    def by_key(one: Recorded, /, *given: P.args, **named: P.kwargs) -> R:
        written = files(getattr(one, "model_id", ""))
        return found((one.key, written), one, *given, **named)

    return by_key


def in_background(
    make: Callable[Concatenate[LoadedModel, P], R], *, entries: int
) -> Callable[Concatenate[str, P], R | None]:
    """The same function once a model, by whatever is asked first, in the server's own thread.

    None while nothing is known: not yet, or because it failed, which is logged. It keeps no run
    waiting, and `work` has to be running somewhere.
    """
    known: OrderedDict[object, R | None] = OrderedDict()
    lock = threading.Lock()

    def by_id(model_id: str, /, *given: P.args, **named: P.kwargs) -> R | None:
        key = model_id, files(model_id)

        def do() -> None:
            made = make(load(model_id), *given, **named)
            with lock:
                known[key] = made

        with lock:
            if key not in known and not _waiting.full():
                known[key] = None
                _waiting.put_nowait(do)
            while len(known) > entries:
                known.popitem(last=False)
            return known.get(key)

    return by_id


_waiting: queue.Queue[Callable[[], None]] = queue.Queue(maxsize=32)
QUIET = 3.0  # seconds: whoever asked for it is being drawn a page just now
# Seconds that anything is kept since it was last asked for; where others share the machine all goes
# once nobody has asked for anything in so many: a class that goes on comes back to what it saw.
UNASKED, IDLE = 1800.0, 90.0


def work(pause: float = QUIET) -> None:
    """What was asked for in the background, one after another and for ever: a daemon thread's."""
    while True:
        do = _waiting.get()
        time.sleep(pause)
        try:
            do()
        except Exception:
            log.exception("in the background")
        finally:
            _waiting.task_done()
        del do


def sweep(ended: bool = False) -> None:
    """No text stays in any cache once nobody has asked for it for so many seconds.

    ended: sessions have gone since the last time.
    """
    left, before = mode() != "local" and recordings.idle > IDLE, recordings.bytes
    unasked = IDLE if left else UNASKED
    recordings.sweep(unasked)
    forget_figures(unasked)
    reference.sweep(UNASKED)  # all sentences at once, since none of its own is told apart
    forget_zips()
    if not ended and recordings.bytes >= before:
        return
    if left:
        gc.collect()  # sessions lie in circles, and where nobody asks Python's own turn never comes
    give_back()


def settled() -> None:
    """Wait until everything that was asked for is done, as tests do."""
    _waiting.join()


def _cached(
    shared: Callable[P, tuple[R, int]],
    make: Callable[..., Any],
    entries: int,
    *,
    budget: Budget | None = None,
    own: bool = False,
    beside: int | None = None,
) -> Callable[P, R]:
    """What `shared` makes, with its bytes, kept. beside: place of an argument that is no key's."""
    if "<" in make.__qualname__:
        raise ValueError(f"{make.__qualname__} has no name of its own to be cached by")
    # Streamlit tells caches apart by their functions' names: this one bears the maker's.
    shared.__module__, shared.__qualname__ = make.__module__, make.__qualname__
    kept = waiting.computing(shared)
    counted = recordings if budget is None else budget
    resource: Any = st.cache_resource(
        max_entries=entries, show_spinner=False, on_release=counted.gone
    )(kept)

    def found(*given: P.args, **named: P.kwargs) -> R:
        if own and (mine := session.store(kept, entries, counted.gone)) is not None:
            entry, forget = mine(*given, **named)
        else:
            entry = resource(*given, **named)
            # A record that something was taken from is not kept by it.
            key = [None if place == beside else each for place, each in enumerate(given)]
            forget = partial(resource.clear, *key, **named)
        counted.note(id(entry), entry[1], forget)
        return cast(R, entry[0])

    return found


recordings = Budget(BYTES)
metrics.measured("recordings_bytes", "What recordings take in memory", lambda: recordings.bytes)
trace: Callable[..., AttentionTrace] = of_model(record.record, entries=TRACES, budget=recordings)
between = of_model(record.record_between, entries=TRACES, budget=recordings)
continued = of_model(continuation.record_continued, entries=TRACES, budget=recordings)


def beside(trace_: AttentionTrace, model_id: str, text: str, *, cut: bool) -> AttentionTrace:
    """Another text through the same model, in its languages, or the same through another model."""
    more = {"text_pair": trace_.text_pair, "target": trace_.target, "cut": cut}
    if trace_.languages is not None and model_id == trace_.model_id:
        return between(model_id, trace_.languages, text, **more)
    return trace(model_id, text, **more)


names = of_model(ranking.vocabulary, entries=8)


def _difference(one: Any) -> Difference:
    return cast(Difference, one.difference())


difference: Callable[[Any], Difference] = of_record(_difference)


def title(model_id: str) -> str:
    """A model's name as people know it; of our own models in the visitor's language."""
    if model_id not in CATALOG:
        # Where folders are opened, a name is asked of the disk; elsewhere it would tell of it.
        return recent.named(model_id) if accepts_local() else model_id
    card = CATALOG[model_id]
    return t(f"model.{model_id}") if card.source == "shipped" else card.title
