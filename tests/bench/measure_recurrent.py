"""A long text on the gates page beside a short one: read by the network, then drawn."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import count

from models.lstm.record import run
from models.lstm.units import by_similarity
from models.training import mixture
from tests.bench.harness import Row, compared, timed
from tests.viz.recurrent_layers import style
from viz.lstm.cell import cell_diagram
from viz.lstm.gates import gate_maps
from viz.lstm.step import of_trace

MODEL, SHORT, LONG = "lstm", 30, 300


def text_of(words: int, seed: int) -> str:
    """Words of the model's own vocabulary, drawn evenly: another text for another seed."""
    return " ".join(random.Random(seed).choices(mixture.vocabulary(), k=words))


def read_and_drawn(words: int) -> Callable[[], float]:
    """Seconds a word of a text that nobody has seen: gates, their order, both figures as JSON."""
    seeds = count(words)

    def once() -> float:
        text = text_of(words, next(seeds))

        def page() -> None:
            trace = run(MODEL, text)
            layer = trace.layers[0]
            order = by_similarity(layer)
            reading = of_trace(trace, 0, step=words // 2, unit=1, order=order)
            for figure in (gate_maps(reading, style()), *cell_diagram(reading, style())):
                figure.to_json()

        return timed(page) / words

    return once


def measure() -> list[Row]:
    """One row: time a word of the long text ÷ time a word of the short one."""
    return [
        compared(
            f"gates page, read and drawn, a word of {LONG} ÷ a word of {SHORT}",
            read_and_drawn(LONG),
            read_and_drawn(SHORT),
            limit=3.0,
            scale=1000.0,
        )
    ]
