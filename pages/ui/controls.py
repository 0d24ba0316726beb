"""Controls, a function a kind: each binds a widget to a parameter, and so to the address.

key: the catalogue's; `key` itself is what stands above the widget, `key.<option>` what an option
is called; what a browser still calls an option before it hears that a run has renamed it counts
as none. More words go to Streamlit as they are: help, disabled, on_change, args, width …
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, Final, TypeVar

import streamlit as st

from pages.ui import keys, state, window
from pages.ui.text import notation, t
from viz.board.notation import MINUS

HIDDEN: Final = "collapsed"  # a label that only a screen reader says
Words = Callable[[Any], str]
Usual = TypeVar("Usual", int, None)
Cell = tuple[int, Callable[[], object]]  # pixels, and what draws the control


def row(*cells: Cell) -> None:
    """Controls side by side, each with its share of the width in pixels, standing on one line.

    In a narrow window they are folded away, below each other or two by two.
    """
    with folded(t("frame.controls")):
        _side_by_side(cells)


@contextmanager
def folded(label: str) -> Iterator[None]:
    """What is drawn inside is folded away in a narrow window."""
    if window.current().below:
        with st.expander(label, icon=":material/tune:"):
            yield
    else:
        yield


def _side_by_side(cells: Sequence[Cell]) -> None:
    columns = st.columns([width for width, _ in cells], vertical_alignment="bottom")
    for column, (_, draw) in zip(columns, cells, strict=True):
        with column:
            draw()


def nothing() -> None:
    """A cell that stays empty."""


def keep(name: str) -> None:
    """Hand a parameter to its widget, which a page left behind or another language forgets."""
    state.put(name, state.get(name))


def called(options: Iterable[Any], words: Words) -> Words:
    """What options are called, in this run's language: Streamlit asks again outside of the run."""
    said = {option: words(option) for option in options}
    return lambda option: said[option] if option in said else str(option)


def _one_of(
    draw: Callable[..., object],
    name: str,
    key: str,
    options: Sequence[Any],
    words: Words | None = None,
    **more: Any,
) -> Any:
    """→ the chosen option. draw: Streamlit's widget; words: what an option is called."""
    keep(name)
    named = called(options, words or (lambda option: t(f"{key}.{option}")))
    draw(t(key), options, key=name, format_func=named, persist_state="session", **more)
    return state.get(name)


# One of a few, side by side or below each other; one of many, in a menu that opens.
choice = partial(_one_of, st.segmented_control, required=True)
listed = partial(_one_of, st.radio, width="stretch")
select = partial(_one_of, st.selectbox)


def menu(
    key: str,
    options: Sequence[Any],
    words: Words,
    take: Callable[[Any], None],
    *,
    hint: str,
    name: str = "examples",
) -> None:
    """Examples to take: no state, for what `take` makes of the chosen one is.

    words: what an option is called; hint: what stands in the menu. name: the widget's.
    """

    def chosen() -> None:
        option = st.session_state[name]
        st.session_state[name] = None
        if option in options:
            take(option)

    st.selectbox(
        t(key),
        options,
        index=None,
        key=name,
        placeholder=hint,
        format_func=called(options, words),
        on_change=chosen,
    )


def shadow(
    draw: Callable[..., object],
    name: str | tuple[str, ...],
    key: str,
    options: Sequence[Any],
    words: Words,
    *,
    shown: Any,
    forget: Sequence[str] = (),
    **more: Any,
) -> None:
    """A widget that shows what a parameter comes to, and puts it there only once it is chosen.

    draw: Streamlit's widget. name: of several parameters, which take the chosen value's parts;
    the last one is in the widget's key. shown: what the parameters come to. forget: parameters
    that mean nothing any more once another value was chosen.
    """
    names, several = ((name,), False) if isinstance(name, str) else (name, True)
    own = f"{names[-1]}-control"

    def chosen() -> None:
        value = st.session_state[own]
        if value not in options:
            return
        for one, part in zip(names, value if several else (value,), strict=True):
            state.put(one, part)
        for one in forget:
            state.put(one, None)

    st.session_state[own] = shown
    draw(t(key), options, key=own, format_func=called(options, words), on_change=chosen, **more)


def several(
    name: str, key: str, options: Sequence[int], words: Words, *, shown: Iterable[int], **more: Any
) -> None:
    """Several whole numbers, which the address holds in one word. shown: the chosen ones."""
    own = f"{name}-control"

    def changed() -> None:
        chosen = set(st.session_state[own]).intersection(options)
        state.put(name, " ".join(map(str, sorted(chosen))))

    st.session_state[own] = list(shown)
    named = called(options, words)
    st.multiselect(t(key), options, key=own, format_func=named, on_change=changed, **more)


