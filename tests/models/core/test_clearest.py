"""The head that shows something most clearly, found by looking at every one."""

from __future__ import annotations

import numpy as np
import pytest

from models.core.clearest import clearest, most_of_its_own


@pytest.mark.parametrize("seed", range(4))
def test_it_is_the_largest_of_all(seed: int) -> None:
    random = np.random.default_rng(seed)
    weights = [random.random((3, 5, 5)).astype(np.float32) for _ in range(4)]
    layer, head, key = clearest(weights, 2, [0, 3, 4])
    every = [float(w[h, 2, k]) for w in weights for h in range(3) for k in (0, 3, 4)]
    assert float(weights[layer][head, 2, key]) == max(every)
    assert key in (0, 3, 4)


def test_what_is_not_asked_for_does_not_count() -> None:
    weights = [np.zeros((1, 2, 3)), np.zeros((1, 2, 3))]
    weights[1][0, 0, 1] = 1.0  # a key that is left out
    weights[0][0, 1, 2] = 1.0  # another query
    weights[1][0, 0, 2] = 0.5
    assert clearest(weights, 0, [0, 2]) == (1, 0, 2)
    with pytest.raises(ValueError, match="no key"):
        clearest(weights, 0, [])


def test_a_key_that_every_query_looks_at_says_nothing_of_one() -> None:
    weights = [np.zeros((2, 4, 4)), np.zeros((1, 4, 4))]
    weights[0][1, :, 2] = 0.9  # all queries alike
    weights[1][0, 0, 2] = 0.4  # this one alone
    assert clearest(weights, 0, [2]) == (0, 1, 2)
    assert most_of_its_own(weights, 0, 2, [1, 3]) == (1, 0)
    weights[1][0, 3, 2] = 0.9
    assert most_of_its_own(weights, 0, 2, [1]) == (1, 0)
    assert most_of_its_own(weights, 0, 2, [1, 3]) == (0, 0)
    with pytest.raises(ValueError, match="no other query"):
        most_of_its_own(weights, 0, 2, [])
