"""Swin v2: cosines times each head's factor, a bias by a network, a mask as it is added in all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from models.catalog import load
from models.core.loaded import LoadedModel
from models.errors import BrokenNumbers, InputError, NotCapturable
from models.recording import cosine
from models.vision.window_trace import WindowLayer
from models.vision.windows import record_windows, see_windows
from tests.closeness import CLOSE, assert_close
from tests.models import tiny
from tests.models.vision.seeing import process, save_swin

COLOURS = np.random.default_rng(3).integers(0, 256, (24, 30, 3), dtype=np.uint8)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> LoadedModel:
    return load(str(save_swin(tmp_path_factory.mktemp("v2"), family="swinv2")))


def layers(loaded: LoadedModel) -> tuple[WindowLayer, ...]:
    assert loaded.pictures is not None
    return record_windows(
        loaded, np.random.default_rng(0).random(loaded.pictures.shape, dtype=np.float32)
    )


def attentions(loaded: LoadedModel) -> list[Any]:
    return [m for m in loaded.model.modules() if type(m).__name__ == "Swinv2SelfAttention"]


def test_queries_and_keys_are_of_unit_length(loaded: LoadedModel) -> None:
    for layer in layers(loaded):
        assert layer.cosine
        # What fills a window up is 0, and so is its key, which is made without a bias.
        keys = np.broadcast_to(layer.places[:, None] >= 0, layer.k.shape[:3])
        np.testing.assert_allclose(np.linalg.norm(layer.q, axis=-1), 1, rtol=1e-5)
        np.testing.assert_allclose(np.linalg.norm(layer.k, axis=-1), keys, atol=1e-5)


def test_each_head_has_its_own_factor_up_to_a_hundred(tmp_path: Path) -> None:
    loaded = load(str(save_swin(tmp_path, family="swinv2")))
    modules = attentions(loaded)
    with torch.no_grad():
        modules[0].logit_scale.copy_(torch.tensor([2.0, 7.0]).view(2, 1, 1))
    first = layers(loaded)[0]
    assert_close(np.ravel(first.scaling), np.array([np.exp(2.0), 100.0]))
    block = first.block(0)
    for head in range(2):
        steps = block.head(head)
        assert steps.scaling == pytest.approx(float(np.ravel(first.scaling)[head]))
        assert_close(steps.scaled, steps.raw * steps.scaling)
        assert_close(steps.weights, block.weights[head])


def test_the_bias_is_what_the_network_makes_of_each_way(loaded: LoadedModel) -> None:
    for layer, module in zip(layers(loaded), attentions(loaded), strict=True):
        (term,) = layer.block(0).terms
        assert term.name == "position_bias"
        reach = max(layer.size - 1, 1)
        for query, key in np.ndindex(layer.size**2, layer.size**2):
            (r, c), (other_r, other_c) = divmod(query, layer.size), divmod(key, layer.size)
            way = np.array([r - other_r, c - other_c]) * 8 / reach
            way = np.sign(way) * np.log2(np.abs(way) + 1) / np.log2(8)
            with torch.inference_mode():
                said = module.continuous_position_bias_mlp(torch.tensor(way, dtype=torch.float32))
            wanted = 16 / (1 + np.exp(-said.numpy()))
            np.testing.assert_allclose(term.values[:, query, key], wanted, rtol=1e-4)


def test_the_mask_is_what_the_module_adds_in_all(loaded: LoadedModel) -> None:
    """Asked of its scores: a softmax of it would be the same with once −100."""
    given: list[Any] = []
    real = torch.nn.functional.softmax

    def kept(scores: Any, **more: Any) -> Any:
        if not given or given[-1] is not scores:  # torch calls it anew where it is watched
            given.append(scores)
        return real(scores, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch.nn.functional, "softmax", kept)
        found = layers(loaded)
    assert [layer.shift for layer in found] == [0, 1, 0, 1]
    assert [layer.mask is None for layer in found] == [True, False, True, False]
    for layer, scores in zip(found, given, strict=True):
        for window in range(layer.windows):
            for head in range(layer.heads):
                masked = layer.block(window).head(head).masked
                np.testing.assert_allclose(
                    masked, scores[window, head].numpy(), rtol=1e-5, atol=1e-4
                )


def test_another_attention_than_the_one_that_is_known_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cosine, "_BIAS", 15.0)
    with pytest.raises(NotCapturable):
        load(str(save_swin(tmp_path, family="swinv2")))


def test_a_single_window_is_recorded_once(tmp_path: Path) -> None:
    options: dict[str, Any] = {"image_size": 8, "depths": [1], "num_heads": [1]}
    loaded = load(str(save_swin(tmp_path, family="swinv2", **options)))
    (layer,) = layers(loaded)
    assert (layer.windows, layer.heads) == (1, 1)
    assert layer.difference().relative <= CLOSE


def test_a_window_of_one_cell_adds_no_mask(tmp_path: Path) -> None:
    loaded = load(str(save_swin(tmp_path, family="swinv2", window_size=1)))
    assert all(layer.mask is None for layer in layers(loaded))


def test_one_that_computes_no_numbers_opens_as_others_do_and_says_so(tmp_path: Path) -> None:
    def break_network(tensors: dict[str, torch.Tensor]) -> None:
        for name in tensors:
            if "position_bias_mlp" in name:
                tensors[name] *= torch.nan

    weights = save_swin(tmp_path / "weights", family="swinv2")
    tiny.weights(weights, break_network)
    # Of the way from cell to cell a part of a window of one cell: 0 by 0.
    settings = save_swin(tmp_path / "settings", family="swinv2", pretrained_window_sizes=[1, 1])
    for folder in (weights, settings):
        with pytest.raises(BrokenNumbers):
            layers(load(str(folder)))


def test_a_table_of_places_that_fits_no_picture_is_refused(tmp_path: Path) -> None:
    save_swin(tmp_path, family="swinv2", use_absolute_embeddings=True)
    with pytest.raises(InputError):
        load(str(tmp_path))


def test_a_classifier_says_what_it_says_alone(tmp_path: Path) -> None:
    save_swin(tmp_path, "ForImageClassification", family="swinv2", num_labels=3)
    loaded = load(str(process(tmp_path, size={"height": 24, "width": 24})))
    found = see_windows(loaded, COLOURS)
    with torch.inference_mode():
        own = loaded.model(torch.from_numpy(np.array(found.pixels))[None]).logits[0]
    assert_close(found.logits, own.numpy())
    assert found.difference().relative <= CLOSE