def slider(name: str, label: str, options: Iterable[Any], words: Words, **more: Any) -> None:
    """One of many in a row that has an order. label: a sentence, for what it says changes."""
    keep(name)
    named = called(options, words)
    st.select_slider(label, options, key=name, format_func=named, persist_state="session", **more)


def place(name: str, label: str, words: Sequence[str], *, numbered: bool = False) -> None:
    """One of the words of a text. numbered: words that come twice would else be one option."""
    alone = len(words) == 1
    slider(
        name,
        label,
        (0, 0) if alone else range(len(words)),
        (lambda at: f"{at} {words[at]}") if numbered else words.__getitem__,
        disabled=alone,
    )


def number(
    name: str, last: float, *, first: float = 0, step: float = 1, key: str = "", **more: Any
) -> None:
    """A number from `first` to `last`, both included, where the page has brought it already.

    key: of what stands above it; "": the parameter's own name.
    """
    keep(name)
    st.number_input(
        t(key or f"controls.{name}"),
        first,
        last,
        step=step,
        key=name,
        persist_state="session",
        **more,
    )


def decimal(name: str, first: float, last: float, *, key: str, **more: Any) -> None:
    """A number with decimals, written with the language's own sign; a comma and a point are read.

    Streamlit's own field knows no decimal comma. What is no number from `first` to `last` is said,
    and the last one stays.
    """
    field = f"{name}-field"

    def typed() -> None:
        raw = str(st.session_state[field])
        found = _decimal(raw)
        if found is None or not first <= found <= last:
            limits = {"first": digits(first), "last": digits(last)}
            state.notice("error.no_decimal", name=t(key), value=raw, **limits)
        else:
            state.put(name, found)

    st.session_state[field] = digits(state.get(name))
    st.text_input(t(key), key=field, on_change=typed, autocomplete="off", **more)


def _decimal(raw: str) -> float | None:
    """A number as people write it, to three decimals; None: it is none."""
    plain = raw.strip().replace(MINUS, "-").replace(",", ".")
    known = re.fullmatch(r"-?([0-9]{1,6}(\.[0-9]{0,9})?|\.[0-9]{1,9})", plain)
    return None if known is None else round(float(plain), 3)


def digits(value: float) -> str:
    """A setting as this language writes it, in full: 0,8."""
    return f"{value:g}".replace("-", MINUS).replace(".", notation().decimal)


def counted(name: str, count: int, **more: Any) -> None:
    """Which of so many, counted from 0 as the model's own code does."""
    number(name, max(count - 1, 0), disabled=count == 1, **more)
    keys.along(name, range(count))


def toggle(name: str, label: str, **more: Any) -> None:
    """Yes or no."""
    keep(name)
    st.toggle(label, key=name, persist_state="session", **more)


def text(name: str, label: str, **more: Any) -> None:
    """A line that a visitor types."""
    # Only what the widget does not know: it would take away what is being typed.
    if st.session_state.get(name) is None:
        keep(name)
    st.text_input(label, key=name, persist_state="session", autocomplete="off", **more)


def button(
    label: str,
    key: str,
    press: Callable[..., None],
    *args: Any,
    shortcut: str = "",
    relative: bool = False,
    **more: Any,
) -> None:
    """A button as wide as its place. shortcut: the key that presses it, too (`pages.ui.keys`).

    relative: a press goes on from where the last one led, whatever has been drawn since.
    """
    st.button(label, key=key, on_click=press, args=args, width="stretch", **more)
    if shortcut and not (more.get("disabled") and not relative):
        keys.button(key, partial(press, *args), shortcut, relative=relative)


def in_range(name: str, count: int) -> int:
    """A parameter that counts something, kept in 0..count−1; what it asked for beyond is said."""
    value = state.get(name)
    # What nobody asked for needs no explanation: a smaller model has fewer layers.
    if not 0 <= value < count and value != state.unasked(name):
        state.notice("error.out_of_range", name=t(f"controls.{name}"), value=value, last=count - 1)
    if not 0 <= value < count:
        value = min(state.unasked(name) or 0, count - 1)
    state.put(name, value)
    return int(value)


def asked(name: str, count: int, usual: Usual) -> int | Usual:
    """As `in_range`; the usual where nobody asked for any."""
    return usual if state.get(name) is None else in_range(name, count)
