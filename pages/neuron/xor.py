"""The neuron page's third view: one unit cannot learn XOR, a hidden layer of two can."""

from __future__ import annotations

from functools import partial

from models.neuron import separable, xor_autograd
from models.neuron import xor as trained
from models.neuron.xor import HIDDEN, LAST, SEEDS, Training
from pages.neuron import TOPIC
from pages.neuron.shared import GAPS, WIDTHS
from pages.ui import caches, charts, controls, frame, lines, state, sums, views
from pages.ui.stepping import step_buttons
from pages.ui.text import notation, t
from viz.neuron import xor_formulas, xor_now
from viz.neuron.planes import name_of
from viz.neuron.xor import Scene, xor

_training = caches.of_values(trained.training, entries=64)
_survey = caches.of_values(trained.survey, entries=len(HIDDEN))
_check = caches.of_record(xor_autograd.check)


def view() -> None:
    """Both planes and the loss at the left, the chosen point's sums at the right."""
    step, seed = int(state.get("trained")), controls.in_range("seed", SEEDS)
    found, alone = (_training(hidden, seed) for hidden in (state.get("hidden"), "none"))
    scene = Scene(found, alone, _learned(), step, int(state.get("point")))
    _controls(step)
    frame.notices()
    frame.now(*xor_now.xor(scene, charts.style("now", "neuron.xor.now")))
    figure, right = frame.picture_and_sums(WIDTHS, gaps=GAPS)
    with figure:
        choose, said = charts.chooses("point", "trained"), name_of(scene.point)
        drawn = xor(scene, charts.style("neuron.xor.figure"))
        charts.clickable(drawn, "planes", choose, t("neuron.xor.planes"), said=said)
    with right:
        step_buttons(trained.stops(step), "neuron.xor.back", "neuron.xor.on", name="trained")
        _sums(found, step, scene.point)
    how = (
        t("neuron.xor.trained", rate=controls.digits(trained.RATE), last=LAST),
        t("neuron.xor.seed", seed=seed),
    )
    gap = _check(found, step).gradient
    frame.provenance("live", *how, difference=gap, against="neuron_xor")


def _learned() -> dict[str, int]:
    return {hidden: _survey(hidden).learned for hidden in HIDDEN}


def _controls(step: int) -> None:
    write = notation().grouped
    words = t("neuron.xor.step")
    controls.row(
        (470, partial(views.switch, "neuron", TOPIC.views)),
        (560, partial(controls.choice, "hidden", "neuron.xor.hidden", HIDDEN)),
        (180, partial(controls.number, "seed", SEEDS - 1, key="neuron.xor.seed_field")),
        (520, partial(controls.slider, "trained", words, trained.stops(step), write)),
    )


def _sums(found: Training, step: int, point: int) -> None:
    style = charts.style("neuron.xor.formula")
    w = sums.writer(style, room=18.0)
    label = int(trained.LABELS[point])
    frame.section(t("neuron.xor.point", name=name_of(point), label=label))
    sums.lines(*xor_formulas.point_sums(found, step, point, w))
    output = notation().tiny(float(found.outputs[step, point]), 4)
    frame.equal_to(t("neuron.xor.torch"), output, _check(found, step).outputs)
    lines.beside(t("neuron.xor.mean_loss"), notation().tiny(float(found.losses[step]), 4))
    if found.hidden == "none":
        sums.lines(xor_formulas.standstill(found, step, w))
        best = separable.best_by_count()
        names = ("w1", "w2", "b")
        line = dict(zip(names, map(controls.digits, best.weights), strict=True))
        loss = notation().fixed(best.loss)
        lines.hint(t("neuron.xor.best_line", most=best.agrees, loss=loss, **line))
