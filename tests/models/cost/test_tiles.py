"""The online softmax against torch's, whatever the tiles, masks and sinks."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from models.core.arrays import difference
from models.cost.tiles import Tiled, plain, tiled

RANDOM = np.random.default_rng(0)
SCORES, VALUES = RANDOM.normal(size=11) * 4, RANDOM.normal(size=(11, 5))


@pytest.mark.parametrize("size", [1, 2, 3, 4, 11, 64])
def test_tiles_of_any_size_come_to_torch_s_own_attention(size: int) -> None:
    scores = torch.tensor(SCORES)[None, None, None]
    zero = torch.zeros(1, 1, 1, 1, dtype=torch.float64)
    keys = torch.zeros(1, 1, 11, 1, dtype=torch.float64)
    own = torch.nn.functional.scaled_dot_product_attention(
        zero, keys, torch.tensor(VALUES)[None, None], attn_mask=scores
    )
    found = tiled(SCORES, VALUES, size)
    assert difference(found.end.output, own[0, 0, 0].numpy()).relative < 1e-12
    assert difference(plain(found), own[0, 0, 0].numpy()).relative < 1e-12


def test_large_scores_do_not_overflow() -> None:
    found = tiled(SCORES * 1000, VALUES, 3)
    assert np.isfinite(found.end.output).all()
    assert difference(found.end.output, plain(found)).relative < 1e-12


@pytest.mark.parametrize("masked", [slice(0, 4), slice(3, 6), slice(8, 11)])
def test_a_masked_tile_changes_nothing(masked: slice) -> None:
    scores = SCORES.copy()
    scores[masked] = -np.inf
    found = tiled(scores, VALUES, 2)
    assert difference(found.end.output, plain(found)).relative < 1e-12
    for tile in found.tiles:
        if np.isneginf(tile.scores).all():
            assert (tile.after.m, tile.after.l) == (tile.before.m, tile.before.l)


@pytest.mark.parametrize("sink", [-3.0, 0.5, 20.0])
def test_a_sink_takes_its_share_and_gives_no_value(sink: float) -> None:
    found = tiled(SCORES, VALUES, 4, sink)
    assert difference(found.end.output, plain(found, sink)).relative < 1e-12
    assert np.abs(found.end.output - tiled(SCORES, VALUES, 4).end.output).max() > 0


def walked(found: Tiled) -> list[float]:
    return [tile.after.m for tile in found.tiles]


def test_what_is_carried_is_of_all_keys_so_far() -> None:
    found = tiled(SCORES, VALUES, 3)
    for tile in found.tiles:
        so_far = SCORES[: tile.stop]
        assert tile.after.m == so_far.max()
        e = np.exp(so_far - so_far.max())
        assert tile.after.l == pytest.approx(e.sum())
        assert tile.after.o == pytest.approx(e @ VALUES[: tile.stop])
    assert walked(found) == sorted(walked(found))
    rises = sum(b > a for a, b in zip(walked(found), walked(found)[1:], strict=False))
    assert found.raises == rises


@pytest.mark.parametrize(("scores", "size"), [(SCORES, 0), (SCORES[:0], 2)])
def test_no_tile_and_no_key_are_refused(scores: np.ndarray, size: int) -> None:
    with pytest.raises(ValueError, match="in tiles of"):
        tiled(scores, VALUES[: len(scores)], size)
