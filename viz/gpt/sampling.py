"""One choice of a next token: scores, ÷ T, what top-k and top-p leave, and the draw, row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import plotly.graph_objects as go

from models.core.sampling import Draw, Stages
from viz.board.axes import text_width
from viz.board.board import Board, Box
from viz.board.kept import kept
from viz.board.notation import bold, for_html, shortened
from viz.board.plane import Plane
from viz.board.style import Style

WIDTH, HEIGHT = 1130, 680
MOST = 13  # rows of words where nothing else needs their room
PITCH = 37.0  # pixels of a row
_TOP, _CUT = 54.0, 30.0
_WORD = 168.0  # words end here
_LOGIT, _DIVIDED = Box(182, 0, 128, 0), Box(384, 0, 128, 0)
_SHARE, _SUM, _LEFT = Box(592, 0, 104, 0), 812.0, Box(832, 0, 104, 0)
_STACK = Box(1062, 0, 34, 0)
_LONGEST = 13
_SIZE, _SMALL = 19.0, 16.0


@dataclass(frozen=True)
class Choosing:
    """A choice as it is shown. words: readable names of the whole vocabulary; most: rows."""

    stages: Stages
    drawn: Draw | None
    chosen: int
    words: Sequence[str]
    most: int = MOST

    @cached_property
    def ids(self) -> list[int]:
        """The tokens that have a row: the likeliest, and the chosen one in any case."""
        order: list[int] = self.stages.order[: self.most].tolist()
        return order if self.chosen in order else [*order[: self.most - 1], self.chosen]

    @cached_property
    def rank(self) -> dict[int, int]:
        """The place of each token with a row among all, counted from 0."""
        return {i: int(np.flatnonzero(self.stages.order == i)[0]) for i in self.ids}

    @cached_property
    def sums(self) -> dict[int, float]:
        """token → what it and all likelier ones have of the probability that top-k left."""
        together = np.cumsum(self.stages.of_k[self.stages.order])
        return {i: float(together[place]) for i, place in self.rank.items()}

    @cached_property
    def others(self) -> np.ndarray:
        """The tokens without a row."""
        return np.delete(np.arange(len(self.words)), self.ids)

    @property
    def kept(self) -> int:
        """How many can be drawn."""
        return len(self.stages.kept)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where rows and lines lie: y of each row, of the cuts' lines, and of the others' row."""

    rows: dict[int, float]
    k: float | None
    p: float | None
    others: float
    bottom: float


@kept
def choosing(shown: Choosing, style: Style, *, height: int = HEIGHT) -> go.Figure:
    """Bars of every stage, a row a token, likeliest first; at the right the draw.

    Lines show where top-k and top-p cut; below them a token is pale. Points in the trace named
    `viz.board.board.CELLS` carry [token].
    style.labels: logit, greedy, share, share_k (k), left, draw, top_k (k, n), top_p (p, n),
    others (n).
    """
    board = Board(WIDTH, height, style.theme)
    layout = _laid_out(shown)
    _heads(board, shown, style)
    _cuts(board, shown, layout, style)
    _rows(board, shown, layout, style)
    _others(board, shown, layout, style)
    if shown.drawn is not None:
        _stack(board, shown.drawn, layout, style)
    _clicks(board, layout, shown.words)
    return board.figure()


def _laid_out(shown: Choosing) -> Layout:
    """A row a token with room for a line below the last one that a cut leaves."""
    found, settings = shown.stages, shown.stages.settings
    cuts_k = not settings.greedy and found.kept_by_k < len(shown.words)
    cuts_p = not settings.greedy and shown.kept < found.kept_by_k
    rows: dict[int, float] = {}
    y, k, p = _TOP, None, None
    for i in shown.ids:
        if cuts_p and p is None and shown.rank[i] >= shown.kept:
            y, p = y + _CUT, y + _CUT / 2
        if cuts_k and k is None and shown.rank[i] >= found.kept_by_k:
            y, k = y + _CUT, y + _CUT / 2
        rows[i] = y + PITCH / 2
        y += PITCH
    return Layout(rows, k, p, y + PITCH / 2, y)


