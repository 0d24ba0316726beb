"""A visitor's folder is written to while the app runs: the model follows, and nothing breaks."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import torch
import transformers

from models import catalog
from models.catalog import CATALOG, load
from models.errors import ChangedFiles, InputError, MissingWeights, NoWeights, UnknownModel
from models.loading import parameters
from models.record import record
from pages.ui import caches
from tests.models import tiny
from tests.models.loading.conftest import CopyOf, Refusal

Q = "encoder.layer.0.attention.self.query.weight"


def twice(folder: Path) -> None:
    """Its query weights doubled, the file written anew."""
    tiny.weights(folder, lambda t: t.update({Q: t[Q] * 2}))


def query(folder: Path) -> torch.Tensor:
    found: torch.Tensor = load(str(folder)).model.get_parameter(Q)
    return found


def test_a_folder_written_to_is_another_model(copy_of: CopyOf) -> None:
    folder = copy_of("bert")
    before = load(str(folder))
    assert load(str(folder)) is before
    kept = query(folder).clone()
    twice(folder)
    assert torch.equal(query(folder), kept * 2)
    assert load(str(folder)) is load(str(folder)) is not before
    assert torch.equal(before.model.get_parameter(Q), kept)


@pytest.mark.parametrize("file", ["config.json", "tokenizer_config.json"])
def test_every_file_of_it_counts(file: str, copy_of: CopyOf) -> None:
    folder = copy_of("bert")
    before = load(str(folder))
    tiny.settings(folder, file, note="written to")
    assert load(str(folder)) is not before


@pytest.mark.parametrize("file", ["model.safetensors", "tokenizer.json"])
def test_of_a_file_of_the_same_size_the_time_counts(file: str, copy_of: CopyOf) -> None:
    folder = copy_of("bert")
    before = load(str(folder))
    os.utime(folder / file, ns=(1, 1))
    assert load(str(folder)) is not before


def test_another_family_in_its_place_is_opened(copy_of: CopyOf) -> None:
    folder = copy_of("bert")
    assert load(str(folder)).card.family == "bert"
    for file in folder.iterdir():
        file.unlink()
    tiny.save("gpt2", folder)
    loaded = load(str(folder))
    assert (loaded.card.family, loaded.has_head) == ("gpt2", True)


def test_a_folder_that_broke_is_refused_and_one_that_is_gone_unknown(
    copy_of: CopyOf, refusal: Refusal
) -> None:
    folder = copy_of("bert")
    load(str(folder))
    tiny.weights(folder, lambda t: t.pop(Q))  # type: ignore[arg-type]
    refusal(folder, MissingWeights)
    (folder / "model.safetensors").unlink()
    refusal(folder, NoWeights)
    folder.rename(folder.with_name("elsewhere"))
    with pytest.raises(UnknownModel):
        load(str(folder))


def test_a_file_written_over_in_place_changes_no_number_in_memory(copy_of: CopyOf) -> None:
    """A mapped file would: its numbers would change, and reading beyond its end ends the app."""
    folder = copy_of("llama")
    loaded = load(str(folder))
    before = [parameter.clone() for parameter in loaded.model.parameters()]
    file = folder / "model.safetensors"
    maps = Path("/proc/self/maps")
    assert not maps.is_file() or str(file) not in maps.read_text()
    with file.open("r+b") as stream:
        stream.seek(file.stat().st_size // 2)
        stream.write(bytes(64))
    os.truncate(file, 8)
    assert all(map(torch.equal, before, loaded.model.parameters()))


def test_what_is_written_while_it_is_read_is_said(
    copy_of: CopyOf, refusal: Refusal, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, real = copy_of("bert"), parameters.filled

    def slow(*args: Any, **named: Any) -> Any:
        found = real(*args, **named)
        os.utime(folder / "config.json", ns=(1, 1))
        return found

    monkeypatch.setattr(parameters, "filled", slow)
    refusal(folder, ChangedFiles)
    monkeypatch.undo()
    assert load(str(folder)).card.family == "bert"


def test_pages_show_the_new_numbers(copy_of: CopyOf) -> None:
    folder = copy_of("bert")
    before = caches.trace(str(folder), tiny.SENTENCE)
    assert caches.trace(str(folder), tiny.SENTENCE) is before
    shares = caches.of_record(_first_weight)
    first = shares(before)
    twice(folder)
    after = caches.trace(str(folder), tiny.SENTENCE)
    assert after.key == before.key
    assert (after.blocks[0].q == record(load(str(folder)), tiny.SENTENCE).blocks[0].q).all()
    assert (after.blocks[0].q != before.blocks[0].q).any()
    assert shares(after) == _first_weight(after) != first


def _first_weight(trace: Any) -> float:
    return float(trace.blocks[0].weights[0, 0, 0])


def test_models_of_the_catalogue_and_of_hosted_apps_are_not_looked_at(
    copy_of: CopyOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = copy_of("bert")
    assert len(catalog.files(str(folder))) == len(list(folder.iterdir()))
    assert not any(catalog.files(name) for name in (*CATALOG, "nobody/nothing", "", "a\0b"))
    monkeypatch.setenv("DIKKAT_MODE", "public")
    assert catalog.files(str(folder)) == ()
    with pytest.raises(InputError):
        load(str(folder))


def test_a_subfolder_is_none_of_its_files(copy_of: CopyOf) -> None:
    folder = copy_of("bert")
    before = load(str(folder))
    (folder / "runs").mkdir()
    assert load(str(folder)) is before
    transformers.BertConfig().save_pretrained(folder / "runs")
    assert load(str(folder)) is before
