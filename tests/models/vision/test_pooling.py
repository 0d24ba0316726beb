"""Attention pooling: the probe's weights are those of the module, and make what it gave."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from models.catalog import load
from models.core.loaded import LoadedModel
from models.vision.pooling import pooling
from models.vision.record import record_picture
from models.vision.trace import Pooling
from models.vision.visitor import example, see_picture
from tests.closeness import CLOSE, assert_close
from tests.models.vision.seeing import save

PICTURE = np.random.default_rng(0).random((3, 12, 12), dtype=np.float32)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> LoadedModel:
    return load(str(save("siglip", tmp_path_factory.mktemp("siglip"))))


def pooled(loaded: LoadedModel) -> Pooling:
    found = pooling(loaded, PICTURE)
    assert found is not None
    return found


def test_every_head_is_that_of_the_module(loaded: LoadedModel) -> None:
    found = pooled(loaded)
    head = loaded.model.head
    with torch.inference_mode():
        tokens = loaded.model(torch.from_numpy(PICTURE)[None]).last_hidden_state
        given, weights = head.attention(head.probe, tokens, tokens, average_attn_weights=False)
    assert_close(found.block.weights[:, 0], weights[0, :, 0].numpy())
    assert_close(found.projected, given[0, 0].numpy())
    assert_close(found.own, given[0, 0].numpy())
    assert found.block.layer == len(loaded.attention) == 2
    assert found.block.shape == (1, 9)
    assert found.difference().relative <= CLOSE


@pytest.mark.parametrize("part", ["mean", "own", "q", "v"])
def test_a_wrong_number_of_any_part_is_found_out(part: str, loaded: LoadedModel) -> None:
    found = pooled(loaded)
    if part in ("mean", "own"):
        found = replace(found, **{part: getattr(found, part) * 1.001})
    else:
        found = replace(found, block=replace(found.block, **{part: getattr(found.block, part) * 2}))
    assert not found.difference().rounding


def test_a_picture_is_no_more_right_than_its_pooling(tmp_path: Path) -> None:
    trace = see_picture(str(save("siglip_vision_model", tmp_path)), example())
    assert trace.pooling is not None
    assert trace.difference().rounding
    wrong = replace(trace.pooling, own=trace.pooling.own + 1)
    assert not replace(trace, pooling=wrong).difference().rounding


def test_the_layers_stay_what_they_are(loaded: LoadedModel) -> None:
    """A rollout multiplies those of tokens by tokens, and the pooling is none."""
    attention = record_picture(loaded, PICTURE)
    assert attention.kinds == ("encoder",)
    assert len(attention.blocks) == 2


@pytest.mark.parametrize(
    ("family", "options"),
    [("siglip_vision_model", {"vision_use_head": False}), ("clip_vision_model", {}), ("ijepa", {})],
)
def test_what_pools_nothing_has_no_pooling(
    family: str, options: dict[str, Any], tmp_path: Path
) -> None:
    assert pooling(load(str(save(family, tmp_path, **options))), PICTURE) is None
