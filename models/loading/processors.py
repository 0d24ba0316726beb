"""The processor that a checkpoint of pictures brings along, and bounds on what it asks for.

Its settings are a stranger's: a size is allocated with the first picture, so each is bounded
before one comes. Imports transformers only where it asks for a processor.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from models.errors import (
    InputError,
    NoProcessor,
    OtherSize,
    ProcessorNotInstalled,
    ProcessorSetting,
)
from models.loading.configuration import shown
from models.trace import Floats

FILE = "preprocessor_config.json"
LARGEST = 2_048  # pixels a side that a processor may ask for
# A picture may be twenty times as long as it is wide, and this is the shorter of its sides.
_SHORTEST = 1_024
# Those of the families that open: they resize, cut out, fill up and scale, and nothing more.
# Others make tiles and patches in numbers that no single setting bounds.
KINDS = ("ViT", "DeiT", "Beit", "Bit", "CLIP", "ChineseCLIP", "Siglip", "DINOv3ViT", "Tipsv2")
_SIZES = re.compile(r"(^|_)(size|edge|height|width|patch|patches|divisor)(_|$)")


def processor_of(folder: Path) -> tuple[Any, InputError | None]:
    """The checkpoint's own, or why there is none that can be used: a NoProcessor or its kinds."""
    refused = NoProcessor(f"{folder}: no processor", file=FILE)
    if not (folder / FILE).is_file():
        return None, refused
    from transformers import AutoImageProcessor

    name = ""
    try:
        raw = json.loads((folder / FILE).read_text("utf-8"))
        check(raw)
        name = str(raw.get("image_processor_type", ""))
        found = AutoImageProcessor.from_pretrained(
            folder, trust_remote_code=False, local_files_only=True
        )
        check(found.to_dict())  # its class has sizes of its own where the file is silent
    except NoProcessor as error:
        return None, error
    except ImportError as error:
        return None, ProcessorNotInstalled(str(error), file=FILE, name=shown(name))
    except Exception:  # a broken file, a class that there is none of
        return None, refused
    if type(found).__name__.removesuffix("Pil").removesuffix("ImageProcessor") not in KINDS:
        return None, NoProcessor(f"{type(found).__name__} is of no known kind", file=FILE)
    return found, None


def check(said: Mapping[str, Any]) -> None:
    """ProcessorSetting: a size that no picture here has. It would be allocated with the first."""
    for name, value in said.items():
        if _SIZES.search(name):
            _check_size(name, value)


def _check_size(name: str, value: Any) -> None:
    """A size is a whole number, or several, by name or in a row; null says that there is none."""
    if isinstance(value, Mapping):
        for inner, number in value.items():
            _check_size(f"{name}.{inner}", number)
    elif isinstance(value, list | tuple):
        for number in value:
            _check_size(name, number)
    elif value is not None:
        most = _SHORTEST if name.endswith("shortest_edge") else LARGEST
        if type(value) is not int or not 1 <= value <= most:
            told = {"name": shown(name), "value": shown(value), "least": 1, "most": most}
            raise ProcessorSetting(f"{name} = {shown(value)}", file=FILE, **told)


def output_size(processor: Any) -> tuple[int, int] | None:
    """(height, width) of what it makes of any picture; None: that differs from one to another."""
    for switch, name in (("do_center_crop", "crop_size"), ("do_resize", "size")):
        size = getattr(processor, name, None)
        if getattr(processor, switch, False) and size is not None:
            height, width = getattr(size, "height", None), getattr(size, "width", None)
            return None if height is None or width is None else (int(height), int(width))
    return None


def processed(processor: Any, picture: Any, shape: tuple[int, int, int]) -> Floats:
    """(height, width, 3) of whole numbers → (channel, height, width) of that shape.

    Raises NoProcessor, OtherSize.
    """
    from PIL import Image

    image = Image.fromarray(picture).convert("L" if shape[0] == 1 else "RGB")
    try:
        made = np.asarray(processor(image, return_tensors="np")["pixel_values"][0], np.float32)
    except Exception as error:  # a folder's own settings, which no library has checked
        raise NoProcessor(f"{type(error).__name__}: {error}", file=FILE) from error
    if not np.isfinite(made).all():  # a factor or a spread that is none
        raise NoProcessor("it makes pictures of no numbers", file=FILE)
    if made.shape != shape:
        found, wanted = (" × ".join(map(str, one)) for one in (made.shape, shape))
        raise OtherSize(f"{found}, not {wanted}", found=found, wanted=wanted)
    return made
