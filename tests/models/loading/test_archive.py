"""A visitor's zip: whatever its maker meant, only a checkpoint's files arrive, in one folder."""

from __future__ import annotations

import io
import stat
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.loading import archive
from models.loading.archive import ArchiveError

CONFIG = ("config.json", b"{}")
NAMES = st.text(st.characters(codec="utf-8", exclude_characters="/\\\0"), min_size=1, max_size=8)


def packed(entries: Iterable[tuple[str | zipfile.ZipInfo, bytes]], method: int = 8) -> io.BytesIO:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as made:
        for entry, data in entries:
            made.writestr(entry, data)
    return stream


def unpacked(stream: io.BytesIO) -> tuple[str, dict[str, bytes]]:
    """The folder inside and what arrived; AssertionError: something lies beside the folder."""
    with tempfile.TemporaryDirectory() as place:
        (folder := Path(place) / "content").mkdir()
        try:
            inside = archive.unpack(stream, folder)
        finally:
            assert list(Path(place).iterdir()) == [folder]
            assert all(path.is_file() and not path.is_symlink() for path in folder.iterdir())
        return inside, {path.name: path.read_bytes() for path in folder.iterdir()}


def refused(stream: io.BytesIO, kind: type[ArchiveError]) -> ArchiveError:
    with pytest.raises(ArchiveError) as found:
        unpacked(stream)
    assert type(found.value) is kind
    return found.value


def entry(name: str, mode: int = 0) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo("x")
    made.filename = name  # as it is: the class would tidy it up
    made.external_attr = mode << 16
    return made


@pytest.mark.parametrize("inside", ["", "mini"])
def test_a_checkpoint_arrives_and_nothing_else_does(inside: str) -> None:
    top = f"{inside}/" if inside else ""
    files = {"config.json": b"{}", "model.safetensors": b"w" * 5000, "tokenizer.json": b"[]"}
    more = {
        "README.md": b"x",
        "run.py": b"x",
        "pytorch_model.bin": b"x",
        "1_Pooling/config.json": b"",
    }
    other = {"__MACOSX/._config.json": b"x", "elsewhere/tokenizer.json": b"y"}
    entries = [(top + name, data) for name, data in (files | more).items()]
    assert unpacked(packed([*entries, *other.items()])) == (inside, files)


UPWARDS = st.tuples(st.lists(NAMES, max_size=2), st.lists(NAMES, min_size=1, max_size=2)).map(
    lambda parts: "/".join([*parts[0], "..", *parts[1]])
)
ABSOLUTE = st.lists(NAMES, min_size=1, max_size=3).map(lambda parts: "/" + "/".join(parts))
DRIVES = NAMES.map(lambda name: f"C:\\{name}")


@settings(deadline=None)
@given(st.one_of(UPWARDS, ABSOLUTE, DRIVES), st.booleans(), st.booleans())
def test_a_name_that_leads_outside_is_refused(name: str, windows: bool, first: bool) -> None:
    name = name.replace("/", "\\") if windows else name
    entries: list[tuple[str | zipfile.ZipInfo, bytes]] = [(entry(name), b"x"), CONFIG]
    error = refused(packed(entries if first else entries[::-1]), archive.LeadsOutside)
    assert error.details == {"name": name}


@pytest.mark.parametrize(
    "name", ["a\0b", "a\nb", "..", ".", "../config.json", "a/../../config.json"]
)
def test_a_name_that_no_file_has_is_refused(name: str) -> None:
    refused(packed([CONFIG, (entry(name), b"x")]), archive.LeadsOutside)


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK])
@pytest.mark.parametrize("name", ["model.safetensors", "mini/link", "folder/"])
def test_links_and_devices_are_refused(kind: int, name: str) -> None:
    refused(packed([CONFIG, (entry(name, kind | 0o777), b"/etc")]), archive.LinkInArchive)


@pytest.mark.parametrize("name", ["inner.zip", "mini/weights.TAR", "a/b/c.7z", "x.tar.gz"])
def test_an_archive_in_the_archive_is_refused(name: str) -> None:
    refused(packed([CONFIG, (name, b"x")]), archive.NestedArchive)


def test_what_grows_as_no_checkpoint_does_is_refused_before_it_has_grown() -> None:
    bomb = packed([CONFIG, ("model.safetensors", bytes(30 * archive.MEGA))])
    assert refused(bomb, archive.ArchiveBomb).details == {"limit": archive.MOST_RATIO}
    # A header that says less does not help: what comes out is counted.
    small = bomb.getvalue().replace(
        (30 * archive.MEGA).to_bytes(4, "little"), (100).to_bytes(4, "little")
    )
    refused(io.BytesIO(small), archive.NotAnArchive)


