"""The memory page's fourth view: what does clipping do to an exploding gradient?"""

from __future__ import annotations

from functools import partial

import models.memory.clipping as steps
from models.memory.clipping import RATE
from models.memory.gradients import SEEDS
from models.memory.steps import ClippedStep, Nonlinearity
from pages.memory import GAINS, MOST_NORMS, TOPIC, gradients, products
from pages.ui import caches, charts, controls, frame, lines, state, sums, views
from pages.ui.stepping import step_buttons
from pages.ui.text import t
from viz.memory import clipping_formulas as written
from viz.memory import now
from viz.memory.clipping import CLIPPED, PLAIN, clipping

_step = caches.of_values(steps.clipped_step, entries=128)
_check = caches.of_record(steps.check, entries=128)


def _nonlinearity() -> Nonlinearity:
    """ReLU where none was chosen: there a gradient explodes."""
    return state.get("nonlinearity") or "relu"


def _controls() -> None:
    seed = partial(controls.choice, "seed", "controls.seed", range(SEEDS), str)
    words = t("memory.gain")
    controls.row(
        (560, partial(views.switch, "memory", TOPIC.views)),
        (330, partial(controls.slider, "gain", words, GAINS, controls.digits)),
        (220, partial(products.nonlinearity, _nonlinearity())),
        (230, partial(seed, help=t("memory.seed_help"))),
        (460, controls.nothing),
    )


def view() -> None:
    """The step and the gradient by steps back at the left, norm, factor and losses at the right."""
    controls.in_range("seed", SEEDS)
    _controls()
    frame.notices()
    most = float(state.get("max_norm"))
    found = _step(_nonlinearity(), float(state.get("gain")), most, int(state.get("seed")))
    frame.now(*now.clipping(found, most == MOST_NORMS[-1], gradients.speak()))
    figure, right = frame.picture_and_sums(gradients.WIDTHS, gaps=("small", None))
    with figure:
        frame.section(t("memory.clipping"), badge=t("origin.whatif"))
        charts.still(clipping(found, charts.style("memory.figure")), "clipping")
    with right:
        step_buttons(MOST_NORMS, "memory.smaller_c", "memory.larger_c", name="max_norm")
        _sums(found)
    frame.provenance(
        "whatif",
        t(f"memory.clipping_{found.nonlinearity}", seed=found.seed),
        t("memory.clipping_batch", count=steps.TEXTS, distractors=steps.DISTRACTORS),
    )


def _sums(found: ClippedStep) -> None:
    w, size = gradients.writer(), partial(now.size, style=gradients.speak())
    frame.section(t("memory.norm"), t("memory.norm_note"))
    sums.lines(written.norm(found, w))
    frame.section(t("memory.clipped_at", most=controls.digits(found.most)))
    sums.lines(written.factor(found, w))
    frame.equal_to(t("memory.clip_grad_norm"), size(found.clipped), _check(found))
    frame.section(t("memory.one_step", rate=controls.digits(RATE)), "θ ← θ − η g")
    lines.beside(t("memory.loss_before"), size(found.loss))
    lines.beside(frame.tinted(t("memory.loss_plain"), PLAIN), size(found.after_plain))
    lines.beside(frame.tinted(t("memory.loss_clipped"), CLIPPED), size(found.after_clipped))
    lines.hint(t("memory.same_factor", far=size(found.far)))
