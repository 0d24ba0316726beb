"""What is returned is torch's own output and last states, and stands where torch says."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from models.catalog import load
from models.lstm.record import run
from models.lstm.returned import Returned, returned
from tests.closeness import assert_close

SENTENCE = "The cats that the man near the dog saw are tired."


@pytest.mark.parametrize("model_id", ["lstm", "gru", "rnn", "tagger", "tagger-forward"])
def test_shapes_and_numbers_are_those_of_torchs_module(model_id: str) -> None:
    found = returned(run(model_id, SENTENCE))
    loaded = load(model_id)
    own = loaded.model
    with torch.inference_mode():
        words = own.embedding(torch.tensor(loaded.encode(SENTENCE).ids))
        output, last = own.recurrent(words)
    h_n, c_n = last if isinstance(last, tuple) else (last, None)
    assert_close(found.output, output.numpy())
    assert_close(found.h_n, h_n.numpy())
    assert (found.c_n is None) == (c_n is None)
    if c_n is not None and found.c_n is not None:
        assert_close(found.c_n, c_n.numpy())
    for row in range(len(found.h)):
        assert_close(found.h[row][found.end(row)], h_n[row].numpy())


def test_the_last_states_stand_at_the_last_word_and_backwards_at_the_first() -> None:
    found = returned(run("tagger", SENTENCE))
    assert (found.layers, found.directions, found.units) == (2, 2, 24)
    forward, backward = 2, 3
    assert found.deviation(forward, found.steps - 1).rounding
    assert found.deviation(backward, 0).rounding
    assert found.deviation(backward, found.steps - 1).absolute > 0.1
    with pytest.raises(ValueError, match="below the last"):
        found.part(1)


def test_arrays_that_do_not_fit_are_refused() -> None:
    h = np.zeros((2, 5, 3))
    with pytest.raises(ValueError, match="output"):
        Returned(np.zeros((5, 3)), h, np.zeros((2, 3)), None, 2)
    with pytest.raises(ValueError, match="last states"):
        Returned(np.zeros((5, 6)), h, np.zeros((1, 3)), None, 2)
