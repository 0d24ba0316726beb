"""Where models may come from, and models whose numbers are broken."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from models import catalog
from models.catalog import load
from models.errors import BrokenNumbers, UnknownModel
from models.loading import hub
from models.record import record


@pytest.mark.parametrize(("mode", "download"), [("local", False), ("", False), ("hub", True)])
def test_only_the_hub_mode_may_download(
    monkeypatch: pytest.MonkeyPatch, mode: str, download: bool
) -> None:
    asked: list[bool] = []

    def snapshot(model_id: str, *, download: bool) -> None:
        asked.append(download)

    monkeypatch.setenv(catalog.MODE_VARIABLE, mode)
    monkeypatch.setattr(hub, "snapshot", snapshot)
    with pytest.raises(UnknownModel):
        load("somebody/some-model")
    assert asked == [download]


def test_a_home_folder_of_nobody_is_an_unknown_model() -> None:
    with pytest.raises(UnknownModel):
        load("~nosuchuser")


def test_a_model_that_computes_nan_is_said_to_be_broken(
    folder_of: Callable[[str], Path], tmp_path: Path
) -> None:
    folder = tmp_path / "broken"
    shutil.copytree(folder_of("bert"), folder)
    tensors = load_file(folder / "model.safetensors")
    name = next(n for n in tensors if n.endswith("value.weight"))
    tensors[name] = torch.full_like(tensors[name], torch.nan)
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(BrokenNumbers):
        record(load(str(folder)), "the cat sat")
