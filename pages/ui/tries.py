"""The page's last two parts: predict, then see; and what the picture does not say.

Of each only what belongs to the open view is shown, and how much there is in the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache, partial

import streamlit as st

from pages.ui import stages, state, text
from pages.ui.lesson import Careful, Choice, Lesson, Try
from pages.ui.text import labels, t
from viz.board.markup import template

_PREDICTED = "_predicted"  # (page, number of a try) → which choice, as long as the session lasts
_STAGED = template(
    "<i></i><style>{% for key in lines %}"
    ".stApp .st-key-{{ key }}{display:block}{% endfor %}</style>"
)
_line = partial(st.container, horizontal=True, vertical_alignment="center", gap="small")
_PLACES = ("query", "key", "dim", "out")  # chosen in one view, they mean nothing in another


@cache
def _lesson(page: str, language: str) -> Lesson:
    return stages.check(page, text.lesson(page, language))


def shown(page: str) -> tuple[bool, ...]:
    """Which parts of the lesson are open."""
    said = cache(state.get)  # of few parameters, by many parts
    return tuple(where.open(said) for where in _lesson(page, text.language()).wheres)


def staged(page: str) -> None:
    """Which stages are set: a style, since the lesson is not drawn anew with every step."""
    said = cache(state.get)
    lines = [
        _said(f"try-{one.number}-{name}")
        for one in _lesson(page, text.language()).tries
        for name, address in (("stage", one.stage), ("shows", one.shows))
        if address and stages.entered(page, address, said)
    ]
    with st.container(key="staged"):
        st.html(_STAGED(lines=lines))


def questions(page: str) -> None:
    """What there is to predict in the open view. Raises LessonError."""
    every = _lesson(page, text.language()).tries
    for one in every:
        if one.where.open(state.get):
            with st.container(key=f"question-{one.number}", gap="xsmall"):
                _question(page, one)
    _elsewhere(page, every, "try")


def careful(page: str) -> None:
    """What to be careful about in the open view. Raises LessonError."""
    every = _lesson(page, text.language()).careful
    for one in every:
        if one.where.open(state.get):
            st.markdown(one.words)
    _elsewhere(page, every, "careful")


def _question(page: str, one: Try) -> None:
    """Question, stage, and what may be predicted; once that is done, the answer."""
    st.markdown(one.question)
    _stage(page, one.stage, t("frame.stage"), f"try-{one.number}-stage")
    predicted = st.session_state.get(_PREDICTED, {}).get((page, one.number))
    if predicted is None:
        for at, choice in enumerate(one.choices):
            key = f"try-{one.number}-choice-{at}"
            st.button(choice.words, key=key, on_click=_predict, args=(page, one.number, at))
        return
    st.markdown(judged(one.choices, predicted))
    st.markdown(one.answer)
    with _line():
        if one.shows:
            _stage(page, one.shows, t("frame.shows"), f"try-{one.number}-shows")
        forget = partial(_predict, page, one.number, None)
        key = f"try-{one.number}-again"
        st.button(t("frame.again"), key=key, type="tertiary", on_click=forget)


def _predict(page: str, number: int, choice: int | None) -> None:
    made = st.session_state.setdefault(_PREDICTED, {})
    st.session_state[_PREDICTED] = made | {(page, number): choice}


def judged(choices: Sequence[Choice], predicted: int, shown: Callable[[str], str] = str) -> str:
    """Whether that was right, and what is: Markdown. shown: words → what stands for them there."""
    chosen, words = choices[predicted], shown(choices[predicted].words)
    if chosen.right is None:
        return t("frame.predicted.open", words=words)
    if chosen.right:
        return t("frame.predicted.right", words=words)
    right = next(choice for choice in choices if choice.right)
    return t("frame.predicted.wrong", words=words, right=shown(right.words))


def _stage(page: str, address: str, words: str, key: str) -> None:
    """A button that sets the state, and a line that says so while it holds.

    The line, since the picture may stand above the window: nothing scrolls away by itself.
    """
    with _line(width="content"):
        icon, press = ":material/arrow_upward:", partial(stages.enter, page, address)
        st.button(words, key=key, icon=icon, on_click=press, width="content")
        with st.container(key=_said(key)):
            st.caption(t("frame.staged"))


def _said(key: str) -> str:
    """The key of the line that stands beside a stage's button; hidden, but where `staged`."""
    return f"staged-{key}"


def _elsewhere(page: str, every: Sequence[Try | Careful], part: str) -> None:
    """How many of these there are in other views, and the way there."""
    others = [one.where for one in every if not one.where.open(state.get)]
    if not others:
        return
    name = others[0].name
    counts = Counter(value for where in others for value in where.values)
    called = labels(f"{page}.{name}")
    key = f"{part}-elsewhere"
    with _line(key=key):
        st.caption(t("frame.elsewhere"), width="content")
        for view in called:
            if counts[view]:
                open_view = partial(_open, page, name, view)
                st.button(called[view], key=f"{key}-{view}", type="tertiary", on_click=open_view)


def _open(page: str, name: str, view: str) -> None:
    state.put_all(**{place: None for place in _PLACES if place in state.parameters(page)})
    state.put(name, view)
