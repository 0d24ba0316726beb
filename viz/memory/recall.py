"""Share of right answers by distance, every seed, with the claim drawn where it would hold."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from models.memory.recall import CLAIMED_TO_COPE, CLAIMED_TO_FAIL, COPES, Recall
from viz.board.board import Board, Box, Figure
from viz.board.kept import kept
from viz.board.plane import Plane, name_y
from viz.board.style import Style
from viz.memory.gradients import SYMBOLS, colour_of

WIDTH, HEIGHT = 1190, 680
_LINES = {"rnn": 3.0, "lstm": 7.0, "attention": 3.0}  # LSTM and attention lie on each other


@kept
def recall(recalls: Mapping[str, Recall], place: int, style: Style) -> Figure:
    """The means as lines, the seeds as hollow points and a veil from the least to the best.

    recalls: of each network; place: which of the lengths is chosen.
    """
    lstm = recalls["lstm"]
    board = Board(WIDTH, HEIGHT, style.theme)
    box = Box(84, 52, WIDTH - 84 - 40, HEIGHT - 52 - 92)
    ends = np.log10([lstm.distractors[0], lstm.distractors[-1]])
    plane = Plane(box, (ends[0] - 0.12, ends[1] + 0.22), (-0.02, 1.05), x_log=True)
    theme, labels, fixed = style.theme, style.labels, style.notation.fixed
    x = float(plane.across([lstm.trained_up_to])[0])
    board.fill(Box(x, box.y, box.right - x, box.height), theme.soft)
    board.note(x + 12, box.bottom - 18, labels["beyond"].format(n=lstm.trained_up_to))
    plane.draw(board, [(v / 10, fixed(v / 10, 1)) for v in range(0, 11, 2)])
    chosen = lstm.distractors[place]
    plane.upright(board, chosen, 2)
    _claim(board, plane, lstm, style)
    y = plane.level(board, lstm.chance, theme.muted, 2, dash="dash")
    board.note(box.x + 10, y + 16, labels["chance"].format(chance=fixed(lstm.chance, 3)))
    for name in ("lstm", "rnn", "attention"):
        _network(board, plane, recalls[name], name)
    write = style.notation.grouped
    plane.numbers(board, lstm.distractors, chosen, chosen_size=18, write=write)
    plane.name_x(board, labels["recall_axis"], below=46)
    board.note(box.x, box.bottom + 74, labels["spread"])
    name_y(board, labels["accuracy_axis"], top=16)
    plane.clicks(board, lstm.distractors, rows=12, size=44)
    return board.figure()


def _claim(board: Board, plane: Plane, lstm: Recall, style: Style) -> None:
    """Where the LSTM's curve would have to pass: above the limit first, below it later."""
    limit, fixed = float(plane.up([COPES])[0]), style.notation.fixed
    places = (
        (CLAIMED_TO_COPE, plane.box.y, limit, "claim_copes", limit + 16),
        (CLAIMED_TO_FAIL, limit, plane.box.bottom, "claim_fails", float(plane.up([0.56])[0])),
    )
    for distractors, top, bottom, words, y in places:
        share = float(lstm.mean[lstm.distractors.index(distractors)])
        fits = lstm.copes_at(distractors) == (words == "claim_copes")
        x = float(plane.across([distractors])[0])
        board.frame(Box(x - 26, top, 52, bottom - top), board.theme.ink, 2, "dot")
        said = style.labels[words].format(n=distractors, least=fixed(COPES, 1))
        lines = [(part, board.theme.ink) for part in said.split("|")]
        measured = f"<b>{style.labels['lstm']} {fixed(share, 3)} {'✓' if fits else '✗'}</b>"
        lines.append((measured, board.theme.net_lstm))
        for line, (part, colour) in enumerate(lines):
            board.text(x - 34, y + line * 22, part, size=16, colour=colour, anchor="middle left")


def _network(board: Board, plane: Plane, found: Recall, name: str) -> None:
    colour, shares = colour_of(board.theme, name), found.seeds
    x = plane.across(found.distractors)
    board.band(x, plane.up(shares.min(axis=0)), plane.up(shares.max(axis=0)), colour)
    for seed in shares:
        board.line(x, plane.up(seed), colour, 0, symbol=f"{SYMBOLS[name]}-open", size=9)
    y = plane.up(found.mean)
    board.line(x, y, colour, _LINES[name], symbol=SYMBOLS[name], size=6 + 2 * _LINES[name])
