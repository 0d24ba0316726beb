"""What the disk does to a download, without a server."""

from __future__ import annotations

import errno
import io
import logging
from pathlib import Path

import pytest

from models.loading import hub, transfer
from models.loading.hub import MB, HubFile, Named, Offer
from models.loading.hub_errors import NoRoom, NotWritable

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
