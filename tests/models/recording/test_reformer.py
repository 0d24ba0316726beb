"""Reformer's chunks: what a text is filled up to has places, too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from models.catalog import load
from models.record import record
from tests.models.recording.test_sparse import TEXT, saved


@pytest.mark.parametrize(
    ("options", "longest"),
    [
        ({"lsh_attn_chunk_length": 5, "local_attn_chunk_length": 4}, 60),
        ({"lsh_attn_chunk_length": 63, "local_attn_chunk_length": 4}, 4),
        ({"axial_pos_embds": True, "axial_pos_shape": [4, 6], "axial_pos_embds_dim": [16, 16]}, 24),
    ],
)
def test_chunks_that_a_text_is_filled_up_to_have_places(
    options: dict[str, Any], longest: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = load(saved("reformer", tmp_path, monkeypatch, **options))
    assert loaded.limit == longest
    trace = record(loaded, TEXT * 4, cut=True)
    assert len(trace.tokens) == longest
    assert trace.relative_fidelity() < 1e-5
