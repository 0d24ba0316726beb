"""What is sent shows what the figure shows: places, colours, words, hover and ids read back."""

from __future__ import annotations

import base64
import io
import re
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.viz.figures import checked, words
from viz.board import packed as subject
from viz.board.board import CELLS, Board, Box, Figure
from viz.board.notation import Notation, for_html
from viz.board.scale import scaled
from viz.board.shading import symmetric
from viz.board.theme import LIGHT

ROWS, COLUMNS = 12, 9
BOX = Box(10, 10, 313.7, 201.3)


def packed(figure: Figure, *given: float) -> Figure:
    """What is sent, as Plotly reads it."""
    return Figure(subject.packed(figure, *given).to_dict(), _validate=False)


def board(*, decimal: str = ".", many: int = 1) -> Board:
    """A map of numbers with a masked cell, words, hover texts of two kinds and a dotted line."""
    drawn = Board(400, 300, LIGHT)
    values = np.random.default_rng(0).normal(size=(ROWS, COLUMNS)).astype(np.float32) * many
    values[3, 4] = -np.inf
    drawn.matrix(values, BOX, symmetric(values, LIGHT.scores))
    write = Notation(decimal).fixed
    names = [for_html(f"w{i % 4}") for i in range(COLUMNS)]  # tokens repeat
    hover = []
    for row, column in np.ndindex(ROWS, COLUMNS):
        own = " (own)" if row == column else ""
        hover.append(f"{names[column]} · row {row}{own} = {write(float(values[row, column]), 3)}")
    drawn.cells(BOX, (ROWS, COLUMNS), hover=hover)
    for at in range(40):
        drawn.text(at * 7.25, 250.125, str(at), size=16 + at % 2)
    drawn.line([0, None, 10.5, 11], [1, None, 2, 3], LIGHT.ink, 2)  # type: ignore[list-item]
    return drawn


def hovers(figure: Figure) -> dict[tuple[int, ...], str]:
    """What each mark says, put together as Plotly does, by what it carries."""
    found = {}
    ticks = {
        axis: dict(zip(one.tickvals, one.ticktext, strict=True))
        for axis, one in (("x", figure.layout.xaxis), ("y", figure.layout.yaxis))
        if one.ticktext is not None
    }
    for trace in figure.data:
        if trace.name != CELLS or trace.hovertemplate is None:
            continue
        for at, ids in enumerate(trace.customdata):
            said = [value for value in ids if isinstance(value, list)]
            ids = [value for value in ids if not isinstance(value, list)]
            own = {f"customdata[{n}]": value for n, value in enumerate(ids)}
            for rest in said:
                own |= {f"customdata[{len(ids)}][{n}]": value for n, value in enumerate(rest)}
            for axis, by_place in ticks.items():
                near = [word for p, word in by_place.items() if abs(p - trace[axis][at]) < 0.03]
                own |= {axis: near[0]} if near else {}
            if trace.hovertext is not None:
                own["hovertext"] = trace.hovertext[at]
            words = trace.hovertemplate.removesuffix("<extra></extra>")
            for name, value in own.items():
                words = words.replace(f"%{{{name}}}", str(value))
            found[tuple(map(int, ids))] = words
    return found


def marks(figure: Figure) -> dict[tuple[int, ...], tuple[float, float]]:
    """Where what answers clicks lies, by what it carries."""
    return {
        tuple(map(int, ids)): (float(x), float(y))
        for trace in figure.data
        if trace.name == CELLS
        for ids, x, y in zip(trace.customdata, trace.x, trace.y, strict=True)
    }


def colours(heatmap: Any) -> np.ndarray[Any, Any]:
    """Red, green and blue (0–255) of every cell; NaN: none."""
    stops = [at for at, colour in heatmap.colorscale if colour[0] == "#"]
    shades = [
        list(bytes.fromhex(colour[1:])) for _, colour in heatmap.colorscale if colour[0] == "#"
    ]
    share = (np.asarray(heatmap.z, float) - heatmap.zmin) / (heatmap.zmax - heatmap.zmin)
    mixed = [np.interp(share, stops, part) for part in np.array(shades, float).T]
    missing = np.isnan(share) | (share < stops[0] - 1e-9)
    return np.where(missing[..., None], np.nan, np.stack(mixed, axis=-1))


@pytest.mark.parametrize("decimal", [".", ","])
@pytest.mark.parametrize("scale", [1.0, 0.625])
def test_every_mark_says_what_it_said(decimal: str, scale: float) -> None:
    figure = board(decimal=decimal).figure()
    sent = packed(figure, scale)
    assert sent.layout.height == int(scaled(figure, scale).layout.height)
    assert hovers(sent) == hovers(figure)
    assert len(hovers(sent)) == ROWS * COLUMNS
    own = [text for trace in sent.data for text in trace.hovertext or ()]
    assert own
    assert all(re.fullmatch(r"[−+]?[\d.,∞]+", text) for text in own)


