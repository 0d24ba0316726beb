"""The words page's second view: which words lie nearest, and the sum of one cosine."""

from __future__ import annotations

from functools import partial

import models.words.neighbours as nearest
from models.words.neighbours import MOST
from pages.ui import charts, controls, frame, lines, sums
from pages.ui.stepping import step_buttons
from pages.ui.text import notation, t
from pages.words.shared import (
    GAPS,
    WIDTHS,
    controls_row,
    left_out,
    look,
    origin,
    row,
    space,
    speak,
    word_field,
    writer,
)
from viz.words import now
from viz.words.neighbours import neighbours as draw
from viz.words.neighbours_formulas import cosine

_ROOM = 200


def view() -> None:
    """Bars and all cosines at the left, the chosen cosine's sum at the right."""
    one = space()
    found = nearest.neighbours(one, row(one, "word"))
    rank = controls.in_range("step", MOST)
    controls_row((320, partial(word_field, "word")))
    frame.notices()
    frame.now(*now.neighbours(found, rank, speak()))
    figure, right = frame.picture_and_sums(WIDTHS, gaps=GAPS)
    with figure:
        frame.section(t("words.neighbours"), t("words.neighbours_note"))
        drawn, choose = draw(found, rank, look()), charts.chooses("step")
        charts.clickable(drawn, "neighbours", choose, t("words.neighbours"))
    with right:
        step_buttons(range(MOST), "words.nearer", "words.farther")
        _sums(found, rank)
    check = found.check(rank)
    frame.provenance("live", *origin(one), difference=check, against="words_cosine")


def _sums(found: nearest.Neighbourhood, rank: int) -> None:
    w = writer()
    frame.section(t("words.cosine"), t("words.cosine_note"))
    one, other = (w.text(now.name(found.space, at)) for at in (found.row, found.ranked[rank]))
    general, rows, result = cosine(*found.pair(rank), (one, other), w)
    sums.lines(general)
    with sums.box(_ROOM):
        sums.lines(rows)
    sums.lines(result)
    sums.switches()
    frame.equal_to(t("words.torch_cosine"), notation().fixed(found.cosine(rank), 4),
                   found.check(rank))  # fmt: skip
    lines.hint(t("words.cosine_hint"))
    left_out()
