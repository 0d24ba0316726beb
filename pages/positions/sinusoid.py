"""The positions page's views of the sinusoid: table, waves, distances, shift."""

from __future__ import annotations

from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from models.core import encodings as maths
from models.core.arrays import difference
from models.trace import Floats
from pages.positions.shared import (
    WIDTHS,
    beside,
    hint,
    look,
    row,
    size,
    size_control,
    style,
    titled,
)
from pages.ui import charts, controls, frame, state
from pages.ui.stepping import step_buttons
from pages.ui.text import notation, t
from viz.board.notation import shortened
from viz.positions import formulas as written
from viz.positions.distances import Distances
from viz.positions.distances import distances as draw_distances
from viz.positions.shift import shift as draw_shift
from viz.positions.table import Worked, worked_table
from viz.positions.waves import MOST_WAVES
from viz.positions.waves import waves as draw_waves

_SHAPE = "_table_shape"  # of the last run: words, d, step
_LARGE = (64, 64, 10_000)  # positions, width, base of the table beside the worked one


def table() -> None:
    """The worked table of the visitor's words; every cell opens to its formula."""
    words, shown = controls.best(lambda wanted: maths.words(wanted.text, cut=wanted.cut))
    controls.settle(shown, cut=len(words) if state.get("cut") else None)
    d, n = size("d"), size("n")
    pos, dim = _cell(len(words), d)
    columns = row([575, 190, 210])
    with columns[0]:
        controls.sentence_control()
    for name, column in zip(("d", "n"), columns[1:], strict=True):
        with column:
            size_control(name)
    frame.notices()
    found = maths.sinusoidal(len(words), d, n)
    left, right = st.columns(WIDTHS, gap="medium")
    with left, st.container(key="main-figure", gap="xxsmall"):
        frame.section(t("positions.table"), t("positions.table_note", d=d, n=n))
        worked = Worked(words, found, 1 / maths.frequencies(d, n), (pos, dim))
        _table_figure(worked, d)
    with right, st.container(key="steps", gap=None):
        last = len(words) * d
        step_buttons(range(last), t("positions.back"), t("positions.on"))
        _cell_sums(words[pos], pos, dim, n, found[pos])
    untouched = words == maths.words(state.default("text")) and (d, n) == (4, 100)
    frame.provenance(
        "example",
        escape(t("positions.lesson" if untouched else "positions.computed")),
        f"“{frame.quote(shown.text)}”",
    )


def _table_figure(worked: Worked, d: int) -> None:
    length, width, base = _LARGE
    large = maths.sinusoidal(length, width, base)
    figure = worked_table(
        worked, large, t("positions.of_size", length=length, d=width, n=base), look()
    )
    charts.clickable(figure, "table", lambda pos, dim: state.put("step", int(pos) * d + int(dim)))


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
    named = frame.token(shortened(word, 14), "ink")
    frame.section(t("positions.cell", word="{}", pos=pos, dim=dim).format(named))
    st.latex(written.general())
    st.latex(written.cell(word, pos, dim, d, n, float(row[dim]), style()))
    titled(t("positions.pair", a=even, b=even + 1), t("positions.pair_note"))
    st.latex(written.pair(float(row[even]), float(row[even + 1]), style()))
    beside(t("positions.wavelength"), notation().significant(maths.wavelength(dim, d, n), 4))
    beside(t("positions.norm"), notation().significant(d / 2, 4))
    hint(t("positions.rounded"))


def waves() -> None:
    """The large table over the positions, some dimensions as waves."""
    length, width, base = size("length"), size("width"), size("base")
    dims, pos = _dims(width), controls.in_range("pos", length)
    columns = row([185, 185, 215, 390])
    _sizes(columns)
    with columns[3]:
        _dims_control(width, dims)
    frame.notices()
    found = maths.sinusoidal(length, width, base)
    left, right = st.columns(WIDTHS, gap="medium")
    with left, st.container(key="main-figure", gap="xxsmall"):
        frame.section(t("positions.waves"), t("positions.waves_note"))
        figure = draw_waves(
            found,
            dims,
            pos,
            [maths.wavelength(dim, width, base) for dim in dims],
            look(),
        )
        charts.clickable(figure, "waves", lambda pos, dim: _wave_chosen(int(pos), int(dim), dims))
    with right, st.container(key="steps", gap=None):
        step_buttons(range(length), t("positions.back"), t("positions.on"), name="pos")
        frame.section(t("positions.at", pos=pos), f"d = {width}, n = {base}")
        st.latex(written.general())
        for dim in dims:
            turns = notation().significant(maths.wavelength(dim, width, base), 4)
            titled(t("positions.dim", dim=dim), t("positions.every", n=turns))
            st.latex(written.wave(pos, dim, width, base, float(found[pos, dim]), style()))
        hint(t("positions.rounded"))
    _computed(length, width, base)


def _sizes(columns: list[DeltaGenerator]) -> None:
    for name, column in zip(("length", "width", "base"), columns, strict=False):
        with column:
            size_control(name)


def _computed(length: int, width: int, base: int) -> None:
    frame.provenance(
        "example",
        escape(t("positions.computed")),
        escape(t("positions.of_size", length=length, d=width, n=base)),
    )


def _dims(width: int) -> tuple[int, ...]:
    """The dimensions that get a wave; what is no dimension of the table is said and left out."""
    raw = state.get("dims").split()
    asked = [int(part) for part in raw if part.isascii() and part.isdigit() and len(part) <= 6]
    kept = tuple(sorted({dim for dim in asked if dim < width}))[:MOST_WAVES]
    if not kept or len(kept) < len(raw):
        if state.get("dims") != state.default("dims"):
            state.notice("positions.no_dims", last=width - 1, most=MOST_WAVES)
        kept = kept or (0,)
    state.put("dims", " ".join(map(str, kept)))
    return kept


