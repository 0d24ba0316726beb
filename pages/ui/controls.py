"""The row of controls that pages share: model, sentence, second sentence, layer, head."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

import streamlit as st

from models.card import Shows
from models.catalog import CATALOG, accepts_local
from models.errors import InputError
from models.trace import KINDS, AttentionBlock, AttentionTrace, Kind
from pages.ui import caches, state
from pages.ui.text import t

log = logging.getLogger("dikkat")

LONGEST_NAMED = 60  # characters of a name that a sentence repeats
_GOOD = "_good"  # the last input that could be shown: kept while the visitor corrects the next
_INPUTS = ("model", "text", "pair", "target", "cut")
_Recording = TypeVar("_Recording")


@dataclass(frozen=True, slots=True)
class Input:
    """What a recording depends on."""

    model: str
    text: str
    pair: str
    target: str
    cut: bool


def _keep(name: str) -> None:
    """Hand a parameter to its widget: from the address or another page, else its default."""
    if st.session_state.get(name) is None:
        state.put(name, state.get(name))


def _typed() -> None:
    # Whoever asked for one text's beginning did not ask for the next one's.
    state.put("cut", False)


def model_control(
    shows: Shows = "attention", changed: Callable[[], None] | None = None, *, family: str = ""
) -> None:
    """Which model of those that the page can show; on one's own machine also a folder with one.

    family: only models of this one are offered; "": of all.
    """
    _keep("model")
    cards = [card for card in CATALOG.values() if card.shows == shows]
    shown = [card.id for card in cards if family in ("", card.family)]
    options = list(dict.fromkeys([state.default("model"), *shown, state.get("model")]))
    words = {option: caches.title(option) for option in options}
    st.selectbox(
        t("controls.model"),
        options,
        key="model",
        format_func=lambda name: words.get(name, name),
        accept_new_options=accepts_local(),
        help=t("controls.model_help") if accepts_local() else None,
        on_change=changed,
        persist_state="session",
    )


def own_model() -> None:
    """For a page whose models are always the same: a link that names another is told so."""
    if state.get("model") != state.default("model"):
        state.notice("error.unknown_model", model=ending(str(state.get("model"))))
        state.put("model", None)


def sentence_control(label: str = "") -> None:
    """The visitor's sentence; label: what this page calls it."""
    _keep("text")
    st.text_input(
        label or t("controls.text"),
        key="text",
        on_change=_typed,
        persist_state="session",
        autocomplete="off",
    )


def pair_control(trace: AttentionTrace) -> None:
    """A second sentence: the other one of a pair, or what a translator is to write."""
    name = "pair" if trace.target_tokens is None else "target"
    _keep(name)
    st.text_input(
        t(f"controls.{name}"),
        key=name,
        placeholder=t(f"controls.{name}_hint"),
        on_change=_typed,
        persist_state="session",
        autocomplete="off",
    )


def hide_control(names: str) -> None:
    """Hide the tokens that the model added itself."""
    _keep("hide")
    st.toggle(
        t("controls.hide", names=names or t("controls.hide_none")),
        key="hide",
        disabled=not names,
        persist_state="session",
    )


def layer_control(trace: AttentionTrace, kind: Kind) -> None:
    """Which layer, counted from 0 as the model's own code does."""
    number("layer", len(trace.layers(kind)))


def head_control(block: AttentionBlock) -> None:
    """Which head."""
    number("head", block.heads)


def number(name: str, count: int) -> None:
    """A number from 0 to count − 1."""
    st.number_input(
        t(f"controls.{name}"),
        0,
        max(count - 1, 0),
        step=1,
        key=name,
        persist_state="session",
        disabled=count == 1,
    )


def kind_control(trace: AttentionTrace) -> None:
    """Which attention of an encoder-decoder."""
    st.segmented_control(
        t("controls.kind"),
        trace.kinds,
        key="kind",
        required=True,
        format_func=lambda kind: t(f"kind.{kind}"),
        persist_state="session",
    )


def recording(*, surroundings: bool = False) -> AttentionTrace:
    """The visitor's text through the chosen model; what cannot be shown is said, the last kept."""
    trace, shown = best(lambda wanted: _trace(wanted, surroundings))
    settle(shown, cut=len(trace.tokens) if trace.cut else None)
    return trace


