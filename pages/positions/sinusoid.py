"""The positions page's views of the sinusoid: table, waves, distances, shift."""

from __future__ import annotations

from functools import partial

import streamlit as st

from models.core import encodings as maths
from models.core.arrays import difference
from models.trace import Floats
from pages.positions.shared import WIDTHS, look, place_cell, row, size, size_cell, speak, writer
from pages.ui import charts, controls, frame, inputs, lines, state, sums
from pages.ui.stepping import step_buttons
from pages.ui.text import notation, rich, t
from viz.board.board import Figure
from viz.positions import formulas as written
from viz.positions import now
from viz.positions.distances import Distances, distances_step
from viz.positions.distances import distances as draw_distances
from viz.positions.shift import shift as draw_shift
from viz.positions.table import Worked, worked_table
from viz.positions.waves import MOST_WAVES, wave_step
from viz.positions.waves import waves as draw_waves

_SHAPE = "_positions_table"  # of the last run: words, d, step
_LARGE = (64, 64, 10_000)  # positions, width, base of the table beside the worked one


def table() -> None:
    """The worked table of the visitor's words; every cell opens to its formula."""
    words, shown = inputs.settled(
        lambda wanted: maths.words(wanted.text, cut=wanted.cut),
        lambda words: len(words) if state.get("cut") else None,
    )
    d, n = size("d"), size("n")
    pos, dim = _cell(len(words), d)
    row((575, inputs.sentence), size_cell("d", 190), size_cell("n", 210))
    frame.notices()
    found = maths.sinusoidal(len(words), d, n)
    worked = Worked(words, found, 1 / maths.frequencies(d, n), (pos, dim))
    frame.now(*now.table(worked, speak()))
    figure, right = frame.picture_and_sums(WIDTHS, gaps=frame.TIGHT)
    with figure:
        frame.section(t("positions.table"), t("positions.table_note", d=d, n=n))
        _table_figure(worked, d)
    with right:
        step_buttons(range(len(words) * d), "positions.back", "positions.on")
        _cell_sums(words[pos], pos, dim, n, found[pos])
    untouched = words == maths.words(state.default("text")) and (d, n) == (4, 100)
    lesson = t("positions.lesson" if untouched else "positions.computed")
    frame.provenance("example", lesson, frame.quote(shown.text))


def _table_figure(worked: Worked, d: int) -> None:
    length, width, base = _LARGE
    large = maths.sinusoidal(length, width, base)
    words = t("positions.of_size", length=length, d=width, n=base)
    figure = worked_table(worked, large, words, look())
    charts.clickable(
        figure,
        "table",
        lambda pos, dim: state.put("step", int(pos) * d + int(dim)),
        t("positions.table"),
        worked.chosen,
    )


def _cell(count: int, d: int) -> tuple[int, int]:
    """The chosen cell; when words or width have just changed, the nearest that is left."""
    before, step = st.session_state.get(_SHAPE), int(state.get("step"))
    if before is not None and before[:2] != (count, d) and before[2] == step:
        pos, dim = divmod(step, before[1])
        state.put("step", min(pos, count - 1) * d + min(dim, d - 1))
    step = controls.in_range("step", count * d)
    st.session_state[_SHAPE] = (count, d, step)
    return divmod(step, d)


def _cell_sums(word: str, pos: int, dim: int, n: int, row: Floats) -> None:
    """row: (d,) the word's row of the table."""
    d, even = len(row), dim - dim % 2
    named = frame.token(word, "ink", 14)
    frame.section(rich("positions.cell", word=named, pos=pos, dim=dim))
    sums.lines(written.general(), written.cell(word, pos, dim, d, n, float(row[dim]), writer()))
    lines.titled(t("positions.pair", a=even, b=even + 1), t("positions.pair_note"))
    sums.lines(written.pair(float(row[even]), float(row[even + 1]), writer()))
    lines.beside(t("positions.wavelength"), notation().significant(maths.wavelength(dim, d, n), 4))
    lines.beside(t("positions.norm"), notation().significant(d / 2, 4))
    lines.hint(t("positions.rounded"))


