"""What a recording is made from: model and texts, their fields, and what to show if they cannot."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

import streamlit as st

from models.card import Shows
from models.catalog import CATALOG, load
from models.errors import InputError, UnknownModel, WeightsOnly
from models.recording.continuation import MOST, continues, continues_by_card
from models.trace import AttentionTrace
from pages.ui import caches, controls, state
from pages.ui.hosting import waiting
from pages.ui.model import chooser, languages
from pages.ui.own import fetching
from pages.ui.text import t

log = logging.getLogger("dikkat")

LONGEST_NAMED = 60  # characters of a name that a sentence repeats
_GOOD = "_good"  # the last input that could be shown: kept while the visitor corrects the next
_INPUTS = ("model", "text", "pair", "target", "cut", "written")
_Recording = TypeVar("_Recording")
_Wanted = TypeVar("_Wanted")


@dataclass(frozen=True, slots=True)
class Input:
    """What a recording depends on."""

    model: str
    text: str
    pair: str
    target: str
    cut: bool
    written: int = 0


def wanted() -> Input:
    """What the visitor asks for now."""
    return Input(*(state.get(name) for name in _INPUTS))


def default() -> Input:
    """What is shown before anybody typed anything."""
    return Input(*(state.default(name) for name in _INPUTS))


def model(
    shows: Shows = "attention", changed: Callable[[], None] | None = None, *, family: str = ""
) -> None:
    """Which model of those that the page can show; on one's own machine also one's own.

    family: only models of this one are offered; "": of all.
    """
    chooser.field(shows, family, changed)


def own_model() -> None:
    """For a page whose models are always the same: a link that names another is told so."""
    if state.get("model") != state.default("model"):
        asked = ending(caches.title(str(state.get("model"))))
        state.put("model", None)
        kept = t("kept.model", model=caches.title(state.default("model")))
        state.notice("error.unknown_model", model=asked, kept=kept)


def sentence(key: str = "controls.text") -> None:
    """The visitor's sentence; key: what this page calls it."""
    text("text", key)


def text(name: str, key: str, hint: str = "", **more: object) -> None:
    """A field for one of the texts. hint: what stands in it while it is empty."""
    # Whoever asked for one text's beginning did not ask for the next one's.
    look = {"on_change": partial(state.put, "cut", False), **more}
    controls.text(name, t(key), placeholder=t(hint) if hint else None, **look)


def second(trace: AttentionTrace) -> None:
    """What belongs to the text: the other one of a pair, a translation, what the model writes."""
    if _continues(trace.model_id):
        help = t("controls.written_help", most=MOST)
        controls.number("written", MOST, help=help)
        return
    name = "pair" if trace.target_tokens is None else "target"
    text(name, f"controls.{name}", f"controls.{name}_hint")


def _cut(found: object) -> int | None:
    """After how many tokens a text was cut, where only its beginning was read."""
    if not getattr(found, "cut", False):
        return None
    continued = getattr(found, "continued", None)
    return len(getattr(found, "tokens", ())) if continued is None else continued.start


def recorded(
    record: Callable[[Input], _Recording], cut: Callable[[_Recording], int | None] = _cut
) -> tuple[_Recording, Input]:
    """As `settled`, while the page says that it is at work."""
    with st.spinner(t("frame.wait")):
        return settled(record, cut)


def settled(
    record: Callable[[Input], _Recording], cut: Callable[[_Recording], int | None] = _cut
) -> tuple[_Recording, Input]:
    """The wanted recording; else the text in the last good model; else the last good text.

    record: raises errors.InputError for what cannot be shown, which is then said. cut: after how
    many tokens a recording was cut; None: it was not.
    """
    now, good = wanted(), st.session_state.get(_good(), default())
    fallbacks = (replace(now, model=good.model), replace(good, model=now.model), good)

    def offering(one: Input) -> _Recording:
        try:
            return record(one)
        except InputError as error:
            if one == now:
                state.offer_cut(error)
            raise

    attempts = (now, *fallbacks, default())
    found, shown = first_shown(offering, attempts, now.model, partial(_kept, now))
    linked = state.from_address()  # asked in every run: the answer is for this one alone
    if (count := cut(found)) is not None:
        state.notice("frame.cut", count=count)
    kept = st.session_state.get(_good(), shown)
    if shown == wanted() and not linked and kept != shown:
        # Another text has other tokens: the cell chosen in the last one means nothing in it.
        state.put_all(query=None, key=None, summed=None)
    st.session_state[_good()] = shown
    return found, shown


