"""What a mask leaves to be seen is read from its cells."""

from __future__ import annotations

import numpy as np
import pytest

from models.core.arrays import Floats
from models.core.attention import causal_mask, window_mask
from models.core.kinds import Sight, looks_ahead, sight
from models.record import compressed
from tests.models import wild

N = 7
ROW, COLUMN = np.indices((N, N))


def mask(seen: np.ndarray) -> Floats:
    return np.where(seen, 0.0, -np.inf)[None]


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (COLUMN <= ROW, Sight("causal", None, True)),
        ((COLUMN <= ROW) & (ROW - COLUMN < 3), Sight("window", 3, True)),
        (abs(ROW - COLUMN) <= 2, Sight("window", 2)),
        ((COLUMN <= ROW) & (ROW // 3 == COLUMN // 3), Sight("chunk", 3, True)),
        ((COLUMN <= ROW) | (COLUMN < 4), Sight("prefix", 4)),
        (ROW >= 0, Sight("bidirectional")),
        ((COLUMN <= ROW) & (COLUMN != 2), Sight("other", None, True)),
        (COLUMN != 5, Sight("other")),
    ],
)
def test_a_mask_is_named_by_its_cells(seen: np.ndarray, expected: Sight) -> None:
    assert sight(mask(seen), N, N) == expected


def test_no_mask_hides_nothing() -> None:
    assert sight(None, N, N) == Sight("bidirectional")


def test_heads_that_see_different_keys_are_no_pattern() -> None:
    both = np.concatenate((mask(COLUMN <= ROW), mask(ROW >= 0)))
    assert sight(both, N, N).name == "other"


@pytest.mark.parametrize(
    ("one", "ahead"),
    [
        (causal_mask(4, 4)[None], False),
        (window_mask(4, 4, 1)[None], True),
        (mask((COLUMN <= ROW) | (COLUMN < 3)), False),
        (np.where(np.tri(2) > 0, 0, np.finfo("f4").min)[None], False),
        (None, True),
    ],
)
def test_a_decoder_is_told_by_what_it_does_not_see(one: Floats | None, ahead: bool) -> None:
    size = 4 if one is None else one.shape[-1]
    assert looks_ahead(one, size, size) is ahead


def test_one_token_tells_nothing() -> None:
    assert looks_ahead(None, 1, 1) is None


@pytest.mark.parametrize(
    ("family", "expected"),
    [
        ("llama", ["causal"] * 2),
        ("mistral", ["window"] * 2),
        ("exaone4", ["window"] * 3 + ["causal"]),
        ("gpt_oss", ["window", "causal"]),
        ("llama4_text", ["chunk"] * 3 + ["causal"]),
        ("modernbert", ["bidirectional", "window"]),
        ("bert", ["bidirectional"] * 2),
    ],
)
def test_families_look_as_their_masks_say(family: str, expected: list[str]) -> None:
    found = wild.records(family, surroundings=False)
    masks = [None if one.mask is None else compressed(one.mask[0].numpy()) for one in found]
    assert [sight(one, 10, 10).name for one in masks] == expected
