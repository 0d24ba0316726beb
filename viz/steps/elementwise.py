"""Steps 3, 4 and 5: the matrix changes cell by cell or row by row, inputs stacked at the left."""

from __future__ import annotations

from dataclasses import dataclass
from math import isclose, sqrt

import numpy as np

from models.core.attention import exponentials
from models.trace import Floats
from viz.board.board import Board, Box, Shading
from viz.board.notation import Notation, bold, for_html, shortened
from viz.board.ranges import clipped, short_note
from viz.board.style import Style
from viz.steps import panels
from viz.steps.marks import mark_cross, mark_row
from viz.steps.scene import HeadBoard, cap_words, symbol

# What scores are called once they are divided, and once mask and bias are added.
DIVIDED, MASKED = "S′", "S″"
_STACK, _EQUALS, _TOP, _HEAD, _BETWEEN = 220.0, 44.0, 112.0, 32.0, 42.0

_SINK, _SINK_WIDEST, _SINK_GAP = 44.0, 90.0, 10.0  # pixels of the sink's column


@dataclass(frozen=True, slots=True)
class Small:
    """One input of the stack: its name (safe HTML), numbers, the largest |number| when colours
    end before it, and what it is joined with below."""

    name: str
    values: Floats
    shading: Shading
    largest: float | None = None
    sign: str = ""


def boxes(board: HeadBoard, count: int, extra: float = 0) -> tuple[list[Box], Box]:
    """Where the small matrices and the large one lie; extra: pixels for what stands below."""
    axes = board.scene.axes
    rows, columns = axes.shape
    room = board.height - _TOP - panels.FOOT
    names = panels.labels_width(axes.queries, room / rows)
    large = panels.large_box(board, (rows, columns), left=_STACK + _EQUALS + names, top=_TOP)
    spare = max(large.height, room * 0.8) + _HEAD - count * (_HEAD + _BETWEEN) + _BETWEEN - extra
    cell = min(_STACK / columns, spare / count / rows, large.height / rows * 0.55)
    wide, high = cell * columns, cell * rows
    if rows < 6:  # a tiny matrix: wide enough for numbers
        wide = min(_STACK, max(wide, columns * 62.0))
    total = count * (high + _HEAD) + (count - 1) * _BETWEEN + extra
    y = max(large.y - _HEAD, large.y + (large.height - total) / 2 - _HEAD / 2)
    pitch = _HEAD + high + _BETWEEN
    return [Box(0, y + n * pitch + _HEAD, wide, high) for n in range(count)], large


def _stack(board: HeadBoard, smalls: list[Small], places: list[Box]) -> None:
    axes, colours = board.scene.axes, (board.theme.q, board.theme.k)
    for small, box in zip(smalls, places, strict=True):
        panels.panel(board, small.values, box, small.shading)
        board.text(0, box.y - 16, bold(small.name), size=panels.TITLE - 2, anchor="middle right")
        mark_cross(board, box, axes.cell, axes.shape, colours)
        if np.any(small.values[np.isfinite(small.values)]):
            words = short_note(small.shading, small.largest, board.style)
            board.note(max(box.right, 220), box.y - 15, words, size=15, anchor="middle left")
        if small.sign:
            panels.operator(board, box.x + box.width / 2, box.bottom + _BETWEEN / 2, small.sign)


def _equals(board: Board, places: list[Box]) -> None:
    middle = (places[0].y + places[-1].bottom) / 2
    panels.operator(board, max(places[-1].right, 150) + 26, middle, "=", size=34)


def scaling_words(scaling: float, width: int, notation: Notation) -> tuple[str, str]:
    """("÷ √32", "√32 = 5.657") for the usual scaling, else the factor itself."""
    if isclose(scaling, 1 / sqrt(width), rel_tol=1e-5):
        root = sqrt(width)
        equal = f"= {int(root)}" if root == int(root) else f"≈ {notation.fixed(root, 3)}"
        return f"÷ √{width}", f"√{width} {equal}"
    return f"× {cap_words(scaling, notation)}", ""


