"""The timeline's HTML: names in their year's cell, links as addresses, nothing unescaped."""

from __future__ import annotations

import re
from html import unescape

from viz.home.timeline import Lane, Name, address, timeline

HOSTILE = "<script>1</script>"


def test_every_name_stands_in_its_years_cell() -> None:
    names = {2018: [Name("A", "heads?model=a", here=True)], 2019: [], 2020: [Name("B", note="x")]}
    page = timeline((2018, 2019, 2020), [Lane("encoder", "E", "says", names)])
    cells = re.findall(r"<td(?: data-year='(\d+)')?>(.*?)</td>", page.split("<tbody>")[1])
    assert [year for year, _ in cells] == ["2018", "", "2020"]
    assert "class='here' href='heads?model=a'" in cells[0][1]
    assert cells[1][1] == ""
    assert "href" not in cells[2][1]


def test_a_name_has_a_second_way_only_where_one_is_given() -> None:
    names = {
        1: [Name("A", "bert?m=a", opens="opens X", hub="heads?m=b", hub_says="asks"), Name("B")]
    }
    page = timeline((1,), [Lane("encoder", "E", "says", names, "opens here: X")], "Hub")
    assert "class='kind' href='bert?m=a' target='_self' title='opens X'>A</a>" in page
    assert "<small>opens here: X</small>" in page
    assert re.findall("<a class='hub' href='([^']*)'", page) == ["heads?m=b"]


def test_words_stay_words() -> None:
    lane = Lane("both", HOSTILE, HOSTILE, {1: [Name(HOSTILE, address("p", {"m": HOSTILE}))]})
    page = timeline((1,), [lane])
    assert "<script" not in page
    assert unescape(page).count(HOSTILE) == 3


def test_an_address_names_a_hub_model_in_full() -> None:
    assert address("heads", {"model": "a/b", "lang": "tr"}) == "heads?model=a%2Fb&lang=tr"
