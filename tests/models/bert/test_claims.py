"""What lessons tell of BERT mini against the notes that it corrects, measured again."""

from __future__ import annotations

import numpy as np
import pytest

from models.bert.sense_accuracy import by_layer
from models.record import record
from models.trace import AttentionTrace
from pages.registry import topic

FIRST = topic("bert").defaults


def share_of_later(trace: AttentionTrace) -> float:
    """What a token gives to those after it, on average over tokens, heads and layers."""
    return float(np.mean([np.triu(block.weights, 1).sum(axis=-1) for block in trace.blocks]))


def test_two_fifths_of_its_attention_go_to_what_stands_behind_and_a_decoders_nothing() -> None:
    bert = record("bert-mini", FIRST["text"], text_pair=FIRST["pair"])
    assert share_of_later(bert) == pytest.approx(0.41, abs=0.005)
    assert share_of_later(record("gpt-mini", FIRST["text"])) == 0


def test_senses_are_told_apart_by_the_layers_and_not_by_positions() -> None:
    shares = by_layer("bert-mini")
    assert shares is not None
    assert (round(shares.trained[0], 2), round(shares.trained[-1], 2)) == (0.70, 0.93)


def test_heads_are_as_wide_together_as_their_output_projection_is_high() -> None:
    block = record("minilm", "The cat sat", surroundings=True).block("encoder", 0)
    assert block.surroundings is not None
    assert block.surroundings.w_o is not None
    assert (block.heads, block.v.shape[-1]) == (12, 32)
    assert block.surroundings.w_o.weight.shape[0] == 384
