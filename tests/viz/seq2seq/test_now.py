"""The seq2seq page's sentence: the weights worked out anew from the additive scores."""

from __future__ import annotations

import numpy as np
import pytest

from tests.viz.sentences import BOTH, per_cent, quoted, read, style, told
from tests.viz.translations import TARGET, decoding
from viz.seq2seq import now


def row(step: int, target: str = "") -> np.ndarray:
    """(source,): softmax of the step's scores, in float64."""
    scores = decoding(step, target=target).attention.scores[step].astype(np.float64)
    raised = np.exp(scores - scores.max())
    made: np.ndarray = raised / raised.sum()
    return made


@BOTH
@pytest.mark.parametrize("step", [0, 4, 8])
def test_it_tells_what_is_read_looked_at_and_written(step: int, language: str) -> None:
    weights = row(step)
    most = int(weights.argmax())
    shown = decoding(step, most)
    values = {
        "n": step,
        "read": quoted(shown.trace.inputs.typed[step]),
        "written": quoted(shown.trace.written.typed[step]),
        "source": quoted(shown.trace.typed[most]),
        "share": per_cent(language, weights[most]),
    }
    said, then = now.step(shown, style(language, "seq2seq.now"))
    assert read(said) == told(language, "seq2seq.now.step", **values)
    assert read(then) == told(language, "seq2seq.now.then")
    other = (most + 1) % len(weights)
    values |= {
        "key": quoted(shown.trace.typed[other]),
        "key_share": per_cent(language, weights[other]),
    }
    said = now.step(decoding(step, other), style(language, "seq2seq.now")).said
    assert read(said) == told(language, "seq2seq.now.step_chosen", **values)


@BOTH
def test_a_given_word_is_told_beside_the_networks_own(language: str) -> None:
    trace = decoding(0, target=TARGET).trace
    apart = [
        step
        for step, (own, given) in enumerate(
            zip(trace.predicted.typed, trace.written.typed, strict=True)
        )
        if own != given
    ]
    for step in range(len(trace.written.typed)):
        said = now.step(decoding(step, target=TARGET), style(language, "seq2seq.now")).said
        would = told(language, "seq2seq.now.would", word=trace.predicted.typed[step])
        assert (would in read(said)) == (step in apart)


@BOTH
def test_after_the_last_word_nothing_more_is_written(language: str) -> None:
    last = decoding(0).steps - 1
    then = read(now.step(decoding(last), style(language, "seq2seq.now")).then)
    assert then == told(language, "seq2seq.now.last")
