"""The second view: the shapes of tasks side by side, each with a model that has learned it."""

from __future__ import annotations

from functools import partial
from typing import Any

from models.core.arrays import difference
from models.lstm.shape_models import shaped, written
from models.lstm.shapes import MODELS, OF_DECODERS, SHAPES, Unrolled
from models.recording.ranking import likeliest, probabilities
from pages.lstm import TOPIC
from pages.translation.controls import translation
from pages.ui import (
    about,
    caches,
    charts,
    controls,
    frame,
    inputs,
    lines,
    parts,
    spelling,
    state,
    sums,
    views,
)
from pages.ui.stepping import step_buttons
from pages.ui.text import DEFAULT_LANGUAGE, language, notation, t
from pages.ui.topic import topic
from viz.board.notation import isolated, shortened
from viz.lstm import now as sentences
from viz.lstm import shapes_formulas as formulas
from viz.lstm.shapes import Seen, shapes

_WIDTHS = (1120, 680)
_MOST_WORDS, _UNKNOWN_SHOWN = 6, 4
_SYMBOLS, _TURKISH, _ENGLISH = (
    "CABFEH?", "Kediyi gördük.", "The dogs that saw the man are tired.",
)  # fmt: skip
_OF_WORDS = {DEFAULT_LANGUAGE: _ENGLISH, "tr": "Biz bahçede kediyi gördük."}
_EXAMPLES = {_SYMBOLS, _TURKISH, *_OF_WORDS.values()}
# Where each shape is shown at length: page, and its state.
_AT_LENGTH: dict[str, tuple[str, dict[str, Any]]] = {
    "many_to_one": ("memory", {"model": "memory-lstm", "view": "recall"}),
    "one_to_many": ("seq2seq", {}),
    "encoder_decoder": ("seq2seq", {}),
    "tagging": ("lstm", {"model": "tagger", "layer": 1}),
    "language_model": ("lstm", {"model": "lstm"}),
}

_TAGS = "lstm.tag", "lstm.shaped.tag"

_written = caches.of_record(written, entries=64)
_shaped = caches.of_model(shaped, entries=64)


def view() -> None:
    """The figure at the left; the chosen step's answer opened at the right."""
    found = _recorded(str(state.get("task_shape")))
    step = controls.in_range("step", found.steps)
    seen = Seen(found, step, _unit(found), *_said(found))
    _controls(seen)
    frame.notices()
    frame.now(*sentences.shaped(seen, charts.style("now", "lstm.now")))
    figure, right = frame.picture_and_sums(_WIDTHS, gaps=frame.TIGHT)
    with figure:
        place = SHAPES.index(found.shape)
        charts.clickable(shapes(seen, charts.style("now", "lstm.shaped")), "shapes", _choose,
                         t("lstm.shaped_cells"), [1, step], [0, place])  # fmt: skip
    with right:
        if seen.answer is None:
            _state(seen)
        else:
            _answer(seen, seen.answer)
        _read_out(seen)
    _provenance(found)
    parts.below(about.model, found.model_id)


def _choose(kind: int, place: int) -> None:
    """A click on a small picture chooses its shape, one on a column its step."""
    if int(kind) == 0:
        state.put("task_shape", SHAPES[int(place)])
        _changed()
    else:
        state.put("step", int(place))


def _changed() -> None:
    """Another shape begins at its first step."""
    state.put("step", 0)


def _examples(shape: str) -> dict[str, str]:
    """Language → a text that the shape's model reads; the default one's for all others."""
    if shape == "many_to_one":
        return {DEFAULT_LANGUAGE: _SYMBOLS}
    return {DEFAULT_LANGUAGE: _TURKISH} if shape in OF_DECODERS else _OF_WORDS


def _recorded(shape: str) -> Unrolled:
    """The visitor's text, which goes along from shape to shape; examples are each shape's own."""
    examples, given = _examples(shape), str(state.get("given"))
    example = examples.get(language(), examples[DEFAULT_LANGUAGE])
    if not given.strip() or given in _EXAMPLES.difference(examples.values()):
        given = example
        state.put("given", example)
    kept = t("kept.example")
    return inputs.first_shown(
        partial(_unrolled, shape), (given, example), MODELS[shape], lambda _: kept
    )[0]


