"""What the memory page shows now: gradients, recall or products at the chosen distance."""

from __future__ import annotations

from collections.abc import Mapping

from models.memory.recall import Recall
from models.memory.steps import ClippedStep
from viz.board.markup import Safe
from viz.board.sentence import LONGEST_TOKEN, Now, now, percent, tinted, token
from viz.board.style import Style
from viz.memory.gradients import NETWORKS, Way
from viz.memory.products import Products

_ROLES = {"rnn": "net_rnn", "lstm": "net_lstm", "attention": "weight"}


def size(value: float, style: Style) -> str:
    """A gradient's size: in full from a thousandth to ten thousand, else by powers of ten."""
    plain = value == 0 or 1e-3 <= abs(value) < 1e4
    write = style.notation
    return write.significant(value, 3) if plain else write.scientific(value, 2)


def setting(value: float, style: Style) -> str:
    """A number that was set, in full: 0.5, 20."""
    return f"{value:g}".replace(".", style.notation.decimal)


def gradients(way: Way, style: Style) -> Now:
    """How far the token at the chosen distance still moves the last state."""
    last = way.distance == len(way.tokens) - 1
    return now(
        style,
        "gradients" if way.distance else "gradients_here",
        "gradients_last" if last else "gradients_then",
        word=token(way.tokens[way.distance], "ink", LONGEST_TOKEN),
        distance=way.distance,
        **{name: _sized(way.norms[name][way.distance], name, style) for name in NETWORKS},
    )


def _sized(value: float, network: str, style: Style) -> Safe:
    return tinted(size(float(value), style), _ROLES[network])


def recall(recalls: Mapping[str, Recall], place: int, style: Style) -> Now:
    """What share of the symbols each network recalls at one length, the mean of its seeds."""
    lstm = recalls["lstm"]
    last = place == len(lstm.distractors) - 1
    shares = {
        name: percent(style, float(recalls[name].mean[place]), _ROLES[name]) for name in NETWORKS
    }
    return now(
        style,
        "recall",
        "recall_last" if last else "recall_then",
        count=lstm.distractors[place],
        chance=percent(style, lstm.chance, "ink", 1),
        **shares,
    )


def exploding(drawn: Products, style: Style) -> Now:
    """What has become of the gradient with the matrix alone, and with the activation."""
    last = drawn.distance == len(drawn.norms["linear"]) - 1
    sizes = {
        name: tinted(size(float(drawn.norms[side][drawn.distance]), style), "ink")
        for name, side in zip(("linear", "bent"), drawn.sides, strict=True)
    }
    return now(
        style,
        f"exploding_{drawn.nonlinearity}" if drawn.distance else "exploding_here",
        "exploding_last" if last else "exploding_then",
        distance=drawn.distance,
        sigma=style.notation.fixed(drawn.sigma, 3),
        **sizes,
    )


def clipping(step: ClippedStep, last: bool, style: Style) -> Now:
    """What a step does without and with clipping; where nothing is clipped, what stays small."""
    words = {
        "norm": tinted(size(step.norm, style), "plus"),
        "most": setting(step.most, style),
        "loss": tinted(size(step.loss, style), "ink"),
        "plain": tinted(size(step.after_plain, style), "plus"),
        "clipped": tinted(size(step.after_clipped, style), "minus"),
        "far": tinted(size(step.far, style), "ink"),
    }
    name = "clipping" if step.factor < 1 else "clipping_idle"
    return now(style, name, "clipping_last" if last else "clipping_then", **words)
