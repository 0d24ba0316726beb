"""The positions page's view of a loaded model's own table, beside the sinusoid of its size."""

from __future__ import annotations

from html import escape

import streamlit as st

from models.core import encodings as maths
from models.positions.learned import Learned, learned
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
from pages.positions.sinusoid import pair, pair_chosen
from pages.ui import caches, charts, controls, frame, state
from pages.ui.stepping import step_buttons
from pages.ui.text import notation, t
from viz.positions import formulas as written
from viz.positions.distances import Beside
from viz.positions.distances import beside as draw

_learned = caches.of_model(learned, entries=8)


def view() -> None:
    """Two tables and their cosines at the left, the chosen pair's cosine at the right."""
    with st.spinner(t("frame.wait")):
        found, shown = controls.best(lambda wanted: _learned(wanted.model))
    controls.settle(shown)
    count = min(size("length"), len(found.table))
    pos, offset = pair(count)
    columns = row([330, 190, 190, 260])
    with columns[0]:
        controls.model_control()
    with columns[1]:
        size_control("length")
    with columns[2]:
        controls.number("pos", count)
    if count < state.get("length"):
        state.notice("positions.fewer", model=caches.title(found.model_id), count=count)
    frame.notices()
    table = found.table[:count].astype("float64")
    width = table.shape[1] - table.shape[1] % 2
    sinusoid = maths.sinusoidal(count, min(width, maths.MOST))
    cosines, others = maths.cosines(table), maths.cosines(sinusoid)
    left, right = st.columns(WIDTHS, gap="medium")
    with left, st.container(key="main-figure", gap="xxsmall"):
        frame.section(t("positions.learned"), t("positions.learned_note"))
        _picture(table, sinusoid, cosines, others, (pos, pos + offset))
    with right, st.container(key="steps", gap=None):
        last = range(count - pos)
        step_buttons(last, t("positions.nearer"), t("positions.farther"), name="offset")
        _sums(found, table, cosines, pos, offset)
        beside(t("positions.sinusoid_cosine"), _three(float(others[pos, pos + offset])))
        frame.section(t("positions.only_distance"))
        beside(t("positions.learned_deviation"), _three(maths.deviation(cosines)))
        beside(t("positions.sinusoid_deviation"), notation().scientific(maths.deviation(others)))
        hint(t("positions.deviation_rule"))
    frame.provenance(
        "live",
        escape(caches.title(found.model_id)),
        escape(f"{found.path}, {len(found.table)} × {table.shape[1]}"),
        escape(t("positions.as_it_is")),
    )


def _three(value: float) -> str:
    return notation().fixed(value, 3)


def _picture(
    table: Floats, sinusoid: Floats, cosines: Floats, others: Floats, chosen: tuple[int, int]
) -> None:
    figure = draw(
        Beside(
            table,
            cosines,
            maths.by_offset(cosines),
            sinusoid,
            others,
            maths.by_offset(others),
            chosen,
        ),
        look(),
    )
    charts.clickable(figure, "learned", pair_chosen)


def _sums(found: Learned, table: Floats, cosines: Floats, pos: int, offset: int) -> None:
    other = pos + offset
    frame.section(t("positions.two", a=pos, b=other), t("positions.apart", n=offset))
    titled(t("positions.own_sum"), t("positions.own_sum_note"))
    st.latex(written.dot(rf"p_{{{pos}}} \cdot p_{{{other}}}", table[pos], table[other], style()))
    st.latex(written.cosine(table[pos], table[other], float(cosines[pos, other]), style()))
    hint(t("positions.rounded"))