def _dims_control(width: int, dims: tuple[int, ...]) -> None:
    # The address holds one word for all of them, the widget a list.
    st.session_state["wave-dims"] = list(dims)

    def changed() -> None:
        chosen = st.session_state["wave-dims"] or [0]
        state.put("dims", " ".join(map(str, sorted(chosen))))

    st.multiselect(
        t("positions.dims"),
        range(width),
        key="wave-dims",
        max_selections=MOST_WAVES,
        on_change=changed,
    )


def _wave_chosen(pos: int, dim: int, dims: tuple[int, ...]) -> None:
    """A click: the position, and its dimension instead of the nearest that had a wave."""
    nearest = min(dims, key=lambda other: abs(other - dim))
    kept = set(dims) if len(dims) < MOST_WAVES else set(dims) - {nearest}
    state.put("pos", pos)
    state.put("dims", " ".join(map(str, sorted(kept | {dim}))))


def distances() -> None:
    """P·Pᵀ, and that of it only the distance is left."""
    length, width, base = size("length"), size("width"), size("base")
    pos, offset = pair(length)
    columns = row([185, 185, 215, 185, 190])
    _sizes(columns)
    with columns[3]:
        controls.number("pos", length)
    frame.notices()
    found = maths.sinusoidal(length, width, base)
    products = maths.products(found)
    left, right = st.columns(WIDTHS, gap="medium")
    with left, st.container(key="main-figure", gap="xxsmall"):
        frame.section(t("positions.distances"), t("positions.distances_note"))
        figure = draw_distances(
            Distances(products, maths.by_offset(products), (pos, pos + offset)),
            look(),
        )
        charts.clickable(figure, "distances", pair_chosen)
    with right, st.container(key="steps", gap=None):
        step_buttons(
            range(length - pos), t("positions.nearer"), t("positions.farther"), name="offset"
        )
        _product_sums(found, pos, offset, width, base)
        off = maths.deviation(products)
        frame.equal_to(t("positions.deviation"), "", difference(off, 0.0, among=products))
    _computed(length, width, base)


def pair(length: int) -> tuple[int, int]:
    """The chosen position and how far from it the other one is, both in the table."""
    pos = controls.in_range("pos", length)
    if state.get("offset") >= length - pos and state.get("offset") < length:
        state.put("offset", length - 1 - pos)  # only the first of the two has moved
    return pos, controls.in_range("offset", length - pos)


def pair_chosen(one: int, other: int) -> None:
    """A click on a matrix of positions: which of the two comes first is all one."""
    state.put("pos", min(int(one), int(other)))
    state.put("offset", abs(int(one) - int(other)))


def _product_sums(found: Floats, pos: int, offset: int, width: int, base: int) -> None:
    other = pos + offset
    frame.section(t("positions.two", a=pos, b=other), t("positions.apart", n=offset))
    frequencies = maths.frequencies(width, base)
    value = float(found[pos] @ found[other])
    st.latex(written.product(pos, other, maths.turned(offset, width, base), value, style()))
    titled(t("positions.why"), t("positions.why_note"))
    i = min(1, width // 2 - 1)
    st.latex(written.addition(pos, other, found[[pos, other]], float(frequencies[i]), i, style()))
    hint(t("positions.rounded"))


def shift() -> None:
    """The rotation that leads from one position to another, the same everywhere."""
    d, n = size("d"), size("n")
    pos, offset = pair(maths.MOST)
    block = controls.in_range("dim", d) // 2
    columns = row([185, 200, 185, 390])
    for name, column in zip(("d", "n"), columns[:2], strict=True):
        with column:
            size_control(name)
    with columns[2]:
        controls.number("pos", maths.MOST)
    frame.notices()
    before, after = maths.encoded([pos, pos + offset], d, n)
    left, right = st.columns(WIDTHS, gap="medium")
    with left, st.container(key="main-figure", gap="xxsmall"):
        frame.section(t("positions.shift"), t("positions.shift_note"))
        figure = draw_shift(
            before,
            maths.shift(offset, d, n),
            after,
            pos,
            offset,
            block,
            look(),
        )
        charts.clickable(figure, "shift", lambda block: state.put("dim", 2 * int(block)))
    with right, st.container(key="steps", gap=None):
        last = maths.MOST - pos
        step_buttons(range(last), t("positions.less"), t("positions.more"), name="offset")
        _rotation_sums(before, after, pos, offset, block, n)
    frame.provenance("example", escape(t("positions.computed")), f"d = {d}, n = {n}")


def _rotation_sums(
    before: Floats, after: Floats, pos: int, offset: int, block: int, n: int
) -> None:
    d, here = len(before), slice(2 * block, 2 * block + 2)
    frame.section(
        t("positions.rotation", a=pos, b=pos + offset),
        t("positions.pair", a=2 * block, b=2 * block + 1),
    )
    st.latex(written.rotation_general())
    divisor = float(1 / maths.frequencies(d, n)[block])
    angle = offset / divisor
    st.latex(written.angle(offset, divisor, style()))
    st.latex(written.rotation(before[here], after[here], angle, style()))
    titled(t("positions.first_row"), t("positions.first_row_note"))
    st.latex(written.rotation_row(before[here], angle, style()))
    hint(t("positions.rounded"))
    off = maths.shift_error(offset, d, n)
    frame.equal_to(t("positions.everywhere"), "", difference(off, 0.0, among=1.0))
