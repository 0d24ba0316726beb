"""The cards' small pictures: every cell where it belongs, in the colour of its number."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from viz.board.box import Box
from viz.board.theme import LIGHT, at
from viz.home.thumbnail import SHADES, SIZE, arrow, bars, curve, heat, picture, ribbons

BOX = Box(10, 20, 80, 40)
SVG = "{http://www.w3.org/2000/svg}"


def parsed(*pieces: object) -> ElementTree.Element:
    return ElementTree.fromstring(picture(*pieces))  # type: ignore[arg-type]


def cells(drawn: ElementTree.Element, shape: tuple[int, int]) -> list[list[str]]:
    """The colour of each cell of a map, read back from its paths."""
    found = [[""] * shape[1] for _ in range(shape[0])]
    for path in drawn.iter(f"{SVG}path"):
        for x, y, count in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", path.attrib["d"]):
            for column in range(int(x), int(x) + int(count)):
                assert not found[int(y)][column], "a cell is painted twice"
                found[int(y)][column] = path.attrib["fill"]
    return found


def test_every_cell_has_the_colour_of_its_number() -> None:
    matrix = np.random.default_rng(0).random((5, 8))
    drawn = parsed(heat(matrix, BOX, LIGHT.weights, LIGHT.hatch))
    steps = np.rint(matrix * (SHADES - 1)) / (SHADES - 1)
    assert cells(drawn, (5, 8)) == [[at(LIGHT.weights, v) for v in row] for row in steps]
    group = drawn.find(f"{SVG}g")
    assert group is not None
    assert group.attrib["transform"] == "translate(10 20) scale(10 8)"


def test_a_masked_cell_is_not_a_cell_of_weight_zero() -> None:
    masked = np.array([[False, True], [False, False]])
    drawn = parsed(heat(np.eye(2), BOX, LIGHT.weights, LIGHT.hatch, (masked, LIGHT.mask)))
    one, zero = at(LIGHT.weights, 1), at(LIGHT.weights, 0)
    assert cells(drawn, (2, 2)) == [[one, LIGHT.mask], [zero, one]]


def test_a_curve_goes_through_its_points_upwards() -> None:
    drawn = parsed(curve([0, 0.5, 1], [0, 1, 0.25], BOX, LIGHT.ink))
    path = drawn.find(f"{SVG}path")
    assert path is not None
    assert path.attrib["d"] == "M10 60L50 20L90 50"


def test_a_ribbon_joins_what_a_weight_joins_as_wide_as_it_is() -> None:
    drawn = parsed(ribbons(np.array([[1.0, 0.0], [0.5, 0.5]]), BOX, LIGHT.weight, LIGHT.muted))
    lines = drawn.findall(f"{SVG}path")
    ends = [re.findall(r"^M(\S+) 20C.* (\S+) 60$", line.attrib["d"])[0] for line in lines]
    assert ends == [("30", "30"), ("70", "30"), ("70", "70")]
    widths = [float(line.attrib["stroke-width"]) for line in lines]
    assert widths[0] > widths[1] == widths[2]
    assert len(drawn.findall(f"{SVG}circle")) == 4


def test_bars_are_as_long_as_their_shares() -> None:
    drawn = parsed(bars([1.0, 0.25], BOX, LIGHT.weight, LIGHT.soft))
    wide = {(r.attrib["y"], r.attrib["fill"]): r.attrib["width"] for r in drawn}
    assert wide == {
        ("20", LIGHT.soft): "80",
        ("20", LIGHT.weight): "80",
        ("40", LIGHT.soft): "80",
        ("40", LIGHT.weight): "20",
    }


@pytest.mark.parametrize("pieces", [(), (arrow(1, 2, LIGHT.ink),)])
def test_a_picture_has_one_size_whatever_is_in_it(pieces: tuple[object, ...]) -> None:
    drawn = parsed(*pieces)
    assert drawn.attrib["viewBox"] == f"0 0 {SIZE.width} {SIZE.height}"
    assert len(drawn) == len(pieces)
