"""All state that matters, in the address: whoever opens the link sees the same thing.

The widgets' keys are the parameters' names, so `st.session_state[name]` is the one truth.
A run adopts what the address newly says, and publishes what has become of it.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from models.errors import TextTooLong, TooManyCharacters
from pages.registry import row
from viz.translator.stages import STAGES

log = logging.getLogger("dikkat")

# Addresses longer than this break in chat programs and proxies.
LONGEST_ADDRESS = 1800
_WRITTEN, _PAGE, _NOTICES = "_address", "_page", "_notices"
_CUTTABLE, _ADOPTED, _KEPT, _CAME = "_cuttable", "_adopted", "_kept", "_came"
_SHELVES = "_shelves"  # what was left on other pages
_TEXTS = ("text", "pair", "target", "cut")


def _text(raw: str) -> str:
    # Half a surrogate pair has no UTF-8: neither Streamlit nor a cache's key could hold it.
    return raw.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _number(raw: str) -> int:
    if not raw.isascii() or not raw.isdigit() or len(raw) > 6:
        raise ValueError(f"{raw[:20]!r} is not a whole number")
    return int(raw)


def _flag(raw: str) -> bool:
    if raw not in ("0", "1"):
        raise ValueError(f"{raw[:20]!r} is neither 0 nor 1")
    return raw == "1"


def _decimal(raw: str) -> float:
    if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,3})?", raw) is None:
        raise ValueError(f"{raw[:20]!r} is not a number with at most three decimals")
    return float(raw)


def _one_of(*choices: str) -> Callable[[str], str]:
    def parse(raw: str) -> str:
        if raw not in choices:
            raise ValueError(f"{raw[:20]!r} is none of {choices}")
        return raw

    return parse


@dataclass(frozen=True, slots=True)
class Parameter:
    """One name in the address: how it is read, and what holds when it is absent."""

    name: str
    parse: Callable[[str], Any]
    default: Any = None


PARAMETERS = {
    p.name: p
    for p in (
        Parameter("lang", _one_of("en", "tr")),
        Parameter("model", _text, "minilm"),
        Parameter("text", _text, "The cat sat down because it was tired"),
        Parameter("pair", _text, ""),
        Parameter("target", _text, ""),
        Parameter("cut", _flag, False),
        Parameter("kind", _one_of("encoder", "decoder", "cross")),
        Parameter("layer", _number, 3),
        Parameter("head", _number, 1),
        Parameter("query", _number),
        Parameter("key", _number),
        Parameter("step", _number, 5),
        Parameter("hide", _flag, False),
        Parameter(
            "view",
            _one_of(
                *("heads", "head_view", "model_view", "gradients", "recall", "exploding"),
                *("table", "waves", "distances", "shift", "learned", "ways", "shuffle"),
                *("input", "mask", "next", "between", "senses"),
                *("attention", "rollout", "deletion"),
                *("write", "cache", "induction"),
            ),
            "heads",
        ),
        Parameter("mode", _one_of("live", "hand"), "live"),
        Parameter("mask", _one_of("own", "none", "causal", "padding", "window"), "own"),
        Parameter("scale", _flag, True),
        Parameter("matrix", _text, ""),
        Parameter("part", _one_of("q", "k", "v"), "q"),
        Parameter("dim", _number, 0),
        Parameter("out", _number, 0),
        Parameter("seed", _number, 0),
        Parameter("length", _number, 1000),
        Parameter("recurrent", _one_of("own", "rotation", "random"), "own"),
        Parameter("sigma", _number),
        Parameter("unit", _number, 0),
        Parameter("order", _one_of("index", "similarity", "property"), "similarity"),
        Parameter(
            "property",
            _one_of("number", "turkish_number", "inside", "position", "depth"),
            "number",
        ),
        Parameter("gate", _one_of("all", "f", "i", "g", "o"), "all"),
        Parameter("silence", _one_of("none", "unit", "best"), "none"),
        Parameter("feed", _one_of("free", "forced")),
        Parameter(
            "sum",
            _one_of("every", "score", "weight", "context", "word", "patch", "mix"),
            "every",
        ),
        Parameter("stage", _one_of(*STAGES), "cross"),
        Parameter("beams", _one_of("1", "2", "3", "4", "5"), "1"),
        Parameter("node", _number),
        Parameter("gold", _flag, False),
        Parameter("d", _number, 4),
        Parameter("n", _number, 100),
        Parameter("width", _number, 64),
        Parameter("base", _number, 10_000),
        Parameter("dims", _text, "0 8 16 32"),
        Parameter("pos", _number, 20),
        Parameter("offset", _number, 4),
        Parameter("way", _one_of("all", "sinusoid", "rope", "alibi", "t5"), "all"),
        Parameter("hidden", _text),
        Parameter("among", _one_of("all", "first", "second", "forth", "back"), "all"),
        Parameter("word", _text, "yüz"),
        Parameter("sentences", _text),
        Parameter("picture", _number, 0),
        Parameter("drawn", _text, ""),
        Parameter("by", _one_of("layer", "rollout", "head"), "rollout"),
        Parameter("fill", _one_of("paper", "mean"), "paper"),
        Parameter("all", _flag, False),
        Parameter("exact", _flag, False),
        Parameter("temperature", _decimal, 0.8),
        Parameter("top_k", _number, 10),
        Parameter("top_p", _decimal, 0.9),
        Parameter("sequence", _text, ""),
        Parameter("circuit", _one_of("pair", "model"), "pair"),
    )
}


def default(name: str) -> Any:
    """What holds on the page that runs when nobody said anything."""
    page = st.session_state.get(_PAGE)
    defaults = {} if page is None else row(page).defaults
    return defaults.get(name, PARAMETERS[name].default)


def get(name: str) -> Any:
    """A parameter's value in this session, or its default."""
    value = st.session_state.get(name)
    return default(name) if value is None else value


