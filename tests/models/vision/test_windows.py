"""Swin: every window of every layer is the model's own, and lies where it is said to lie."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from transformers import SwinModel

from models.catalog import load
from models.core.loaded import LoadedModel
from models.errors import ForwardFails, NotCapturable
from models.vision.eager import against_eager
from models.vision.record import record_picture
from models.vision.windows import record_windows, see_windows
from tests.closeness import CLOSE, assert_close
from tests.models import tiny
from tests.models.vision.seeing import SWIN, SWINS, process, save_swin

COLOURS = np.random.default_rng(3).integers(0, 256, (24, 30, 3), dtype=np.uint8)
SIZES: dict[str, dict[str, Any]] = {
    "an odd grid is filled up": {},
    "one window is the whole stage": {"image_size": 16},
    "larger windows": {"image_size": 20, "window_size": 3},
    "wider than high": {"image_size": [12, 20]},
    "places of its own": {"use_absolute_embeddings": True},
    "no whole patches": {"image_size": 22},
}
BOTH = pytest.mark.parametrize("family", SWINS)
EVERY = pytest.mark.parametrize("options", SIZES.values(), ids=SIZES)


def fitting(family: str, options: dict[str, Any]) -> dict[str, Any]:
    """transformers' Swin v2 has a table of places that fits no picture."""
    left_out = ("use_absolute_embeddings",) if family == "swinv2" else ()
    return {name: value for name, value in options.items() if name not in left_out}


def picture(loaded: LoadedModel) -> np.ndarray:
    assert loaded.pictures is not None
    return np.random.default_rng(0).random(loaded.pictures.shape, dtype=np.float32)


@BOTH
@EVERY
def test_all_windows_are_those_of_eager_attention(
    options: dict[str, Any], family: str, tmp_path: Path
) -> None:
    loaded = load(str(save_swin(tmp_path, family=family, **fitting(family, options))))
    found = against_eager(loaded, picture(loaded))
    assert found.agree == found.compared == found.heads == 2 * 2 + 2 * 4
    assert found.passed
    layers = record_windows(loaded, picture(loaded))
    assert all(layer.difference().relative <= CLOSE for layer in layers)


@BOTH
@EVERY
def test_a_windows_tokens_stand_where_they_are_said_to(
    options: dict[str, Any], family: str, tmp_path: Path
) -> None:
    """Held against the vectors that the layer was given, by their places in the picture."""
    loaded = load(str(save_swin(tmp_path, family=family, **fitting(family, options))))
    given: list[Any] = []
    kind = f"{SWINS[family]}Layer"
    blocks = [m for m in loaded.model.modules() if type(m).__name__ == kind]
    hooks = [
        block.register_forward_pre_hook(lambda module, args: given.append((module, args[0])))
        for block in blocks
    ]
    layers = record_windows(loaded, picture(loaded))
    for hook in hooks:
        hook.remove()
    assert len(layers) == 4
    for layer, (module, vectors) in zip(layers, given, strict=True):
        with torch.inference_mode():
            if family == "swin":  # the second norms behind its attention
                vectors, project = module.layernorm_before(vectors), module.attention.v_proj
            else:
                project = module.attention.self.value
            values = project(vectors[0]).numpy()
            nothing = project(torch.zeros(1, vectors.shape[-1]))[0].numpy()
        assert sorted(layer.places[layer.places >= 0]) == list(range(len(values)))
        width = layer.v.shape[-1]
        for window, token in np.ndindex(*layer.places.shape):
            place = layer.places[window, token]
            wanted = (nothing if place < 0 else values[place]).reshape(-1, width)
            np.testing.assert_allclose(layer.v[window, :, token], wanted, atol=1e-5)
            if place >= 0:
                assert layer.window_of(int(place)) == (window, token)


def test_every_second_layer_is_shifted_and_its_ends_are_kept_apart(tmp_path: Path) -> None:
    layers = record_windows(loaded := load(str(save_swin(tmp_path))), picture(loaded))
    assert [layer.shift for layer in layers] == [0, 1, 0, 1]
    assert [layer.stage for layer in layers] == [0, 0, 1, 1]
    assert layers[0].mask is None
    shifted = layers[1]
    assert shifted.mask is not None
    rows, columns = np.divmod(shifted.places, shifted.grid[1])
    # Neighbours in the picture, or cells of its two ends.
    near = np.ones(shifted.mask.shape, bool)
    for places in (rows, columns):
        near &= np.abs(places[:, :, None] - places[:, None, :]) < shifted.size
    np.testing.assert_array_equal(shifted.mask, np.where(near, 0, -100))
    assert shifted.mask_value == -100
    with pytest.raises(ValueError, match="nothing is shifted"):
        _ = layers[0].mask_value
    weights = np.stack([shifted.block(window).weights for window in range(shifted.windows)])
    assert weights.transpose(0, 2, 3, 1)[~near].max() < 1e-6


