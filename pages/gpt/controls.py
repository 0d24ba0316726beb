"""What the gpt page writes: the beginning, how a token is chosen, how many are written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st

from models.catalog import load
from models.core.loaded import LoadedModel
from models.core.sampling import Settings
from models.gpt import generation
from models.gpt.generation import TokenChoice, Written, spelled
from models.recording.continuation import MOST
from models.recording.ranking import vocabulary
from pages.gpt import TOPIC
from pages.ui import (
    about,
    caches,
    charts,
    controls,
    frame,
    inputs,
    layers,
    selection,
    state,
    symbols,
    views,
)
from pages.ui.inputs import Input
from pages.ui.stepping import step_buttons
from pages.ui.text import t
from viz.gpt.now import After
from viz.tables.pieces import chips, readable

VIEWS = TOPIC.views
speak = partial(charts.style, "now", "gpt.now")
view_control = partial(views.switch, "gpt", VIEWS)
WIDTHS = (1130, 650)  # picture and arithmetic
HOTTEST = 5.0  # the highest temperature
LARGEST_SEED = 999_999
# Of the shipped model, and of language models that have read the world.
BEGINNINGS = (
    "The old",
    "The cook that",
    "You",
    "I am",
    "Yaşlı",
    "Bu sabah genç",
    "Kedinin",
    "Biz",
)
WORLDLY = (
    "The capital of France is",
    "Once upon a time",
    "Two, four, six, eight,",
    "When Mary and John went to the store, John gave a drink to",
)
_LAST = "_gpt_last"  # text and settings that were shown last, and at which step

pass_over = caches.of_model(generation.traced, entries=caches.TRACES, budget=caches.recordings)
next_scores = caches.of_model(generation.next_logits, entries=512)


def _readable(loaded: LoadedModel) -> tuple[str, ...]:
    """The names of a model's vocabulary as people read them."""
    return readable(vocabulary(loaded))


pieces = caches.of_model(_readable, entries=8)


def _written_by(loaded: LoadedModel, /, text: str, settings: Settings, **more: Any) -> Written:
    """A text that grows asks for one new row of scores a step."""
    return generation.write(
        loaded, text, settings, logits=lambda _, ids: next_scores(loaded.card.id, ids), **more
    )


_text = caches.of_model(_written_by, entries=128)


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What the page shows. shown: the choice in the picture, the coming one or, at the text's
    end, the last; words: the readable vocabulary."""

    written: Written
    shown: TokenChoice
    settings: Settings
    seed: int
    words: Sequence[str]

    @property
    def ids(self) -> tuple[int, ...]:
        """The tokens that the shown choice comes after: at the text's end all but the end mark."""
        return self.written.ids[:-1] if self.written.next is None else self.written.ids

    @property
    def over(self) -> bool:
        """Nothing can be written any more: the text ended, or there is no room."""
        return self.written.next is None or not self.written.room

    @property
    def after(self) -> After:
        """What the next press writes, or why it writes nothing."""
        if not self.over:
            return After(word=self.coming)
        return After(over="ended" if self.written.next is None else "full")

    @property
    def coming(self) -> str:
        """The readable token that comes next; "": none does."""
        return "" if self.written.next is None else self.words[self.shown.chosen]


def chosen() -> Seen:
    """The visitor's beginning with the tokens written so far, and the choice that comes now."""
    temperature, top_p = _between("temperature", HOTTEST), _between("top_p", 1.0)
    settings = Settings(temperature, int(state.get("top_k")), top_p)
    seed = int(state.get("seed"))
    wanted = min(int(state.get("step")), MOST)
    written, shown = inputs.settled(
        lambda one: _written(one, settings, seed, wanted),
        lambda found: found.given if found.cut else None,
    )
    _keep_step(written, shown, settings, seed)
    step = written.next
    if step is None:
        step = _written(shown, settings, seed, written.steps - 1).next
        assert step is not None  # one that chose the end mark
    return Seen(written, step, settings, seed, pieces(written.model_id))


