"""What a checkpoint's processor asks for: bounded before a picture comes, and told by its name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from transformers.image_processing_backends import PilBackend

from models.catalog import load
from models.errors import InputError, NoProcessor, ProcessorNotInstalled, ProcessorSetting
from models.loading.processors import FILE
from models.vision.visitor import prepared
from pages.ui.text import LANGUAGES, catalogue
from tests.models import tiny
from tests.models.vision.seeing import PROCESSOR, process, save

COLOURS = np.random.default_rng(3).integers(0, 256, (24, 30, 3), dtype=np.uint8)
HUGE = 100_000
NO_SIZES: tuple[Any, ...] = (-1, 0, 2_049, HUGE, 10**30, 12.0, True, "12", "100000", [HUGE, HUGE])
NO_SIZES += (float("nan"), float("inf"), [12, "12"], {"height": HUGE, "width": 12})
NO_SIZES += ({"height": -12, "width": 12}, {"longest_edge": HUGE}, {"shortest_edge": 1_025})
NO_SIZES += ({"height": {"height": 0}}, {"max_height": HUGE, "max_width": 1})


def refused(folder: Path) -> InputError:
    """Why no picture goes through the processor of that folder, whose model opens all the same."""
    loaded = load(str(folder))
    assert loaded.pictures is not None
    assert loaded.pictures.processor is None
    with pytest.raises(NoProcessor) as caught:
        prepared(loaded, COLOURS)
    for language in LANGUAGES:
        words = catalogue(language)[f"error.{caught.value.code}"]
        assert words.format(**caught.value.details, kept="")
    return caught.value


@pytest.mark.parametrize("name", ["size", "crop_size", "pad_size", "patch_size", "size_divisor"])
@pytest.mark.parametrize("value", NO_SIZES, ids=str)
def test_a_size_that_no_picture_has_is_told_and_nothing_allocated(
    name: str, value: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for step in ("resize", "center_crop", "pad"):
        monkeypatch.setattr(PilBackend, step, lambda *_, **__: pytest.fail("a picture was made"))
    folder = process(save("vit", tmp_path), do_pad=True, do_center_crop=True, **{name: value})
    error = refused(folder)
    assert type(error) is ProcessorSetting
    assert error.details["file"] == FILE
    assert str(error.details["name"]).startswith(name)


def test_a_size_of_a_class_itself_is_bounded_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from transformers.models.vit.image_processing_pil_vit import ViTImageProcessorPil

    monkeypatch.setattr(ViTImageProcessorPil, "size", {"height": HUGE, "width": HUGE})
    said = {name: value for name, value in PROCESSOR.items() if name != "size"}
    (save("vit", tmp_path) / FILE).write_text(json.dumps(said))
    assert type(refused(tmp_path)) is ProcessorSetting


def test_a_picture_that_is_filled_up_to_another_size_is_refused(tmp_path: Path) -> None:
    pad = {"height": 30, "width": 30}
    error = refused(process(save("vit", tmp_path), do_pad=True, pad_size=pad))
    assert error.details == {"found": "3 × 30 × 30", "wanted": "3 × 12 × 12"}


@pytest.mark.parametrize(
    "kind", ["MllamaImageProcessor", "ConvNextImageProcessor", "NoImageProcessor"]
)
def test_a_kind_whose_settings_are_not_all_bounded_is_refused(kind: str, tmp_path: Path) -> None:
    error = refused(process(save("vit", tmp_path), image_processor_type=kind))
    assert type(error) in (NoProcessor, ProcessorNotInstalled)


@pytest.mark.parametrize(
    "said", [{"rescale_factor": float("nan")}, {"image_std": [0, 0, 0]}, {"rescale_factor": 1e308}]
)
def test_a_processor_that_makes_no_numbers_is_blamed_and_not_the_model(
    said: dict[str, Any], tmp_path: Path
) -> None:
    loaded = load(str(process(save("vit", tmp_path), **said)))
    with pytest.raises(NoProcessor):  # the last one's black is a number yet
        prepared(loaded, COLOURS)


@pytest.mark.parametrize("said", ["[", "[]", "12", "null", "1" * 5_000])
def test_a_file_that_is_no_description_is_refused(said: str, tmp_path: Path) -> None:
    (save("vit", tmp_path) / FILE).write_text(said)
    assert type(refused(tmp_path)) is NoProcessor


@pytest.mark.parametrize("value", [-4, 0, HUGE, 10**30, 3.5, "4", [4], [], {"height": 4}, None])
@pytest.mark.parametrize("name", ["patch_size", "image_size"])
@pytest.mark.parametrize("family", ["vit", "clip_vision_model"])
def test_a_patch_or_picture_that_no_model_has_is_a_sentence(
    family: str, name: str, value: Any, tmp_path: Path
) -> None:
    tiny.settings(save(family, tmp_path), **{name: value})
    with pytest.raises(InputError) as caught:
        load(str(tmp_path))
    assert f"error.{caught.value.code}" in catalogue("en")
