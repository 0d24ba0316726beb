"""Where models may come from, and models whose numbers are broken."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from models import catalog
from models.catalog import load
from models.errors import BrokenNumbers, UnknownModel
from models.loading.hub import named
from models.loading.hub_errors import DownloadOff, NoHubId, NotDownloaded
from models.record import record

ID = "somebody/some-model"


@pytest.fixture
def reached(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Where anything tries to connect to."""
    found: list[Any] = []

    def connect(self: socket.socket | None, address: Any) -> None:
        found.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *given, **_: connect(None, given))
    monkeypatch.delenv("HF_HUB_OFFLINE")
    return found


@pytest.mark.parametrize("name", [ID, f"{ID}@v1", "some-model", "../x", "a/b/c", "a b", ""])
@pytest.mark.parametrize(
    ("mode", "offline", "kinds"),
    [
        ("hosted", "", {UnknownModel}),
        ("Hosted", "", {UnknownModel}),  # misspelt it opens nothing
        ("local", "", {UnknownModel, DownloadOff}),
        ("", "", {UnknownModel, DownloadOff}),
        ("hub", "1", {UnknownModel, DownloadOff}),
        ("hub", "", {NotDownloaded, NoHubId, UnknownModel}),
    ],
)
def test_loading_a_model_never_goes_online(
    monkeypatch: pytest.MonkeyPatch,
    reached: list[Any],
    mode: str,
    offline: str,
    kinds: set[type],
    name: str,
) -> None:
    monkeypatch.setenv(catalog.MODE_VARIABLE, mode)
    monkeypatch.setenv("HF_HUB_OFFLINE", offline)
    with pytest.raises(UnknownModel) as refused:
        load(name)
    assert type(refused.value) in kinds
    assert refused.value.details == {"model": name}
    if name == ID:
        assert (type(refused.value) is NotDownloaded) == (mode == "hub" and not offline)
        assert (type(refused.value) is UnknownModel) == (mode in ("hosted", "Hosted"))
    assert not reached


@pytest.mark.parametrize(
    ("said", "parts"),
    [
        ("gpt2", ("gpt2", "main")),
        ("owner/name", ("owner/name", "main")),
        ("owner/name@v1.0", ("owner/name", "v1.0")),
        ("Owner_1/a.b-c@refs/pr/12", ("Owner_1/a.b-c", "refs/pr/12")),
    ],
)
def test_an_id_names_a_model_and_a_revision(said: str, parts: tuple[str, str]) -> None:
    assert named(said) == parts


@pytest.mark.parametrize(
    "said",
    [
        *(
            "",
            "a/b/c",
            "/a",
            "a/",
            "a b/c",
            "a/b@",
            "a/b@..",
            "a/b@x/../y",
            "a/b@/x",
            "a/..",
            "a/.b",
        ),
        *("a--b/c", "a/b@x@y", "şu/model", "a/b\n", "a/b-", "x" * 97, "https://a/b", "a/b@\u0131"),
    ],
)
def test_what_is_no_id_is_said_to_be_none(said: str) -> None:
    with pytest.raises(NoHubId):
        named(said)


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