def _heads(board: Board, shown: Choosing, style: Style) -> None:
    settings, labels, k = shown.stages.settings, style.labels, shown.stages.kept_by_k
    temperature = plain(settings.temperature, style)
    divided = labels["greedy"] if settings.greedy else f"s = ℓ ÷ {temperature}"
    share = labels["share_k"].format(k=k) if k < len(shown.words) else labels["share"]
    heads = (
        (_LOGIT.x, labels["logit"], "middle right"),
        (_DIVIDED.x, divided, "middle right"),
        (_SHARE.x, share, "middle right"),
        (_SUM, "Σ p", "middle left"),
        (_LEFT.x, labels["left"], "middle right"),
    )
    for x, word, anchor in heads:
        board.note(x, 28, word, size=_SMALL, anchor=anchor)


def plain(value: float, style: Style) -> str:
    """A setting as it was set: 0.8, 1, 1.25, 0.125."""
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return text.replace(".", style.notation.decimal)


def _cuts(board: Board, shown: Choosing, layout: Layout, style: Style) -> None:
    settings, start = shown.stages.settings, _WORD + 14
    p = plain(settings.top_p, style)
    for y, words in (
        (layout.k, style.labels["top_k"].format(k=settings.top_k, n=shown.stages.kept_by_k)),
        (layout.p, style.labels["top_p"].format(p=p, n=shown.kept)),
    ):
        if y is not None:
            end = start + text_width(words, _SMALL) + 16
            for x0, x1 in ((0, start - 4), (end, _STACK.x - 94)):
                board.line([x0, x1], [y, y], board.theme.ink, 1.6, dash="dash")
            board.text(start, y, words, size=_SMALL, anchor="middle right")


Span = tuple[float, float]  # one scale for all scores of both columns, zero among them


def _rows(board: Board, shown: Choosing, layout: Layout, style: Style) -> None:
    found, theme, write, of_k = shown.stages, style.theme, style.notation, shown.stages.of_k
    scores = np.concatenate([found.logits[shown.ids], found.divided[shown.ids]])
    low, high = min(0.0, float(scores.min())), max(0.0, float(scores.max()))
    scale = low, max(high, low + 1e-9)
    for i, y in layout.rows.items():
        now, drawable = i == shown.chosen, found.probabilities[i] > 0
        if now:
            board.fill(Box(0, y - PITCH / 2 + 1, 968, PITCH - 2), theme.soft)
        ink = theme.ink if drawable or found.settings.greedy else theme.muted
        _word(board, shown, i, y, ink, now=now)
        _score(board, float(found.logits[i]), scale, _LOGIT, y, style, drawable)
        if not found.settings.greedy:
            _score(board, float(found.divided[i]), scale, _DIVIDED, y, style, drawable)
        share, left = float(of_k[i]), float(found.probabilities[i])
        # Before the sum, which goes where a hall has no room for both.
        number(board, _SHARE, y, share, style, ink, now)
        if np.isfinite(found.after_k[i]):
            track(board, share, _SHARE, y, style, solid=drawable, now=now)
            together = write.fixed(min(shown.sums[i], 1.0), 3)
            board.text(_SUM, y, together, size=_SIZE, colour=ink, anchor="middle left")
        else:
            board.note(_SUM, y, "s → −∞", size=_SMALL, anchor="middle left")
        if left:
            track(board, left, _LEFT, y, style, solid=True, now=now)
        number(board, _LEFT, y, left, style, ink, now)


def _word(board: Board, shown: Choosing, token: int, y: float, ink: str, *, now: bool) -> None:
    word, rank = for_html(shortened(shown.words[token], _LONGEST)), shown.rank[token]
    if rank >= shown.most:
        word = f"{rank + 1}. {word}"
    board.text(_WORD, y, bold(word, now), size=_SIZE + 1, colour=ink, anchor="middle left")
    if now:
        board.text(4, y, "▶", size=14, colour=ink, anchor="middle right")


def _score(
    board: Board, value: float, scale: Span, place: Box, y: float, style: Style, solid: bool
) -> None:
    theme, number = style.theme, style.notation.fixed(value)
    left, right = sorted(Plane(place, scale, (0, 1)).across([0.0, value]).tolist())
    colour = theme.plus if value >= 0 else theme.minus
    _bar(board, Box(left, y - 8, max(right - left, 1.5), 16), colour, solid)
    ink = theme.ink if solid else theme.muted
    board.text(place.right + 6, y, number, size=_SIZE, colour=ink, anchor="middle right")


