"""A sound through Whisper → AttentionTrace: frames and what the decoder reads of them.

Radford et al. 2022, "Robust Speech Recognition via Large-Scale Weak Supervision". The encoder's
tokens are frames, counted after its two convolutions. Imports no torch by itself.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from models.catalog import showing
from models.core.arrays import Difference, Recomputed, as_numpy
from models.core.loaded import LoadedModel, Sounds
from models.core.tokens import Encoded, is_blank, named, spell_ids
from models.errors import NotCapturable
from models.heads.wav import Sound, resampled
from models.loading.sound_errors import SoundTooLong
from models.loading.sounds import features
from models.record import MAX_WRITTEN, batch, blocks, finite, forward, traced
from models.recording.eager import EagerCheck, answer, checked, heads_apart, twin
from models.trace import AttentionBlock, AttentionTrace, Floats, read_only

_BEGINNING = 8  # tokens at most: the start, the language, the task, no time stamps
PAD = "[PAD]"  # what a frame is called that only the filling up has made


@dataclass(frozen=True, slots=True, eq=False)
class SoundTrace(Recomputed):
    """What one sound left behind. attention: its tokens are frames, named by where they begin.

    features: (bin, window) as the model read them; rate: samples a second of what it heard;
    seconds: that a frame stands for; given: the decoder read a typed text, not what the model
    wrote itself; start: so many of its tokens are the model's own beginning; cut: it stopped at
    the limit, not at its own end.
    """

    attention: AttentionTrace
    features: Floats
    rate: int
    seconds: float
    given: bool
    start: int
    cut: bool

    @property
    def model_id(self) -> str:
        """As of the recording: caches ask whether its files have been written to since."""
        return self.attention.model_id

    @property
    def frames(self) -> int:
        """How many frames the sound covers, the last one perhaps in part."""
        return len(self.attention.tokens) - self.attention.padding

    def difference(self) -> Difference:
        """The recomputed outputs to the model's own."""
        return self.attention.difference()

    @property
    def key(self) -> tuple[object, ...]:
        """As of the recording."""
        return self.attention.key


def record_sound(
    model: LoadedModel | str, sound: Sound, *, target: str | None = None, decimal: str = "."
) -> SoundTrace:
    """A sound's pass through the model; the decoder reads its own greedy transcript, or `target`.

    decimal: the sign in the frames' names, which are seconds. Raises NotCapturable,
    NoExtractor, SoundTooLong, BrokenNumbers, and what LoadedModel.encode and load raise.
    """
    loaded = showing(model, "sound", NotCapturable, "reads no sounds")
    heard = loaded.sounds
    assert heard is not None
    most = heard.frames * heard.seconds
    if sound.seconds > most:
        seconds = math.ceil(sound.seconds)
        raise SoundTooLong(f"{sound.seconds} s", seconds=seconds, limit=int(most))
    samples = resampled(sound, heard.rate)
    made = read_only(finite(loaded, features(heard, samples)))
    inputs = {"input_features": _tensor(made)}
    written, start, cut = _decoder_reads(loaded, inputs, target)
    source, padding = _frames(heard, len(samples), decimal)
    given = not is_blank(target)
    attention = traced(
        loaded,
        source,
        written,
        blocks(loaded, inputs | {"decoder_input_ids": batch(written.ids)}, False),
        padding=padding,
        # Places have the same numbers in every sound: what tells two apart is their content.
        text=hashlib.sha256(made.tobytes()).hexdigest(),
        target=target if given else None,
    )
    return SoundTrace(attention, made, heard.rate, heard.seconds, given, start, cut)


def _tensor(array: Floats) -> Any:
    """(…) → (1, …) in torch."""
    import torch

    return torch.from_numpy(np.array(array[None], dtype=np.float32))


def _frames(heard: Sounds, samples: int, decimal: str) -> tuple[Encoded, int]:
    """All frames by the second in which they begin, and how many begin behind the sound's end."""
    covered = min(heard.frames, -(-samples // round(heard.seconds * heard.rate)))
    digits = max(1, math.ceil(-math.log10(heard.seconds) - 1e-9))  # no two of one name
    begins = [f"{n * heard.seconds:.{digits}f} s".replace(".", decimal) for n in range(covered)]
    padding = heard.frames - covered
    return named([*begins, *[PAD] * padding], [False] * covered + [True] * padding), padding


def _decoder_reads(
    loaded: LoadedModel, inputs: dict[str, Any], target: str | None
) -> tuple[Encoded, int, bool]:
    """What the decoder reads, how many of them the model begins with, and whether it was cut."""
    from models.recording.decoder import ends

    start, own, ended = _generated(loaded, inputs, 1 if not is_blank(target) else MAX_WRITTEN)
    if is_blank(target):
        ids = [*start, *own]
        cut = not ended
    else:
        assert target is not None
        given = loaded.encode(target, as_target=True)
        words = [i for i, mark in zip(given.ids, given.special, strict=True) if not mark]
        ids = [*start, *words]
        cut = given.cut or len(ids) > loaded.limit
    closing = ends(loaded)
    while len(ids) > len(start) and ids[-1] in closing:
        ids.pop()
    with loaded.lock:
        return spell_ids(loaded.tokenizer, ids[: loaded.limit]), len(start), cut


def _generated(
    loaded: LoadedModel, inputs: dict[str, Any], most: int
) -> tuple[list[int], list[int], bool]:
    """The model's own beginning (it finds the language by itself), what it writes behind it, and
    whether that ends by itself."""
    import torch

    from models.recording.decoder import ends, start

    if not loaded.has_head:
        return [start(loaded)], [], True
    with torch.inference_mode():
        made = loaded.model.generate(
            **inputs,
            do_sample=False,
            num_beams=1,
            max_new_tokens=max(1, min(most, loaded.limit - _BEGINNING)),
            return_timestamps=False,
            return_dict_in_generate=True,
            output_scores=True,  # one a token that was written: the others are the beginning
            force_unique_generate_call=True,
        )
    ids = made.sequences[0].tolist()
    first = len(ids) - len(made.scores)
    return ids[:first], ids[first:], ids[-1] in ends(loaded)


def against_eager(loaded: LoadedModel, sound: Sound, target: str | None = None) -> EagerCheck:
    """A sound through the model and its eager twin, a layer at a time: all weights at once of 1500
    frames would need more memory than the model. Raises what record_sound raises."""
    recorded = record_sound(loaded, sound, target=target)
    trace, each = recorded.attention, list[Difference]()
    other = twin(loaded.model)
    modules = dict(other.named_modules())

    def compare(block: AttentionBlock, _: Any, __: Any, given: Any) -> None:
        each.extend(heads_apart(block, as_numpy(given[1][0])))

    for (path, _), block in zip(loaded.attention, trace.blocks, strict=True):
        modules[path].register_forward_hook(partial(compare, block))
    inputs = inputs_of(recorded)
    own, eager = (forward(one, inputs) for one in (loaded, replace(loaded, model=other)))
    return checked(trace, each, answer(own), answer(eager))


def inputs_of(recorded: SoundTrace) -> dict[str, Any]:
    """What the model was called with: (1, bin, window) and (1, token)."""
    side = recorded.attention.target_side
    assert side is not None
    return {
        "input_features": _tensor(recorded.features),
        "decoder_input_ids": batch(side.ids),
    }
