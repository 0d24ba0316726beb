"""What a page hands out is what it shows: names, numbers, sums, and the words in both languages."""

from __future__ import annotations

import base64
import csv
from io import BytesIO, StringIO
from typing import Any

import nbformat
import numpy as np
import pytest
import streamlit as st

from models.record import record
from models.recurrent import run
from pages.ui import window
from pages.ui.export import button, drawn, naming
from pages.ui.export.notebook import can
from tests.pages.visiting import healthy, visit


def handed(
    monkeypatch: pytest.MonkeyPatch, *kinds: str, page: str, **link: str
) -> dict[str, dict[str, Any]]:
    """What the button's list is answered at the end of a visit, by what is asked for."""
    told: dict[str, dict[str, Any]] = {}
    own = window.watch

    def watch() -> None:
        own()
        for number, what in enumerate(("open", *kinds)):
            asked = {"what": what, "id": number, "link": "http://here.example/?text=ş"}
            told[what] = button.answered(asked)

    monkeypatch.setattr(window, "watch", watch)
    healthy(visit(page, **link))
    return told


def content(answer: dict[str, Any]) -> bytes:
    return base64.b64decode(answer["file"]["base64"])


def test_a_head_is_handed_out_in_turkish_with_the_models_own_numbers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    link = {"lang": "tr", "text": "İğne ışığı", "layer": "2", "head": "4"}
    told = handed(monkeypatch, "csv", "npz", "tex", "html", "ipynb", page="heads", **link)
    assert told["open"]["stem"] == "dikkat_heads_minilm_layer-2_head-4"
    assert set(told["open"]["has"]) == {"html", "csv", "npz", "tex", "ipynb", "table"}
    weights = record("minilm", "İğne ışığı").block("encoder", 2).head(4).weights
    with np.load(BytesIO(content(told["npz"]))) as held:
        np.testing.assert_array_equal(held["weights"], weights)
    rows = list(csv.reader(StringIO(content(told["csv"]).decode("utf-8-sig")), delimiter=";"))
    at = next(n for n, row in enumerate(rows) if row and row[0].startswith("weights"))
    table = [
        [float(x.replace(",", ".")) for x in row[1:]] for row in rows[at + 2 :][: len(weights)]
    ]
    np.testing.assert_array_equal(np.array(table, np.float32), weights)
    page = content(told["html"]).decode()
    for written in (page, content(told["tex"]).decode(), content(told["ipynb"]).decode()):
        assert "Her sözcük hangi sözcüğe bakıyor?" in written
        assert "İğne ışığı" in written
    assert "http://here.example/?text=ş" in page
    assert len(page) < 7_000_000, "the list says about 5 MB"


def test_a_recurrent_network_hands_out_its_gates(monkeypatch: pytest.MonkeyPatch) -> None:
    told = handed(monkeypatch, "npz", "ipynb", page="lstm", text="Dogs chase cats", step="1")
    assert told["open"]["stem"].startswith("dikkat_lstm_cell_lstm_layer-0_")
    assert "step-1" in told["open"]["stem"]
    layer = run("lstm", "Dogs chase cats").layers[0]
    assert layer.c is not None
    with np.load(BytesIO(content(told["npz"]))) as held:
        for part in "ifgoch":
            np.testing.assert_array_equal(held[part], getattr(layer, part))
    book = nbformat.reads(content(told["ipynb"]).decode(), as_version=4)
    nbformat.validate(book)
    sources = "\n".join(cell.source for cell in book.cells)
    assert "from models.recurrent import run" in sources
    assert f"check('c', record_1.layers[0].c, {list(layer.c.shape)}, " in sources


def test_what_was_asked_by_values_alone_is_handed_out_too(monkeypatch: pytest.MonkeyPatch) -> None:
    told = handed(monkeypatch, "npz", "ipynb", page="memory", lang="en")
    with np.load(BytesIO(content(told["npz"]))) as held:
        assert any(values.dtype.kind == "f" for values in held.values())
    assert "gradients(" in content(told["ipynb"]).decode()


@pytest.mark.parametrize("page", ["glossary", "home"])
def test_a_page_says_what_it_does_not_have(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    told = handed(monkeypatch, "tex", page=page, lang="en")
    assert "tex" not in told["open"]["has"]
    assert told["tex"]["error"].startswith("There is nothing of the kind on this page.")


def test_another_page_leaves_nothing_of_the_last_one(monkeypatch: pytest.MonkeyPatch) -> None:
    told = handed(monkeypatch, "nonsense", page="scores", step="2")
    assert "error" in told["nonsense"]
    assert told["open"]["stem"] == "dikkat_scores_minilm_layer-3_head-1_step-2"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ışĞİöüç", "isGIouc"),
        ("org/model v1.5", "org-model-v1.5"),
        ("../../etc", "etc"),
        ("日本", ""),
        ("a\x00b\n", "a-b"),
    ],
)
def test_a_name_is_one_that_every_disk_takes(text: str, name: str) -> None:
    assert naming.safe(text) == name


def test_a_part_that_is_not_redrawn_stays_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    held: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", held)
    drawn.clear()
    for part, key in (("upper", "map"), ("lower", "table")):
        drawn.begin(part)
        drawn.figure(key, None)
        drawn.sum_shown(f"x_{part}")
    drawn.begin("upper")
    drawn.figure("other", None)
    drawn.figure("table", 1)
    now = drawn.all_drawn()
    assert dict(now.figures) == {"other": None, "table": 1}
    assert list(now.sums) == ["x_lower"]
    drawn.clear()
    assert not drawn.all_drawn().figures


def test_a_notebook_asks_only_what_the_models_publish() -> None:
    def question(module: str, function: str, *given: Any) -> drawn.Inquiry:
        return drawn.Inquiry(module, function, "minilm", given, {}, lambda: None)

    assert can(question("models.record", "record", "text", ("a", 1)))
    assert not can(question("pages.bert.shared", "heads_of"))
    assert not can(question("models.record", "_hidden"))
    assert not can(question("models.record", "record", object()))


def test_a_what_if_hands_out_no_numbers_as_the_models(monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"page": "scores", "v": "2", "step": "5", "mask": "causal", "query": "6", "key": "2"}
    found = handed(monkeypatch, "csv", "npz", "ipynb", "tex", **said)
    assert not {"csv", "npz", "ipynb"} & set(found["open"]["has"])
    assert all("file" not in found[kind] for kind in ("csv", "npz", "ipynb"))
    assert "file" in found["tex"]  # the sums that are on screen


def test_no_array_lies_over_another(monkeypatch: pytest.MonkeyPatch) -> None:
    found = handed(monkeypatch, "npz", page="bert", v="2", view="next")
    with np.load(BytesIO(content(found["npz"]))) as held:
        names = [name for name in held if name.endswith(".judged.logits")]
    assert len(names) == 3
