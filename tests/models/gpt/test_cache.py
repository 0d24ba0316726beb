"""What a cache holds is counted layer by layer, as the model's own tensors are."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from models.core.attention import causal_mask
from models.core.loaded import LoadedModel
from models.gpt import cache
from models.gpt.cache import Size
from models.record import blocks_of
from models.recording import capture
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


def holdings(family: str, monkeypatch: pytest.MonkeyPatch) -> list[cache.Holding]:
    """What is kept for head 2 in each attention layer of a fresh model."""
    kept = cached(family, monkeypatch)
    model = wild.build(family)
    modules = {id(module): path for path, module in model.named_modules()}
    records = capture.run(model, wild.inputs(model, IDS)).records
    attention: Any = tuple((modules[id(one.module)], "decoder") for one in records)
    card: Any = SimpleNamespace(family=family)
    look: Any = {"tokenizer": None, "limit": 64, "reads_pairs": False, "arguments": frozenset()}
    look |= {"is_encoder_decoder": False, "has_head": True}
    loaded = LoadedModel(card, model, attention=attention, **look)
    return [cache.held(kept, one, 2) for one in blocks_of(loaded, records)]


@pytest.mark.parametrize(
    ("family", "kept"),
    [
        ("llama", [("own", 12)] * 2),
        ("mistral", [("own", 3)] * 2),
        ("exaone4", [("own", 3)] * 3 + [("own", 12)]),
        ("gemma3n_text", [("own", 3), ("own", 12), ("shared", 0), ("shared", 0)]),
        *((name, [("latent", 12)] * 2) for name in ("deepseek_v2", "deepseek_v3", "minicpm3")),
        *((name, [("own", 12)] * 2) for name in ("jamba", "lfm2", "qwen3_next", "falcon_h1")),
        ("zamba2", [("own", 12)] * 3),
    ],
)
def test_what_is_drawn_is_what_the_cache_holds(
    family: str, kept: list[tuple[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = holdings(family, monkeypatch)
    assert [(one.sort, len(one.keys)) for one in found] == kept


def test_a_cache_of_other_numbers_is_not_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    own = cached("llama", monkeypatch)
    other = replace(own, keys=tuple(k[:, ::-1] for k in own.keys))
    q = np.repeat(own.keys[0], 2, axis=0)
    one = AttentionBlock("decoder", 0, q, own.keys[0], own.values[0], 0.5, q)
    assert cache.held(own, one, 0).sort == "own"
    assert cache.held(other, one, 0).sort == "unknown"
    assert cache.held(None, one, 0).sort == "own"


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
