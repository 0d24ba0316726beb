"""The words page's map: each word's vector as a point of two numbers, and what that distorts."""

from __future__ import annotations

from functools import partial

from models.core.arrays import Difference
from models.words import maps
from models.words.map import NEAREST, Quality, WordMap, agreement, quality
from models.words.maps import PROJECTIONS, word_map
from models.words.word_classes import word_classes
from pages.ui import caches, charts, controls, frame, inputs, lines, state, sums
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
    take,
    word_field,
    writer,
)
from viz.words import map_formulas as written
from viz.words import map_now
from viz.words.map import Scene
from viz.words.map import word_map as draw

_ROOM = 110


def _quality(name: str, projection: str) -> Quality:
    return quality(word_map(name, projection))


def _check(name: str) -> Difference:
    return word_map(name, "pca").check_principal()


def _agreement(name: str) -> float:
    return agreement(*(word_map(name, each) for each in maps.SEEDS))


qualities = caches.of_values(_quality, entries=12)
checks = caches.of_values(_check, entries=4)
agreements = caches.of_values(_agreement, entries=4)


def view() -> None:
    """The map at the left, the chosen word's place at the right."""
    one, projection = space(), str(state.get("projection"))
    found = word_map(one.id, projection)
    word = _word(found)
    rank = controls.in_range("step", NEAREST)
    measured = {each: qualities(one.id, each) for each in PROJECTIONS}
    scene = Scene(found, word, rank, maps.classes(found, word_classes()), measured, projection)
    which = partial(controls.select, "projection", "words.projection", PROJECTIONS)
    controls_row((260, which), (220, partial(word_field, "word")))
    frame.notices()
    frame.now(*map_now.sentence(scene, speak()))
    figure, right = frame.picture_and_sums(WIDTHS, gaps=GAPS)
    with figure:
        frame.section(t("words.map"), t("words.map_note"))
        choose = partial(_choose, found)
        charts.clickable(
            draw(scene, look()), "word-map", choose, t("words.map"), [found.rows[word]]
        )
    with right:
        step_buttons(range(NEAREST), "words.nearer", "words.farther")
        _sums(scene)
    if found.principal is None:
        check = found.check(word, scene.other)
        frame.provenance("measured", *origin(one), t("words.tsne_stored"), difference=check,
                         against="words_map")  # fmt: skip
    else:
        check = checks(one.id)
        frame.provenance("live", *origin(one), difference=check, against="words_pca")


def _word(found: WordMap) -> int:
    """Which word of the map is chosen; of one that is not on it, that is said."""
    chosen = row(found.space, "word")
    at = found.index(chosen)
    if at is not None:
        return at
    usual = str(state.default("word"))
    typed = inputs.ending(str(state.get("word")))
    state.notice("words.not_on_map", word=typed, usual=usual)
    return found.index(found.space.typed[usual]) or 0


def _choose(found: WordMap, chosen: float) -> None:
    take(found.space, "word", int(chosen))
    state.put("step", 0)


def _sums(scene: Scene) -> None:
    found, w = scene.found, writer(2)
    here, there = found.places[[scene.word, scene.other]]
    if found.principal is not None:
        frame.section(t("words.place"), t("words.place_note"))
        vector = found.vectors[scene.word]
        general, rows, result = written.coordinate(found.principal, vector, 0, w)
        sums.lines(general)
        with sums.box(_ROOM):
            sums.lines(rows)
        sums.lines(result)
        value = notation().fixed(float(here[0]), 4)
        frame.equal_to(t("words.sklearn_pca"), value, checks(found.space.id))
    frame.section(t("words.map_distance"), t("words.map_distance_note"))
    sums.lines(written.distance(here, there, w))
    if found.principal is None:
        length = found.map_distance(scene.word, scene.other)
        sums.lines(written.kernel(length, w))
        lines.hint(t("words.kernel_hint"))
    sums.switches(terms=found.principal is not None)
    value = notation().fixed(found.map_distance(scene.word, scene.other), 4)
    frame.equal_to(t("words.torch_distance"), value, found.check(scene.word, scene.other))
    if found.principal is None:
        frame.section(t("words.seeds"), t("words.seeds_note"))
        lines.hint(t("words.seeds_hint", r=notation().fixed(agreements(found.space.id))))
    left_out()
