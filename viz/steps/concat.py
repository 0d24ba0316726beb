"""Step 7: all heads' outputs side by side, the chosen head's coming down into its place."""

from __future__ import annotations

from viz.board.axes import queries, row_edge
from viz.board.board import Box
from viz.board.notation import bold
from viz.steps.head import OneHead
from viz.steps.marks import clicks, mark_cross
from viz.steps.panels import bar, labels_width, large_box, shaded, title, whole_of
from viz.steps.products import Named, equation, not_recorded
from viz.steps.scene import HeadBoard

_TOP, _HEIGHT, _FUNNEL = 78.0, 150.0, 72.0


def concatenate(board: HeadBoard) -> None:
    """C = [O_0; …; O_h−1]: (query, heads·dv)."""
    scene, theme = board.scene, board.theme
    one = scene.one
    if one.around is None:
        return not_recorded(board)
    rows, width = one.concat.shape
    left = labels_width(scene.axes.queries, (board.height - 330) / rows)
    high = min(_HEIGHT, rows * 34.0)
    box = large_box(board, (rows, width), left=left, top=_TOP + high + _FUNNEL, right=8)
    last = one.heads - 1
    names: list[Named] = [
        (_letter(one, head), theme.output) for head in sorted({0, min(1, last), last})
    ]
    if last > 2:
        names.insert(2, ("…", None))
    # Semicolons between the heads: side by side, not multiplied.
    parted = [(f"{word} ;", colour) for word, colour in names[:-1]]
    equation(board, [("C", theme.output), ("= [", None), *parted, names[-1], ("]", None)])
    _head(board, box, high)
    whole = scene.whole.one.concat
    shading, largest = shaded(board, one.concat, box, whole)
    _boundaries(board, box)
    cell = (scene.query, one.columns[0] + scene.dim)
    mark_cross(board, box, cell, one.concat.shape, (theme.q, theme.v), "dot")
    row_edge(board, box, queries(scene.axes))
    bar(board, box, shading, largest, one.concat)
    clicks(board, box, one.concat, cell, scene.axes.queries, role="c")
    whole_of(board, box, whole, shading, role="c")


def _head(board: HeadBoard, box: Box, high: float) -> None:
    """The chosen head's own output, large enough to see, and where it goes."""
    scene, theme = board.scene, board.theme
    one, output = scene.one, scene.one.gated
    width, (start, stop) = output.shape[1], one.columns
    step = box.width / one.concat.shape[1]
    wide = min(300.0, max(width * 48.0, 120.0)) if width <= 6 else 260.0
    middle = box.x + (start + stop) / 2 * step
    x = min(max(middle - wide / 2, box.x), board.width - wide - 8)
    place = Box(x, _TOP, wide, high)
    whole = scene.whole.one.gated
    shaded(board, output, place, whole)
    board.frame(place, theme.output, 2.5)
    mark_cross(board, place, (scene.query, scene.dim), output.shape, (theme.q, theme.v))
    title(board, x, _TOP - 6, _letter(one, one.head), whole.shape, theme.output)
    for top_x, low_x in ((place.x, start), (place.right, stop)):
        board.line([top_x, box.x + low_x * step], [place.bottom + 3, box.y - 30], theme.output, 2)


def _letter(one: OneHead, head: int) -> str:
    """One head's output, gated where heads are."""
    return f"O{'' if one.gate is None else '′'}<sub>{head}</sub>"


def _boundaries(board: HeadBoard, box: Box) -> None:
    """Where one head's columns end and the next one's begin, each head's number above."""
    one, theme = board.scene.one, board.theme
    place = box.width / one.heads
    for head in range(one.heads):
        chosen = head == one.head
        if head:
            x = box.x + head * place
            board.line([x, x], [box.y, box.bottom], theme.ink, 1.5)
        if place > 24 or chosen:
            word, colour = _letter(one, head), theme.output if chosen else theme.muted
            x = box.x + (head + 0.5) * place
            board.text(x, box.y - 15, bold(word, chosen), size=19, colour=colour)
    board.frame(Box(box.x + one.head * place, box.y, place, box.height), theme.output, 3)
