"""The small example on the first page: an HTML table, and one weight's sum in four lines."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import numpy as np
import pytest

from models.core.attention import Scoring, stepped
from models.core.by_hand import steps as by_hand
from models.core.by_hand import worked_example
from tests.viz.figures import HOSTILE
from viz.board.notation import Notation, visible
from viz.board.theme import DARK, LIGHT, contrast
from viz.home.example import cell_sum, weights_table

X = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
TURKISH = Notation(",")


class Cells(HTMLParser):
    """The text and style of every cell, row by row, and the names of all tags."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.styles: list[str] = []
        self.tags: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
            self.styles += [value or "" for name, value in attrs if name == "style"]

    def handle_data(self, data: str) -> None:
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data.strip("\u2068\u2069")


def true_weights() -> np.ndarray:
    e = np.exp(X @ X.T / np.sqrt(2))
    return np.asarray(e / e.sum(axis=1, keepdims=True))


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_the_table_holds_the_softmax_of_every_row(theme: object) -> None:
    colours = LIGHT if theme is LIGHT else DARK
    words = ("ev", "su", "ağaç")
    page = weights_table(true_weights(), words, theme=colours, notation=TURKISH)
    table = Cells(page)
    assert table.rows[0] == ["", *words]
    for word, row, weights in zip(words, table.rows[1:], true_weights(), strict=True):
        assert row[0] == word
        assert [float(cell.replace(",", ".")) for cell in row[1:]] == pytest.approx(
            weights.tolist(), abs=5e-4
        )
    for style in table.styles:
        back, ink = re.findall(r"#[0-9A-F]{6}", style)
        assert contrast(back, ink) >= 4.5


def test_a_tiny_weight_is_told_apart_from_none_and_is_text() -> None:
    page = weights_table(np.array([[1e-9, 0.0]]), ("a",), theme=LIGHT, notation=Notation())
    assert ">&lt; 0.001<" in page
    assert ">0.000<" in page


@pytest.mark.parametrize("token", HOSTILE)
def test_a_hostile_word_is_one_cell_of_text(token: str) -> None:
    table = Cells(weights_table(np.eye(2), (token, "x"), theme=LIGHT, notation=Notation()))
    assert table.tags == {"table", "tr", "td", "th"}
    assert table.rows[0][1] == visible(token)
    sums = cell_sum(stepped(X, X, X, Scoring(scaling=1)), (token,) * 3, 0, 1, notation=Notation())
    assert Cells(sums).tags == {"table", "tr", "td", "b", "i", "sup"}


@pytest.mark.parametrize("cell", [(0, 0), (0, 1), (2, 1), (2, 2)])
def test_the_four_lines_lead_from_the_vectors_to_the_weight(cell: tuple[int, int]) -> None:
    query, key = cell
    example = worked_example()
    table = Cells(cell_sum(by_hand(example), example.words, query, key, notation=Notation()))
    (names, dot), (_, scaled), (_, power), (_, share) = table.rows
    x = example.x
    score = float(x[query] @ x[key])
    assert example.words[query] in names
    assert example.words[key] in names
    left, right = dot.replace("−", "-").split(" = ")
    terms = [term.split("·") for term in left.replace("(", "").replace(")", "").split(" + ")]
    assert sum(float(a) * float(b) for a, b in terms) == float(right) == score
    s = score / np.sqrt(2)
    assert float(scaled.replace("−", "-").split(" = ")[1]) == pytest.approx(s, abs=5.1e-3)
    assert float(power.split(" = ")[1]) == pytest.approx(np.exp(s), abs=5.1e-3)
    e = np.exp(x[query] @ x.T / np.sqrt(2))
    assert float(share.split(" = ")[1]) == pytest.approx(e[key] / e.sum(), abs=5.1e-4)


def test_negative_numbers_stand_in_brackets_in_a_product() -> None:
    x = np.array([[-1.0, 2.0], [3.0, -4.0]])
    first = Cells(
        cell_sum(stepped(x, x, x, Scoring(scaling=1)), ("a", "b"), 0, 1, notation=TURKISH)
    )
    assert first.rows[0][1] == "(−1)·3 + 2·(−4) = −11"
