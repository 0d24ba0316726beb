"""A translation for the tests of the translator's pictures, its numbers worked out in float64."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from models.translator.beam_trace import BeamSearch
from models.translator.record import search, translate
from models.translator.trace import TransformerTrace
from pages.ui.text import catalogue
from viz.board.notation import Notation
from viz.board.style import Style
from viz.board.theme import LIGHT, Theme
from viz.translator.stage_names import Stage
from viz.translator.stages import Stepping

TEXT = "Oğlunuzun sevdiği büyük köye gittiniz."


@lru_cache(maxsize=4)
def trace(text: str = TEXT, beams: int = 1) -> TransformerTrace:
    """What the shipped translator makes of a sentence."""
    found: TransformerTrace = translate("translator", text, beams=beams)
    return found


@lru_cache(maxsize=4)
def tree(text: str = TEXT, beams: int = 3) -> BeamSearch:
    """Its beam search."""
    found: BeamSearch = search("translator", text, beams)
    return found


def stepping(stage: Stage = "cross", step: int = 4, text: str = TEXT, **more: Any) -> Stepping:
    """One step of it."""
    places = {"layer": 1, "head": 0, "dim": 7, "place": 3, "source": 6, "key": 2}
    return Stepping(trace(text), step, stage=stage, **{**places, **more})


def labels(*topics: str) -> dict[str, str]:
    """English words of figures."""
    found: dict[str, str] = {}
    for topic in topics:
        start = topic + "."
        words = catalogue("en").items()
        found |= {key[len(start) :]: word for key, word in words if key.startswith(start)}
    return found


def style(theme: Theme = LIGHT, notation: Notation | None = None) -> Style:
    """Colours, numbers, English words."""
    words = labels("figure", "scores.figure", "translator.figure", "translator.tree")
    return Style(theme, notation or Notation(), words)
