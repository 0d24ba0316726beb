"""Which languages a translator between many reads and writes: chosen, and kept in the address."""

from __future__ import annotations

from collections import Counter
from functools import cache, partial

import streamlit as st
from babel import Locale
from babel.core import get_global

from models.catalog import CATALOG, load
from models.core.loaded import Languages
from models.glossary.search import alphabetical
from models.trace import AttentionTrace
from pages.ui import caches, controls, frame, lines, state
from pages.ui.text import language, t

NAMES = ("reads", "writes")


def _known(model_id: str) -> Languages | None:
    """None: the model leaves nothing to choose, as all of the catalogue."""
    return None if model_id in CATALOG else load(model_id).languages


def asked(model_id: str) -> tuple[str, str] | None:
    """The codes that the visitor asks for; None: the model's usual ones, or it has none.

    What the model does not know is said, and forgotten. Raises what load raises.
    """
    if model_id != state.get("model"):  # what is shown instead of it speaks its own languages
        return None
    languages, wanted = _known(model_id), {name: state.get(name) for name in NAMES}
    for name, code in wanted.items():
        if code is not None and (languages is None or code not in languages.known):
            _refuse(name, str(code), model_id, languages)
    codes = [state.get(name) for name in NAMES]
    if languages is None or not any(codes):
        return None
    return codes[0] or languages.source, codes[1] or languages.target


def _refuse(name: str, code: str, model_id: str, languages: Languages | None) -> None:
    told = {"model": caches.title(model_id), "language": code[:20]}
    if languages is None:
        state.notice("error.no_languages", **told)
    else:
        used = dict(zip(NAMES, languages.both, strict=True))[name]
        kept = t("kept.language", language=called(used, languages.known))
        state.notice("error.unknown_language", **told, kept=kept)
    state.put(name, None)


def told(trace: AttentionTrace) -> None:
    """Say which ones were chosen here, where neither the files nor the visitor name them."""
    found = _known(trace.model_id)
    if found is not None and found.chosen and trace.languages == found.both:
        source, target = (called(code, found.known) for code in found.both)
        if all(state.get(name) is None for name in NAMES):
            state.notice("frame.languages", source=source, target=target)


def cells(trace: AttentionTrace) -> list[controls.Cell]:
    """A control for both sides, where the model knows several languages; else none."""
    languages = _known(trace.model_id)
    if languages is None or trace.languages is None:
        return []
    return [(250, partial(_fields, trace.languages, languages.known))]


def _fields(shown: tuple[str, str], known: tuple[str, ...]) -> None:
    """Behind a button that says them: two fields would take the room of the picture."""
    order = sorted(known, key=lambda code: alphabetical(called(code, known), language()))
    with st.container(key="languages", gap=None):
        lines.line("field", t("controls.languages"))
        place = st.popover(frame.plain(_arrow(shown)), width="stretch", wrap=False)
    with place:
        for name, code in zip(NAMES, shown, strict=True):
            _field(name, order, code)


def _field(name: str, order: list[str], shown: str) -> None:
    words = partial(called, known=tuple(order))
    controls.shadow(st.selectbox, name, f"controls.{name}", order, words, shown=shown)


def between(trace: AttentionTrace) -> str:
    """What a translation is from and to, for its provenance; "" of all other recordings."""
    return "" if trace.languages is None else _arrow(trace.languages)


def _arrow(codes: tuple[str, str]) -> str:
    return " → ".join(_named(code, language()) or code for code in codes)


def called(code: str, known: tuple[str, ...]) -> str:
    """A language by its name, and by its code; with its script where the model knows several."""
    spoken = language()
    name = _named(code, spoken)
    if not name:
        return code
    script = _script(code, spoken)
    if script and _count(known)[_plain(code)] > 1:
        name = f"{name}, {script}"
    return f"{name} ({code})"


@cache
def _count(known: tuple[str, ...]) -> Counter[str]:
    return Counter(map(_plain, known))


def _plain(code: str) -> str:
    """The language alone, by its shortest code: tr_TR, tur_Latn and __tr__ are tr."""
    first = code.strip("_").split("_")[0]
    return str(get_global("language_aliases").get(first, first))


@cache
def _named(code: str, spoken: str) -> str:
    """The language's name in another one; "": Unicode's tables have none."""
    names = Locale(spoken).languages
    first = code.strip("_").split("_")[0]
    return str(names.get(_plain(code)) or names.get(first) or "")


@cache
def _script(code: str, spoken: str) -> str:
    parts = code.strip("_").split("_")
    return str(Locale(spoken).scripts.get(parts[-1], "")) if len(parts) > 1 else ""
