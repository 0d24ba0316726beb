"""What the figures and records of a page hold is there as tables, in the page's language."""

from __future__ import annotations

from typing import Any

import pytest

from models.record import record
from tests.pages.export.test_takealong import handed
from viz.board.notation import Notation

HOSTILE = "<img src=x onerror=alert(1)> cats"


def told(monkeypatch: pytest.MonkeyPatch, page: str, **link: str) -> dict[str, Any]:
    found = handed(monkeypatch, "table", page=page, v="2", **link)
    assert "table" in found["open"]["has"]
    assert found["table"]["id"] == 1
    return found["table"]


def test_a_head_is_a_table_of_its_weights_by_their_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    link = {"lang": "tr", "text": "İğne ışığı", "layer": "2", "head": "4"}
    found = told(monkeypatch, "heads", **link)
    weights = record("minilm", "İğne ışığı").block("encoder", 2).head(4).weights
    table, write = found["table"], Notation(",").fixed
    assert found["tables"][0] == table["name"]
    assert table["columns"][:3] == ("[CLS]", "İğn", "##e")
    assert list(table["columns"]) == [head for head, _ in table["rows"]]
    shown = [[write(float(one), 4) for one in row] for row in weights]
    assert [list(cells) for _, cells in table["rows"]] == shown
    assert "dikkatini şöyle" in table["caption"][0]
    assert "İğne ışığı" in table["caption"][1]
    assert not table["note"]
    assert len(set(found["tables"])) == len(found["tables"])
    assert {"q", "weights", "output"} <= {name.partition(" (")[0] for name in found["tables"]}


def test_a_what_if_says_so_and_gives_no_arrays(monkeypatch: pytest.MonkeyPatch) -> None:
    link = {"step": "5", "mask": "causal", "query": "6", "key": "2", "lang": "en"}
    found = told(monkeypatch, "scores", **link)
    assert found["table"]["caption"][1].startswith("what-if")
    assert not any(name.startswith(("q (", "weights (")) for name in found["tables"])


def test_what_a_visitor_typed_stands_there_letter_by_letter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = told(monkeypatch, "heads", text=HOSTILE, lang="en")
    heads = [head for head, _ in found["table"]["rows"]]
    assert heads[1:3] == ["<", "im"]
    assert heads[-2] == "cats"