@pytest.mark.parametrize("typed", ["%{x}", "%{customdata[0]}", "50%", "{x}"])
def test_what_was_typed_is_no_template(typed: str) -> None:
    drawn = Board(400, 300, LIGHT)
    hover = [f"{for_html(typed)} → key {key}: {key / 7:.3f}" for key in range(40)]
    drawn.cells(BOX, (1, 40), hover=hover)
    sent = packed(drawn.figure())
    said = hovers(sent)
    assert [said[0, key] for key in range(40)] == hover
    if "%{" in typed:
        assert all(typed not in trace.hovertemplate for trace in sent.data if trace.hovertemplate)


def test_marks_lie_where_they_lay_and_carry_what_they_carried() -> None:
    figure = board().figure()
    before, after = marks(figure), marks(packed(figure))
    assert before.keys() == after.keys()
    for ids, place in before.items():
        assert after[ids] == pytest.approx(place, abs=0.5)  # unseen: whole pixels


def test_words_stand_where_they_stood() -> None:
    figure = board().figure()

    def said(one: Figure) -> list[tuple[object, ...]]:
        found: list[Any] = []
        for trace in one.data:
            if trace.type == "scatter" and trace.mode == "text":
                font, count = trace.textfont, len(trace.text)
                each = [
                    v if isinstance(v, tuple) else (v,) * count for v in (font.size, font.color)
                ]
                found += zip(trace.x, trace.y, trace.text, *each, strict=True)
        return sorted((round(float(x), 2), round(float(y), 2), *rest) for x, y, *rest in found)

    assert said(packed(figure)) == said(figure)
    assert len(said(figure)) == len(words(figure)) == 40


@pytest.mark.parametrize("many", [1, 1000])
def test_cells_keep_their_colours(many: int) -> None:
    figure = board(many=many).figure()
    before, after = (colours(one.data[0]) for one in (figure, packed(figure)))
    assert np.isnan(before[3, 4]).all()
    np.testing.assert_array_equal(np.isnan(before), np.isnan(after))
    assert np.nanmax(np.abs(before - after)) <= 2  # of 255


def test_a_gap_in_a_line_stays_one() -> None:
    (line,) = packed(board().figure()).select_traces({"type": "scatter", "mode": "lines"})
    assert line.x[1] is None
    assert list(line.y[2:]) == [2, 3]


def rectangles(figure: Figure, layer: str) -> list[tuple[object, ...]]:
    """Places and look of what a layer's rectangles are, in the order in which they are drawn."""
    found: list[tuple[object, ...]] = []
    for shape in figure.layout.shapes:
        if (shape.layer or "above") != layer:
            continue
        look = (shape.fillcolor, shape.line.color, shape.line.width, shape.line.dash)
        if shape.type == "rect":
            found.append((shape.x0, shape.y0, shape.x1, shape.y1, *look))
        else:
            places = re.findall(r"M([\d.]+),([\d.]+)H([\d.]+)V([\d.]+)H\1Z", shape.path)
            assert "".join(f"M{x0},{y0}H{x1}V{y1}H{x0}Z" for x0, y0, x1, y1 in places) == shape.path
            found += [(*map(float, place), *look) for place in places]
    return found


def test_rectangles_lie_where_they_lay_and_look_as_they_looked() -> None:
    drawn = Board(400, 300, LIGHT)
    for at in range(6):
        drawn.fill(Box(10.0 + 20 * at, 5, 15.25, 8), LIGHT.soft)
        drawn.frame(Box(10.0 + 20 * at, 5, 15.25, 8), LIGHT.q, 2, "dot" if at > 3 else "solid")
    for at in range(3):  # over each other, so that each shines through
        drawn.fill(Box(10.0 + at, 50, 20, 8), "rgba(1,2,3,0.5)")
    drawn.fill(Box(1, 2, 3, 4), LIGHT.ink)
    figure = drawn.figure()
    sent = packed(figure)
    checked(sent)
    for layer in ("below", "above"):
        assert rectangles(sent, layer) == rectangles(figure, layer)
    assert len(rectangles(figure, "below")) == 10
    assert len(sent.layout.shapes) == 1 + 3 + 1 + 2


def test_lines_of_one_look_are_one_with_gaps_and_others_stay_between_them() -> None:
    drawn = Board(400, 300, LIGHT)
    for x, colour in ((1, LIGHT.q), (2, LIGHT.q), (3, LIGHT.k), (4, LIGHT.q)):
        drawn.line([x, x + 1, x + 2], [5, 6, x], colour, 2)
    figure = packed(drawn.figure())
    checked(figure)
    assert [trace.line.color for trace in figure.data] == [LIGHT.q, LIGHT.k, LIGHT.q]
    places = [np.asarray(figure.data[0][axis], dtype=float) for axis in "xy"]
    np.testing.assert_array_equal(places[0], [1, 2, 3, np.nan, 2, 3, 4, np.nan])
    np.testing.assert_array_equal(places[1], [5, 6, 1, np.nan, 5, 6, 2, np.nan])
    assert list(figure.data[2].x) == [4, 5, 6]


def test_the_figure_handed_in_stays_as_it_is() -> None:
    figure = board().figure()
    before = figure.to_json()
    packed(figure)
    assert figure.to_json() == before