def scale(board: HeadBoard) -> None:
    """Step 3: S ÷ √d_k, then the soft cap where a model has one."""
    steps, style, whole = board.scene.one.steps, board.style, board.scene.whole.one.steps
    terms = steps.scoring.terms_scaled
    extra = 70 if steps.softcap is None else 108
    places, large = boxes(board, 1 + len(terms), extra)
    named = [("S", steps.raw, whole.raw)]
    for term, every in zip(terms, whole.scoring.terms_scaled, strict=True):
        named.append((symbol(term), term.values, every.values))
    smalls = [
        Small(name, values, *clipped(every, board.theme), "+" if place < len(terms) else "")
        for place, (name, values, every) in enumerate(named)
    ]
    _stack(board, smalls, places)
    for term, place in zip(terms, places[1:], strict=True):
        board.note(40, place.y - 16, style.labels[f"term.{term.name}"])
    sign, remark = scaling_words(steps.scaling, steps.q.shape[1], style.notation)
    middle, y = places[-1].width / 2, places[-1].bottom
    panels.operator(board, middle, y + 30, sign)
    board.note(middle, y + 58, remark, size=18, anchor="middle center")
    if steps.softcap is not None:
        cap = cap_words(steps.softcap, style.notation)
        board.text(middle, y + 88, f"→ {cap} · tanh( · / {cap})", size=18)
    _equals(board, places)
    shading, largest = panels.shaded(board, steps.scaled, large, whole.scaled)
    board.text(0, 16, _scaled_name(board), size=24, anchor="middle right")
    panels.token_matrix(board, large, steps.scaled, shading, largest, whole=whole.scaled)


def mask(board: HeadBoard) -> None:
    """Step 4: scaled scores [+ B] + M, masked cells hatched with −∞."""
    theme, steps, whole = board.theme, board.scene.one.steps, board.scene.whole.one.steps
    terms = steps.scoring.terms_added
    shading, largest = clipped(np.concatenate([whole.scaled, whole.masked]), theme)
    smalls = [Small(DIVIDED, steps.scaled, shading, largest, "+")]
    for term, every in zip(terms, whole.scoring.terms_added, strict=True):
        smalls.append(Small(symbol(term), term.values, *clipped(every.values, theme), "+"))
    added, all_added = (
        np.zeros_like(one.scaled) if one.mask is None else one.mask for one in (steps, whole)
    )
    # A 0 written into a cell would read as that cell's alone.
    name = "M" if all_added.any() else "M = 0"
    smalls.append(Small(name, added, *clipped(all_added, theme)))
    places, large = boxes(board, len(smalls))
    _stack(board, smalls, places)
    if all_added.any():
        _mask_words(board, places[-1], added)
    for term, place in zip(terms, places[1:], strict=False):
        board.note(40, place.y - 16, board.style.labels[f"term.{term.name}"])
    _equals(board, places)
    panels.panel(board, steps.masked, large, shading)
    name = f"<b>{MASKED}</b> = " + " + ".join([DIVIDED, *map(symbol, terms), "M"])
    board.text(0, 16, name, size=24, anchor="middle right")
    panels.token_matrix(board, large, steps.masked, shading, largest, whole=whole.masked)


def _scaled_name(board: HeadBoard) -> str:
    """S′ and how it comes from S and what is scaled with it."""
    steps, style = board.scene.one.steps, board.style
    terms = steps.scoring.terms_scaled
    whole = f"({' + '.join(['S', *map(symbol, terms)])})" if terms else "S"
    made = f"{whole} / √d<sub>k</sub>"
    if steps.scaling == 1.0:
        made = f"{whole} ({style.labels['undivided']})"
    elif not isclose(steps.scaling, 1 / sqrt(steps.q.shape[1]), rel_tol=1e-5):
        made = f"{whole} {scaling_words(steps.scaling, steps.q.shape[1], style.notation)[0]}"
    if steps.softcap is not None:
        cap = cap_words(steps.softcap, style.notation)
        made = f"{cap} · tanh( {made} / {cap} )"
    return f"<b>{DIVIDED}</b> = {made}"


def _mask_words(board: HeadBoard, box: Box, added: Floats) -> None:
    """A large 0 where nothing is added and −∞ where looking is forbidden, if it is anywhere."""
    scene, forbidden = board.scene, np.isneginf(added)
    free = np.ones_like(forbidden)  # beside the marks, where a word would read as a cell's value
    free[max(0, scene.query - 1) : scene.query + 2] = False
    free[:, max(0, scene.key - 1) : scene.key + 2] = False
    for word, cells in (("−∞", forbidden), ("0", ~forbidden & (added == 0))):
        place = deepest(cells & free)
        if place is not None and min(box.width, box.height) > 90 and len(added) > 5:
            cell = box.cell(*place, scene.axes.shape)
            board.text(cell.x + cell.width / 2, cell.y + cell.height / 2, f"<b>{word}</b>", size=24)


