"""A long text in a real Chromium: the picture of all leads, arrows cross the window's edge."""

from __future__ import annotations

import re
from itertools import islice, product
from string import ascii_lowercase
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.marks import mark_at
from tests.browser.test_cells import press, tab_to
from tests.browser.test_keys import stands
from tests.browser.test_walk import address
from tests.browser.visit import Visit
from viz.board.zoom import ALL, TURN

LETTERS = " ".join(islice((a for a, _ in product(ascii_lowercase, range(20))), 498))  # 500 tokens


def squares(visit: Visit, key: str) -> list[list[int]]:
    """[query, key] of the picture of all's squares."""
    plot = visit.box(key).locator(".js-plotly-plot")
    found: list[list[int]] = plot.evaluate(
        """(plot, all) => plot._fullData.flatMap(t => Array.from(t.customdata ?? []))
          .filter(one => one[3] === all).map(one => [one[0], one[1]])""",
        ALL,
    )
    return found


def inside(visit: Visit, key: str) -> tuple[int, int]:
    """The first (query, key) of the window."""
    plot = visit.box(key).locator(".js-plotly-plot")
    first = plot.evaluate(
        """plot => Array.from(plot._fullData.flatMap(t => Array.from(t.customdata ?? []))
          .find(one => one.length === 2))"""
    )
    return first[0], first[1]


@pytest.mark.parametrize(
    ("page", "key", "size"),
    [("heads", "weights", (1366, 768)), ("scores?step=5", "scene", (390, 844))],
)
def test_a_click_in_the_picture_of_all_leads_there_and_arrows_go_on(
    open_page: OpenPage, page: str, key: str, size: tuple[int, int]
) -> None:
    asked = urlencode({"text": LETTERS, "query": 250, "key": 250, "v": 2})
    visit = open_page(f"/{page}{'&' if '?' in page else '?'}{asked}", size=size)
    visit.figure()
    before = inside(visit, key)
    row, column = next(one for one in squares(visit, key) if one[0] > 390 and one[1] > 150)
    plot = visit.box(key).locator(".js-plotly-plot")
    with visit.rerun():
        plot.click(position=mark_at(plot, row, column, "", ALL))
    expect(visit.page).not_to_have_url(re.compile("query=250"))
    # A square is 3 pixels wide: its neighbour may be the one that was hit.
    query, far = (int(address(visit)[name]) for name in ("query", "key"))
    assert [query, far] in squares(visit, key)
    assert max(abs(query - row), abs(far - column)) <= 2 * 13
    row, column = query, far
    after = inside(visit, key)
    assert after != before
    assert after[0] <= row < after[0] + 24
    tab_to(visit, key)
    for n in range(4):  # half a window is 12 rows there, 8 here
        press(visit, "ArrowDown", 4)
        stands(visit, query=str(row + 4 * n + 4), key=str(column))
        if inside(visit, key) != after:
            break
    assert inside(visit, key)[0] > after[0]
    row += 4 * n + 4
    press(visit, "z")
    stands(visit, query=str(row), key=str(column), zoom="1")
    with visit.rerun():
        plot.click(position=mark_at(plot, *squares(visit, key)[0], "", TURN))
    stands(visit, query=str(row), key=str(column))