def waves() -> None:
    """The large table over the positions, some dimensions as waves."""
    length, width, base = size("length"), size("width"), size("base")
    dims, pos = _dims(width), controls.in_range("pos", length)
    chosen = partial(
        controls.several, "dims", "positions.dims", range(width), str,
        shown=dims, max_selections=MOST_WAVES,
    )  # fmt: skip
    row(*_size_cells(), (430, chosen))
    frame.notices()
    found = maths.sinusoidal(length, width, base)
    lengths = [maths.wavelength(dim, width, base) for dim in dims]
    frame.now(*now.waves(found, dims, pos, speak()))
    figure, right = frame.picture_and_sums(WIDTHS, gaps=frame.TIGHT)
    with figure:
        frame.section(t("positions.waves"), t("positions.waves_note"))
        with charts.below(wave_step(found, dims, pos, lengths, look()), "waves"):
            charts.acting(
                draw_waves(found, look()),
                "waves",
                lambda pos, dim: _wave_chosen(int(pos), int(dim), dims),
                t("positions.waves"),
                (pos, dims[0]),
            )
    with right:
        step_buttons(range(length), "positions.back", "positions.on", name="pos")
        frame.section(t("positions.at", pos=pos), f"d = {width}, n = {notation().grouped(base)}")
        sums.lines(written.general())
        for dim, wavelength in zip(dims, lengths, strict=True):
            turns = notation().significant(wavelength, 4)
            lines.titled(t("positions.dim", dim=dim), t("positions.every", n=turns))
            sums.lines(written.wave(pos, dim, width, base, float(found[pos, dim]), writer()))
        lines.hint(t("positions.rounded"))
    _computed(length, width, base)


def _size_cells() -> list[controls.Cell]:
    return [size_cell("length", 185), size_cell("width", 185), size_cell("base", 215)]


def _computed(length: int, width: int, base: int) -> None:
    size = t("positions.of_size", length=length, d=width, n=base)
    frame.provenance("example", t("positions.computed"), size)


def _dims(width: int) -> tuple[int, ...]:
    """The dimensions that get a wave; what is no dimension of the table is said and left out."""
    raw = state.get("dims").split()
    asked = [int(part) for part in raw if part.isascii() and part.isdigit() and len(part) <= 6]
    kept = tuple(sorted({dim for dim in asked if dim < width}))[:MOST_WAVES]
    if len(kept) < len(raw) and state.get("dims") != state.default("dims"):
        state.notice("positions.no_dims", last=width - 1, most=MOST_WAVES)
    kept = kept or (0,)
    state.put("dims", " ".join(map(str, kept)))
    return kept


def _wave_chosen(pos: int, dim: int, dims: tuple[int, ...]) -> None:
    """A click: the position, and its dimension instead of the nearest that had a wave."""
    nearest = min(dims, key=lambda other: abs(other - dim))
    kept = set(dims) if len(dims) < MOST_WAVES else set(dims) - {nearest}
    state.put_all(pos=pos, dims=" ".join(map(str, sorted(kept | {dim}))))


def distances() -> None:
    """P·Pᵀ, and that of it only the distance is left."""
    length, width, base = size("length"), size("width"), size("base")
    pos, offset = pair(length)
    row(*_size_cells(), place_cell(length), (190, controls.nothing))
    frame.notices()
    found = maths.sinusoidal(length, width, base)
    products = maths.products(found)
    shown = Distances(products, maths.by_offset(products), (pos, pos + offset))
    frame.now(*now.distances(shown, speak()))
    figure, right = frame.picture_and_sums(WIDTHS, gaps=frame.TIGHT)
    with figure:
        step = distances_step(shown, look())
        pair_map(draw_distances(shown, look()), step, "distances", pos, offset)
    with right:
        step_buttons(range(length - pos), "positions.nearer", "positions.farther", name="offset")
        _product_sums(found, pos, offset, width, base)
        apart = difference(maths.deviation(products), 0.0, among=products)
        frame.equal_to(t("positions.deviation"), "", apart)
    _computed(length, width, base)


