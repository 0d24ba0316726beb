"""A picture's whole pass against transformers' own eager attention, and how it fails."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import AttentionInterface

from models.catalog import load
from models.recording import capture
from models.vision.eager import against_eager
from tests.models.vision.seeing import FAMILIES, save

PICTURE = np.random.default_rng(0).random((3, 12, 12), dtype=np.float32)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_head_and_the_answer_agree(family: str, tmp_path: Path) -> None:
    found = against_eager(load(str(save(family, tmp_path))), PICTURE)
    assert found.agree == found.compared == found.heads == 8
    assert found.passed


def test_a_kernel_that_scales_otherwise_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = load(str(save("clip_vision_model", tmp_path)))
    own = capture.attention

    def other(module: torch.nn.Module, *given: object, **more: object) -> object:
        return own(module, *given, **more | {"scaling": 0.1})  # type: ignore[arg-type]

    monkeypatch.setitem(AttentionInterface._global_mapping, capture.IMPLEMENTATION, other)
    found = against_eager(loaded, PICTURE)
    assert found.agree < found.heads
    assert not found.passed
