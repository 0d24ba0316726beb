"""A visitor's WAV file, decoded with care: its own reader, so that every refusal names its reason.

RIFF/WAVE as Microsoft and IBM describe it (1991), with the extensible header (2001). Python's
`wave` reads neither that nor floating point. Imports no torch by itself.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import gcd

import numpy as np
from numpy.typing import NDArray

from models.loading.sound_errors import (
    BrokenWav,
    NoSamples,
    NotAWav,
    SampleNumbers,
    SoundBytes,
    SoundTooLong,
    WavChannels,
    WavCoding,
    WavRate,
    WavSize,
    WrongWav,
)
from models.trace import Floats, read_only

MEGA = 1_000_000
MOST_BYTES = 10 * MEGA
MOST_SECONDS = 30
RATES = 1_000, 384_000  # samples a second
LOUDEST = 100.0  # times full scale: beyond it no sound is meant, and squares may be infinite
PCM, FLOAT, EXTENSIBLE = 1, 3, 0xFFFE
# (coding, bits) → how a sample is stored; 24 bits have no type of their own.
_TYPES: Mapping[tuple[int, int], str] = {
    **{(PCM, 8): "u1", (PCM, 16): "<i2", (PCM, 24): "", (PCM, 32): "<i4"},
    **{(FLOAT, 32): "<f4", (FLOAT, 64): "<f8"},
}
_KNOWN: Mapping[bytes, str] = {
    **{b"ID3": "MP3", b"\xff\xfb": "MP3", b"\xff\xf3": "MP3", b"OggS": "Ogg", b"fLaC": "FLAC"},
    **{b"FORM": "AIFF", b"RIFX": "RIFX", b"RF64": "RF64", b"\x1aE\xdf\xa3": "WebM"},
    **{b"PK\x03\x04": "ZIP", b"\x89PNG": "PNG", b"%PDF": "PDF", b"caff": "CAF", b"RIFF": "RIFF"},
}


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """One channel of sound. samples: (sample,) float32, full scale ±1; rate: of them a second.

    channels, bits, floating: what the file had: two channels were mixed to their mean.
    """

    samples: Floats
    rate: int
    channels: int = 1
    bits: int = 16
    floating: bool = False

    @property
    def seconds(self) -> float:
        """How long it is."""
        return len(self.samples) / self.rate


@dataclass(frozen=True, slots=True)
class _Format:
    coding: int
    channels: int
    rate: int
    bits: int


def decoded(data: bytes) -> Sound:
    """A WAV file's bytes → its sound. Whole numbers and floating point, mono and stereo.

    Raises SoundBytes, NotAWav, BrokenWav, WrongWav, WavCoding, WavChannels, WavRate, WavSize,
    NoSamples, SoundTooLong (all before a sample is converted) and SampleNumbers.
    """
    if len(data) > MOST_BYTES:
        told = {"size": -(-len(data) // MEGA), "limit": MOST_BYTES // MEGA}
        raise SoundBytes(f"{len(data)} bytes", **told)
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        found = next((name for start, name in _KNOWN.items() if data.startswith(start)), "?")
        raise NotAWav(f"begins with {data[:12]!r}", found="MP4" if data[4:8] == b"ftyp" else found)
    form: _Format | None = None
    for name, start, size in _chunks(data):
        if name == b"fmt ":
            form = _format(data[start : start + size])
        elif name == b"data":
            if form is None:
                raise BrokenWav("data before fmt", part="fmt")
            return _sound(data, start, size, form)
    raise BrokenWav("no data", part="data" if form else "fmt")


def _chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """(name, first byte, bytes as its header says) of each part; each has an even length."""
    at = 12
    while at + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, at)
        yield name, at + 8, size
        at += 8 + size + size % 2


def _format(chunk: bytes) -> _Format:
    if len(chunk) < 16:
        raise BrokenWav(f"fmt of {len(chunk)} bytes", part="fmt")
    coding, channels, rate, _, step, bits = struct.unpack_from("<HHIIHH", chunk)
    if coding == EXTENSIBLE:
        if len(chunk) < 40:
            raise BrokenWav(f"extensible fmt of {len(chunk)} bytes", part="fmt")
        coding = struct.unpack_from("<H", chunk, 24)[0]
    if channels not in (1, 2):
        raise WavChannels(f"{channels} channels", count=channels)
    if (coding, bits) not in _TYPES:
        raise WavCoding(f"coding {coding}, {bits} bits", coding=coding, bits=bits)
    least, most = RATES
    if not least <= rate <= most:
        raise WavRate(f"{rate} Hz", rate=rate, least=least, most=most)
    if step != channels * bits // 8:
        wanted = channels * bits // 8
        raise WrongWav(f"{step} bytes a step", name="block align", value=step, wanted=wanted)
    return _Format(coding, channels, rate, bits)


def _sound(data: bytes, start: int, size: int, form: _Format) -> Sound:
    there, step = len(data) - start, form.channels * form.bits // 8
    if size > there:
        raise WavSize(f"{size} of {there} bytes", wanted=size, there=there)
    if size == 0:
        raise NoSamples("no bytes of sound")
    if size % step:
        raise WrongWav(f"{size} bytes", name="data", value=size, wanted=size - size % step)
    count = size // step
    if count > MOST_SECONDS * form.rate:
        seconds = -(-count // form.rate)
        raise SoundTooLong(f"{seconds} s", seconds=seconds, limit=MOST_SECONDS)
    values = _values(data[start : start + size], form)
    wrong = ~(np.abs(values) <= LOUDEST)  # NaN is no number of either side
    if wrong.any():
        raise SampleNumbers("samples", count=int(wrong.sum()), limit=int(LOUDEST))
    mixed = values.reshape(count, form.channels).mean(axis=1)
    samples = read_only(mixed.astype(np.float32))
    return Sound(samples, form.rate, form.channels, form.bits, form.coding == FLOAT)


def _values(raw: bytes, form: _Format) -> NDArray[np.float64]:
    """(sample · channel,): full scale is ±1, as every player has it."""
    found: NDArray[np.float64]
    if form.bits == 24:
        low, middle, high = np.frombuffer(raw, "u1").reshape(-1, 3).astype(np.int32).T
        found = (low | middle << 8 | (high ^ 0x80) - 0x80 << 16).astype(np.float64)
    else:
        found = np.frombuffer(raw, _TYPES[form.coding, form.bits]).astype(np.float64)
    if form.coding == FLOAT:
        return found
    half = 2.0 ** (form.bits - 1)
    return (found - half if form.bits == 8 else found) / half  # 8 bits alone have no sign


def resampled(sound: Sound, rate: int) -> Floats:
    """(sample,) at another rate, through a filter that keeps what both rates can hold."""
    if sound.rate == rate:
        return sound.samples
    from scipy.signal import resample_poly

    common = gcd(sound.rate, rate)
    turned = resample_poly(sound.samples.astype(np.float64), rate // common, sound.rate // common)
    return read_only(turned.astype(np.float32))


def example(rate: int) -> Sound:
    """Two tones after each other, then both at once: 1.2 s, made by this code, no recording."""

    def tone(*pitches: float) -> NDArray[np.float64]:
        at = np.arange(int(0.4 * rate)) / rate
        fade = np.minimum(1, np.minimum(at, at[::-1]) / 0.02)
        waves = [np.sin(2 * np.pi * pitch * at) for pitch in pitches]
        made: NDArray[np.float64] = 0.4 * fade * np.mean(waves, axis=0)
        return made

    whole = np.concatenate([tone(440), tone(880), tone(440, 880)])
    return Sound(read_only(whole.astype(np.float32)), rate)


def written(sound: Sound) -> bytes:
    """The sound as a WAV file of 16 bits, for a player."""
    whole = np.clip(np.rint(sound.samples * 32767), -32768, 32767).astype("<i2").tobytes()
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, PCM, 1, sound.rate, 2 * sound.rate, 2, 16)
    body = b"WAVE" + form + struct.pack("<4sI", b"data", len(whole)) + whole
    return struct.pack("<4sI", b"RIFF", len(body)) + body