def test_plotly_takes_it_and_it_is_shorter() -> None:
    figure = board().figure()
    sent = packed(figure)
    checked(sent)
    assert len(sent.to_json()) < 0.6 * len(figure.to_json())


def test_marks_that_say_other_sentences_are_told_to_be_of_one_kind() -> None:
    board_ = board()
    board_.clicks(np.full(1, 5.0), np.full(1, 5.0), [[0, "q"]], 10)
    *parts, alone = (one for one in packed(board_.figure()).data if one.name == CELLS)
    assert len(parts) > 1
    assert len({one.meta for one in parts}) == 1
    assert parts[0].meta is not None
    assert alone.meta is None


def test_a_figure_that_no_board_has_drawn_is_sent_as_it_is() -> None:
    figure = Figure(data=[{"type": "bar", "y": [1.25, 2]}], layout={"height": 100})
    assert subject.packed(figure) is figure
    assert packed(figure, 0.5).layout.height == 50


def pixels(picture: Any) -> np.ndarray[Any, Any]:
    """(row, column, 4): red, green, blue and opacity (0–255) of a layout image."""
    kind, _, code = picture.source.partition(",")
    assert kind == "data:image/png;base64"
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(code))).convert("RGBA"), float)


@pytest.mark.parametrize(("shape", "most"), [((1, 300), 2), ((30, 40), 3), ((101, 120), 6)])
def test_a_fine_matrix_is_a_picture_of_the_same_colours_at_the_same_place(
    shape: tuple[int, int], most: int
) -> None:
    drawn = Board(400, 300, LIGHT)
    values = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    values[0, 3], values[0, 4] = np.nan, 0
    drawn.matrix(values, BOX, symmetric(values[:, 5:], LIGHT.scores), gap=0)
    drawn.matrix(values, BOX, symmetric(values[:, 5:], LIGHT.scores), gap=1)
    figure = drawn.figure()
    sent = packed(figure)
    checked(sent)
    (picture,) = sent.layout.images
    assert len(sent.data) == 1  # lines part its cells: it stays a heat map
    seen, before = pixels(picture), colours(figure.data[0])
    assert seen[0, 3, 3] == 0
    assert (np.delete(seen[..., 3], 3, axis=1) == 255).all()
    assert np.nanmax(np.abs(seen[..., :3] - before)) <= most  # of 255
    np.testing.assert_array_equal(seen[0, 4, :3], 255)  # zero is the page's colour, exactly
    place = (picture.x, picture.y, picture.sizex, picture.sizey)
    assert place == pytest.approx((BOX.x, BOX.y, BOX.width, BOX.height), abs=0.01)
    assert (picture.layer, picture.xref, picture.yref) == ("below", "x", "y")


def test_several_numbers_of_a_mark_are_listed_behind_what_it_carries() -> None:
    drawn = Board(400, 300, LIGHT)
    hover = [f"{for_html('a')}: α = {key / 7:.3f}, <i>e</i> = −{key / 9:.3f}" for key in range(40)]
    drawn.cells(BOX, (4, 10), hover=hover)
    sent = packed(drawn.figure())
    assert list(hovers(sent).values()) == hover
    (trace,) = (one for one in sent.data if one.name == CELLS)
    assert trace.customdata[8] == [0, 8, ["1.143", "−0.889"]]
    assert trace.hovertext is None


def test_what_belongs_to_a_place_is_said_once_for_all_marks_there() -> None:
    drawn = Board(400, 300, LIGHT)
    at = np.arange(22, dtype=float) * 10
    said = [
        f"distance {i}, {for_html('abc'[i % 3])}<br>{i / 7:.3f}<br>2.36·10⁻⁷" for i in range(22)
    ]
    ids = [[i, row] for row in range(6) for i in range(22)]
    drawn.clicks(np.tile(at, 6), np.repeat(at[:6], 22), ids, 10, said * 6)
    sent = packed(drawn.figure())
    assert list(hovers(sent).values()) == said * 6
    (trace,) = sent.data
    assert trace.hovertext is None
    assert len(sent.layout.xaxis.ticktext) == 22


def test_words_on_marks_are_sent_apart_and_the_marks_are_found_without_being_drawn() -> None:
    drawn = Board(400, 300, LIGHT)
    words = ["1", *[""] * 59]
    hover = ["a: 0.5" if word else "to come" for word in words]
    drawn.cells(BOX, (2, 30), texts=words, inks=["#FFFFFF"] * 60, hover=hover)
    figure = drawn.figure()
    sent = packed(figure)
    checked(sent)
    said, *cells = sent.data
    assert (said.mode, said.text, said.hoverinfo) == ("text", ("1",), "skip")
    assert (said.x[0], said.y[0]) == pytest.approx(
        (figure.data[0].x[0], figure.data[0].y[0]), abs=0.01
    )
    assert said.textfont.color == "#FFFFFF"
    assert said.customdata is None
    assert marks(sent).keys() == marks(figure).keys()
    for one in cells:
        assert (one.mode, one.text, one.textfont.color) == ("markers", None, None)
        assert one.marker.maxdisplayed == 1