def test_bytes_that_several_entries_share_are_counted_once_each() -> None:
    """Entries that lie over one another: each is small, together they are not."""
    data = bytes(archive.MEGA)
    names = [f"model-{n}.safetensors" for n in range(60)]
    made = packed([CONFIG, (names[0], data)])
    with zipfile.ZipFile(made, "a") as opened:
        for name in names[1:]:
            again = entry(name)
            first = opened.infolist()[1]
            for field in ("compress_type", "compress_size", "file_size", "CRC", "header_offset"):
                setattr(again, field, getattr(first, field))
            opened.filelist.append(again)
            opened.NameToInfo[name] = again
        opened._didModify = True  # type: ignore[attr-defined]
    with pytest.raises(ArchiveError):
        unpacked(made)


def test_more_than_is_taken_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    files = [CONFIG, ("model.safetensors", bytes(range(256)) * 40)]
    monkeypatch.setattr(archive, "MOST_UNPACKED", 10_000)
    refused(packed(files), archive.UnpacksTooLarge)
    monkeypatch.setattr(archive, "MOST_BYTES", 100)
    refused(packed(files), archive.ArchiveTooLarge)


def test_many_entries_are_refused_before_they_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    many = packed([CONFIG, *((f"{n}.txt", b"") for n in range(archive.MOST_ENTRIES))])
    refused(many, archive.TooManyEntries)
    monkeypatch.setattr(zipfile, "ZipFile", None)  # it would keep a record of each
    longer = packed_before([CONFIG, *((f"{n}.txt" * 40, b"") for n in range(6000))])
    refused(longer, archive.TooManyEntries)


def packed_before(entries: Iterable[tuple[str, bytes]], _zip: type = zipfile.ZipFile) -> io.BytesIO:
    stream = io.BytesIO()
    with _zip(stream, "w") as made:
        for name, data in entries:
            made.writestr(name, data)
    return stream


def encrypted(data: bytes) -> bytes:
    """The flag of every entry set, in both headers."""
    found = bytearray(data)
    for sign, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = found.find(sign)
        while at >= 0:
            found[at + place] |= 1
            at = found.find(sign, at + 4)
    return bytes(found)


@pytest.mark.parametrize(
    ("stream", "kind"),
    [
        (lambda: packed([CONFIG], zipfile.ZIP_LZMA), archive.UnreadableEntry),
        (lambda: packed([CONFIG], zipfile.ZIP_BZIP2), archive.UnreadableEntry),
        (lambda: io.BytesIO(encrypted(packed([CONFIG]).getvalue())), archive.UnreadableEntry),
        (lambda: packed([("readme.md", b"x")]), archive.NoCheckpointInArchive),
        (lambda: packed([("a/b/config.json", b"{}")]), archive.NoCheckpointInArchive),
        (lambda: packed([]), archive.NoCheckpointInArchive),
        (
            lambda: packed([("a/config.json", b""), ("b/config.json", b"")]),
            archive.SeveralCheckpoints,
        ),
        (lambda: packed([("a/config.json", b""), ("a\\config.json", b"")]), archive.DoubleEntry),
        (lambda: io.BytesIO(b""), archive.NotAnArchive),
        (lambda: io.BytesIO(b"\x1f\x8b" + bytes(100)), archive.NotAnArchive),
        (lambda: io.BytesIO(packed([CONFIG]).getvalue()[:-30]), archive.NotAnArchive),
    ],
)
def test_what_cannot_be_a_checkpoint_is_refused(
    stream: Callable[[], io.BytesIO], kind: type[ArchiveError]
) -> None:
    refused(stream(), kind)


WHOLE = packed([CONFIG, ("model.safetensors", b"weights" * 40), ("vocab.txt", b"a\nb")]).getvalue()


@settings(deadline=None, max_examples=200)
@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=6))
def test_a_damaged_zip_is_refused_or_gives_what_was_packed(hits: list[tuple[int, int]]) -> None:
    data = bytearray(WHOLE)
    for place, value in hits:
        data[place] = value
    try:
        _, files = unpacked(io.BytesIO(bytes(data)))
    except ArchiveError:
        return
    with zipfile.ZipFile(io.BytesIO(WHOLE)) as whole:
        own = {whole.read(name) for name in whole.namelist()}
    assert set(files.values()) <= own
