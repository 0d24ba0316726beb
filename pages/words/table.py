"""The words page's first view: a one-hot vector picks a row; how far words lie apart."""

from __future__ import annotations

from functools import partial

from models.core.arrays import Difference
from models.words.space import VectorSpace
from models.words.table import Lookup
from models.words.vector_sets import row_of
from models.words.vector_sets import space as of_set
from pages.ui import caches, charts, controls, frame, lines, parts, state, sums
from pages.ui.stepping import step_buttons
from pages.ui.text import notation, t
from pages.ui.topic import topic
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
    take,
    word_field,
    writer,
)
from viz.words import now
from viz.words import table as pictures
from viz.words import table_formulas as written
from viz.words.table import Scene

# Beside the word that a visitor compares with: animals, things, places, a verb, a colour.
_COMPARED = ("dog", "cats", "horse", "apple", "car", "house", "ate", "red", "she", "the")


def _looked_up(name: str, row: int) -> Difference:
    return Lookup(of_set(name), row, row).check()


def _distances(name: str, row: int) -> tuple[float, float, float]:
    return Lookup(of_set(name), row, row).spread


# A table of 50,000 rows is gone through once a word, not at every step.
_check = caches.of_values(_looked_up, entries=256)
_spread = caches.of_values(_distances, entries=256)


def view() -> None:
    """The table at the left, the sums at the right."""
    one = space()
    lookup = Lookup(one, row(one, "word"), row(one, "compared"))
    dim = controls.in_range("dim", one.vectors.shape[1])
    scene = Scene(lookup, dim, _others(one, lookup))
    controls_row((220, partial(word_field, "word")), (220, partial(word_field, "compared")))
    frame.notices()
    frame.now(*now.table(scene, speak()))
    figure, right = frame.picture_and_sums(WIDTHS, gaps=GAPS)
    with figure:
        frame.section(t("words.table"), t("words.table_note"))
        chosen = [pictures.CELL, lookup.row, dim], [pictures.BAR, lookup.other, 0]
        choose = partial(_choose, one)
        drawn = pictures.table(scene, look())
        charts.clickable(drawn, "embedding-table", choose, t("words.table"), *chosen)
    with right:
        step_buttons(range(one.vectors.shape[1]), "words.back", "words.on", name="dim")
        _sums(lookup, dim)
    frame.provenance(
        "live", *origin(one), difference=_check(one.id, lookup.row), against="words_table"
    )
    parts.below(_context)


def _context() -> None:
    """Where the same row becomes different vectors: with the layers, on another page."""
    lines.hint(t("words.context"))
    frame.way_to(topic("bert"), t("words.to_senses"), view="senses")


def _others(one: VectorSpace, lookup: Lookup) -> tuple[int, ...]:
    """Rows that the word is compared with, the chosen one first."""
    usual = (row_of(one, word) for word in _COMPARED)
    rows = [at for at in (lookup.other, *usual) if at is not None and at != lookup.row]
    return tuple(dict.fromkeys(rows))[:10]


def _choose(one: VectorSpace, kind: float, chosen: float, dim: float) -> None:
    if int(kind) == pictures.CELL:
        take(one, "word", int(chosen))
        state.put("dim", int(dim))
    else:
        take(one, "compared", int(chosen))


def _sums(lookup: Lookup, dim: int) -> None:
    w = writer()
    frame.section(t("words.row"), t("words.row_note"))
    sums.lines(written.picked(lookup, dim, w))
    value = notation().fixed(float(lookup.vector[dim]), 4)
    frame.equal_to(t("words.torch_lookup"), value, _check(lookup.space.id, lookup.row))
    frame.section(t("words.distance"), t("words.distance_note"))
    sums.lines(written.one_hot_distance(w), written.learned_distance(lookup, w))
    frame.equal_to(t("words.torch_distance"), notation().fixed(lookup.distance, 4),
                   lookup.check_distance())  # fmt: skip
    low, middle, high = (notation().fixed(value) for value in _spread(lookup.space.id, lookup.row))
    lines.hint(t("words.spread", low=low, middle=middle, high=high))
    left_out()
