"""A visitor's picture: decoded with care, made small by the model's own processor, then read."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from models.catalog import load
from models.errors import (
    BrokenImage,
    InputError,
    NoProcessor,
    NotAnImage,
    OtherSize,
    ProcessorSetting,
    TooManyBytes,
    TooManyPixels,
    TooNarrow,
)
from models.vision.visitor import as_seen, decoded, fitting, prepared, see_picture
from pages.ui.text import catalogue
from tests.closeness import CLOSE, assert_close
from tests.models.vision.seeing import MEAN, STD, process, save

COLOURS = np.random.default_rng(3).integers(0, 256, (24, 30, 3), dtype=np.uint8)


def file(pixels: Any = COLOURS, kind: str = "PNG", mode: str | None = None, **more: Any) -> bytes:
    image, out = Image.fromarray(pixels), io.BytesIO()
    (image if mode is None else image.convert(mode)).save(out, kind, **more)
    return out.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is large."""
    head = b"IHDR" + struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))
    return b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", 9) + b"IDAT"


def test_a_png_is_read_pixel_by_pixel() -> None:
    found = decoded(file())
    np.testing.assert_array_equal(found.pixels, COLOURS)
    assert found.steps == ()
    assert not found.pixels.flags.writeable


@pytest.mark.parametrize(
    ("data", "kind", "details"),
    [
        (b"\xff\xd8\xff" + b"0" * 10_000_000, TooManyBytes, {"size": 11, "limit": 10}),
        (bomb(60_000, 60_000), TooManyPixels, {"width": 60_000, "height": 60_000, "limit": 50}),
        (bomb(9_000, 9_000), TooManyPixels, {"width": 9_000, "height": 9_000, "limit": 50}),
        (bomb(1_000, 3), TooNarrow, {"width": 1_000, "height": 3, "limit": 20}),
        (bomb(10, 10), BrokenImage, {"kind": "PNG"}),
        (file()[:-900], BrokenImage, {"kind": "PNG"}),
        (file(kind="JPEG")[:-400], BrokenImage, {"kind": "JPEG"}),
        (b"\xff\xd8\xff\xe0 nothing", BrokenImage, {"kind": "JPEG"}),
        (file(kind="GIF"), NotAnImage, {"found": "GIF"}),
        (file(kind="WEBP"), NotAnImage, {"found": "WebP"}),
        (b"%PDF-1.7", NotAnImage, {"found": "PDF"}),
        (b" <svg onload='x'>", NotAnImage, {"found": "SVG"}),
        (b"", NotAnImage, {"found": "?"}),
    ],
)
def test_a_file_that_cannot_be_read_is_told_why(
    data: bytes, kind: type[InputError], details: dict[str, object]
) -> None:
    with pytest.raises(kind) as caught:
        decoded(data)
    assert type(caught.value) is kind
    words = catalogue("en")[f"error.{caught.value.code}"]
    assert words.format(**caught.value.details, kept="")
    assert caught.value.details == details


def test_a_picture_is_turned_as_its_exif_says() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # a quarter to the right
    found = decoded(file(exif=exif))
    np.testing.assert_array_equal(found.pixels, np.rot90(COLOURS, -1))
    assert found.steps == ("turned",)


def test_transparent_parts_lie_on_white() -> None:
    clear = np.dstack((COLOURS, np.full((24, 30), 255, np.uint8)))
    clear[:4, :, 3] = 0
    found = decoded(file(clear))
    assert (found.pixels[:4] == 255).all()
    np.testing.assert_array_equal(found.pixels[4:], COLOURS[4:])
    assert found.steps == ("flattened",)


def test_a_palette_with_a_clear_colour_lies_on_white_too() -> None:
    places = np.zeros((24, 30), np.uint8)
    places[:12] = 1
    image, out = Image.fromarray(places, "P"), io.BytesIO()
    image.putpalette([10, 20, 30, 200, 0, 0])
    image.save(out, "PNG", transparency=1)
    found = decoded(out.getvalue())
    assert (found.pixels[:12] == 255).all()
    assert (found.pixels[12:] == (10, 20, 30)).all()
    assert found.steps == ("flattened",)


