"""Every ViT-shaped family: its tokens named, its attention its own, with and without a verdict."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import torch
import transformers

from models.catalog import load
from models.errors import NotCapturable, ReadsText, SizeOutOfRange, UnexpectedWeights, UnsafeWeights
from models.vision.digit import see
from models.vision.record import record_picture
from tests.closeness import CLOSE, assert_close
from tests.models import tiny
from tests.models.vision.seeing import FAMILIES, PAIRS, process, save, with_classifier

PICTURE = np.random.default_rng(0).random((3, 12, 12), dtype=np.float32)
EVERY = pytest.mark.parametrize("family", FAMILIES)
PATCHES = tuple(f"{row},{column}" for row in range(3) for column in range(3))


@EVERY
def test_the_models_own_tokens_are_named_and_no_patches(family: str, tmp_path: Path) -> None:
    own = FAMILIES[family][2]
    loaded = load(str(save(family, tmp_path)))
    trace = record_picture(loaded, PICTURE)
    assert trace.tokens == (*own, *PATCHES)
    assert trace.special == (*[True] * len(own), *[False] * 9)
    assert (loaded.card.shows, loaded.card.sizes["positions"]) == ("picture", len(own) + 9)


@EVERY
def test_weights_are_those_of_eager_attention_and_vectors_the_models_own(
    family: str, tmp_path: Path
) -> None:
    folder = save(family, tmp_path)
    seen = see(str(folder), PICTURE)
    assert seen.difference().relative <= CLOSE
    whole = getattr(transformers, f"{FAMILIES[family][0]}Model")
    eager = whole.from_pretrained(folder, attn_implementation="eager").eval()
    eager = eager.vision_model if family in PAIRS else eager
    with torch.inference_mode():
        own = eager(torch.from_numpy(PICTURE)[None], output_attentions=True).attentions
    for block, weights in zip(seen.attention.blocks, own, strict=True):
        assert_close(block.weights, weights[0].numpy())


@EVERY
def test_without_a_classifier_there_is_no_verdict_and_all_else(family: str, tmp_path: Path) -> None:
    seen = see(str(save(family, tmp_path)), PICTURE)
    assert (seen.logits.shape, seen.probabilities.shape) == ((0,), (0,))
    assert len(seen.attention.blocks) == 2
    with pytest.raises(ValueError, match="empty"):
        _ = seen.named


@pytest.mark.parametrize("family", with_classifier())
def test_with_a_classifier_its_verdict_is_its_own(family: str, tmp_path: Path) -> None:
    folder = save(family, tmp_path, "ForImageClassification", num_labels=5)
    loaded = load(str(folder))
    found = see(loaded, PICTURE)
    with torch.inference_mode():
        own = loaded.model(torch.from_numpy(PICTURE)[None]).logits[0]
    assert_close(found.logits, own.numpy())
    assert math.isclose(found.probabilities.sum(), 1, rel_tol=1e-5)


def test_deits_teacher_has_a_say_where_the_checkpoint_has_one(tmp_path: Path) -> None:
    kind = "ForImageClassificationWithTeacher"
    loaded = load(str(save("deit", tmp_path, kind, num_labels=5)))
    assert type(loaded.model).__name__ == f"DeiT{kind}"


@pytest.mark.parametrize("family", ["vit", "deit"])
def test_a_checkpoint_trained_by_hiding_patches_opens_without_its_mask_token(
    family: str, tmp_path: Path
) -> None:
    loaded = load(str(save(family, tmp_path, "ForMaskedImageModeling", encoder_stride=4)))
    assert record_picture(loaded, PICTURE).difference().relative <= CLOSE


def test_other_weights_that_the_model_leaves_out_are_refused_still(tmp_path: Path) -> None:
    save("vit", tmp_path)
    tiny.weights(tmp_path, lambda found: found.update({"embeddings.other": torch.zeros(2)}))
    with pytest.raises(UnexpectedWeights):
        load(str(tmp_path))


def test_beits_bias_is_a_term_of_the_scores_and_masks_nothing(tmp_path: Path) -> None:
    loaded = load(str(save("beit", tmp_path)))
    modules = dict(loaded.model.named_modules())
    tables = [each for name, each in modules.items() if name.endswith("relative_position_bias")]
    for table, block in zip(tables, record_picture(loaded, PICTURE).blocks, strict=True):
        assert block.mask is None
        assert [term.name for term in block.terms] == ["position_bias"]
        with torch.inference_mode():
            assert_close(block.terms[0].values, table((3, 3))[0].numpy())


def test_dinos_positions_fit_the_size_that_its_processor_makes(tmp_path: Path) -> None:
    folder = save("dinov2", tmp_path, image_size=20)
    loaded = load(str(process(folder)))
    assert loaded.pictures is not None
    assert (loaded.pictures.size, loaded.pictures.grid) == ((12, 12), (3, 3))
    assert loaded.pictures.interpolated
    assert see(loaded, PICTURE).difference().relative <= CLOSE


def test_a_text_model_is_told_that_it_reads_text(minilm: object) -> None:
    with pytest.raises(ReadsText) as caught:
        see("minilm", PICTURE)
    assert isinstance(caught.value, NotCapturable)
    assert caught.value.details == {"family": "bert"}


def test_what_no_whole_patch_covers_is_left_out(tmp_path: Path) -> None:
    loaded = load(str(process(save("siglip_vision_model", tmp_path, image_size=14))))
    assert loaded.pictures is not None
    assert (loaded.pictures.size, loaded.pictures.grid) == ((14, 14), (3, 3))
    seen = see(loaded, np.random.default_rng(0).random((3, 14, 14), dtype=np.float32))
    assert seen.difference().relative <= CLOSE


def test_patches_need_not_be_square(tmp_path: Path) -> None:
    loaded = load(str(save("vit", tmp_path, patch_size=[3, 6])))
    assert loaded.pictures is not None
    assert loaded.pictures.grid == (4, 2)
    assert see(loaded, PICTURE).difference().relative <= CLOSE


@pytest.mark.parametrize("family", PAIRS)
def test_of_a_pair_the_half_that_reads_pictures_is_opened(family: str, tmp_path: Path) -> None:
    loaded = load(str(save(family, tmp_path / "pair")))
    assert type(loaded.model).__name__.endswith("VisionModel")
    assert loaded.card.family == family
    assert loaded.pictures is not None
    assert loaded.pictures.half
    alone = load(str(save(f"{family}_vision_model", tmp_path / "alone")))
    assert alone.pictures is not None
    assert not alone.pictures.half


@pytest.mark.parametrize("family", PAIRS)
def test_a_pair_without_its_half_for_pictures_is_refused(family: str, tmp_path: Path) -> None:
    save(family, tmp_path)

    def drop(found: dict[str, torch.Tensor]) -> None:
        for name in [name for name in found if name.startswith("vision_model.")]:
            del found[name]

    tiny.weights(tmp_path, drop)
    with pytest.raises(UnsafeWeights):
        load(str(tmp_path))


@pytest.mark.parametrize("family", PAIRS)
def test_a_weight_of_neither_half_is_refused(family: str, tmp_path: Path) -> None:
    save(family, tmp_path)
    other = {"vision_model.encoder.layers.0.self_attn.gate.weight": torch.zeros(2)}
    tiny.weights(tmp_path, lambda found: found.update(other))
    with pytest.raises(UnexpectedWeights):
        load(str(tmp_path))


def test_a_projection_behind_clips_last_layer_is_no_weight_of_it(tmp_path: Path) -> None:
    kind = "ModelWithProjection"
    loaded = load(str(save("clip_vision_model", tmp_path, kind, projection_dim=8)))
    assert see(loaded, PICTURE).difference().relative <= CLOSE


@pytest.mark.parametrize(
    ("family", "kind", "options", "pooled"),
    [
        ("siglip_vision_model", "Model", {}, True),
        ("siglip_vision_model", "Model", {"vision_use_head": False}, False),
        ("siglip", "ForImageClassification", {"num_labels": 5}, False),
        ("clip_vision_model", "Model", {}, False),
        ("ijepa", "Model", {}, False),
    ],
)
def test_an_attention_behind_the_last_layer_is_known_of(
    family: str, kind: str, options: dict[str, object], pooled: bool, tmp_path: Path
) -> None:
    loaded = load(str(save(family, tmp_path, kind, **options)))
    assert loaded.pictures is not None
    assert loaded.pictures.pooled == pooled


@pytest.mark.parametrize("size", [2, 260, 4096])
def test_a_picture_without_a_whole_patch_or_without_end_is_refused(
    size: int, tmp_path: Path
) -> None:
    save("beit", tmp_path, use_relative_position_bias=False)
    tiny.settings(tmp_path, image_size=size)
    with pytest.raises(SizeOutOfRange) as caught:
        load(str(tmp_path))
    assert caught.value.details["name"] == "image_size"
