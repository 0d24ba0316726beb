"""One policy for what was measured: None where nothing was, an error where a file is broken."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models import measured
from models.bert import sense_accuracy
from models.errors import DamagedWeights
from models.gpt import induction
from models.lstm import units
from models.memory import recall
from models.translation import accuracy_by_length, alignment
from models.vision import deletion

READERS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "units": ("units.json", units.measured.__wrapped__),
    "by length": ("by_length.json", accuracy_by_length.by_length.__wrapped__),
    "alignment": ("metrics.json", alignment.measured.__wrapped__),
    "induction": ("metrics.json", induction.shipped.__wrapped__),
    "senses": ("metrics.json", sense_accuracy.by_layer.__wrapped__),
    "recall": ("curve.json", lambda model_id: recall.measured({"lstm": model_id})),
    "deletion": (
        "deletion.json",
        lambda model_id: deletion.measured.__wrapped__(model_id, "layer", "paper"),
    ),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model's folder in which nothing was measured."""
    monkeypatch.setattr(measured, "CHECKPOINTS", tmp_path)
    (tmp_path / "some").mkdir()
    return tmp_path / "some"


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("model_id", ["some", "other", "", "..", "../x", "a\0b", "x" * 5000])
def test_what_was_not_measured_is_none(name: str, model_id: str, folder: Path) -> None:
    assert READERS[name][1](model_id) is None


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("text", ["{", "[]", '{"other": 1}', "null"])
def test_a_broken_file_is_told_with_its_model(name: str, text: str, folder: Path) -> None:
    file, reader = READERS[name]
    if file == "metrics.json" and text == '{"other": 1}' and name == "senses":
        text = '{"detail": 3}'
    (folder / file).write_text(text, encoding="utf-8")
    with pytest.raises(DamagedWeights) as caught:
        reader("some")
    assert caught.value.details == {"model": "some"}
    assert file in str(caught.value)


@pytest.mark.parametrize("name", ["alignment", "induction", "senses"])
def test_a_file_that_holds_other_measures_is_not_broken(name: str, folder: Path) -> None:
    (folder / "metrics.json").write_text(json.dumps({"detail": {"other": 1}}), encoding="utf-8")
    assert READERS[name][1]("some") is None
