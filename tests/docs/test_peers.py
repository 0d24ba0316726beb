"""The comparison with the peers: the README has what was stored, no row is behind in silence."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.bench.peers import table
from tests.bench.peers.environments import NAMES, requirements
from tests.bench.readme import README, replaced

OURS, VIEW = table.OURS, table.MODEL_VIEW


def stored() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(table.STORED.read_text(encoding="utf-8"))
    return found


def row(part: str, values: dict[str, float], **more: float) -> dict[str, Any]:
    return {size: {table.FIELD[part]: each, **more} for size, each in values.items()}


def test_the_readme_has_what_was_stored() -> None:
    text = README.read_text(encoding="utf-8")
    assert replaced(text, table.table(stored()), table.SECTION) == text


def test_every_peer_has_its_rows_and_where_ours_is_behind_it_says_why() -> None:
    lines = table.table(stored()).splitlines()
    for name in ("BertViz, model view", "BertViz, head view", "TransformerLens", "nnsight",
                 "output_attentions", "Inspectus"):  # fmt: skip
        assert any(name in line for line in lines if line.startswith("|")), name
    for line in lines:
        assert not re.search(r"(tokens|over at [\d, ]+|not at [\d, ]+): *\)? *\|$", line), line


@pytest.mark.parametrize("part", ["bytes", "painted"])
def test_a_share_of_the_model_view_that_is_too_large_is_said(part: str) -> None:
    theirs = row(part, dict.fromkeys(table.SIZES, 1000.0))
    small, large = dict.fromkeys(table.SIZES, 30.0), dict.fromkeys(table.SIZES, 30.0) | {"64": 60.0}
    said = {
        name: table.judged(part, VIEW, {OURS: row(part, ours), VIEW: theirs})
        for name, ours in (("small", small), ("large", large))
    }
    assert said["small"].endswith("ok)")
    assert "not at 64:" in said["large"]


def test_what_failed_is_told_and_makes_nobody_slower() -> None:
    ours = row("painted", dict.fromkeys(table.SIZES, 100.0))
    theirs = row("painted", dict.fromkeys(table.SIZES, 200.0)) | {"512": {"failed": "Error: gone"}}
    assert table.judged("painted", "Inspectus", {OURS: ours, "Inspectus": theirs}) == "yes"
    assert table.shown("painted", theirs["512"]) == "Error: gone"


def test_a_slower_recording_is_not_called_ahead() -> None:
    ours = row("record", dict.fromkeys(table.SIZES, 1.04))
    theirs = row("record", dict.fromkeys(table.SIZES, 1.02), ours_to_this=1.02)
    said = table.judged("record", "output_attentions", {OURS: ours, "output_attentions": theirs})
    assert said.startswith("not at 16, 64, 128, 512 tokens: ")
    assert table.judged("record", OURS, {OURS: ours}).endswith("ok")
    slow = row("record", dict.fromkeys(table.SIZES, 1.06))
    assert "over at 128, 512" in table.judged("record", OURS, {OURS: slow})


@pytest.mark.parametrize("name", NAMES[1:])
def test_every_pin_of_a_peer_is_exact(name: str) -> None:
    lines = requirements(name).read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert pins
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", pin) for pin in pins)
