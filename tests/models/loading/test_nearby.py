"""Folders that look like checkpoints are found where people keep them, without a deep walk."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from huggingface_hub import constants

from models.loading import nearby


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("here", "home", "cache"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    return tmp_path


def checkpoint(folder: Path, config: str = '{"model_type": "bert"}') -> Path:
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(config)
    (folder / "model.safetensors").touch()
    return folder


def test_what_lies_there_is_found_by_path_and_what_is_cached_by_id(places: Path) -> None:
    found = [
        str(checkpoint(places / "here" / "a")),
        str(checkpoint(places / "here" / "models" / "b", json.dumps({"model_type": "vit"}))),
        str(checkpoint(places / "home" / "models" / "c")),
    ]
    checkpoint(places / "cache" / "models--org--d" / "snapshots" / "0f")
    checkpoint(places / "here" / "deep" / "er")
    families = {one.id: one.family for one in nearby.nearby()}
    assert families == dict(zip([*found, "org/d"], ["bert", "vit", "bert", "bert"], strict=True))


@pytest.mark.parametrize("config", ["", "[]", "{}", '{"model_type": 3}', "[" * 100_000])
def test_a_configuration_that_says_nothing_is_passed_over(places: Path, config: str) -> None:
    checkpoint(places / "here" / "a", config)
    assert nearby.nearby() == ()


def test_the_list_ends(places: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearby, "MOST", 3)
    for n in range(5):
        checkpoint(places / "here" / f"m{n}")
    assert [Path(one.id).name for one in nearby.nearby()] == ["m0", "m1", "m2"]
