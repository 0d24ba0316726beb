"""Files as visitors hand them over: right ones, almost right ones, and what they may hide."""

from __future__ import annotations

import io
import json
import pickle
import stat
import struct
import tempfile
import warnings
import zipfile
import zlib
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from tests.fuzz.grammar import HOSTILE, spoilt
from tests.models import tiny

_COUNTS = st.sampled_from((-1, 0, 1, 2, 3, 8, 2**31, 2**63, 2**64)) | st.integers(0, 40)


class _Runs:
    """Unpickled, it would run a command: what watches sees it."""

    def __reduce__(self) -> tuple[Any, ...]:
        import os

        return os.system, ("true",)


PICKLE = pickle.dumps(_Runs())


@st.composite
def safetensors(draw: st.DrawFn) -> bytes:
    """Headers whose tensors overlap, leave gaps, are huge, have no type; or a fitting one."""
    kinds = st.sampled_from(("F32", "F16", "I64", "F4", "PICKLE", "", 3))
    tensors: dict[str, Any] = {}
    place = 0
    for name in draw(st.lists(st.sampled_from(("a", "b.weight", *HOSTILE[3:9])), max_size=4)):
        shape = draw(st.lists(_COUNTS, max_size=3))
        size = 4
        for count in shape:
            size *= max(0, count)
        start = draw(st.sampled_from((place, place, place, 0, place + 4, -4)))
        stop = draw(st.sampled_from((start + size, start + size, start, 2**63)))
        tensors[name] = {"dtype": draw(kinds), "shape": shape, "data_offsets": [start, stop]}
        place = max(place, min(stop, 10**6))
    header = json.dumps(tensors | draw(st.sampled_from(({}, {"__metadata__": {"format": "pt"}}))))
    raw = draw(st.sampled_from((header, header, header, "[" * 90_000, header + header))).encode()
    length = draw(st.sampled_from((len(raw), len(raw), len(raw), 2**63, 0, len(raw) + 9)))
    whole = length.to_bytes(8, "little") + raw + bytes(min(place, 4000))
    return draw(spoilt(st.just(whole)))


@st.composite
def zips(draw: st.DrawFn) -> bytes:
    """Archives with links, ways up, other archives, pickles, bombs, names twice."""
    stream = io.BytesIO()
    method = draw(st.sampled_from((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)))
    names = (
        *("config.json", "model.safetensors", "tokenizer.json", "m/config.json", "../config.json"),
        *("/etc/config.json", "C:\\config.json", "a.zip", "pytorch_model.bin", "m/../../x", ""),
    )
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(stream, "w", method) as made:
        for name in draw(st.lists(st.sampled_from((*names, *HOSTILE[3:12])), max_size=6)):
            entry = zipfile.ZipInfo("x")
            entry.filename = name
            kind = draw(st.sampled_from((0, 0, stat.S_IFREG, stat.S_IFLNK, stat.S_IFIFO)))
            entry.external_attr = kind << 16
            entry.compress_type = method
            held = draw(st.sampled_from((b"{}", PICKLE, b"", b"/etc/passwd", bytes(2**21))))
            try:
                made.writestr(entry, held)
            except (UnicodeError, ValueError, struct.error):
                continue  # no archive can have such a name
    return draw(spoilt(st.just(stream.getvalue())))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@st.composite
def pictures(draw: st.DrawFn) -> bytes:
    """PNG files that say of themselves what they are not, JPEG files, and others."""
    from PIL import Image

    if draw(st.booleans()):
        size = st.sampled_from((0, 1, 7, 300, 7000, 2**31 - 1))
        width, height = draw(size), draw(size)
        depth, colour = (
            draw(st.sampled_from((1, 8, 16, 99))),
            draw(st.sampled_from((0, 2, 3, 4, 6))),
        )
        head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, draw(st.integers(0, 1)))
        body = zlib.compress(bytes(draw(st.sampled_from((0, 8, 900, 2**22)))))
        more = draw(st.sampled_from((b"", _chunk(b"iCCP", b"x\0\0" + body), _chunk(b"zTXt", body))))
        whole = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + more + _chunk(b"IDAT", body)
        return draw(spoilt(st.just(whole + _chunk(b"IEND", b""))))
    stream = io.BytesIO()
    mode = draw(st.sampled_from(("RGB", "L", "CMYK")))
    kind = draw(st.sampled_from(("JPEG", "GIF", "BMP", "TIFF"))) if mode != "CMYK" else "JPEG"
    Image.new(mode, (9, 5)).save(stream, kind)
    return draw(spoilt(st.just(stream.getvalue())))


@st.composite
def sounds(draw: st.DrawFn) -> bytes:
    """WAV files of every coding, and what their headers may say wrongly."""
    coding = draw(st.sampled_from((1, 3, 0xFFFE, 2, 0)))
    channels, bits = draw(st.sampled_from((1, 2, 0, 9))), draw(st.sampled_from((8, 16, 24, 32, 64)))
    rate = draw(st.sampled_from((16_000, 44_100, 1, 0, 2**32 - 1)))
    step = draw(st.sampled_from((channels * bits // 8, channels * bits // 8, 0, 65_535)))
    form = struct.pack("<HHIIHH", coding, channels, rate, rate, step, bits)
    form += draw(st.sampled_from((b"", b"\x16\0" + bytes(22), bytes(2))))
    data = draw(
        st.sampled_from((b"", bytes(96), b"\xff" * 96, b"\0\0\x80\x7f" * 24, bytes(20_000)))
    )
    said = draw(st.sampled_from((len(data), len(data), 2**32 - 1, 0)))
    parts = struct.pack("<4sI", b"fmt ", len(form)) + form
    parts += struct.pack("<4sI", b"data", said) + data
    return draw(spoilt(st.just(struct.pack("<4sI", b"RIFF", len(parts) + 4) + b"WAVE" + parts)))


@cache
def _whole() -> dict[str, bytes]:
    """The files of a checkpoint that opens."""
    with tempfile.TemporaryDirectory() as place:
        folder = tiny.save("bert", Path(place))
        return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


_VALUES: st.SearchStrategy[Any] = st.sampled_from(
    (-1, 0, 1, 3, 2**31, 1e308, "x", None, [], {}, True, "../x")
)


@st.composite
def checkpoints(draw: st.DrawFn) -> dict[str, bytes | str]:
    """A folder's files; a str is where a link leads. One or two of them are spoilt."""
    files: dict[str, bytes | str] = dict(_whole())
    for _ in range(draw(st.integers(1, 2))):
        name = draw(st.sampled_from(sorted(_whole())))
        match draw(st.integers(0, 6)):
            case 0:
                files.pop(name, None)
            case 1:
                files[name] = draw(spoilt(st.just(_whole()[name])))
            case 2:
                files[name] = PICKLE  # under another name
            case 3:
                files[name] = draw(st.sampled_from(("/etc/passwd", "../x", ".", "/dev/zero")))
            case 4:
                files["model.safetensors"] = draw(safetensors())
            case 5:
                files["pytorch_model.bin"] = PICKLE
                files.pop("model.safetensors", None)
            case _:
                said = json.loads(_whole()["config.json"])
                for key in draw(st.lists(st.sampled_from(sorted(said)), min_size=1, max_size=3)):
                    said[key] = draw(_VALUES | st.text(max_size=9))
                files["config.json"] = json.dumps(said).encode()
    return files
