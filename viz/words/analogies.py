"""The words nearest to a − b + c, the given three marked; how many of all questions fail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models.words.space import Analogy, Score
from viz.board.board import Board, Box, Figure
from viz.board.kept import kept
from viz.board.notation import bold
from viz.board.sentence import percent_words
from viz.board.style import Style
from viz.words.naming import shown

WIDTH, HEIGHT = 1190, 660
NAMES = ("a", "b", "c")
_BARS = Box(170, 92, 300, 520)
_RATES = Box(760, 92, 330, 520)
_SIZE = 17
_WAYS = ("failed", "failed_kept", "failed_alone")


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """One question, and what was measured of all. wanted: the right row, None: nobody says.

    scores: relation → its score, "all" the last; None: not measured. relation: the question's.
    """

    found: Analogy
    wanted: int | None
    scores: Mapping[str, Score] | None
    relation: str

    @property
    def is_right(self) -> bool:
        """The nearest word that was not given is the right one."""
        return self.found.answer == self.wanted

    @property
    def drawn(self) -> tuple[int, ...]:
        """The rows that have a bar, the nearest first."""
        return self.found.ranked[:10]


@kept
def analogies(scene: Scene, style: Style) -> Figure:
    """Bars of cosines at the left, shares of failures at the right.

    labels: ranked, given, answer, asked_for, rates, way.<way>, relation.<relation>, percent.
    """
    board = Board(WIDTH, HEIGHT, style.theme)
    _bars(board, scene, style)
    if scene.scores is not None:
        _rates(board, scene, scene.scores, style)
    return board.figure()


def question(found: Analogy) -> str:
    """a − b + c in words, safe HTML."""
    a, b, c = (shown(found.space, row) for row in found.given)
    return f"{a} − {b} + {c}"


def _bars(board: Board, scene: Scene, style: Style) -> None:
    found, theme = scene.found, board.theme
    board.text(0, 16, bold(style.labels["ranked"].format(question=question(found))), size=18,
               anchor="middle right")  # fmt: skip
    board.note(0, 50, style.labels["ranked_note"])
    pitch = _BARS.height / len(scene.drawn)
    for place, row in enumerate(scene.drawn):
        y, cosine = _BARS.y + (place + 0.5) * pitch, found.cosine(row)
        given, answers = row in found.given, row == found.answer
        colour = theme.muted if given else theme.k if answers else theme.ink
        board.text(_BARS.x - 12, y, bold(shown(found.space, row), answers), size=_SIZE,
                   colour=colour, anchor="middle left")  # fmt: skip
        bar = Box(_BARS.x, y - 13, _BARS.width * max(cosine, 0.0), 26)
        if given:
            board.hatch(np.ones((1, 1), bool), bar)
        else:
            board.fill(bar, theme.k if answers else theme.hatch)
        words = f"{style.notation.fixed(cosine, 3)}{_remark(scene, row, style)}"
        board.text(bar.right + 10, y, words, size=16, anchor="middle right", colour=colour)


def _remark(scene: Scene, row: int, style: Style) -> str:
    """What else is to be said of a bar's word."""
    given = scene.found.given
    if row in given:
        return f" · {style.labels['given'].format(name=NAMES[given.index(row)])}"
    if row == scene.found.answer and scene.wanted is not None:
        return f" · <b>{'✓' if scene.is_right else '✗'} {style.labels['answer']}</b>"
    if row == scene.found.answer:
        return f" · <b>{style.labels['answer']}</b>"
    return f" · {style.labels['asked_for']}" if row == scene.wanted else ""


def failed(score: Score, way: str) -> float:
    """The share that fails, 0 … 1. way: one of failed, failed_kept, failed_alone."""
    right = {"failed": score.right, "failed_kept": score.kept, "failed_alone": score.nearest_c}
    return 1 - right[way] / score.asked


def rate(score: Score, way: str, style: Style) -> str:
    """The same in per cent: 100 only where none is right. labels: percent."""
    return percent_words(style, failed(score, way), 1)


def _rates(board: Board, scene: Scene, scores: Mapping[str, Score], style: Style) -> None:
    """A block a relation: the share that fails, by three ways to take the answer."""
    theme = board.theme
    count = style.notation.grouped(scores["all"].asked)
    left = _RATES.x - 190
    board.text(left, 16, bold(style.labels["rates"].format(count=count)), size=18,
               anchor="middle right")  # fmt: skip
    inks = {"failed": theme.k, "failed_kept": theme.plus, "failed_alone": theme.hatch}
    x = left
    for way in _WAYS:
        words = style.labels[f"way.{way}"]
        board.text(x, 50, f"<b>■</b> {words}", size=15, colour=inks[way] if way != "failed_alone"
                   else theme.muted, anchor="middle right")  # fmt: skip
        x += 34 + 7.4 * len(words)
    pitch = _RATES.height / len(scores)
    for place, (relation, score) in enumerate(scores.items()):
        y, chosen = _RATES.y + (place + 0.5) * pitch, relation == scene.relation
        heavy = chosen or relation == "all"
        words = bold(style.labels[f"relation.{relation}"], heavy)
        board.text(_RATES.x - 12, y - 9, words, size=16, anchor="middle left",
                   colour=theme.k if chosen else theme.ink)  # fmt: skip
        asked = style.notation.grouped(score.asked)
        board.note(_RATES.x - 12, y + 11, f"n = {asked}", size=14, anchor="middle left")
        for n, way in enumerate(_WAYS):
            share = failed(score, way)
            top = y - 22 + 15 * n
            board.fill(Box(_RATES.x, top, max(_RATES.width * share, 1), 12), inks[way])
            number = rate(score, way, style)
            board.text(_RATES.x + _RATES.width * share + 8, top + 6, bold(number, n == 0),
                       size=13, anchor="middle right")  # fmt: skip
