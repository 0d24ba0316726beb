"""The LSTM page's sentence: the unit's gates worked out anew from the layer's weights."""

from __future__ import annotations

import numpy as np
import pytest

from models.recurrent import run
from models.trace import RecurrentTrace
from tests.present import present
from tests.viz.sentences import BOTH, fixed, per_cent, read, style, told
from viz.lstm import now
from viz.lstm.step import Reading, of_trace

TEXT = "The cats that the man near the dog saw are tired."


def reading(trace: RecurrentTrace, step: int, unit: int) -> Reading:
    units = trace.layers[0].h.shape[1]
    return of_trace(trace, 0, step=step, unit=unit, order=range(units))


def squashed(z: float) -> float:
    return 1 / (1 + float(np.exp(-z)))


@BOTH
@pytest.mark.parametrize("unit", [1, 12])
@pytest.mark.parametrize("step", [0, 8])
def test_it_tells_what_the_gates_let_through(step: int, unit: int, language: str) -> None:
    trace: RecurrentTrace = run("lstm", TEXT)
    layer = trace.layers[0]
    before = layer.h[step - 1] if step else np.zeros(layer.h.shape[1])
    weights = present(layer.weights)[0]
    z = weights.w @ present(layer.x)[step] + weights.u @ before + weights.b
    i, f, g, o = (float(part[unit]) for part in np.split(np.asarray(z, np.float64), 4))
    c = float(layer.c[step - 1, unit]) if step else 0.0  # type: ignore[index]
    said = read(now.reading(reading(trace, step, unit), style(language, "lstm.now")).said)
    values = {
        "word": trace.typed[step],
        "unit": unit,
        "c": fixed(language, c),
        "i": fixed(language, squashed(i)),
        "g": fixed(language, np.tanh(g)),
        "show": per_cent(language, squashed(o)),
    }
    if step:
        keep = per_cent(language, squashed(f))
        assert said == told(language, "lstm.now.lstm", keep=keep, **values)
    else:  # there is nothing to keep yet; first it says what an LSTM is
        what = told(language, "lstm.now.what_lstm")
        assert said == f"{what} {told(language, 'lstm.now.lstm_begins', **values)}"


@BOTH
def test_of_a_plain_rnn_it_tells_the_hidden_state(language: str) -> None:
    trace: RecurrentTrace = run("rnn", TEXT)
    h = trace.layers[0].h
    said = read(now.reading(reading(trace, 3, 5), style(language, "lstm.now")).said)
    values = {"before": fixed(language, h[2, 5]), "h": fixed(language, h[3, 5])}
    assert said == told(language, "lstm.now.rnn", word=trace.typed[3], unit=5, **values)


@BOTH
def test_an_ablated_unit_is_called_so(language: str) -> None:
    trace: RecurrentTrace = run("lstm", TEXT, silenced=((0, 4),))
    said = read(now.reading(reading(trace, 2, 4), style(language, "lstm.now")).said)
    assert said == told(language, "lstm.now.silent", word=trace.typed[2], unit=4)


@BOTH
def test_it_names_the_next_word_until_there_is_none(language: str) -> None:
    trace: RecurrentTrace = run("lstm", TEXT)
    last = len(trace.typed) - 1
    thens = [
        read(now.reading(reading(trace, step, 1), style(language, "lstm.now")).then)
        for step in (0, last)
    ]
    told_both = [
        told(language, "lstm.now.then", word=trace.typed[1]),
        told(language, "lstm.now.last"),
    ]
    assert thens == told_both
