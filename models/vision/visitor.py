"""A visitor's own picture, decoded with care, through the visitor's own vision Transformer.

Imports neither torch nor Pillow by itself.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from models.catalog import showing
from models.core.loaded import LoadedModel
from models.errors import (
    BrokenImage,
    InputError,
    NoProcessor,
    NotAnImage,
    ReadsText,
    TooManyBytes,
    TooManyPixels,
    TooNarrow,
)
from models.loading.processors import FILE, processed
from models.record import finite, forward
from models.trace import Floats, read_only
from models.vision import digits
from models.vision.digit import embedding, verdict
from models.vision.pooling import pooling
from models.vision.record import inputs_of, record_picture
from models.vision.trace import Bytes, VisitorTrace

if TYPE_CHECKING:
    from PIL.Image import Image

MEGA = 1_000_000
MOST_BYTES = 10 * MEGA
MOST_PIXELS = 50 * MEGA  # decoded: three bytes each
NARROWEST = 20  # times as long as wide
_DEPTH = 24  # where a PNG says how many bits a colour has
# The first bytes of a file: what can be read here, and what is named when it is refused.
_READ: Mapping[bytes, str] = {b"\x89PNG\r\n\x1a\n": "PNG", b"\xff\xd8\xff": "JPEG"}
_REFUSED: Mapping[bytes, str] = {
    **{b"GIF8": "GIF", b"BM": "BMP", b"%PDF": "PDF", b"II*\0": "TIFF", b"MM\0*": "TIFF"},
    **{b"RIFF": "WebP", b"<svg": "SVG", b"<?xml": "XML", b"PK\x03\x04": "ZIP", b"8BPS": "PSD"},
}


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """pixels: (height, width, 3) red, green, blue; steps: what was done to get there, in order:
    turned (as its EXIF data says), reduced (16 bits a colour to 8), converted (from CMYK),
    flattened (laid on white where it is transparent).
    """

    pixels: Bytes
    steps: tuple[str, ...] = ()


def decoded(data: bytes) -> Decoded:
    """A PNG or JPEG file's bytes → its pixels; the first picture of an animated one.

    Raises TooManyBytes, NotAnImage, TooManyPixels, TooNarrow (all before anything is decoded) and
    BrokenImage.
    """
    if len(data) > MOST_BYTES:
        told = {"size": -(-len(data) // MEGA), "limit": MOST_BYTES // MEGA}
        raise TooManyBytes(f"{len(data)} bytes", **told)
    kind = _kind(data)
    from PIL.JpegImagePlugin import JpegImageFile
    from PIL.PngImagePlugin import PngImageFile

    try:
        # Not through Image.open, whose limit on pixels is the whole process's, and without details.
        image = (PngImageFile if kind == "PNG" else JpegImageFile)(io.BytesIO(data))
        _check_size(*image.size)
        return _as_rgb(image, deep=kind == "PNG" and data[_DEPTH] == 16)
    except InputError:
        raise
    except Exception as error:  # a decoder's own: anything
        raise BrokenImage(f"{kind}: {error}", kind=kind) from error


def _kind(data: bytes) -> str:
    for start, kind in _READ.items():
        if data.startswith(start):
            return kind
    begins = data.lstrip()[:16]
    found = next((name for start, name in _REFUSED.items() if begins.startswith(start)), "")
    raise NotAnImage(f"begins with {data[:8]!r}", found=found or "?")


def _check_size(width: int, height: int) -> None:
    limit = MOST_PIXELS // MEGA
    if width * height > MOST_PIXELS:
        raise TooManyPixels(f"{width} × {height}", width=width, height=height, limit=limit)
    if max(width, height) > NARROWEST * min(width, height):
        raise TooNarrow(f"{width} × {height}", width=width, height=height, limit=NARROWEST)


def _as_rgb(image: Image, *, deep: bool) -> Decoded:
    """deep: 16 bits a colour, of which Pillow says nothing where they are three colours."""
    from PIL import Image, ImageOps

    steps = []
    image.load()
    turned = _turned(image, ImageOps.exif_transpose)
    if turned is not image:
        steps.append("turned")
    if turned.mode.startswith("I"):  # 16 bits a pixel: Pillow would cut them off at 255
        wide = np.asarray(turned, dtype=np.float64) / 257
        turned = Image.fromarray(np.rint(wide.clip(0, 255)).astype(np.uint8), "L")
    if deep:
        steps.append("reduced")
    if turned.mode == "CMYK":
        steps.append("converted")
    if turned.has_transparency_data:
        whole = turned.convert("RGBA")
        if whole.getchannel("A").getextrema() != (255, 255):
            steps.append("flattened")
        white = Image.new("RGBA", whole.size, "white")
        turned = Image.alpha_composite(white, whole)
    return Decoded(_frozen(turned.convert("RGB")), tuple(steps))


def _turned(image: Image, turn: Callable[[Image], Image]) -> Image:
    """The picture upright; where its EXIF data cannot be read, as it lies."""
    try:
        orientation = image.getexif().get(0x0112, 1)
        return turn(image) if orientation in range(2, 9) else image
    except Exception:  # EXIF is a format of its own, and a broken one no reason to refuse
        return image


def _frozen(pixels: Any) -> Bytes:
    found = np.array(pixels, np.uint8)
    found.setflags(write=False)
    return found


def prepared(loaded: LoadedModel, picture: Bytes) -> Floats:
    """(height, width, 3) → (channel, height, width) by the checkpoint's own processor.

    Raises NoProcessor (it has none that can be used), OtherSize, BrokenNumbers.
    """
    reads = loaded.pictures
    assert reads is not None
    if reads.processor is None:
        raise reads.unprocessed or NoProcessor("no processor", file=FILE)
    found = processed(reads.processor, picture, reads.shape)
    return read_only(finite(loaded, found))


def fitting(loaded: LoadedModel, size: tuple[int, ...]) -> tuple[str, ...]:
    """What the processor does to a picture of that (height, width) beside making it smaller.

    stretched (its proportions change), cropped (only its middle is read).
    """
    processor = None if loaded.pictures is None else loaded.pictures.processor
    height, width = size[:2]
    steps = []
    asked = getattr(processor, "size", None) if getattr(processor, "do_resize", False) else None
    if asked is not None and asked.height and asked.width:
        if height * asked.width != width * asked.height:
            steps.append("stretched")
        height, width = asked.height, asked.width
    elif asked is not None and asked.shortest_edge:
        least = min(height, width)
        height, width = (side * asked.shortest_edge // least for side in (height, width))
    cut = getattr(processor, "crop_size", None)
    cut = cut if getattr(processor, "do_center_crop", False) else None
    if cut is not None and (height > cut.height or width > cut.width):
        steps.append("cropped")
    return tuple(steps)


def plain(loaded: LoadedModel, picture: Bytes) -> Floats:
    """(height, width, 3) → (channel, height, width), 0..1, only made as large as the model reads:
    what an example is made to where the checkpoint has no processor.
    """
    from PIL import Image

    reads = loaded.pictures
    assert reads is not None
    height, width = reads.size
    image = Image.fromarray(picture).convert("RGB").resize((width, height), Image.Resampling.BOX)
    colours = np.asarray(image, np.float32).transpose(2, 0, 1) / 255
    return read_only(np.resize(colours, reads.shape).astype(np.float32))


def as_seen(loaded: LoadedModel, pixels: Floats) -> Bytes:
    """(channel, height, width) as the model reads them → (height, width, 3) as one sees them."""
    processor = None if loaded.pictures is None else loaded.pictures.processor
    values = pixels.astype(np.float64)
    if processor is not None and getattr(processor, "do_normalize", False):
        mean, std = (
            np.resize(np.asarray(part, np.float64), len(values))[:, None, None]
            for part in (processor.image_mean, processor.image_std)
        )
        values = values * std + mean
    whole = processor is not None and not getattr(processor, "do_rescale", True)
    scale = float(getattr(processor, "rescale_factor", None) or 1 / 255)
    values = values * (1 if whole else 1 / scale)
    colours = values if len(values) == 3 else np.repeat(values[:1], 3, axis=0)
    return _frozen(np.rint(colours.clip(0, 255)).transpose(1, 2, 0))


def see_picture(model: LoadedModel | str, picture: Bytes) -> VisitorTrace:
    """(height, width, 3) through a visitor's model, by its processor where it has one.

    Raises ReadsText, BrokenNumbers, and what load raises.
    """
    loaded = showing(model, "picture", ReadsText, "reads no pictures")
    reads = loaded.pictures
    assert reads is not None
    pixels = (plain if reads.processor is None else prepared)(loaded, picture)
    attention = record_picture(loaded, pixels)
    inputs = inputs_of(loaded, pixels)
    answer = forward(loaded, inputs)
    logits, shares = verdict(loaded, answer)
    (rows, columns), (down, across) = reads.grid, reads.patch
    return VisitorTrace(
        attention=attention,
        pixels=pixels,
        shown=as_seen(loaded, pixels)[: rows * down, : columns * across],
        added=len(reads.added),
        grid=reads.grid,
        embedding=embedding(loaded, inputs["pixel_values"]),
        logits=logits,
        probabilities=shares,
        classes=names_of(loaded, len(logits)),
        pooling=pooling(loaded, pixels),
        half=reads.half,
    )


def names_of(loaded: LoadedModel, count: int) -> tuple[str, ...]:
    """What the checkpoint calls its classes."""
    names = getattr(loaded.model.config, "id2label", None) or {}
    return tuple(str(names.get(n, n)) for n in range(count))


def example() -> Bytes:
    """(8, 8, 3): the first test digit, dark on white, for a model that was given no picture yet."""
    ink = digits.split()[1].pixels[0]
    return _frozen(np.repeat(np.rint(255 * (1 - ink))[..., None], 3, axis=2))