def track(
    board: Board, value: float, place: Box, y: float, style: Style, *, solid: bool, now: bool
) -> None:
    """A bar of a probability on a pale track from 0 to 1, place; now: of the chosen token."""
    theme = style.theme
    board.fill(Box(place.x, y - 8, place.width, 16), theme.grid, layer="above")
    box = Box(place.x, y - 8, max(place.width * value, 1.0), 16)
    _bar(board, box, theme.ink if now and solid else theme.hatch, solid)


def _bar(board: Board, box: Box, colour: str, solid: bool) -> None:
    """A bar; what cannot be drawn is an outline."""
    if solid:
        board.fill(box, colour, layer="above")
    else:
        board.frame(box, colour, 1.2)


def number(
    board: Board, place: Box, y: float, value: float, style: Style, ink: str, now: bool
) -> None:
    """The probability behind its track; now: bold."""
    body = bold(style.notation.small(value), now) if value else "0"
    board.text(place.right + 6, y, body, size=_SIZE, colour=ink, anchor="middle right")


def _others(board: Board, shown: Choosing, layout: Layout, style: Style) -> None:
    """All tokens without a row, and what they have together."""
    if not len(shown.others):
        return
    found, y = shown.stages, layout.others
    words = style.labels["others"].format(n=len(shown.others))
    board.note(_WORD, y, words, size=_SMALL, anchor="middle left")
    for place, shares in ((_SHARE, found.of_k), (_LEFT, found.probabilities)):
        total = float(shares[shown.others].sum())
        if total:
            track(board, min(total, 1.0), place, y, style, solid=False, now=False)
        number(board, place, y, total, style, style.theme.muted, False)
    board.note(_SUM, y, style.notation.fixed(1.0, 3), size=_SIZE, anchor="middle left")


def _stack(board: Board, drawn: Draw, layout: Layout, style: Style) -> None:
    """All shares of the kept tokens piled up from 0 to 1, and the drawn number among them."""
    theme, box = style.theme, Box(_STACK.x, _TOP, _STACK.width, layout.bottom - _TOP)
    x = box.x + box.width / 2
    board.note(x, 28, style.labels["draw"], size=_SMALL, anchor="middle center")
    # Slivers of a long tail would be a thousand shapes: they are what is left of the whole.
    board.fill(box, theme.hatch, layer="above")
    start = 0.0
    for place, (token, end) in enumerate(zip(drawn.ids.tolist(), drawn.ends.tolist(), strict=True)):
        part = Box(box.x, box.y + start * box.height, box.width, (end - start) * box.height)
        now = place == drawn.place
        if now:
            board.fill(part, theme.ink, layer="above")
        if part.height >= 1 or now:
            board.frame(part, theme.page, 1)
        if token in layout.rows:
            pair = (_LEFT.right + 66, layout.rows[token]), (box.x - 2, part.y + part.height / 2)
            board.curve(*pair, theme.ink if now else theme.grid, 2.5 if now else 1.5)
        start = end
    board.frame(box, theme.hatch, 1)
    for word, y in (("0", box.y), ("1", box.bottom)):
        board.note(box.right + 6, y, word, size=_SMALL)
    y = box.y + drawn.u * box.height
    board.line([box.x - 8, box.right + 4], [y, y], theme.output, 3)
    number = f"<b>u = {style.notation.fixed(drawn.u, 4)}</b>"
    board.text(x, box.bottom + 22, number, size=_SIZE, colour=theme.output)
    board.line([box.right + 4], [y], theme.output, 0, symbol="triangle-left", size=13)


def _clicks(board: Board, layout: Layout, words: Sequence[str]) -> None:
    """A click on a row names its token."""
    ys = np.array(list(layout.rows.values()), np.float32)
    ids, said = [[i] for i in layout.rows], [for_html(words[i]) for i in layout.rows]
    board.clicks(np.full_like(ys, _WORD / 2 + 30), ys, ids, PITCH - 4, said)
