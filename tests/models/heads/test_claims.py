"""What the lesson prose says of the real model's heads, measured again."""

from __future__ import annotations

import numpy as np
import pytest

from models.heads.metrics import of_layer
from models.record import record
from models.trace import AttentionTrace

FIRST = "The cat sat down because it was tired"
PRONOUN = "The animal didn't cross the street because it was too {}"


def looks(trace: AttentionTrace, layer: int, head: int, query: str, key: str) -> float:
    weights = trace.block("encoder", layer).head(head).weights
    return float(weights[trace.tokens.index(query), trace.tokens.index(key)])


def test_one_head_and_only_one_looks_at_the_previous_token() -> None:
    trace = record("minilm", FIRST)
    shares = {
        (layer, head): figures.previous or 0.0
        for layer in range(6)
        for head, figures in enumerate(of_layer(trace, "encoder", layer))
    }
    assert [place for place, share in shares.items() if share >= 0.5] == [(0, 2)]
    assert shares[0, 2] == pytest.approx(1.0, abs=0.005)


def test_the_previous_token_head_weakens_over_two_hundred_tokens() -> None:
    words = ["the", "cat", "sat", "on", "a", "mat", "and", "looked", "at", "every", "bird"]
    rng = np.random.default_rng(7)
    trace = record("minilm", " ".join(rng.choice(words, 198)))
    assert of_layer(trace, "encoder", 0)[2].previous == pytest.approx(0.8, abs=0.1)


def test_almost_half_of_the_heads_give_more_than_half_to_cls() -> None:
    trace = record("minilm", FIRST)
    shares = [f.first or 0.0 for layer in range(6) for f in of_layer(trace, "encoder", layer)]
    assert 0.4 < np.mean(np.array(shares) > 0.5) < 0.5


def test_hiding_leaves_a_seventh_of_layer_4_head_5() -> None:
    figures = of_layer(record("minilm", FIRST), "encoder", 4)[5]
    first, separator = figures.first or 0.0, figures.separator or 0.0
    assert first == pytest.approx(0.85, abs=0.005)
    assert 1 - first - separator == pytest.approx(1 / 7, abs=0.02)


def test_the_pronoun_head_notices_the_adjective_a_little() -> None:
    tired, wide = (record("minilm", PRONOUN.format(word)) for word in ("tired", "wide"))
    assert looks(tired, 3, 1, "it", "animal") == pytest.approx(0.65, abs=0.02)
    assert looks(wide, 3, 1, "it", "animal") == pytest.approx(0.27, abs=0.01)
    assert looks(tired, 3, 1, "it", "street") == pytest.approx(0.05, abs=0.005)
    assert looks(wide, 3, 1, "it", "street") == pytest.approx(0.13, abs=0.005)
    assert looks(wide, 3, 1, "it", "street") < looks(wide, 3, 1, "it", "animal")
    assert looks(wide, 3, 1, "it", "animal") < looks(wide, 3, 1, "it", "[CLS]")
