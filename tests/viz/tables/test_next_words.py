"""The page's own HTML about recurrent networks: bars, tables, the drawing of the network."""

from __future__ import annotations

import re

import numpy as np
import pytest

from models.trace import RecurrentLayer
from tests.viz.figures import HOSTILE
from viz.board.notation import Notation
from viz.lstm.architecture import architecture
from viz.tables.next_words import bars
from viz.tables.units import broken, share_bar

ROWS = [("are", (0.75, 0.2)), ("is", (0.2499, 0.0001)), ("cat", (0.0001, 0.7999))]
LABELS = {
    "words": "word", "numbers": "{n} numbers", "layer": "layer {n}", "units": "{n} units",
    "scores": "scores",
}  # fmt: skip


def widths(html: str) -> list[float]:
    return [float(w) for w in re.findall(r"width:([\d.]+)%", html)]


def cells(html: str, kind: str) -> list[str]:
    return re.findall(rf"<td class='{kind}'>(.*?)</td>", html)


def test_a_bar_is_as_long_as_its_probability_and_no_number_reads_as_0() -> None:
    html = bars(ROWS, heads=("before", "after"), notation=Notation())
    np.testing.assert_allclose(widths(html), [75, 20, 25, 0, 0, 80], atol=0.051)
    assert cells(html, "value") == ["0.750", "0.200", "0.250", "&lt; 0.001", "&lt; 0.001", "0.800"]
    assert re.findall(r"<th colspan='2'>(.*?)</th>", html) == ["before", "after"]


def test_the_word_that_the_text_goes_on_with_is_marked() -> None:
    html = bars(ROWS, goes_on="is", notation=Notation(","))
    marked = re.findall(r"<tr class='on'>.*?</tr>", html)
    assert len(marked) == 1
    assert "→ <bdi>is</bdi>" in marked[0]
    assert "0,250" in marked[0]
    assert "→" not in bars(ROWS, notation=Notation())


@pytest.mark.parametrize("word", HOSTILE)
def test_a_word_cannot_become_markup(word: str) -> None:
    html: str = bars([(word, (0.5,))], heads=(word,), goes_on=word, notation=Notation())
    html += broken([word], [word], [[0.5]], Notation())
    assert not re.search(r"<(?!/?(?:table|tr|td|th|div|span|bdi)\b)", html)


def test_a_correlation_keeps_its_sign() -> None:
    up, down = share_bar(0.5, Notation()), share_bar(-0.93, Notation(","))
    assert widths(up + down) == [50.0, 93.0]
    assert "class='plus'" in up
    assert "+0.50" in up
    assert "class='minus'" in down
    assert "−0,93" in down


def test_the_table_of_what_breaks_has_a_column_a_model() -> None:
    html = broken(["a", "b"], ["whole", "without 3"], [[0.99, 0.9], [0.5, 0.4]], Notation())
    assert cells(html, "value") == ["0.990", "0.500", "0.900", "0.400"]


def made(units: int, backward: int = 0, wide: int = 4) -> RecurrentLayer:
    return RecurrentLayer(h=np.zeros((3, units)), backward=backward, x=np.zeros((3, wide)))


def test_the_network_is_drawn_with_its_layers_and_directions() -> None:
    html = architecture([made(10, 5), made(10, 5, 10)], 1, LABELS)
    layers = re.findall(r"<span class='(layer(?: now)?)'><b>(.*?)</b>(.*?)</span>", html)
    assert [kind for kind, *_ in layers] == ["layer", "layer now"]
    assert [name for _, name, _ in layers] == ["layer 0", "layer 1"]
    assert all("→ 5 units" in ways and "← 5 units" in ways for *_, ways in layers)
    assert "4 numbers" in html
    assert "←" not in architecture([made(10)], 0, LABELS)
