"""One step back, one step on: two buttons that the arrow keys press, too, and where they stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.delta_generator_singletons import context_dg_stack

from pages.ui import controls, state, window
from pages.ui.text import t
from viz.board.markup import Safe, escaped

_MOVED = "_stepping_moved"  # what keys and buttons have moved, until the browser has drawn it
_ON, _SHOWN = "_stepping_page", "_stepping_shown"  # the page that was drawn last, and its address
_WAITING = "_stepping"  # what stands between picture and sums, until the sums begin
_WORDS, _SAYS = "_stepping_words", "_stepping_says"  # an arrow's button; a sentence that tells it

_sums: ContextVar[DeltaGenerator | None] = ContextVar("sums", default=None)  # where they stand

Steps = Sequence[int] | Sequence[float] | Sequence[str]
Arrows = Mapping[str, str]  # the words on the button that an arrow presses


def begin() -> None:
    """A page's run begins: nothing waits, and the sums are still to come."""
    st.session_state[_WAITING] = []
    st.session_state[_WORDS] = {}
    st.session_state.pop(_SAYS, None)


def told(say: Callable[[Arrows], None]) -> None:
    """Say a sentence in which arrows are keys; in a narrow window once their buttons are known.

    Nobody has keys on a phone: there a sentence tells the buttons (`named`), wherever they stand.
    """
    words = st.session_state.get(_WORDS, {})
    if words or not window.current().stacked:
        say(words if window.current().stacked else {})
    else:
        st.session_state[_SAYS] = say


def _say(words: Arrows) -> None:
    st.session_state[_WORDS] = words
    say = st.session_state.pop(_SAYS, None)
    if say:
        say(words)


def named(sentence: Safe, arrows: Arrows) -> Safe:
    """The sentence with the button before the first arrow of a kind: "Next (→)"."""
    for sign, words in arrows.items():
        # What is held together with another key has a button of its own.
        found = re.search(rf"(?<!\+ ){sign}", sentence)
        if found:
            shown = f"{escaped(words)} ({sign})"
            sentence = Safe(sentence[: found.start()] + shown + sentence[found.end() :])
    return sentence


def placed(draw: Callable[[], None]) -> None:
    """Draw here; in a narrow window between the picture and its sums, if those are to come."""
    waiting = st.session_state.get(_WAITING)
    if waiting is None or not window.current().below:
        draw()
    else:
        waiting.append(draw)


def sums_begin(place: DeltaGenerator) -> None:
    """The sums stand at that place: draw what waits for it."""
    _sums.set(place)
    for draw in st.session_state.pop(_WAITING, None) or ():
        draw()


def among_sums() -> bool:
    """Whether what is drawn now stands among a picture's sums."""
    place = _sums.get()
    return place is not None and any(_lies_in(one, place) for one in context_dg_stack.get())


def _lies_in(one: DeltaGenerator | None, place: DeltaGenerator) -> bool:
    while one is not None and one is not place:
        one = one._parent
    return one is place


@dataclass(frozen=True, slots=True)
class _Moved:
    """A parameter's value before and after presses; now: in the run that is about to draw it."""

    before: float | str
    after: float | str
    now: bool = True


def step_buttons(
    steps: Steps,
    back: str,
    on: str,
    *,
    name: str = "step",
    primary: bool = True,
    over: bool = False,
) -> None:
    """Buttons that move a parameter along `steps`, its value among them; they end where it ends.

    back, on: the keys of their words. over: nothing follows, though the steps go on.
    """
    _say({"←": t(back), "→": t(on)})
    placed(partial(_buttons, steps, back, on, name, primary, over))


def _buttons(
    steps: Steps,
    back: str,
    on: str,
    name: str,
    primary: bool,
    over: bool,
) -> None:
    place, last = steps.index(state.get(name)), len(steps) - 1
    kind = "primary" if primary else "secondary"
    left, right = st.columns(2, gap="small")
    with left:
        controls.button(t(back), "previous", partial(move, name, steps, -1), shortcut="Left",
                        relative=True, disabled=place == 0)  # fmt: skip
    with right:
        controls.button(t(on), "next", partial(move, name, steps, 1), shortcut="Right",
                        relative=True, type=kind, disabled=over or place == last)  # fmt: skip


def move(name: str, steps: Steps, by: int) -> None:
    """Move a parameter so many steps from where it is now, at most to their ends."""
    here = state.get(name)
    moved = st.session_state.setdefault(_MOVED, {})
    known = moved.get(name)
    if known and not known.now and here == known.before:
        here = known.after  # pressed before the slider itself had what was drawn
    place = steps.index(here) if here in steps else 0
    there = steps[min(max(place + by, 0), len(steps) - 1)]
    state.put(name, there)
    moved[name] = _Moved(known.before if known and known.now else here, there)


def outdated() -> bool:
    """Something has changed since the page was drawn: what is on screen shows another state."""
    return st.session_state.get(_SHOWN) != state.address()


@contextmanager
def chosen() -> Iterator[None]:
    """What is chosen inside holds, also where a step before was just left: put around a click."""
    moved = st.session_state.get(_MOVED, {})
    before = {name: state.get(name) for name in moved}
    yield
    for name, value in before.items():
        if state.get(name) != value:
            del moved[name]


@contextmanager
def steady(page: str) -> Iterator[None]:
    """What keys and buttons have moved on a page stays moved: put around everything it draws.

    A click that was on its way while that was drawn brings all widgets as they stood before, the
    slider of the steps among them.
    """
    moved = st.session_state.setdefault(_MOVED, {})
    if st.session_state.get(_ON) != page:
        moved.clear()
    if moved:
        _settle(moved)
    yield
    _say({})  # where nothing steps


def _settle(moved: dict[str, _Moved]) -> None:
    now, shown = state.address(), st.session_state.get(_SHOWN, {})
    others = {one for one in {*now, *shown} if now.get(one) != shown.get(one)}
    for name, known in list(moved.items()):
        if known.now:
            moved[name] = replace(known, now=False)
        elif st.session_state.get(name) == known.before and others - {name}:
            state.put(name, known.after)
        else:  # the browser has caught up
            del moved[name]


def drawn(page: str, address: dict[str, str]) -> None:
    """What keys and clicks change is on screen now, of a state that has this address."""
    st.session_state[_ON], st.session_state[_SHOWN] = page, address
