"""What the disk does to a download, without a server."""

from __future__ import annotations

import errno
import io
import json
import logging
from pathlib import Path
from types import SimpleNamespace

import pytest

from models.errors import NoWeights
from models.loading import hub, transfer
from models.loading.hub import MB, HubFile, Named, Offer
from models.loading.hub_errors import NoRoom, NotWritable, TooLarge

OFFER = Offer("a/b", Named("a/b", "main"), "a" * 40, (HubFile("x", 90 * MB, "b" * 40),), 0)


class Full(io.BytesIO):
    """A file on a disk that is full."""

    def write(self, _: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize(("free", "kind"), [(12 * MB, NoRoom), (200 * MB, NotWritable)])
def test_a_disk_that_fills_up_meanwhile_is_told_from_one_that_takes_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, free: int, kind: type[Exception]
) -> None:
    monkeypatch.setattr(Offer, "root", property(lambda _: tmp_path))
    monkeypatch.setattr(hub, "free_disk", lambda _: free)
    monkeypatch.setattr(transfer, "_fetched", lambda _: transfer._write(Full(), b"x"))
    with pytest.raises(kind) as refused:
        transfer.fetch(OFFER)
    if isinstance(refused.value, NoRoom):
        assert refused.value.details == {"model": "a/b", "size": 90, "free": 12}


def test_a_disk_that_takes_nothing_is_not_taken_for_the_network(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    with pytest.raises(NotWritable), hub.in_our_words("a/b"):
        transfer._write(Full(), b"x")
    assert "a/b" not in caplog.text


def test_free_memory_is_a_number_of_bytes_or_not_known() -> None:
    free = hub.free_memory()
    assert free is None or free > MB


def listed(**sizes: int) -> SimpleNamespace:
    """What the hub says of a model with files of these sizes, bytes."""
    files = [
        SimpleNamespace(rfilename=name, size=size, blob_id="c" * 40, lfs=None)
        for name, size in sizes.items()
    ]
    return SimpleNamespace(siblings=files, sha="a" * 40, safetensors=None)


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json"])
def test_a_text_that_is_read_as_a_whole_has_a_limit(name: str) -> None:
    sizes = {"config.json": 10, "model.safetensors": 100 * MB}
    assert hub._offer("a/b", OFFER.named, listed(**sizes)).size == 100 * MB + 10
    with pytest.raises(TooLarge) as refused:
        hub._offer("a/b", OFFER.named, listed(**sizes | {name: 65 * MB}))
    assert refused.value.details == {"model": "a/b", "size": 65, "limit": 64}


@pytest.mark.parametrize(
    ("weight_map", "fits"),
    [({"w": "model-1-of-1.safetensors"}, True), ({"w": "other.safetensors"}, False), ([], False)],
)
def test_an_index_that_leads_elsewhere_is_refused_before_the_weights(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, weight_map: object, fits: bool
) -> None:
    monkeypatch.setattr(Offer, "root", property(lambda _: tmp_path))
    index = HubFile(hub.INDEX, 9, "d" * 40)
    shard = HubFile("model-1-of-1.safetensors", 9, "e" * 40)
    offer = Offer("a/b", OFFER.named, "a" * 40, (index, shard), 0)
    offer.blob(index).parent.mkdir(parents=True)
    offer.blob(index).write_text(json.dumps({"weight_map": weight_map}), "utf-8")
    if fits:
        transfer._check_index(offer, index)
    else:
        with pytest.raises(NoWeights):
            transfer._check_index(offer, index)
