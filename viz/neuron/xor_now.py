"""What the XOR view shows now, in a sentence: how many points are right, and the loss."""

from __future__ import annotations

from models.neuron.xor import LABELS, LAST
from viz.board.sentence import Now, now, number
from viz.board.style import Style
from viz.neuron.xor import CHANCE, Scene


def xor(scene: Scene, style: Style) -> Now:
    """The state of training at the chosen step, and what to press."""
    training, step = scene.training, scene.step
    return now(
        style,
        _said(scene),
        _then(scene),
        step=step,
        seed=training.seed,
        count=training.right(step),
        undecided=training.undecided(step),
        loss=number(style, float(training.losses[step]), digits=3),
        chance=number(style, CHANCE, digits=3),
        alone=number(style, float(scene.alone.losses[step]), digits=3),
    )


def _said(scene: Scene) -> str:
    training, step = scene.training, scene.step
    if training.hidden == "none":
        name = "unit_even" if training.undecided(step) == len(LABELS) else "unit"
    else:
        name = "open" if training.undecided(step) else "network"
    return name if step else "start"


def _then(scene: Scene) -> str:
    training, step = scene.training, scene.step
    if step < LAST:
        return "train"
    if training.hidden == "none":
        return "add_layer"
    return "learned" if training.right(step) == len(LABELS) else "stuck"