def test_the_bias_by_place_is_a_term_of_its_own(tmp_path: Path) -> None:
    loaded = load(str(save_swin(tmp_path)))
    layers = record_windows(loaded, picture(loaded))
    tables = [
        module.relative_position_bias_table.detach().numpy()
        for module in loaded.model.modules()
        if type(module).__name__ == "SwinRelativePositionBias"
    ]
    for layer, table in zip(layers, tables, strict=True):
        (term,) = layer.block(0).terms
        assert term.name == "position_bias"
        size = layer.size
        for query, key in np.ndindex(size**2, size**2):
            (r, c), (other_r, other_c) = divmod(query, size), divmod(key, size)
            row = (r - other_r + size - 1) * (2 * size - 1) + c - other_c + size - 1
            assert_close(term.values[:, query, key], table[row])


def test_what_is_added_besides_would_be_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = load(str(save_swin(tmp_path)))
    layer = next(m for m in loaded.model.modules() if type(m).__name__ == "SwinLayer")
    own = type(layer).get_attn_mask
    calls: list[None] = []

    def once_more(self: Any, *given: Any, **more: Any) -> Any:
        found = own(self, *given, **more)
        calls.append(None)  # the model's own four calls get another mask than ours
        return found if found is None or len(calls) > 4 else found - 1

    monkeypatch.setattr(type(layer), "get_attn_mask", once_more)
    with pytest.raises(NotCapturable):
        record_windows(loaded, picture(loaded))


def test_a_classifier_says_what_it_says_alone(tmp_path: Path) -> None:
    names = {0: "cat", 1: "dog", 2: "tree"}
    save_swin(tmp_path, "ForImageClassification", id2label=names, num_labels=3)
    size = {"size": {"height": 24, "width": 24}}
    loaded = load(str(process(tmp_path, **size)))
    found = see_windows(loaded, COLOURS)
    with torch.inference_mode():
        own = loaded.model(torch.from_numpy(np.array(found.pixels))[None]).logits[0]
    assert_close(found.logits, own.numpy())
    assert found.classes == ("cat", "dog", "tree")
    assert found.likeliest(1) == [int(own.argmax())]
    assert found.stages == 2
    assert [found.cell(layer) for layer in found.layers] == [(4, 4), (4, 4), (8, 8), (8, 8)]


def test_its_states_are_those_of_the_library_alone(tmp_path: Path) -> None:
    loaded = load(str(save_swin(tmp_path)))
    alone = SwinModel.from_pretrained(tmp_path, attn_implementation="eager").eval()
    pixels = torch.from_numpy(picture(loaded))[None]
    with torch.inference_mode():
        states = [model(pixels).last_hidden_state.numpy() for model in (loaded.model, alone)]
    assert_close(*states)


def test_a_picture_is_filled_up_to_whole_patches(tmp_path: Path) -> None:
    found = see_windows(load(str(save_swin(tmp_path, image_size=22))), COLOURS)
    assert found.pixels.shape == (3, 22, 22)
    assert found.shown.shape == (24, 24, 3)


def test_it_has_no_single_map_of_all_patches(tmp_path: Path) -> None:
    loaded = load(str(save_swin(tmp_path)))
    with pytest.raises(NotCapturable):
        record_picture(loaded, picture(loaded))


def test_a_stage_that_its_windows_do_not_fit_is_refused(tmp_path: Path) -> None:
    save_swin(tmp_path, image_size=16, window_size=3)
    with pytest.raises(ForwardFails):
        load(str(tmp_path))


@pytest.mark.parametrize("window", [-1, 9])
def test_a_window_that_is_not_there_is_told(window: int, tmp_path: Path) -> None:
    loaded = load(str(save_swin(tmp_path)))
    with pytest.raises(IndexError, match=r"0\.\.8"):
        record_windows(loaded, picture(loaded))[0].block(window)


@BOTH
def test_a_place_is_the_same_in_every_layer(family: str, tmp_path: Path) -> None:
    """Cells of 4 × 4 pixels, then of 8 × 8: the middle of one of these begins one of those."""
    trace = see_windows(load(str(save_swin(tmp_path, family=family))), COLOURS)
    layers = trace.layers
    for layer, place, cells in ((2, 3, (19, 19, 3, 3)), (0, 31, (31, 31, 6, 6))):
        found = trace.everywhere(layer, place)
        wanted = [each.window_of(cell) for each, cell in zip(layers, cells, strict=True)]
        assert list(found) == wanted


@pytest.mark.parametrize("said", [1, None, [1]])
@pytest.mark.parametrize("family", SWINS)
def test_a_width_that_no_weight_has_is_not_believed(family: str, said: Any, tmp_path: Path) -> None:
    folder = tiny.settings(save_swin(tmp_path, family=family), hidden_size=said)
    assert load(str(folder)).card.width == 2 * SWIN["embed_dim"]