def put(name: str, value: Any) -> None:
    """Change a parameter (before its widget is drawn in this run, or in a callback)."""
    st.session_state[name] = value


def notice(key: str, **values: object) -> None:
    """Say something at the top of the page in this run: a catalogue key and its figures."""
    st.session_state.setdefault(_NOTICES, []).append((key, values))


def take_notices() -> list[tuple[str, dict[str, object]]]:
    """The notices of this run, oldest first; taking them clears them."""
    return list(st.session_state.pop(_NOTICES, []))


def from_address() -> bool:
    """Whether this run's state came from the address (asking clears the answer)."""
    return bool(st.session_state.pop(_ADOPTED, False))


def offer_cut(error: Exception) -> None:
    """Remember that this text could be shown if only its beginning were read."""
    st.session_state[_CUTTABLE] = isinstance(error, TextTooLong | TooManyCharacters)


def take_offer() -> bool:
    """Whether to offer, in this run, to read only the text's beginning."""
    return bool(st.session_state.pop(_CUTTABLE, False))


def adopt() -> None:
    """Read what the address says into the session, when it is not what we wrote there ourselves."""
    address = st.query_params.to_dict()
    if address == st.session_state.get(_WRITTEN):
        return
    st.session_state[_ADOPTED] = True
    for name, raw in address.items():
        _adopt_one(name, raw)


def _adopt_one(name: str, raw: str) -> None:
    parameter = PARAMETERS.get(name)
    if parameter is None:
        return
    try:
        put(name, parameter.parse(raw))
    except ValueError as error:
        log.info("address: %s: %s", name, error)
        notice("error.address", name=name)


def enter(page: str) -> None:
    """Note which page runs, and bring back what was chosen and typed there before.

    Going back to an address without parameters means the defaults.
    """
    before, found = st.session_state.get(_PAGE), st.query_params.to_dict()
    st.session_state[_PAGE] = page
    if before == page and st.session_state.get(_WRITTEN) not in (None, found):
        # The menu's own entry in the history is bare: there the state came along.
        _restore({} if found else st.session_state.get(_CAME, {}), found)
    if before not in (None, page):
        _leave(before)
        st.session_state[_CAME] = _brought(page)
        _restore(st.session_state[_CAME], found)


def _restore(values: dict[str, Any], found: dict[str, str]) -> None:
    """Hand over values; every other parameter that the address leaves out has its default."""
    for name in PARAMETERS.keys() - found.keys() - {"lang"}:
        st.session_state.pop(name, None)
        # Streamlit forgets widgets of a page left behind, unless a visitor typed into them.
        if name in values:
            put(name, values[name])


def _shelf(page: str, name: str) -> tuple[str, str]:
    """Where a page's value of a parameter is kept: pages that share it have one shelf."""
    shared = row(page).texts if name in _TEXTS else row(page).state
    return shared or page, name


def _leave(page: str) -> None:
    shelves = st.session_state.setdefault(_SHELVES, {})
    kept = st.session_state.get(_KEPT, {})
    for name in PARAMETERS:
        shelves[_shelf(page, name)] = kept.get(name)


def _brought(page: str) -> dict[str, Any]:
    shelves = st.session_state[_SHELVES]
    found = {name: shelves.get(_shelf(page, name)) for name in PARAMETERS}
    return {name: value for name, value in found.items() if value is not None}


def address() -> dict[str, str]:
    """What the address should say now: everything that differs from its default."""
    values = {name: get(name) for name in PARAMETERS}
    changed = {n: v for n, v in values.items() if v is not None and v != default(n)}
    return {n: str(int(v)) if isinstance(v, bool) else str(v) for n, v in changed.items()}


def too_long_for_a_link() -> bool:
    """The text would make an address that breaks in chat programs and proxies."""
    return _length(address()) > LONGEST_ADDRESS


def _length(parameters: dict[str, str]) -> int:
    return len(urlencode(parameters, errors="replace"))


def publish() -> None:
    """Write the state into the address; a text too long for it stays out, and the page says so."""
    wanted = address()
    for name in ("text", "pair", "target", "matrix", "sentences", "sequence"):
        if _length(wanted) > LONGEST_ADDRESS:
            wanted.pop(name, None)
    st.session_state[_KEPT] = {n: st.session_state[n] for n in PARAMETERS if n in st.session_state}
    if wanted != st.query_params.to_dict():
        st.query_params.from_dict(wanted)
    st.session_state[_WRITTEN] = wanted
