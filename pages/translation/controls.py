"""What the seq2seq page translates: the sentence, what the decoder reads, the chosen step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from models.errors import NoAttention
from models.seq2seq import record
from models.seq2seq.trace import Seq2SeqTrace
from models.translation import reference
from models.translation.reference import Cells, ReferenceAlignment, cells, examples
from pages.ui import caches, controls, inputs, spelling, state
from pages.ui.inputs import Input
from pages.ui.text import t
from viz.seq2seq.step import Decoding

_LAST, _CLICKED = "_seq2seq_step", "_seq2seq_clicked"  # the step shown last; whether by a click
FEEDS = ("free", "forced")

translation = caches.of_model(record.translate, entries=64)


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What the page shows. known: what the grammar knows of the sentence, None: nothing."""

    trace: Seq2SeqTrace
    decoding: Decoding
    known: ReferenceAlignment | None
    target: str


def chosen() -> Seen:
    """The visitor's sentence, translated; the step, source piece and dimension to look at."""
    trace, shown = inputs.settled(_recorded)
    known = reference.of_sentence(trace.text)
    if feed() == "forced" and not trace.forced and shown == inputs.wanted():
        state.notice("seq2seq.no_target")
    elif state.get("gold") and known is None:
        state.notice("seq2seq.no_gold")
    step = step_in((trace.text, trace.target), len(trace.inputs.ids))
    decoding = Decoding(
        trace,
        trace.written.ids,
        step,
        controls.asked("key", len(trace.tokens), trace.heaviest(step)),
        controls.in_range("dim", trace.encoder.shape[1]),
        spelling.strange(trace.model_id, trace.tokens),
        _laid_over(trace, known) if state.get("gold") and known is not None else None,
    )
    return Seen(trace, decoding, known, _target(shown))


def feed() -> str:
    """Free running or teacher forcing: as was chosen, else by whether there is a target."""
    return str(state.get("feed") or ("forced" if state.get("target").strip() else "free"))


def _target(wanted: Input) -> str:
    """What the decoder is made to read; "": its own words."""
    if feed() == "free":
        return ""
    if wanted.target.strip():
        return wanted.target
    known = reference.of_sentence(wanted.text)
    return "" if known is None else known.target


def _recorded(wanted: Input) -> Seq2SeqTrace:
    trace = translation(wanted.model, wanted.text, target=_target(wanted), cut=wanted.cut)
    if trace.attention is None:
        raise NoAttention(f"{wanted.model} has no attention", model=caches.title(wanted.model))
    return trace


def step_in(text: object, count: int) -> int:
    """The step in the address; where another text made it vanish, the last one.

    text: what tells one translation from another; count: its steps.
    """
    last = st.session_state.get(_LAST)
    if last is not None and last[0] != text and state.get("step") >= count:
        state.put("step", count - 1)
    step = controls.in_range("step", count)
    if last is not None and last != (text, step) and not st.session_state.pop(_CLICKED, False):
        # Another word looks elsewhere: a piece chosen for the last one is no longer of interest.
        state.put("key", None)
    st.session_state[_LAST] = (text, step)
    return step


def _laid_over(trace: Seq2SeqTrace, known: ReferenceAlignment) -> Cells:
    """The grammar's links between these pieces."""
    written = trace.predicted
    if trace.expected is not None:
        special = tuple(token == trace.inputs.tokens[0] for token in trace.expected.tokens)
        written = replace(trace.expected, special=special)
    return cells(known, trace.source, written)


def choose(step: int, source: int) -> None:
    """What a click on a cell or a chip chooses."""
    state.put_all(step=int(step), key=int(source))
    st.session_state[_CLICKED] = True


def example_control() -> None:
    """A menu of the grammar's sentences; choosing one puts it into the field beside it."""
    controls.menu(
        "seq2seq.examples",
        tuple(examples()),
        lambda name: t(f"seq2seq.example.{name}"),
        _take_example,
        hint=t("seq2seq.examples_hint"),
    )


def _take_example(name: str) -> None:
    text = examples()[name].source
    state.put_all(text=text, target=None, feed=None, key=None, cut=False, step=0)


def feed_control() -> None:
    """Both ways to feed the decoder, by their names; the target that was typed stays."""
    controls.shadow(
        st.segmented_control,
        "feed",
        "seq2seq.feed",
        FEEDS,
        lambda name: t(f"seq2seq.feed.{name}"),
        shown=feed(),
        required=True,
        help=t("seq2seq.feed_help"),
    )


def step_slider(written: Sequence[str]) -> None:
    """The steps by their words."""
    label = t("seq2seq.step", n=int(state.get("step")), last=len(written) - 1)
    controls.place("step", label, written)


def gold_control(*, known: bool = True) -> None:
    """The grammar's own alignment over the matrix, where the grammar knows the sentence."""
    why = t("seq2seq.gold_help" if known else "seq2seq.no_gold")
    controls.toggle("gold", t("seq2seq.gold"), disabled=not known, help=why)
