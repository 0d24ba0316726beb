"""How a model of sounds hears: the features that its folder describes, and the frames of them.

Whisper (Radford et al. 2022): log-mel windows of 10 ms, of which two convolutions make a frame of
20 ms each. Imports transformers only where it asks for the checkpoint's own extractor.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from models.core.loaded import Sounds
from models.errors import SizeOutOfRange
from models.loading.sound_errors import NoExtractor
from models.trace import Floats

FILE = "preprocessor_config.json"
_STRIDE = 2  # of the second convolution
# What an extractor may say: whole numbers in these ranges, or it would be allocated, or divided by.
_RANGES = {
    "feature_size": (1, 512),
    "sampling_rate": (4_000, 192_000),
    "hop_length": (16, 4_096),
    "chunk_length": (1, 60),
    "n_fft": (32, 2_048),
}
# And what else would be untrue of the page: the sound comes first, then zeros, always the same.
_ONLY = {"padding_side": "right", "padding_value": 0.0, "dither": 0.0}
MOST_FRAMES = 3_000  # a minute of Whisper's; of more a matrix of all would take gigabytes


def described(folder: Path, model: Any, config: Any) -> Sounds:
    """What a model of sounds hears.

    NoExtractor: its folder says none that fits the model. SizeOutOfRange: more than MOST_FRAMES.
    """
    frames = int(config.max_source_positions)
    if frames > MOST_FRAMES:
        told = {"name": "max_source_positions", "value": str(frames)}
        raise SizeOutOfRange(f"{frames} frames", **told, least=1, most=MOST_FRAMES)
    extractor = _extractor(folder)
    shape = (int(config.num_mel_bins), _STRIDE * frames)
    made = (extractor.feature_size, extractor.nb_max_frames)
    if made != shape:  # known before anything is allocated
        raise NoExtractor(f"features {made}, not {shape}", file=FILE)
    seconds = _STRIDE * extractor.hop_length / extractor.sampling_rate
    found = Sounds(extractor, int(extractor.sampling_rate), shape, frames, seconds)
    features(found, np.zeros(found.rate, np.float32))
    return found


def features(sounds: Sounds, samples: Floats) -> Floats:
    """(sample,) at the model's rate → (bin, window), padded with silence to the model's length.

    NoExtractor: the extractor makes features of another shape than the model's.
    """
    try:
        made = sounds.extractor(
            samples, sampling_rate=sounds.rate, return_tensors="np", padding="max_length"
        )
        found = np.asarray(made["input_features"][0], np.float32)
    except Exception as error:  # a folder's own settings, which no library has checked
        raise NoExtractor(f"{type(error).__name__}: {error}", file=FILE) from error
    if found.shape != sounds.shape:
        raise NoExtractor(f"features {found.shape}, not {sounds.shape}", file=FILE)
    return found


def _extractor(folder: Path) -> Any:
    from transformers import WhisperFeatureExtractor

    try:
        raw = _settings(folder)
        for name, (least, most) in _RANGES.items():
            value = raw.get(name, least)
            if type(value) is not int or not least <= value <= most:
                raise ValueError(f"{name} = {value}")
        found = WhisperFeatureExtractor.from_dict(raw)
        for name, only in _ONLY.items():
            if getattr(found, name, only) != only:
                raise ValueError(f"{name} = {getattr(found, name)}")
        return found
    except Exception as error:  # no file, a broken one, values that are none
        raise NoExtractor(f"{folder}: {error}", file=FILE) from error


def _settings(folder: Path) -> dict[str, Any]:
    """The extractor's settings: a file of their own, or a part of the processor's."""
    if (folder / FILE).is_file():
        return dict(json.loads((folder / FILE).read_text("utf-8")))
    whole = json.loads((folder / "processor_config.json").read_text("utf-8"))
    return dict(whole["feature_extractor"])
