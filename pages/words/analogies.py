"""The words page's third view: a − b + c, and how often it does not lead to the right word."""

from __future__ import annotations

from functools import partial

from models.words import analogies as measured
from models.words.relations import Question, questions
from models.words.space import Analogy, VectorSpace, analogy
from pages.ui import caches, charts, controls, frame, lines, state, sums
from pages.ui.stepping import step_buttons
from pages.ui.text import notation, t
from pages.words import RELATIONS
from pages.words.shared import (
    GAPS,
    WIDTHS,
    controls_row,
    left_out,
    look,
    origin,
    row,
    space,
    speak,
    word_field,
    writer,
)
from viz.words import now
from viz.words.analogies import Scene, rate
from viz.words.analogies import analogies as draw
from viz.words.neighbours_formulas import cosine

_GIVEN = ("a", "b", "c")


def _asked(one: str, relation: str) -> tuple[Question, ...]:
    from models.words.vector_sets import space as of_set

    return tuple(questions(relation, of_set(one).typed))


asked = caches.of_values(_asked, entries=64)


def view() -> None:
    """One question at the left, all of them in the middle, its sum at the right."""
    one, relation = space(), str(state.get("relation"))
    every = () if relation == "own" else asked(one.id, relation)
    if not every and relation != "own":
        state.notice("words.no_question", set=t(f"words.set.{one.id}"))
    found, wanted = _question(one, every)
    scene = Scene(found, wanted, measured.of_set(one.id), relation)
    _controls(every)
    frame.notices()
    frame.now(*now.analogy(scene, speak()))
    figure, right = frame.picture_and_sums(WIDTHS, gaps=GAPS)
    with figure:
        frame.section(t("words.analogy"), t("words.analogy_note"))
        charts.told(draw(scene, look()), "analogies")
    with right:
        if every:
            step_buttons(range(len(every)), "words.before", "words.after", name="question")
        _sums(scene)
    difference = found.check(found.answer)
    frame.provenance("live", *origin(one), t("words.rates_measured"), difference=difference,
                     against="words_cosine")  # fmt: skip


def _question(one: VectorSpace, every: tuple[Question, ...]) -> tuple[Analogy, int | None]:
    if not every:
        return analogy(one, *(row(one, name) for name in _GIVEN)), None
    question = every[controls.in_range("question", len(every))]
    a, b, c, answer = (one.typed[word] for word in question)
    return analogy(one, a, b, c), answer


def _controls(every: tuple[Question, ...]) -> None:
    relations = (*RELATIONS, "own")
    forget = partial(state.put, "question", None)
    which = partial(controls.select, "relation", "words.relation", relations, on_change=forget)
    if not every:
        fields = [(150, partial(word_field, name)) for name in _GIVEN]
        controls_row((310, which), *fields)
    else:
        number = partial(controls.number, "question", max(len(every) - 1, 0),
                         key="words.question", disabled=len(every) < 2)  # fmt: skip
        controls_row((420, which), (340, number))


def _sums(scene: Scene) -> None:
    found, w = scene.found, writer(2)
    frame.section(t("words.nearest"), t("words.nearest_note"))
    target, answer = found.pair(found.answer)
    names = w.words("aim"), w.text(now.name(found.space, found.answer))
    general, rows, result = cosine(target, answer, names, w)
    sums.lines(general, rows, result)
    sums.switches()
    frame.equal_to(t("words.torch_cosine"), notation().fixed(found.cosine(found.answer), 4),
                   found.check(found.answer))  # fmt: skip
    if scene.scores is not None:
        frame.section(t("words.failing"), t("words.failing_note"))
        every = scene.scores["all"]
        for way in ("failed", "failed_kept", "failed_alone"):
            lines.beside(t(f"words.figure.way.{way}"), rate(every, way, look()))
        lines.hint(t("words.trap"))
    left_out()
