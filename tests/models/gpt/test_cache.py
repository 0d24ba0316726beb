"""What a cache holds is counted layer by layer, as the model's own tensors are."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from models.core.attention import causal_mask
from models.core.loaded import LoadedModel
from models.gpt import cache
from models.gpt.cache import Size
from models.trace import AttentionBlock
from tests.models import wild

IDS = tuple(range(3, 15))  # twelve tokens


def cached(family: str, monkeypatch: pytest.MonkeyPatch) -> cache.Cached:
    monkeypatch.setattr(cache, "check", lambda _: None)
    loaded: Any = SimpleNamespace(model=wild.build(family), card=None)
    found = cache.cached(cast("LoadedModel", loaded), IDS)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("family", "sizes"),
    [
        ("llama", [Size(2, 2, 12, 8, 4, 8)]),
        ("mistral", [Size(2, 2, 3, 8, 4, 8)]),
        ("exaone4", [Size(3, 2, 3, 8, 4, 8), Size(1, 2, 12, 8, 4, 8)]),
        ("gemma3n_text", [Size(1, 2, 3, 8, 4, 8), Size(1, 2, 12, 8, 4, 8)]),
        ("gemma4_text", [Size(1, 2, 3, 8, 4, 8), Size(1, 2, 12, 16, 4, 16)]),
        ("deepseek_v2", [Size(2, 1, 12, 8, 4, 4)]),
        *((name, [Size(2, 2, 12, 8, 4, 8)]) for name in ("jamba", "lfm2", "qwen3_next", "bamba")),
    ],
)
def test_each_layer_has_its_own_length_and_width(
    family: str, sizes: list[Size], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = cached(family, monkeypatch)
    assert found.sizes == tuple(sizes)
    assert sum(size.bytes for size in found.sizes) == found.bytes
    if family != "bamba":  # whose own state-space layers differ with a cache, which is then said
        assert found.difference.relative < 1e-4


def test_a_window_of_four_keeps_2688_bytes_in_exaone_4(monkeypatch: pytest.MonkeyPatch) -> None:
    assert cached("exaone4", monkeypatch).bytes == 2688


def block(seen: np.ndarray) -> AttentionBlock:
    n = len(seen)
    q = np.zeros((2, n, 4), "f4")
    mask = np.where(seen, 0, -np.inf).astype("f4")[None]
    return AttentionBlock("decoder", 0, q, q, q, 0.5, q, mask)


def test_in_a_window_of_four_the_last_token_looks_at_three_before_it_and_itself() -> None:
    i, j = np.indices((9, 9))
    assert cache.attended(block((j <= i) & (i - j < 4))) == 4
    assert cache.attended(block(~np.isneginf(causal_mask(9, 9)))) == 9
    q = np.zeros((1, 5, 2), "f4")
    assert cache.attended(AttentionBlock("decoder", 0, q, q, q, 1.0, q)) == 5
