"""The curves, sentences and sums of an adapter's training."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.core.arrays import Difference
from models.cost.adapter import shipped
from models.cost.finetuning import STEPS, AdapterTraining, Stage, TrainedAdapter, shipped_curve
from pages.ui.text import labels
from tests.viz.cost.test_quantisation import THEMES, inside
from tests.viz.figures import NOTATION
from tests.viz.sentences import BOTH, read, style
from viz.board.style import Style
from viz.board.theme import LIGHT, Theme
from viz.cost.finetuning import TrainingShown, loss_curves
from viz.cost.finetuning_formulas import learned
from viz.cost.finetuning_now import finetuning
from viz.formula.writer import Writer

LOSSES = tuple(4.0 * 0.97**step for step in range(100))
OUTCOME = TrainedAdapter(shipped(), 0.8, 0.92, 0.07, 100, Difference(), True, 21.0)


def shown(stage: Stage | None, losses: tuple[float, ...] = LOSSES) -> TrainingShown:
    run = None if stage is None else AdapterTraining(2, stage, 0, losses)
    if run is not None and stage == "done":
        run = replace(run, outcome=OUTCOME)
    return TrainingShown(run, 4, shipped_curve(), 8)


def looks(theme: Theme = LIGHT, *, narrow: bool = False) -> Style:
    words = labels("cost.tune.figure") | labels("cost.lora.formula")
    return Style(theme, NOTATION, words, narrow=narrow)


@THEMES
@pytest.mark.parametrize("narrow", [False, True])
def test_every_step_is_in_the_curve_and_means_of_twenty_on_it(theme: Theme, narrow: bool) -> None:
    figure = loss_curves(shown("training"), looks(theme, narrow=narrow))
    inside(figure)
    sizes = [len(one.x) for one in figure.data if one.type == "scatter" and len(one.x) > 2]
    assert sizes.count(len(LOSSES)) == 1
    assert 5 in sizes  # 100 steps by twenties
    (steps,) = (one for one in figure.data if len(one.x) == len(LOSSES))
    assert (np.diff(steps.y) > 0).all()  # down the board: the loss falls


def test_before_a_training_only_the_shipped_curve_is_drawn() -> None:
    none, begun = (loss_curves(shown(stage), looks()) for stage in (None, "training"))
    count = [sum(one.type == "scatter" and len(one.x) > 4 for one in f.data) for f in (none, begun)]
    assert 0 < count[0] < count[1]
    last = max(float(np.max(one.x)) for one in none.data if len(one.x) > 4)
    assert last <= 1190


@BOTH
@pytest.mark.parametrize(
    "stage",
    [None, "waiting", "starting", "training", "testing", "done", "stopped", "dropped", "failed"],
)
def test_every_stage_has_its_sentence(language: str, stage: Stage | None) -> None:
    speak = style(language, "cost.tune.now")
    found = [finetuning(shown(stage), 6144, 848_768, may, speak) for may in (True, False)]
    said = read(found[0].said)
    assert "{" not in said
    wanted = {"done": "80", "training": "848", "stopped": "100", None: str(STEPS)}
    assert wanted.get(stage, "") in said
    assert (found[0].then != found[1].then) == (stage in (None, "stopped", "dropped", "failed"))


def test_the_numbers_that_are_learned_are_all_as_and_bs() -> None:
    tex = learned(2, shipped().shape, len(shipped().matrices), 848_768, Writer(looks(), 3))
    assert r"2 \cdot (128 + 128) = 512" in tex
    total = sum(a.size + b.size for a, b in shipped().matrices.values()) // 4
    assert total == shipped().learned(2) == 6144
    assert "6144" in tex
    assert "0.7" in tex
