"""A zip that a visitor gave is a model as long as somebody holds it, and leaves nothing behind."""

from __future__ import annotations

import gc
import io
import zipfile
from pathlib import Path

import pytest

from models import catalog
from models.catalog import load
from models.errors import UnknownModel
from models.loading import archive, unpacked
from models.record import record
from tests.models import tiny


def zipped(folder: Path, inside: str = "mini") -> io.BytesIO:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for path in sorted(folder.iterdir()):
            made.write(path, f"{inside}/{path.name}")
    return stream


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.save("bert", tmp_path_factory.mktemp("own"))


def test_it_records_what_its_folder_records(folder: Path) -> None:
    held = unpacked.unpack("whatever.zip", zipped(folder))
    own, other = (record(one, "the animal") for one in (held.id, str(folder)))
    assert own.model_id == held.id
    assert (own.blocks[1].q == other.blocks[1].q).all()
    card = load(held.id).card
    assert (card.title, card.source) == ("mini", "local")


def test_the_same_bytes_are_one_model_whatever_they_are_called(folder: Path) -> None:
    one = unpacked.unpack("a.zip", zipped(folder))
    assert unpacked.unpack("b.ZIP", zipped(folder)) is one
    assert unpacked.unpack("a.zip", zipped(folder, "other")).id != one.id


def test_it_goes_with_the_last_who_holds_it(folder: Path) -> None:
    held = unpacked.unpack("a.zip", zipped(folder))
    model_id, place = held.id, held.folder.parent
    assert load(model_id) is load(model_id)
    other = catalog.held(model_id)
    del held
    gc.collect()
    assert place.is_dir()
    assert load(model_id).card.title == "mini"
    del other
    gc.collect()
    assert not place.exists()
    with pytest.raises(unpacked.ZipNotHere) as error:
        load(model_id)
    assert error.value.details == {"model": "mini"}
    following = unpacked.unpack("a.zip", zipped(folder, "following"))
    load(following.id)
    assert model_id not in catalog._loaded  # its memory, too


def test_hosted_it_opens_for_nobody(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = unpacked.unpack("a.zip", zipped(folder))
    load(held.id)
    monkeypatch.setenv("DIKKAT_MODE", "public")
    with pytest.raises(UnknownModel):
        load(held.id)


def test_what_is_refused_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(archive.NotAnArchive):
        unpacked.unpack("a.zip", io.BytesIO(b"no zip"))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("file", "name"), [("küçük İŞ.zip", "küçük-İŞ"), ("../../x.zip", "x"), (".zip", "model")]
)
def test_a_name_is_one_of_a_folder_and_of_an_address(file: str, name: str) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr("config.json", file)
    held = unpacked.unpack(file, stream)
    assert held.folder.name == name == unpacked.name(held.id)
    assert unpacked.name(str(held.folder)) is None