def recording(
    *,
    surroundings: bool = False,
    writes: bool = False,
    whole: bool = False,
    pooled: bool = False,
    refused: Exception | None = None,
) -> AttentionTrace:
    """The visitor's text through the chosen model.

    writes: with what the model writes behind it, where that is asked for. whole: only a model
    with q, k and v in some kind of its attention. pooled: the page shows layers of pooled tokens,
    too; else it is said which are left out. refused: why the chosen one does not open, where that
    was tried before.
    """
    chosen = wanted().model

    def trace(one: Input) -> AttentionTrace:
        if refused is not None and one.model == chosen:
            raise refused
        more: dict[str, Any] = {"cut": one.cut, "surroundings": surroundings}
        if writes and one.written and not one.pair and _continues(one.model):
            return caches.continued(one.model, one.text, one.written, **more)
        more |= {"text_pair": one.pair, "target": one.target}
        if spoken := languages.asked(one.model):
            found = caches.between(one.model, spoken, one.text, **more)
        else:
            found = caches.trace(one.model, one.text, **more)
        if whole and not found.whole_kinds:
            raise WeightsOnly(f"{one.model} has sparse attention", model=one.model)
        return found

    found = recorded(trace)[0]
    if writes:
        _written(found)
    languages.told(found)
    if found.every and not pooled:
        own = found.numbers("encoder")
        first = next(layer for layer in found.every if layer not in own)
        state.notice("frame.pooled", first=first, layers=", ".join(map(str, own)))
    return found


def _continues(model_id: str) -> bool:
    """Whether it can be asked to write on; a model of the catalogue need not be loaded for it."""
    card = CATALOG.get(model_id)
    return continues(load(model_id)) if card is None else continues_by_card(card)


def _written(found: AttentionTrace) -> None:
    """Say why the model wrote less than it was asked for, unless that is its text's own end."""
    asked, continued = int(state.get("written")), found.continued
    if asked and continued is None:
        state.put("written", None)
        state.notice("error.no_writing", model=ending(caches.title(found.model_id)))
    elif continued is not None and continued.count < asked and not continued.ended:
        limit = load(found.model_id).limit
        state.notice("frame.written_room", count=continued.count, limit=limit)


def _kept(now: Input, shown: Input) -> str:
    """The sentence of what is shown instead of what was wanted."""
    if shown.model and replace(shown, model=now.model, cut=now.cut) == now:
        return t("kept.model", model=caches.title(shown.model))
    return earlier(_good())


def earlier(place: str) -> str:
    """What stands there while an input cannot be shown: on a first visit an example.

    place: in the session, of the last good input.
    """
    return t("kept.last" if place in st.session_state else "kept.example")


def first_shown(
    record: Callable[[_Wanted], _Recording],
    attempts: Sequence[_Wanted],
    model_id: str,
    kept: Callable[[_Wanted], str],
) -> tuple[_Recording, _Wanted]:
    """The first that can be shown; of the very first it is said why it cannot.

    attempts: the last of them is the page's own, which can. model_id: the wanted model. kept:
    what is said of the attempt that is shown instead.
    """
    failed: InputError | None = None
    for attempt in dict.fromkeys(attempts):
        try:
            found = record(attempt)
        except InputError as error:
            failed = failed or error
        except Exception:
            # A visitor's own checkpoint can be broken in any way; what it broke is for the log.
            log.exception(
                "recording with %s", model_id if model_id in CATALOG else "a model of their own"
            )
            failed = failed or InputError("see the log")
        else:
            break
    else:
        raise failed or ValueError("nothing was wanted")
    if failed is not None:
        explain(failed, model_id, kept(attempt))
    return found, attempt


def explain(error: InputError, model_id: str, kept: str) -> None:
    """Say at the top of the page why an input cannot be shown. kept: what is shown instead."""
    if isinstance(error, waiting.Busy):
        return  # said already, where the picture will come
    fetching.offer(error, model_id)
    # A broken checkpoint's error knows its folder, not what the visitor calls it. Where there is
    # nothing at all, what was typed says where it was looked for.
    details = {"model": model_id, **error.details}
    if type(error) is not UnknownModel:
        details["model"] = caches.title(str(details["model"]))
    shown = {n: ending(value) if isinstance(value, str) else value for n, value in details.items()}
    state.notice(f"error.{error.code}", **shown, kept=kept)


def ending(name: str) -> str:
    """A name as a sentence repeats it; of a long one the end, which tells folders apart."""
    return name if len(name) <= LONGEST_NAMED else "…" + name[1 - LONGEST_NAMED :]


def _good() -> str:
    """Where the page's last good input is kept: of another kind of model, it is none here."""
    return f"{_GOOD}-{state.default('model')}"
