"""All state that matters, in the address: whoever opens the link sees the same thing.

The widgets' keys are the parameters' names, so `st.session_state[name]` is the one truth.
A run adopts what the address newly says, and publishes what has become of it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import streamlit as st

from models.errors import TextTooLong, TooManyCharacters
from pages.ui import links, shelves
from pages.ui.parameters import Parameter, written
from pages.ui.shared import EVERYWHERE, names
from pages.ui.shared import SHARED as SHARED
from pages.ui.shared import parameters as parameters
from pages.ui.shared import settable as settable
from pages.ui.short import visit as short
from pages.ui.topic import topic, topics
from pages.ui.unread import LEFT_OUT, SHORT, VERSION, unread

log = logging.getLogger("dikkat")

_WRITTEN, _PAGE, _NOTICES = "_address", "_page", "_notices"
_CUTTABLE, _ADOPTED, _KEPT, _CAME = "_cuttable", "_adopted", "_kept", "_came"
_SAID, _OFFERED = "_said", "_offered"  # the notices that are on screen, and the offer to cut
_SILENT = "_silent"  # what held when the link was written, where it says nothing
_LANGUAGE, _TALK = "lang", "talk"
# The parameters of the page that is being drawn.
_runs: ContextVar[dict[str, Parameter] | None] = ContextVar("_runs", default=None)


@contextmanager
def running() -> Iterator[None]:
    """One page is drawn, in one language, by all that is inside: they are asked for once."""
    token = _runs.set(_here())
    try:
        yield
    finally:
        _runs.reset(token)


def _here() -> dict[str, Parameter]:
    """The parameters of the page that runs, as they hold in the visitor's language."""
    if (known := _runs.get()) is not None:
        return known
    page = st.session_state.get(_PAGE)
    language = st.session_state.get(_LANGUAGE) or ""
    return {p.name: p for p in SHARED} if page is None else parameters(page, language)


def page() -> str:
    """The page that runs."""
    return str(st.session_state[_PAGE])


def default(name: str) -> Any:
    """What holds on the page that runs when nobody said anything. KeyError: not its parameter."""
    return _here()[name].default


def unasked(name: str) -> Any:
    """What holds where nobody said anything: by the link's version, else today. KeyError: as above.

    A link that is silent asked for no value, even where another one holds today.
    """
    return st.session_state.get(_SILENT, {}).get(name, default(name))


def usual(*names: str) -> bool:
    """Nobody chose anything else for these parameters."""
    return all(get(name) == default(name) for name in names)


def get(name: str) -> Any:
    """A parameter's value in this session, or its default."""
    value = st.session_state.get(name)
    return default(name) if value is None else value


def put(name: str, value: Any) -> None:
    """Change a parameter (before its widget is drawn in this run, or in a callback)."""
    st.session_state[name] = value


def put_all(**values: Any) -> None:
    """As `put`, several of them."""
    for name, value in values.items():
        put(name, value)


def stage(values: Mapping[str, Any]) -> None:
    """Put the page into a state, as its link would for a fresh visitor (in a callback).

    Whatever `values` leaves out has its default. The language stays.
    """
    for name in settable(st.session_state[_PAGE]):
        put(name, values.get(name))
    # What pages keep of the state before, to tell what has changed in it.
    before = tuple(f"_{one.slug}_" for one in topics())
    for key in [key for key in st.session_state if str(key).startswith(before)]:
        del st.session_state[key]
    st.session_state[_ADOPTED] = True


def notice(key: str, **values: object) -> None:
    """Say something at the top of the page in this run: a catalogue key and its figures."""
    st.session_state.setdefault(_NOTICES, []).append((key, values))


def take_notices() -> list[tuple[str, dict[str, object]]]:
    """The notices of this run, oldest first; taking them clears them."""
    found = st.session_state[_SAID] = list(st.session_state.pop(_NOTICES, []))
    return list(found)


def say_again() -> None:
    """Nothing but the screen has changed: what the last run had to say holds in this one, too."""
    st.session_state[_NOTICES] = list(st.session_state.get(_SAID, []))
    st.session_state[_CUTTABLE] = st.session_state.get(_OFFERED, False)


def from_address() -> bool:
    """Whether this run's state came from the address (asking clears the answer)."""
    return bool(st.session_state.pop(_ADOPTED, False))


def offer_cut(error: Exception) -> None:
    """Remember that this text could be shown if only its beginning were read."""
    st.session_state[_CUTTABLE] = isinstance(error, TextTooLong | TooManyCharacters)


def take_offer() -> bool:
    """Whether to offer, in this run, to read only the text's beginning."""
    found = st.session_state[_OFFERED] = bool(st.session_state.pop(_CUTTABLE, False))
    return found


def adopt() -> None:
    """Read what holds on every page out of the address, when we did not write that ourselves.

    The menu speaks the language before anybody knows which page runs; `enter` reads the rest.
    """
    address = st.query_params.to_dict()
    if address == st.session_state.get(_WRITTEN):
        return
    st.session_state[_ADOPTED] = True
    for one in SHARED:
        if one.name in EVERYWHERE and one.name in address:
            _adopt_one(one, address[one.name])


