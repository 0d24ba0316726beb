"""WAV files as they are and as they lie: read as scipy reads them, or refused with the reason."""

from __future__ import annotations

import io
import struct
from contextlib import suppress

import numpy as np
import pytest
from scipy.io import wavfile
from scipy.signal import chirp

from models.heads import wav
from models.heads.wav import MOST_BYTES, decoded, example, resampled, written
from models.loading.sound_errors import SoundError
from pages.ui.text import LANGUAGES, catalogue

RATE = 8_000
WAVE = 0.7 * np.sin(np.arange(400) * 0.1)


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"".join(
        name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)
        for name, data in chunks
    )
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WAVE" + body


def form(
    coding: int = 1, channels: int = 1, rate: int = RATE, bits: int = 16, step: int = 0
) -> bytes:
    step = step or channels * bits // 8
    return struct.pack("<HHIIHH", coding, channels, rate, rate * step, step, bits)


def extensible(coding: int, bits: int) -> bytes:
    guid = struct.pack("<H", coding) + bytes.fromhex("000000001000800000aa00389b71")
    return form(0xFFFE, bits=bits) + struct.pack("<HHI", 22, bits, 4) + guid


def whole(bits: int, channels: int = 1) -> bytes:
    """Samples as whole numbers of so many bits; a second channel is half as loud."""
    values = np.stack([WAVE / (n + 1) for n in range(channels)], axis=1).ravel()
    if bits == 8:
        return bytes((np.rint(values * 127) + 128).astype("u1"))
    numbers = np.rint(values * (2 ** (bits - 1) - 1)).astype("<i8")
    return b"".join(int(n).to_bytes(bits // 8, "little", signed=True) for n in numbers)


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("bits", [8, 16, 24, 32])
def test_whole_numbers_are_what_scipy_reads(bits: int, channels: int) -> None:
    data = riff((b"fmt ", form(channels=channels, bits=bits)), (b"data", whole(bits, channels)))
    found = decoded(data)
    rate, values = wavfile.read(io.BytesIO(data))
    # scipy keeps 24 bits in the upper ones of 32, and 8 without a sign.
    scaled = (values - 128.0) / 128 if bits == 8 else values / 2 ** (31 if bits > 16 else 15)
    assert (found.rate, found.channels, found.bits) == (rate, channels, bits)
    mixed = scaled if channels == 1 else scaled.mean(axis=1)
    np.testing.assert_allclose(found.samples, mixed, atol=1e-7)
    assert abs(found.samples).max() == pytest.approx(0.7 * (1 if channels == 1 else 0.75), abs=0.01)


@pytest.mark.parametrize("bits", [32, 64])
def test_floating_point_is_what_scipy_reads(bits: int) -> None:
    out = io.BytesIO()
    wavfile.write(out, RATE, WAVE.astype(f"<f{bits // 8}"))
    found = decoded(out.getvalue())
    np.testing.assert_allclose(found.samples, WAVE, atol=1e-7)
    assert found.floating


@pytest.mark.parametrize(("coding", "bits"), [(1, 16), (1, 24), (3, 32)])
def test_an_extensible_header_is_read(coding: int, bits: int) -> None:
    samples = WAVE.astype("<f4").tobytes() if coding == 3 else whole(bits)
    found = decoded(riff((b"fmt ", extensible(coding, bits)), (b"data", samples)))
    np.testing.assert_allclose(found.samples, WAVE, atol=1e-4)


def test_other_parts_and_odd_lengths_are_passed_over() -> None:
    odd = (b"LIST", b"INFOx")
    data = riff(odd, (b"fmt ", form()), odd, (b"data", whole(16)), odd)
    assert len(decoded(data).samples) == len(WAVE)


FMT, SOUND = (b"fmt ", form()), (b"data", whole(16))
NAN = np.array([0.0, np.nan, np.inf, 1e30], "<f4").tobytes()
REFUSED = {
    "too_many_bytes": (b"RIFF" + bytes(MOST_BYTES), {"size": 11, "limit": 10}),
    "not_a_wav": (b"ID3\x04" + bytes(50), {"found": "MP3"}),
    "not_a_wav-empty": (b"", {"found": "?"}),
    "not_a_wav-avi": (b"RIFF\0\0\0\0AVI " + bytes(9), {"found": "RIFF"}),
    "not_a_wav-mp4": (b"\0\0\0\x20ftypM4A ", {"found": "MP4"}),
    "broken_wav": (riff(SOUND), {"part": "fmt"}),
    "broken_wav-short": (riff((b"fmt ", form()[:12]), SOUND), {"part": "fmt"}),
    "broken_wav-long": (riff((b"fmt ", form(0xFFFE)), SOUND), {"part": "fmt"}),
    "broken_wav-none": (riff(FMT), {"part": "data"}),
    "broken_wav-cut": (riff(FMT, SOUND)[:15], {"part": "fmt"}),
    "wrong_wav": (
        riff((b"fmt ", form(step=6)), SOUND),
        {"name": "block align", "value": 6, "wanted": 2},
    ),
    "wrong_wav-odd": (
        riff(FMT, (b"data", whole(16)[:-1])),
        {"name": "data", "value": 799, "wanted": 798},
    ),
    "wav_coding": (riff((b"fmt ", form(85)), SOUND), {"coding": 85, "bits": 16}),
    "wav_coding-bits": (riff((b"fmt ", form(bits=12, step=2)), SOUND), {"coding": 1, "bits": 12}),
    "wav_channels": (riff((b"fmt ", form(channels=6)), SOUND), {"count": 6}),
    "wav_channels-none": (riff((b"fmt ", form(channels=0)), SOUND), {"count": 0}),
    "wav_rate": (
        riff((b"fmt ", form(rate=0)), SOUND),
        {"rate": 0, "least": 1_000, "most": 384_000},
    ),
    "wav_size": (riff(FMT, SOUND)[:-10], {"wanted": 800, "there": 790}),
    "no_samples": (riff(FMT, (b"data", b"")), {}),
    "sound_too_long": (
        riff(FMT, (b"data", bytes(2 * (30 * RATE + 1)))),
        {"seconds": 31, "limit": 30},
    ),
    "sample_numbers": (
        riff((b"fmt ", form(3, bits=32)), (b"data", NAN)),
        {"count": 3, "limit": 100},
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_sound_is_refused_with_its_reason(name: str) -> None:
    data, details = REFUSED[name]
    with pytest.raises(SoundError) as refused:
        decoded(data)
    assert refused.value.code == name.partition("-")[0]
    assert refused.value.details == details
    for language in LANGUAGES:
        sentence = catalogue(language)[f"error.{refused.value.code}"].format(**details, kept="")
        assert "{" not in sentence


def test_a_size_that_was_never_filled_in_is_no_reason_to_read_on() -> None:
    data = riff(FMT, SOUND).replace(
        b"data" + struct.pack("<I", 800), b"data" + struct.pack("<I", 2**32 - 1)
    )
    with pytest.raises(SoundError) as refused:
        decoded(data)
    assert refused.value.details == {"wanted": 2**32 - 1, "there": 800}


@pytest.mark.parametrize("seed", range(20))
def test_damaged_headers_raise_nothing_else(seed: int) -> None:
    rng = np.random.default_rng(seed)
    good = bytearray(riff(FMT, SOUND))
    for _ in range(100):
        data = bytearray(good)
        for place in rng.integers(0, 48, 3):
            data[place] = rng.integers(0, 256)
        with suppress(SoundError):
            assert np.isfinite(decoded(bytes(data[: rng.integers(0, len(data))])).samples).all()


@pytest.mark.parametrize("rate", [8_000, 11_025, 22_050, 44_100, 48_000])
def test_a_tone_keeps_its_pitch_and_its_length(rate: int) -> None:
    at = np.arange(rate) / rate
    tone = wav.Sound(np.sin(2 * np.pi * 440 * at).astype(np.float32), rate)
    found = resampled(tone, 16_000)
    assert abs(len(found) - 16_000) <= 1
    spectrum = np.abs(np.fft.rfft(found[:16_000]))
    assert int(spectrum.argmax()) == 440
    wanted = np.sin(2 * np.pi * 440 * np.arange(len(found)) / 16_000)
    np.testing.assert_allclose(found[400:-400], wanted[400:-400], atol=5e-3)


def test_what_the_lower_rate_cannot_hold_is_filtered_out() -> None:
    at = np.arange(48_000) / 48_000
    high = wav.Sound(chirp(at, 10_000, 1, 20_000).astype(np.float32), 48_000)
    assert np.sqrt((resampled(high, 16_000)[200:-200] ** 2).mean()) < 0.02


def test_the_example_is_read_back_as_it_was_written() -> None:
    found = example(16_000)
    assert found.seconds == pytest.approx(1.2)
    np.testing.assert_allclose(decoded(written(found)).samples, found.samples, atol=1e-4)