def best(record: Callable[[Input], _Recording]) -> tuple[_Recording, Input]:
    """The wanted recording; else the text in the last good model; else the last good text.

    record: raises errors.InputError for what cannot be shown, which is then said.
    """
    wanted, good = wanted_input(), _last_good()
    fallbacks = (replace(wanted, model=good.model), replace(good, model=wanted.model), good)
    for attempt in dict.fromkeys((wanted, *fallbacks)):
        try:
            return record(attempt), attempt
        except InputError as error:
            if attempt == wanted:
                # A broken checkpoint's error knows its folder, not what the visitor calls it.
                details = {"model": wanted.model, **error.details}
                state.notice(f"error.{error.code}", **_shown(details))
                state.offer_cut(error)
        except Exception:
            # A visitor's own checkpoint can be broken in any way; what it broke is for the log.
            log.exception("recording with %.80r", attempt.model)
            if attempt == wanted:
                state.notice("error.input")
    return record(default_input()), default_input()


def settle(shown: Input, *, cut: int | None = None) -> None:
    """Remember what could be shown. cut: after so many tokens, when only the beginning was read."""
    wanted = wanted_input()
    linked = state.from_address()  # asked in every run: the answer is for this one alone
    if cut is not None:
        state.notice("frame.cut", count=cut)
    if shown == wanted and not linked:
        _keep_cell(wanted)
    st.session_state[_good()] = shown


def _good() -> str:
    """Where the page's last good input is kept: of another kind of model, it is none here."""
    return f"{_GOOD}-{state.default('model')}"


def _last_good() -> Input:
    good: Input = st.session_state.get(_good(), default_input())
    return good


def _shown(details: dict[str, object]) -> dict[str, object]:
    return {
        name: ending(value) if isinstance(value, str) else value for name, value in details.items()
    }


def ending(name: str) -> str:
    """A name as a sentence repeats it; of a long one the end, which tells folders apart."""
    return name if len(name) <= LONGEST_NAMED else "…" + name[1 - LONGEST_NAMED :]


def _keep_cell(wanted: Input) -> None:
    """Another text has other tokens: the cell chosen in the last one means nothing in it."""
    if st.session_state.get(_good(), wanted) != wanted:
        state.put("query", None)
        state.put("key", None)


def wanted_input() -> Input:
    """What the visitor asks for now."""
    return Input(*(state.get(name) for name in _INPUTS))


def default_input() -> Input:
    """What is shown before anybody typed anything."""
    return Input(*(state.default(name) for name in _INPUTS))


def _trace(wanted: Input, surroundings: bool) -> AttentionTrace:
    return caches.trace(
        wanted.model,
        wanted.text,
        text_pair=wanted.pair,
        target=wanted.target,
        cut=wanted.cut,
        surroundings=surroundings,
    )


def chosen_kind(trace: AttentionTrace) -> Kind:
    """The kind in the address when this model has it, else its first."""
    kind = state.get("kind")
    if kind not in trace.kinds:
        if kind is not None and kind in KINDS:
            state.notice("error.no_kind", kind=t(f"kind.{kind}"))
        kind = trace.kinds[0]
    # With one kind there is nothing to choose, and nothing to say in the address.
    state.put("kind", kind if len(trace.kinds) > 1 else None)
    return kind  # type: ignore[no-any-return]


def chosen_block(trace: AttentionTrace, kind: Kind) -> AttentionBlock:
    """The chosen layer's block; a layer or head that is not there is said and replaced."""
    layers = trace.layers(kind)
    block = layers[in_range("layer", len(layers))]
    in_range("head", block.heads)
    return block


def in_range(name: str, count: int) -> int:
    """A parameter that counts something, kept in 0..count−1; what it asked for beyond is said."""
    value = state.get(name)
    # What nobody asked for needs no explanation: a smaller model has fewer layers.
    if not 0 <= value < count and value != state.default(name):
        state.notice("error.out_of_range", name=t(f"controls.{name}"), value=value, last=count - 1)
    if not 0 <= value < count:
        value = min(state.default(name) or 0, count - 1)
    state.put(name, value)
    return int(value)