def _adopt_one(parameter: Parameter, raw: str) -> None:
    try:
        put(parameter.name, parameter.parse(raw))
    except ValueError:
        log.info("address: %s", parameter.name)  # its value is the visitor's
        notice("error.address", name=parameter.name)


def enter(page: str) -> None:
    """Note which page runs, bring back what was chosen and typed there before, read the address.

    Going back to an address without parameters means the defaults.
    """
    before, found = st.session_state.get(_PAGE), st.query_params.to_dict()
    written_here = st.session_state.get(_WRITTEN)
    _forget_old_names()
    st.session_state[_PAGE] = page
    whole, trouble = short.whole(page, found) if found != written_here else (found, "")
    if trouble:
        notice(trouble)
    linked, silent = _read(page, whole)
    if before == page and written_here not in (None, found):
        # The menu's own entry in the history is bare: there the state came along.
        _restore({} if found else st.session_state.get(_CAME, {}), linked)
    if before not in (None, page):
        shelves.leave(topic(before), parameters(before), st.session_state.get(_KEPT, {}))
        # A stop of a lecture says all of its page's state.
        st.session_state[_CAME] = (
            {} if _TALK in found else shelves.brought(topic(page), parameters(page))
        )
        _restore(st.session_state[_CAME], linked)
    if found != written_here:
        _take(linked, silent)
        for key, values in unread(page, _in_the_bar(), parameters(page)):
            notice(key, **values)


def _forget_old_names() -> None:
    """Put what was there before in place of a name that a menu's option no longer has."""
    for name, parameter in _here().items():
        value = st.session_state.get(name)
        if isinstance(value, str) and not parameter.typed and not parameter.has(value):
            put(name, st.session_state.get(_KEPT, {}).get(name))


def _read(page: str, found: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """What an address says of the page, and what held there, when it was written, besides.

    An address that says nothing of the page is a fresh visit: only today's defaults hold.
    """
    reading = links.reading(found.get(VERSION)) or links.READINGS[links.VERSION]
    known = settable(page).keys()
    linked = {n: raw for n, raw in reading.today(page, found).items() if n in known}
    if not linked:
        return {}, {}
    silent = {n: raw for n, raw in reading.silent(page).items() if n in known - linked.keys()}
    return linked, silent


def _take(linked: dict[str, str], silent: dict[str, str]) -> None:
    """Hand over what the address says, and what it left to the defaults of its time."""
    here, kept = _here(), {}
    for name, raw in linked.items():
        _adopt_one(here[name], raw)
    for name, raw in silent.items():
        unsaid = st.session_state.get(name) is None
        if unsaid and raw != written(here[name].default):
            _adopt_one(here[name], raw)
            kept[name] = st.session_state.get(name)
    st.session_state[_SILENT] = kept


def _restore(values: dict[str, Any], linked: dict[str, str]) -> None:
    """Hand over values; every other parameter that the address leaves out has its default."""
    for name in names() - linked.keys() - {*EVERYWHERE}:
        st.session_state.pop(name, None)
        # Streamlit forgets widgets of a page left behind, unless a visitor typed into them.
        if name in values:
            put(name, values[name])


def address() -> dict[str, str]:
    """What the address should say now: nothing but what holds everywhere where nothing was changed.

    Else version and model, and all that a link's silence would not say in every language.
    """
    return _address(_given(_here()))


def _address(given: dict[str, Any]) -> dict[str, str]:
    page = st.session_state.get(_PAGE)
    here = _here()
    values = {name: parameter.default for name, parameter in here.items()} | given
    touched = _differing(values, here)
    along = {n: touched.pop(n) for n in EVERYWHERE if n in touched}
    if not touched:
        return along
    named = {VERSION: str(links.VERSION)}
    if page is not None and topic(page).model:
        named["model"] = written(values["model"])
    return along | named | _differing(values, here if page is None else parameters(page))


def _given(names: Iterable[str]) -> dict[str, Any]:
    """What the session has for these parameters, each looked up once: that takes a lock."""
    found = {name: st.session_state.get(name) for name in names}
    return {name: value for name, value in found.items() if value is not None}


def _differing(values: Mapping[str, Any], usual: Mapping[str, Parameter]) -> dict[str, str]:
    """Everything that differs from these defaults on the page that runs."""
    return {n: written(values[n]) for n, p in usual.items() if values[n] not in (None, p.default)}


def too_long_for_a_link() -> bool:
    """The text would make an address that breaks in chat programs, and no short link holds it."""
    fitted = _fitted(address())
    return LEFT_OUT in fitted and SHORT not in fitted


def _fitted(said: Mapping[str, str]) -> dict[str, str]:
    """An address, as far as the address bar holds it."""
    return short.fitted(said, [p.name for p in _here().values() if p.typed])


def publish() -> dict[str, str]:
    """Write the state into the address, → it; a text too long for the bar stays out, as is said."""
    given = st.session_state[_KEPT] = _given(_here())
    wanted = _fitted(said := _address(given))
    if {n: [value] for n, value in wanted.items()} != _in_the_bar():
        st.query_params.from_dict(wanted)
    st.session_state[_WRITTEN] = wanted
    return said


def _in_the_bar() -> dict[str, list[str]]:
    """What the address bar holds: every name with all its values."""
    return {name: st.query_params.get_all(name) for name in st.query_params.to_dict()}
