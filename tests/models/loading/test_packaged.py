"""A catalogue model whose package may be absent, whose file may be damaged, which may be off."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

import pytest

from models import catalog
from models.catalog import CATALOG, load
from models.errors import DamagedWeights, NotInstalled, UnknownModel
from models.record import record
from tests.models.loading import test_quantized as small

ID = "smollm2"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the catalogue takes for the model's file: a small one."""
    card = replace(CATALOG[ID], gguf="small.gguf")
    made = small.write(tmp_path / "small.gguf", small.numbers())
    card = replace(card, sha256=sha256(made.read_bytes()).hexdigest())
    monkeypatch.setattr(catalog, "CATALOG", MappingProxyType({**CATALOG, ID: card}))
    monkeypatch.setattr(catalog, "card_folder", lambda _: tmp_path)
    monkeypatch.setattr(catalog, "_loaded", {})
    return made


def test_it_is_opened_from_its_one_file_once_it_is_asked_for(file: Path) -> None:
    assert not catalog.is_loaded(ID)
    assert load(ID) is load(ID)
    assert load(ID).card.gguf == file.name
    assert record(ID, "the animal and 12").relative_fidelity() < 1e-5


@pytest.mark.parametrize("place", [0, 1_000, -1])
def test_a_flipped_bit_anywhere_is_noticed(file: Path, place: int) -> None:
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    file.write_bytes(content)
    with pytest.raises(DamagedWeights) as refused:
        load(ID)
    assert refused.value.code == "damaged_weights"


def test_a_file_that_is_gone_is_said(file: Path) -> None:
    file.unlink()
    with pytest.raises(DamagedWeights):
        load(ID)


def test_a_package_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    absent = replace(CATALOG[ID], package="no_such_package_here")
    monkeypatch.setattr(catalog, "CATALOG", MappingProxyType({**CATALOG, ID: absent}))
    monkeypatch.setattr(catalog, "_loaded", {})
    assert not catalog.is_installed(absent)
    with pytest.raises(NotInstalled) as refused:
        load(ID)
    assert refused.value.details == {"model": absent.title, "package": "no-such-package-here"}
    assert all(catalog.is_installed(card) for card in CATALOG.values() if card.id != ID)


@pytest.mark.parametrize("said", [ID, f"minilm, {ID}", f" {ID},"])
def test_a_model_that_is_switched_off_is_neither_offered_nor_opened(
    said: str, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(ID)  # in memory, and still not for visitors
    monkeypatch.setenv("DIKKAT_WITHOUT", said)
    assert ID not in {card.id for card in catalog.offered()}
    with pytest.raises(UnknownModel):
        load(ID)
    monkeypatch.delenv("DIKKAT_WITHOUT")
    assert [card.id for card in catalog.offered()] == list(CATALOG)
