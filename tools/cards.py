"""Draws the pictures of the home page's cards anew: `python -m tools.cards`.

Each from a run of the models that its page opens, at the text that its page opens with; a light
and a dark one lie in the topic's folder below pages/.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from models.bert.mask import masked_text
from models.core.encodings import sinusoidal
from models.cost.timings import Run, stored
from models.memory.gradients import NETWORKS
from models.memory.recall import measured
from models.neuron.unit import Function
from models.record import record
from models.recurrent import run
from models.seq2seq.record import translate as recurrent_translation
from models.translator.record import translate
from models.vision.digit import see
from models.vision.digits import split
from models.words.vector_sets import space as of_set
from pages.registry import TOPICS
from pages.ui.state import parameters
from viz.board.box import Box
from viz.board.markup import Safe
from viz.board.theme import DARK, LIGHT, Theme, opening
from viz.home.thumbnail import arrow, bars, curve, heat, picture, ribbons

PAGES = Path(__file__).resolve().parents[1] / "pages"
WHOLE = Box(12, 12, 216, 96)
LEFT, RIGHT = Box(12, 12, 90, 96), Box(138, 12, 90, 96)
Picture = Callable[[Theme], tuple[Safe, ...]]


def default(slug: str, name: str) -> Any:
    """What a page opens with."""
    return parameters(slug)[name].default


def neuron(theme: Theme) -> tuple[Safe, ...]:
    """The sigmoid, and its slope at four times its height: both reach from 0 to 1."""
    z = np.linspace(-6, 6, 61)
    bent, places = Function("sigmoid"), ((z + 6) / 12).tolist()
    return (
        curve(places, bent.value(z).tolist(), WHOLE, theme.output),
        curve(places, (4 * bent.slope(z)).tolist(), WHOLE, theme.gate_g),
    )


def words(theme: Theme) -> tuple[Safe, ...]:
    """A one-hot column, and the rows of E that it picks one of."""
    space = of_set(default("words", "vectors"))
    first = max(space.typed[default("words", "word")] - 3, 0)
    rows = space.vectors[first : first + 7, :12]
    one_hot, table = np.zeros((7, 1)), 0.5 + rows / (2 * np.abs(rows).max())
    one_hot[3] = 1.0
    return (
        heat(one_hot, Box(12, 12, 14, 96), theme.weights, theme.hatch),
        arrow(40, 60, theme.muted),
        heat(table, Box(68, 12, 160, 96), theme.scores, theme.hatch),
    )


def lstm(theme: Theme) -> tuple[Safe, ...]:
    """Three gates of an LSTM, units down, words across."""
    layer = run(default("lstm", "model"), default("lstm", "text")).layers[0]
    boxes = [Box(12 + 76 * i, 10, 64, 100) for i in range(3)]
    return tuple(
        heat(getattr(layer, gate).T, box, opening(theme, gate), theme.hatch)
        for gate, box in zip("fio", boxes, strict=True)
    )


def memory(theme: Theme) -> tuple[Safe, ...]:
    """Measured recall by distance, on a logarithmic axis: three networks."""
    colours = {"rnn": theme.net_rnn, "lstm": theme.net_lstm, "attention": theme.weight}
    pieces = []
    for name, recall in (measured(NETWORKS) or {}).items():
        far = np.log1p(recall.distractors)
        pieces.append(curve((far / far.max()).tolist(), recall.mean.tolist(), WHOLE, colours[name]))
    return tuple(pieces)


def seq2seq(theme: Theme) -> tuple[Safe, ...]:
    """Attention weights of a recurrent translation, written words down, source across."""
    weights = recurrent_translation(default("seq2seq", "model"), default("seq2seq", "text")).weights
    assert weights is not None
    return (heat(weights, WHOLE, theme.weights, theme.hatch),)


def heads(theme: Theme) -> tuple[Safe, ...]:
    """The first six heads of three layers, on a scale that grows with the root."""
    trace = record(default("heads", "model"), default("heads", "text"))
    pieces = []
    for row, layer in enumerate((0, 2, 4)):
        weights = trace.block("encoder", layer).weights
        for column in range(6):
            box = Box(11 + 37 * column, 8 + 36 * row, 33, 33)
            pieces.append(heat(np.sqrt(weights[column]), box, theme.weights, theme.grid))
    return tuple(pieces)


def scores(theme: Theme) -> tuple[Safe, ...]:
    """From one head's scores to its weights."""
    trace = record(default("scores", "model"), default("scores", "text"))
    steps = trace.block("encoder", default("scores", "layer")).head(default("scores", "head"))
    signed = 0.5 + steps.scaled / (2 * np.abs(steps.scaled).max())
    return (
        heat(signed, LEFT, theme.scores, theme.hatch),
        arrow(111, 60, theme.muted),
        heat(steps.weights, RIGHT, theme.weights, theme.hatch),
    )


