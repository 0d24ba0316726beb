"""What the page's last runs drew, of this session alone: figures, sums, where numbers came from.

A page's two fragments are redrawn one without the other, so each has a list of its own, emptied
when it begins. Figures are kept as they were composed, records as the question that brought them:
asked again, the shared caches answer it, and no session holds what they have let go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.ui.hosting import metrics
from viz.board.board import Figure

KEY, _PART, _OFF = "_drawn", "_drawn_part", "_drawn_off"


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What a record was asked by. make: module and name of the function that the model was given
    to ("": none, it finds its own); given, named: what else it was given, plain values."""

    module: str
    function: str
    model: str
    given: tuple[Any, ...]
    named: dict[str, Any]
    ask: Callable[[], Any] = field(compare=False)

    @property
    def key(self) -> str:
        """Equal for equal questions."""
        return repr(
            (self.module, self.function, self.model, self.given, sorted(self.named.items()))
        )


@dataclass(slots=True)
class Drawn:
    """What one part of a page drew. now: the sentence of what is on screen; source: provenance.

    supposed: a what-if is on screen, which leaves the records that were asked for.
    """

    figures: dict[str, Figure] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)  # what a figure is, in words
    sums: dict[str, None] = field(default_factory=dict)  # LaTeX, each once, in order
    questions: dict[str, Inquiry] = field(default_factory=dict)
    now: str = ""
    source: str = ""
    supposed: bool = False


def clear() -> None:
    """A page begins: nothing of it, or of the one before, is on screen."""
    st.session_state[KEY] = {}


def begin(part: str) -> None:
    """A part of the page is drawn anew."""
    st.session_state.setdefault(KEY, {})[part] = Drawn()
    st.session_state[_PART] = part


def figure(key: str, drawn: Figure) -> None:
    """A figure, as it was composed. key: it takes the place of one that had the same."""
    if (here := _here(key)) is not None:
        here.figures[key] = drawn


def named(key: str, name: str) -> None:
    """What a figure is, for those who do not see it."""
    if (here := _here(key)) is not None:
        here.names[key] = name


def sum_shown(tex: str) -> None:
    """A sum as LaTeX."""
    if (here := _here()) is not None:
        here.sums[tex] = None


def now(said: str) -> None:
    """The sentence of what is on screen."""
    if (here := _here()) is not None:
        here.now = said


def source(line: str, *, supposed: bool) -> None:
    """The line of provenance, of the page's main figure."""
    if (here := _here()) is not None:
        here.source, here.supposed = line, supposed


def asked(
    make: Callable[..., Any],
    model: str,
    given: Iterable[Any],
    named: dict[str, Any],
    ask: Callable[[], Any],
) -> None:
    """A record was asked for; outside of a visit nobody notes which."""
    if model:
        metrics.asked(make.__name__)
    if get_script_run_ctx(suppress_warning=True) is None or st.session_state.get(_OFF):
        return
    if (here := _here()) is not None:
        said = Inquiry(make.__module__, make.__qualname__, model, tuple(given), named, ask)
        here.questions.setdefault(said.key, said)


def all_drawn(parts: Mapping[str, Drawn] | None = None) -> Drawn:
    """All parts of the page as one, the upper part first. parts: of another session, its KEY."""
    whole = Drawn()
    for part in (_parts() if parts is None else parts).values():
        for name in ("figures", "names", "sums", "questions"):
            getattr(whole, name).update(getattr(part, name))
        whole.now, whole.source = whole.now or part.now, whole.source or part.source
        whole.supposed = whole.supposed or part.supposed
    return whole


def answers(drawn: Drawn) -> list[tuple[Inquiry, Any]]:
    """The records that the page asked for, from the shared caches or made once more."""
    st.session_state[_OFF] = True
    try:
        return [(each, each.ask()) for each in drawn.questions.values()]
    finally:
        st.session_state[_OFF] = False


def _parts() -> dict[str, Drawn]:
    found: dict[str, Drawn] = st.session_state.get(KEY, {})
    return found


def _here(key: str = "") -> Drawn | None:
    """The part that is being drawn; the one that has a figure of this key already: a fragment of
    its own redraws it alone."""
    parts = _parts()
    holding = (part for part in parts.values() if key and key in part.figures)
    return next(holding, parts.get(st.session_state.get(_PART, "")))