def _written(one: Input, settings: Settings, seed: int, steps: int) -> Written:
    return _text(one.model, one.text, settings, seed=seed, steps=max(steps, 0), cut=one.cut)


def _between(name: str, last: float) -> float:
    """A decimal parameter from 0 on; beyond `last` that is said, and the default taken."""
    value = float(state.get(name))
    if value > last:
        words = {"value": controls.digits(value), "last": controls.digits(last)}
        state.notice("error.out_of_range", name=t(f"controls.{name}"), **words)
        value = float(state.default(name))
    state.put(name, value)
    return value


def _keep_step(written: Written, shown: Input, settings: Settings, seed: int) -> None:
    """A step beyond the text's end becomes its end; another step has another row of interest."""
    what = (shown, settings, seed)
    last = st.session_state.get(_LAST)
    asked = state.get("step")
    if asked > written.steps and asked != state.unasked("step") and last in (None, (what, asked)):
        state.notice("error.out_of_range", name=t("controls.step"), value=asked, last=written.steps)
    state.put("step", written.steps)
    if last is not None and last != (what, written.steps):
        state.put_all(query=None, key=None)
    st.session_state[_LAST] = (what, written.steps)


def controls_row(seen: Seen, view: str) -> None:
    """View, model and beginning; then what the view asks for."""
    trace = pass_over(seen.written.model_id, seen.written.ids)
    block = selection.chosen_block(trace, "decoder")
    if view == "mask":
        for name in ("query", "key"):
            controls.asked(name, len(trace.tokens), None)
    head = partial(controls.counted, "head", block.heads)
    known = _beginnings(load(seen.written.model_id))
    beginnings = partial(controls.menu, "gpt.beginnings", known, str, begin)
    settings = (  # parameter, its words, the last value; all begin at 0
        ("temperature", "controls.temperature", HOTTEST),
        ("top_k", "controls.top_k", len(seen.words)),
        ("top_p", "controls.top_p", 1.0),
        ("seed", "gpt.seed", LARGEST_SEED),
    )
    asks: dict[str, list[Callable[[], None]]] = {
        "write": [partial(_number, *one) for one in settings],
        "mask": [partial(layers.control, trace.numbers("decoder")), head],
        "cache": [head],
    }
    controls.row(
        (390, view_control),
        (290, inputs.model),
        (270, partial(inputs.sentence, "gpt.beginning")),
        (150, partial(beginnings, hint=t("seq2seq.examples_hint"), name="beginnings")),
        *zip((140, 110, 110, 120), [*asks[view], *[controls.nothing] * 4], strict=False),
    )


def _beginnings(loaded: LoadedModel) -> Sequence[str]:
    """What was trained here read sentences of one grammar."""
    return BEGINNINGS if loaded.card.source == "shipped" else WORLDLY


def begin(text: str) -> None:
    """Another beginning, from which nothing is written yet."""
    state.put_all(text=text, step=0, cut=False)


def _number(name: str, key: str, last: float) -> None:
    words = t(f"gpt.help.{name}")
    if isinstance(last, float):
        controls.decimal(name, 0.0, last, key=key, help=words)
        return
    if state.get(name) > last:
        state.notice("error.out_of_range", name=t(key), value=state.get(name), last=last)
    state.put(name, min(state.get(name), last))
    controls.number(name, last, key=key, help=words)


def text_so_far(seen: Seen) -> None:
    """The text as chips, the coming token among them."""
    symbols.show(chips(seen.written.source, seen.written.given, coming=seen.coming))


def buttons(seen: Seen) -> None:
    """Take the last token back, write the next one."""
    step_buttons(range(MOST + 1), "gpt.back", "gpt.on", over=seen.over)


def go_on_with(seen: Seen, token: int) -> str:
    """The text so far and this token, as a beginning to go on from."""
    return spelled(load(seen.written.model_id), (*seen.written.ids, token))


def where(seen: Seen) -> list[str]:
    """Model and text of a figure, as parts of its provenance."""
    return [
        caches.title(seen.written.model_id),
        frame.quote(seen.written.text),
        t("gpt.written", count=seen.written.steps),
        about.headline(seen.written.model_id),
    ]
