"""What is on stage in the pictures of one head, and how they speak."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from models.trace import Term
from viz.board.axes import Axes
from viz.board.board import Board
from viz.board.notation import Notation
from viz.board.style import Style
from viz.board.zoom import Window
from viz.steps.head import OneHead, Part


@dataclass(frozen=True, slots=True)
class Scene:
    """What is on stage: one head, the chosen cell, the chosen dimensions.

    axes: queries and keys with the chosen pair. part: which of Q, K, V step 1 shows large.
    dim: chosen column of Q, K, V and of the head's output; out: of the projected output.
    window: what of the tokens is here, None: all; all_of: the scene that it was cut from.
    """

    one: OneHead
    axes: Axes
    part: Part = "q"
    dim: int = 0
    out: int = 0
    window: Window | None = None
    all_of: Scene | None = None

    @property
    def whole(self) -> Scene:
        """The scene with all tokens."""
        return self.all_of or self

    def within(self, window: Window | None) -> Scene:
        """The part of it that is drawn."""
        if window is None:
            return self
        one = self.one.within(window.rows, window.columns)
        axes = window.axes(self.axes)
        return replace(self, one=one, axes=axes, window=window, all_of=self)

    @property
    def query(self) -> int:
        """The chosen query."""
        return self.axes.chosen.query

    @property
    def key(self) -> int:
        """The chosen key."""
        return self.axes.chosen.key

    def ids_of(self, role: str) -> Sequence[int] | None:
        """The places in the text of the rows of a matrix with that role (`clicks`)."""
        return self.axes.key_ids if role in ("k", "v") else self.axes.query_ids

    def row_of(self, part: Part) -> int:
        """The chosen token on the side that a part belongs to: the query for Q, else the key."""
        return self.query if part == "q" else self.key

    def tokens_of(self, part: Part) -> Sequence[str]:
        """The tokens on that side."""
        return self.axes.queries if part == "q" else self.axes.keys


@dataclass(slots=True)
class HeadBoard(Board):
    """A board with what is on stage, and how it speaks."""

    scene: Scene = field(kw_only=True)
    style: Style = field(kw_only=True)


def cap_words(cap: float, notation: Notation) -> str:
    """A soft cap as it stands in a model's settings: 30, 12.5."""
    return str(int(cap)) if cap == int(cap) else notation.significant(cap, 3)


# What the papers call the terms that stand beside q·k; another goes by its own name.
_SYMBOLS = {"position_bias": "B", "alibi": "A", "relative_position": "R", "token_type": "T"}
_SYMBOLS |= {"content_to_position": "c2p", "position_to_content": "p2c"}


def symbol(term: Term) -> str:
    """A term's letter in pictures: B."""
    return _SYMBOLS.get(term.name, term.name)


def tex_symbol(term: Term) -> str:
    r"""The same for KaTeX: B, \text{c2p}."""
    letter = symbol(term)
    return letter if len(letter) == 1 else rf"\text{{{letter}}}"