def pair(length: int) -> tuple[int, int]:
    """The chosen position and how far from it the other one is, both in the table."""
    pos = controls.in_range("pos", length)
    if state.get("offset") >= length - pos and state.get("offset") < length:
        state.put("offset", length - 1 - pos)  # only the first of the two has moved
    return pos, controls.in_range("offset", length - pos)


def pair_chosen(one: int, other: int) -> None:
    """A click on a matrix of positions: which of the two comes first is all one."""
    state.put_all(pos=min(int(one), int(other)), offset=abs(int(one) - int(other)))


def pair_map(drawn: Figure, step: Figure, name: str, pos: int, offset: int) -> None:
    """A matrix of positions: two cells stand for the chosen pair, which `step` lays on top.

    name: of its key and words.
    """
    places, words = ((pos, pos + offset), (pos + offset, pos)), t(f"positions.{name}")
    frame.section(words, t(f"positions.{name}_note"))
    with charts.below(step, name):
        charts.clickable(drawn, name, pair_chosen, words, *places)


def _product_sums(found: Floats, pos: int, offset: int, width: int, base: int) -> None:
    other = pos + offset
    frame.section(t("positions.two", a=pos, b=other), t("positions.apart", n=offset))
    value, i = maths.product(found, pos, other), min(1, width // 2 - 1)
    frequency = float(maths.frequencies(width, base)[i])
    sums.lines(written.product(pos, other, maths.turned(offset, width, base), value, writer(3)))
    lines.titled(t("positions.why"), t("positions.why_note"))
    sums.lines(written.addition(pos, other, found[[pos, other]], frequency, i, writer()))
    lines.hint(t("positions.rounded"))


def shift() -> None:
    """The rotation that leads from one position to another, the same everywhere."""
    d, n = size("d"), size("n")
    pos, offset = pair(maths.MOST)
    block = controls.in_range("dim", d) // 2
    row(size_cell("d", 185), size_cell("n", 200), place_cell(maths.MOST), (390, controls.nothing))
    frame.notices()
    before, after = maths.encoded([pos, pos + offset], d, n)
    divisor = float(1 / maths.frequencies(d, n)[block])
    frame.now(*now.shift(pos, offset, block, divisor, maths.MOST, speak()))
    figure, right = frame.picture_and_sums(WIDTHS, gaps=frame.TIGHT)
    with figure:
        frame.section(t("positions.shift"), t("positions.shift_note"))
        drawn = draw_shift(before, maths.shift(offset, d, n), after, pos, offset, block, look())
        charts.clickable(
            drawn,
            "shift",
            lambda block: state.put("dim", 2 * int(block)),
            t("positions.shift"),
            (block,),
            said=t("positions.pair", a=2 * block, b=2 * block + 1),
        )
    with right:
        step_buttons(range(maths.MOST - pos), "positions.less", "positions.more", name="offset")
        _rotation_sums(before, after, pos, offset, block, n, divisor)
    frame.provenance("example", t("positions.computed"), f"d = {d}, n = {n}")


def _rotation_sums(
    before: Floats, after: Floats, pos: int, offset: int, block: int, n: int, divisor: float
) -> None:
    d, here = len(before), slice(2 * block, 2 * block + 2)
    frame.section(
        t("positions.rotation", a=pos, b=pos + offset),
        t("positions.pair", a=2 * block, b=2 * block + 1),
    )
    angle = offset / divisor
    sums.lines(
        written.rotation_general(),
        written.angle(offset, divisor, writer()),
        written.rotation(before[here], after[here], angle, writer()),
    )
    lines.titled(t("positions.first_row"), t("positions.first_row_note"))
    sums.lines(written.rotation_row(before[here], angle, writer()))
    lines.hint(t("positions.rounded"))
    apart = difference(maths.shift_error(offset, d, n), 0.0, among=1.0)
    frame.equal_to(t("positions.everywhere"), "", apart)