def positions(theme: Theme) -> tuple[Safe, ...]:
    """The sinusoidal table: positions down, dimensions across."""
    return (heat(0.5 + sinusoidal(24, 32) / 2, WHOLE, theme.scores, theme.hatch),)


def translator(theme: Theme) -> tuple[Safe, ...]:
    """One head's cross-attention: written words above, the words that were read below."""
    trace = translate(default("translator", "model"), default("translator", "text")).attention
    layer, head = default("translator", "layer"), default("translator", "head")
    weights = trace.block("cross", layer).weights[head]
    return (ribbons(weights, Box(12, 18, 216, 84), theme.weight, theme.muted),)


def bert(theme: Theme) -> tuple[Safe, ...]:
    """The five most probable tokens under one mask."""
    text, pair = default("bert", "text"), default("bert", "pair")
    place = default("bert", "step")
    found = masked_text(default("bert", "model"), text, pair, masked=(place,), place=place)
    answer = found.hidden[place]
    most = np.argsort(-answer.logits)[:5]
    shares = [answer.share(int(word)) for word in most]
    return (bars(shares, WHOLE, theme.weight, theme.soft),)


def gpt(theme: Theme) -> tuple[Safe, ...]:
    """One head's causal weights, with the cells that the mask hides."""
    trace = record(default("gpt", "model"), "The old dog saw a cat in the garden.")
    weights = trace.block("decoder", 0).weights[0]
    box = Box(62, 4, 116, 112)
    hidden = np.triu(np.ones(weights.shape, bool), 1)
    return (heat(weights, box, theme.weights, theme.hatch, (hidden, theme.mask)),)


def cost(theme: Theme) -> tuple[Safe, ...]:
    """Measured seconds by length, both on logarithmic axes: full attention and windows."""
    timings = stored()
    places = np.linspace(0, 1, len(timings.lengths)).tolist()
    curves: dict[Run, str] = {
        "full": theme.weight,
        "rnn": theme.net_rnn,
        "windowed": theme.net_lstm,
    }
    height = {name: np.log(timings.curves[name].seconds) for name in curves}
    low = min(one.min() for one in height.values())
    high = max(one.max() for one in height.values())
    return tuple(
        curve(places, ((height[name] - low) / (high - low)).tolist(), WHOLE, colour)
        for name, colour in curves.items()
    )


def vision(theme: Theme) -> tuple[Safe, ...]:
    """A held-out digit, and what [CLS] looks at in it."""
    pixels = split()[1].pixels[default("vision", "picture")]
    trace = see(default("vision", "model"), pixels).attention
    layer, head = default("vision", "layer"), default("vision", "head")
    row = trace.block("encoder", layer).weights[head][0, 1:]
    side = int(np.sqrt(len(row)))
    paper = ((0.0, theme.page), (1.0, theme.ink))
    return (
        heat(pixels, LEFT, paper, theme.hatch),
        arrow(111, 60, theme.muted),
        heat(row.reshape(side, side) / row.max(), RIGHT, theme.weights, theme.hatch),
    )


PICTURES: dict[str, Picture] = {
    one.__name__: one
    for one in (
        neuron,
        words,
        lstm,
        memory,
        seq2seq,
        heads,
        scores,
        positions,
        translator,
        bert,
        gpt,
        cost,
        vision,
    )
}


def drawn(slug: str, theme: Theme) -> str:
    """A topic's picture, as its file holds it. KeyError: no picture of it is known here."""
    return picture(*PICTURES[slug](theme))


def main() -> None:
    """Overwrites the pictures of all topics that have one."""
    for topic in TOPICS:
        for theme in (LIGHT, DARK) if topic.slug in PICTURES else ():
            file = PAGES / topic.slug / f"card-{theme.name}.svg"
            file.write_text(drawn(topic.slug, theme), encoding="utf-8")


if __name__ == "__main__":
    main()