def test_sixteen_bits_become_eight_and_are_not_cut_off() -> None:
    wide = np.linspace(0, 65_535, 24 * 30).reshape(24, 30).astype(np.uint16)
    found = decoded(file(wide))
    np.testing.assert_array_equal(found.pixels[..., 0], np.rint(wide / 257))
    assert found.steps == ("reduced",)


def test_sixteen_bits_of_three_colours_are_said_too() -> None:
    """Pillow writes no such file; it reads them, and says nothing of it."""
    wide = np.repeat(COLOURS, 2, axis=2)  # each byte twice: 257 times its value
    rows = b"".join(b"\0" + row.tobytes() for row in wide)
    head = struct.pack(">2I5B", 30, 24, 16, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    parts = [
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    ]
    found = decoded(b"\x89PNG\r\n\x1a\n" + b"".join(parts))
    np.testing.assert_array_equal(found.pixels, COLOURS)
    assert found.steps == ("reduced",)


@pytest.mark.parametrize(
    ("mode", "steps"), [("1", ()), ("L", ()), ("P", ()), ("LA", ("flattened",))]
)
def test_any_kind_of_png_becomes_three_colours(mode: str, steps: tuple[str, ...]) -> None:
    image, out = Image.fromarray(COLOURS).convert("L" if mode == "LA" else mode), io.BytesIO()
    if mode == "LA":
        image.putalpha(Image.fromarray(COLOURS[..., 0]))
    image.save(out, "PNG")
    found = decoded(out.getvalue())
    assert (found.pixels.shape, found.steps) == ((24, 30, 3), steps)


def test_of_an_animated_png_the_first_picture_is_read() -> None:
    out = io.BytesIO()
    later = [Image.fromarray(255 - COLOURS)]
    Image.fromarray(COLOURS).save(out, "PNG", save_all=True, append_images=later)
    np.testing.assert_array_equal(decoded(out.getvalue()).pixels, COLOURS)


@pytest.mark.parametrize("family", ["vit", "clip"])
def test_a_single_pixel_is_a_picture(family: str, tmp_path: Path) -> None:
    folder = process(save(family, tmp_path))
    if family == "clip":
        process(folder, **CLIPS)
    found = see_picture(str(folder), decoded(file(np.full((1, 1, 3), 90, np.uint8))).pixels)
    assert (found.shown == 90).all()
    assert found.difference().relative <= CLOSE


CLIPS = {
    "image_processor_type": "CLIPImageProcessor",
    "size": {"shortest_edge": 12},
    "do_center_crop": True,
    "crop_size": {"height": 12, "width": 12},
}


def test_clips_processor_reads_the_middle_and_that_is_said(tmp_path: Path) -> None:
    loaded = load(str(process(save("clip", tmp_path), **CLIPS)))
    made = prepared(loaded, COLOURS)
    small = Image.fromarray(COLOURS).resize((15, 12), Image.Resampling.BILINEAR)
    left = np.asarray(small)[:, 1:13]
    assert np.abs(as_seen(loaded, made).astype(int) - left).max() <= 1
    assert fitting(loaded, COLOURS.shape) == ("cropped",)
    assert fitting(loaded, (30, 30, 3)) == ()


@pytest.mark.parametrize(
    ("said", "shape", "steps"),
    [
        ({}, (24, 30), ("stretched",)),
        ({}, (24, 24), ()),
        ({"do_center_crop": True, "crop_size": {"height": 12, "width": 12}}, (24, 24), ()),
        (
            {"size": {"height": 16, "width": 16}, "do_center_crop": True}
            | {"crop_size": {"height": 12, "width": 12}},
            (24, 30),
            ("stretched", "cropped"),
        ),
    ],
)
def test_what_the_processor_does_to_a_picture_is_known(
    said: dict[str, Any], shape: tuple[int, int], steps: tuple[str, ...], tmp_path: Path
) -> None:
    loaded = load(str(process(save("vit", tmp_path), **said)))
    assert loaded.pictures is not None
    assert loaded.pictures.processor is not None
    assert fitting(loaded, shape) == steps


def test_another_scale_of_colours_is_shown_as_what_it_was_made_of(tmp_path: Path) -> None:
    said = {"rescale_factor": 1 / 127.5, "do_normalize": False}
    loaded = load(str(process(save("vit", tmp_path), **said)))
    flat = np.full((12, 12, 3), 200, np.uint8)
    assert (as_seen(loaded, prepared(loaded, flat)) == 200).all()


def test_what_no_patch_covers_is_not_shown(tmp_path: Path) -> None:
    size = {"size": {"height": 14, "width": 14}}
    found = see_picture(
        str(process(save("siglip_vision_model", tmp_path, image_size=14), **size)), COLOURS
    )
    assert (found.shown.shape, found.left_out, found.grid) == ((12, 12, 3), (2, 2), (3, 3))
    assert found.pooling is not None


def test_cmyk_is_converted() -> None:
    found = decoded(file(np.full((24, 30, 3), (200, 30, 30), np.uint8), "JPEG", "CMYK"))
    assert found.steps == ("converted",)
    assert np.abs(found.pixels[5, 5].astype(int) - (200, 30, 30)).max() < 12


def test_the_processor_resizes_and_normalises_as_the_checkpoint_says(tmp_path: Path) -> None:
    loaded = load(str(process(save("vit", tmp_path))))
    made = prepared(loaded, COLOURS)
    small = Image.fromarray(COLOURS).resize((12, 12), Image.Resampling.BILINEAR)
    own = (np.asarray(small, np.float64) / 255 - MEAN) / STD
    assert_close(made, own.transpose(2, 0, 1))
    np.testing.assert_array_equal(as_seen(loaded, made), np.asarray(small))


def test_a_picture_goes_through_a_model_without_a_classifier(tmp_path: Path) -> None:
    found = see_picture(str(process(save("dinov2_with_registers", tmp_path))), COLOURS)
    assert (found.added, found.grid, found.classes) == (4, (3, 3), ())
    assert found.difference().relative <= CLOSE


def test_classes_bear_the_checkpoints_names(tmp_path: Path) -> None:
    names = {0: "cat", 1: "<b>dog</b>"}
    save("vit", tmp_path, "ForImageClassification", id2label=names, num_labels=2)
    found = see_picture(str(process(tmp_path)), COLOURS)
    assert found.classes == ("cat", "<b>dog</b>")
    assert found.likeliest(1) == [int(found.probabilities.argmax())]


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (None, NoProcessor),
        ({"size": {"height": 10**9, "width": 10**9}}, ProcessorSetting),
        ({"size": {"shortest_edge": 12}}, NoProcessor),
        ({"size": {"height": 16, "width": 16}}, OtherSize),
        ({"image_processor_type": "os.system"}, NoProcessor),
        # What fails only with a picture.
        ({"image_mean": [0.5, 0.5]}, NoProcessor),
        ({"rescale_factor": "a third"}, NoProcessor),
    ],
)
def test_a_processor_that_cannot_be_used_leaves_the_model_open_and_says_why(
    said: dict[str, Any] | None, kind: type[InputError], tmp_path: Path
) -> None:
    save("vit", tmp_path)
    loaded = load(str(tmp_path if said is None else process(tmp_path, **said)))
    with pytest.raises(kind) as caught:
        prepared(loaded, COLOURS)
    assert type(caught.value) is kind
    words = catalogue("en")[f"error.{caught.value.code}"]
    assert words.format(**caught.value.details, kept="")
    assert see_picture(loaded, COLOURS).difference().relative <= CLOSE