def _unrolled(shape: str, text: str) -> Unrolled:
    model = MODELS[shape]
    if shape in OF_DECODERS:
        return _written(translation(model, text), shape)
    return _shaped(model, shape, text)


def _unit(found: Unrolled) -> int:
    """The unit whose numbers stand in the cells: one that all layers have."""
    return controls.in_range("unit", found.units)


def _said(found: Unrolled) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What each answer reads, a word or a tag in the visitor's language; the same in short."""
    names = tuple(found.names[output] for output in found.answers)
    if not found.tags:
        return names, names
    full, short = (tuple(t(f"{key}.{name}") for name in names) for key in _TAGS)
    return full, short


def _controls(seen: Seen) -> None:
    words, last = seen.found.inputs, seen.found.steps - 1
    controls.row(
        (530, partial(views.switch, "lstm", TOPIC.views)),
        (280, partial(controls.select, "task_shape", "lstm.shaped", SHAPES, on_change=_changed)),
        (370, partial(inputs.text, "given", "lstm.given")),
        (110, partial(controls.counted, "unit", seen.found.units)),
        (260, partial(controls.place, "step", t("lstm.step", n=seen.step, last=last), words,
                      numbered=True)),
        (250, partial(step_buttons, range(last + 1), "lstm.back", "lstm.on")),
    )  # fmt: skip


def _answer(seen: Seen, answer: int) -> None:
    """Logit and probability of what is answered, torch's own, and what else was likely."""
    found, style = seen.found, charts.style("lstm.figure", "lstm.shaped")
    output, word = found.answers[answer], isolated(shortened(seen.said[answer], 16))
    frame.section(t("lstm.shaped_answer"), word)
    writer = sums.writer(style, formulas.MOST_SHOWN)
    if found.decoder is not None:
        sums.lines(formulas.joined(seen, writer))
    logit, share = formulas.logit(seen, writer), formulas.probability(seen, writer)
    sums.lines(logit.general)
    with sums.box(200):
        sums.lines(logit.chosen, share.chosen)
    own = probabilities(found.own[answer])
    ours = probabilities(found.logits[answer])
    check = frame.compared(difference(float(ours[output]), float(own[output]), among=own))
    digits = 6 if sums.finer() else 4
    lines.own(t("lstm.shaped_own"), notation().small(float(own[output]), digits), check,
              before=t("scores.rounded"))  # fmt: skip
    sums.switches()
    names = found.names
    if found.tags:
        names = tuple(t(f"lstm.tag.{name}") for name in found.names)
    rows = likeliest([found.logits[answer]], names, most=_MOST_WORDS)
    lines.next_words(rows, output, digits - 1)


def _state(seen: Seen) -> None:
    """A step at which nothing is read out: how its state came about."""
    word = isolated(shortened(seen.found.inputs[seen.step], 14))
    frame.section(t("lstm.shaped_state"), t("lstm.shaped_state_note", unit=seen.unit, word=word))
    writer = sums.writer(charts.style("lstm.figure"))
    sums.lines(formulas.state(seen, writer).chosen)
    with sums.switch_row():
        sums.more_digits()
        kind = seen.found.layers[-1].cell
        lines.hint(t("lstm.parts_gru" if kind == "gru" else "lstm.parts"))


def _read_out(seen: Seen) -> None:
    """What torch and Keras are asked for, and where this shape is shown at length."""
    shape = seen.found.shape
    frame.section(t("lstm.shaped_asked"))
    lines.hint(t(f"lstm.asked.{shape}"))
    words = [seen.found.inputs[at] for at in sorted(seen.found.unknown)]
    spelling.warned("lstm.no_word", words[:_UNKNOWN_SHOWN])
    page, given = _AT_LENGTH[shape]
    frame.way_to(topic(page), t(f"lstm.at_length.{shape}"), **given)


def _provenance(found: Unrolled) -> None:
    frame.provenance(
        "live",
        caches.title(found.model_id),
        frame.quote(found.text),
        about.headline(found.model_id),
        difference=caches.difference(found),
        against="lstm.shaped_logits",
    )
