"""A picture's patches as tokens, its attention held against the model's own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import ViTConfig, ViTForImageClassification

from models.catalog import load
from models.core.loaded import LoadedModel
from models.errors import NotCapturable
from models.record import record
from models.trace import AttentionTrace
from models.vision import digits
from models.vision.digit import see
from models.vision.record import record_picture
from tests.closeness import CLOSE, assert_close


def saved(folder: Path, **options: object) -> LoadedModel:
    torch.manual_seed(0)
    config = ViTConfig(
        image_size=(6, 4),
        patch_size=2,
        num_channels=3,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=48,
        num_labels=5,
        initializer_range=0.5,
        **options,
    )
    ViTForImageClassification(config).save_pretrained(folder)
    return load(str(folder))


@pytest.fixture(scope="module")
def vit(tmp_path_factory: pytest.TempPathFactory) -> LoadedModel:
    return saved(tmp_path_factory.mktemp("vit"))


PICTURE = np.random.default_rng(0).random((3, 6, 4), dtype=np.float32)


def test_patches_are_tokens_named_by_row_and_column(vit: LoadedModel) -> None:
    trace = record_picture(vit, PICTURE)
    assert trace.tokens == ("[CLS]", "0,0", "0,1", "1,0", "1,1", "2,0", "2,1")
    assert trace.special == (True, *[False] * 6)
    assert (vit.card.shows, vit.card.sizes["positions"]) == ("picture", 7)


def test_every_step_is_the_models_own(vit: LoadedModel) -> None:
    trace: AttentionTrace = record_picture(vit, PICTURE, surroundings=True)
    assert trace.kinds == ("encoder",)
    assert trace.difference().relative <= CLOSE
    for block in trace.blocks:
        near = block.surroundings
        assert near is not None
        q = block.q.transpose(1, 0, 2).reshape(near.q_before.shape)
        assert_close(near.w_q(near.x), q)
        assert_close(near.w_o(near.concat), near.projected)


def test_recorded_weights_are_those_of_the_models_eager_attention(
    vit: LoadedModel, tmp_path: Path
) -> None:
    vit.model.save_pretrained(tmp_path)
    eager = ViTForImageClassification.from_pretrained(tmp_path, attn_implementation="eager").eval()
    with torch.inference_mode():
        own = eager(torch.from_numpy(PICTURE)[None], output_attentions=True).attentions
    for block, weights in zip(record_picture(vit, PICTURE).blocks, own, strict=True):
        assert_close(block.weights, weights[0].numpy())


def test_probabilities_are_the_classifiers_own(vit: LoadedModel) -> None:
    found = see(vit, PICTURE).probabilities
    with torch.inference_mode():
        own = vit.model(torch.from_numpy(PICTURE)[None]).logits[0]
    assert found.shape == (5,)
    assert found.sum() == pytest.approx(1)
    np.testing.assert_allclose(found, torch.softmax(own, -1).numpy(), atol=1e-6)


@pytest.mark.parametrize("shape", [(6, 4), (3, 4, 6), (1, 6, 4), (3, 6, 4, 1), (0,)])
def test_a_picture_of_another_size_is_refused(vit: LoadedModel, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="this model reads"):
        record_picture(vit, np.zeros(shape, np.float32))


def test_text_and_pictures_are_not_mixed_up(vit: LoadedModel, minilm: LoadedModel) -> None:
    with pytest.raises(NotCapturable):
        record(vit, "a key")
    with pytest.raises(NotCapturable):
        vit.encode("a key")
    with pytest.raises(NotCapturable):
        record_picture(minilm, PICTURE)


def test_the_two_parts_of_the_digits_never_mix() -> None:
    training, held_out = digits.split()
    assert (len(training.labels), len(held_out.labels)) == (1437, 360)
    assert training.pixels.dtype == np.float32
    assert 0 <= training.pixels.min() < training.pixels.max() <= 1
    known = {picture.tobytes() for picture in training.pixels}
    assert not [p for p in held_out.pixels if p.tobytes() in known]
    counts = np.bincount(held_out.labels) / np.bincount(training.labels)
    np.testing.assert_allclose(counts, 0.25, atol=0.02)
