"""nginx's configuration: everybody has a process, nobody's address is written down."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from deploy.serve import COOKIE, Serving, configuration


@pytest.mark.parametrize("processes", [1, 2, 3, 7, 64])
def test_every_process_is_drawn_and_stands_in_for_the_others(
    processes: int, tmp_path: Path
) -> None:
    text = configuration(tmp_path, "127.0.0.1:1", processes)
    shares = [float(share) for share in re.findall(r"^ +([\d.]+)% \d+;$", text, re.M)]
    assert len(shares) == processes - 1
    assert shares == pytest.approx([100 / processes] * (processes - 1), abs=0.01)
    upstreams = re.findall(r"upstream app(\d+) \{(.*?)\}", text, re.S)
    assert [int(n) for n, _ in upstreams] == list(range(processes))
    for n, servers in upstreams:
        first, *rest = re.findall(r"app-(\d+)\.sock[^;]*?( backup)?;", servers)
        assert first == (n, "")
        assert {(other, " backup") for other, _ in rest} == set(rest)
        assert len(rest) == processes - 1


def test_what_visitors_typed_is_not_logged_and_their_word_is_not_believed(tmp_path: Path) -> None:
    text = configuration(tmp_path, "127.0.0.1:1", 2)
    assert "access_log off;" in text
    assert "error_log stderr emerg;" in text  # less than that names requests
    assert "X-Forwarded-For $remote_addr;" in text
    assert f"$cookie_{COOKIE}" in text
    behind = configuration(tmp_path, "127.0.0.1:1", 2, behind=True)
    assert "X-Forwarded-For $proxy_add_x_forwarded_for;" in behind


@pytest.mark.parametrize("processes", [0, -1, 65])
def test_no_number_of_processes(processes: int) -> None:
    with pytest.raises(ValueError, match="1 to 64"):
        Serving("127.0.0.1:1", processes)