def deepest(cells: np.ndarray) -> tuple[int, int] | None:
    """(row, column) of a cell as far as can be from the edge of a region; None: it is empty."""
    if not cells.any():
        return None
    inner = cells
    while inner.any():
        left, framed = inner, np.pad(inner, 1)
        beside = framed[:-2, 1:-1] & framed[2:, 1:-1] & framed[1:-1, :-2] & framed[1:-1, 2:]
        inner = left & beside
    places = np.argwhere(left)
    row, column = places[len(places) // 2].tolist()
    return row, column


def softmax(board: HeadBoard) -> None:
    """Step 5: eˢ of a row, divided by the row's sum."""
    theme, scene, labels = board.theme, board.scene, board.style.labels
    steps, whole = scene.one.steps, scene.whole.one.steps
    places, large = boxes(board, 1, extra=190)
    scores = Small(MASKED, steps.masked, *clipped(whole.masked, theme))
    _stack(board, [scores], places)
    below = Box(0, places[0].bottom + 76, places[0].width, 92)
    every, shift = exponentials(whole.masked[scene.whole.query])
    e = every if scene.window is None else every[scene.window.columns]
    power = f"e<sup>{MASKED}−m</sup>" if shift else f"e<sup>{MASKED}</sup>"
    token = for_html(shortened(scene.axes.queries[scene.query], 10))
    words = labels["row_of"].format(power=power, token=token)
    board.text(0, below.y - 26, words, size=18, colour=theme.q, anchor="middle right")
    sink = 0.0 if steps.sink is None else float(np.exp(steps.sink - shift))
    bars(board, below, e, scene.key, most=max(sink, float(every.max())))
    total = float(every.sum()) + sink
    said = f"Σ = {sum_words(total, board.style)}"
    if scene.window is not None:
        said += f" ({labels['all_keys'].format(n=len(every))})"
    board.text(0, below.bottom + 18, said, size=18, anchor="middle right")
    if steps.sink is not None:
        board.note(0, below.bottom + 40, labels["sink"], size=panels.NOTE)
        high = below.height * sink / max(float(every.max()), sink)
        upright = Box(below.right + 6, below.bottom - high, 16, high)
        board.fill(upright, theme.muted, layer="above")
    x = max(below.right, 150) + 34
    panels.operator(board, x, below.y + 46, "÷ Σ", size=26)
    panels.operator(board, x, below.y + 80, "=", size=34)
    shown, every = (
        np.where(np.isneginf(one.masked), -np.inf, one.weights) for one in (steps, whole)
    )
    large = _sink_column(board, large)
    shading = panels.weight_panel(board, shown, large)
    name = f"<span style='color:{theme.weight}'><b>A</b></span> = softmax(<b>{MASKED}</b>)"
    board.text(0, 16, name, size=24, anchor="middle right")
    panels.token_matrix(board, large, shown, shading, whole=every, outside=True)


def _sink_column(board: HeadBoard, large: Box) -> Box:
    """The sink's share of each row as a column beside the matrix, to which it leaves the room.

    With it each row sums to 1.
    """
    scene = board.scene
    shares = scene.whole.one.steps.sink_shares
    if shares is None:
        return large
    if scene.window is not None:
        shares = shares[scene.window.rows]
    wide = min(_SINK_WIDEST, max(_SINK, large.width / (scene.axes.shape[1] + 1)))
    rest = Box(large.x, large.y, large.width - wide - _SINK_GAP, large.height)
    column = Box(rest.right + _SINK_GAP, large.y, wide, large.height)
    panels.weight_panel(board, shares[:, None], column)
    mark_row(board, column, scene.query, len(shares), board.theme.q, "dot")
    name = board.style.labels["sink_share"]
    board.text(column.x + wide / 2, column.bottom + 14, name, size=15, colour=board.theme.muted)
    return rest


def sum_words(total: float, style: Style) -> str:
    """The sum of a row's eˢ, with as many digits as the formula has."""
    if style.digits is None or total >= 1e5:
        return style.notation.significant(total)
    return style.notation.fixed(total, style.digits)


def bars(board: Board, box: Box, heights: Floats, chosen: int, *, most: float = 0.0) -> None:
    """A row of numbers as upright bars that share their columns with the matrix above.

    most: a number beside them that is drawn on the same scale.
    """
    count, top = len(heights), max(float(heights.max()), most) or 1.0
    board.line([box.x, box.right], [box.bottom, box.bottom], board.theme.hatch, 1.5)
    if count > 64:
        xs = box.x + (np.arange(count) + 0.5) * box.width / count
        board.line(xs, box.bottom - heights / top * box.height, board.theme.weight, 1.5)
        return
    for j, height in enumerate((heights / top * box.height).tolist()):
        place = box.column(j, count)
        wide = place.width * 0.76
        upright = Box(place.x + (place.width - wide) / 2, box.bottom - height, wide, height)
        board.fill(upright, board.theme.weight, layer="above")
        if j == chosen:
            board.frame(place, board.theme.k, 2, "dot")
