"""The lit stage of the translator, opened: strips, sums, and the model's own number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import streamlit as st

from models.core.arrays import Difference
from pages.translator.controls import Seen
from pages.ui import charts, frame, lines, state, sums, symbols
from pages.ui import controls as ui
from pages.ui.text import notation, t
from viz.board.markup import escaped, joined
from viz.board.notation import for_html, shortened
from viz.formula.writer import Writer
from viz.translator import stages_formulas as formulas
from viz.translator.block_strips import Strip, strips
from viz.translator.score_table import shares, table
from viz.translator.stage_names import STAGES, Stage
from viz.translator.stages import Stepping

_Draw = Callable[[Stepping], Difference]
_Write = Callable[[Stepping, Writer], formulas.Lines]
style = partial(charts.style, "figure", "scores.figure", "translator.figure")


def panel(seen: Seen) -> None:
    """The lit stage: what goes in, the sums of one dimension, what comes out, the check."""
    stepping = seen.stepping
    _head(stepping)
    draw, write, few = _OPENED[stepping.family]
    difference = draw(stepping)
    # No switch here for all terms: what other pages are asked for does not count.
    w = replace(sums.writer(style(), room=formulas.ROW), most=few)
    with st.container(key="block-sums", gap="xsmall"):
        sums.lines(*write(stepping, w))
    _switches(stepping)
    lines.hint(_remarks(stepping))
    own = t(f"translator.own.{stepping.family}")
    compared = t(f"translator.compared.{stepping.family}")
    frame.equal_to(f"{own} ({compared})", _own(stepping), difference)


def _head(stepping: Stepping) -> None:
    """What is opened, for which word; two buttons that walk through the stages."""
    words, back, on = st.columns([380, 56, 56], gap="small", vertical_alignment="center")
    side = "k" if stepping.side == "encoder" else "q"
    token = frame.token(stepping.token, side, 12)
    with words:
        inside = stepping.stage not in ("source", "target", "linear", "softmax")
        layer = t("translator.layer", n=stepping.depth(stepping.side)) if inside else ""
        frame.section(joined((t(f"translator.stage.{stepping.stage}"), token)), layer)
    for column, name, way, key in ((back, "‹", -1, "Shift+Left"), (on, "›", 1, "Shift+Right")):
        which = "back" if way < 0 else "on"
        why = t(f"translator.stage_{which}")
        with column:
            ui.button(name, f"stage-{which}", _turn, way, shortcut=key, relative=True, help=why)


def _turn(way: int) -> None:
    """The next stage, or the one before."""
    state.put("stage", beyond(state.get("stage"), way))


def beyond(stage: Stage, way: int) -> Stage:
    """The stage so many further on; beyond the last comes the first."""
    return STAGES[(STAGES.index(stage) + way) % len(STAGES)]


def _drawn(rows: list[Strip], *, apart: bool = False) -> None:
    name = t(f"translator.stage.{state.get('stage')}")
    drawn = strips(rows, style(), apart=apart)
    charts.clickable(drawn, "strips", charts.chooses("dim"), name)


def _embedding(stepping: Stepping) -> Difference:
    found = stepping.trace.source if stepping.side == "encoder" else stepping.trace.target
    place, dim = stepping.row, stepping.dim
    token = for_html(stepping.token)
    vector = found.vectors[place] * found.vectors.dtype.type(found.scale)
    scale = f"√{vector.size} · " if found.scale != 1 else ""
    _drawn(
        [
            Strip(f"{scale}E[{token}]", vector, mark=dim),
            Strip(escaped(t("translator.position", n=place)), found.positions[place], "+", dim),
            Strip("x", found.own[place], "=", dim),
        ]
    )
    return found.difference(place)


def _norm(stepping: Stepping) -> Difference:
    found, place, dim = stepping.norm, stepping.row, stepping.dim
    before = "feed" if "feed" in stepping.stage else "attention"
    _drawn(
        [
            Strip("x", found.x[place], mark=dim),
            Strip(escaped(t(f"translator.added.{before}")), found.added[place], "+", dim),
            Strip("r", found.residual[place], "=", dim),
            Strip("y = norm(r)", found.own[place], "→", dim),
        ]
    )
    return found.difference(place)


def _feed(stepping: Stepping) -> Difference:
    found, place, dim = stepping.feed, stepping.row, stepping.dim
    unit = formulas.unit(found, place, dim)
    _drawn(
        [
            Strip("a = f(x·W₁ + b₁)", found.active_own[place], "", unit, chooses=False),
            Strip("y = a·W₂ + b₂", found.own[place], "→", dim),
        ]
    )
    return found.difference(place)


def _attention(stepping: Stepping) -> Difference:
    cell = stepping.row, stepping.key
    symbols.show(table(stepping.steps, stepping.keys, cell, charts.style("translator.table")))
    return stepping.attention_difference()


def _linear(stepping: Stepping) -> Difference:
    output, step = stepping.trace.output, stepping.step
    row = output.projection.weight[:, stepping.trace.ids[step]]
    product = output.x[step] * row
    most = int(abs(product).argmax())
    word = for_html(shortened(stepping.word, 12))
    _drawn(
        [
            Strip("h", output.x[step], mark=most, chooses=False),
            Strip(f"E[{word}]", row, "⊙", most, chooses=False),
            Strip(escaped(t("translator.products")), product, "=", most, chooses=False),
        ],
        apart=True,
    )
    return output.difference(step)


def _softmax(stepping: Stepping) -> Difference:
    trace, step = stepping.trace, stepping.step
    symbols.show(shares(trace.step(step), len(trace.vocabulary), charts.style("translator.table")))
    return stepping.probability_difference()


# By family of stages: what draws it and compares, its sums, so many terms of them.
_OPENED: dict[str, tuple[_Draw, _Write, int]] = {
    "embedding": (_embedding, formulas.embedding, formulas.MOST),
    "attention": (_attention, formulas.attention, formulas.FEW),
    "norm": (_norm, formulas.norm, formulas.MOST),
    "feed": (_feed, formulas.feed_forward, formulas.MOST),
    "linear": (_linear, formulas.linear, formulas.MOST),
    "softmax": (_softmax, formulas.probability, formulas.MOST),
}


def _remarks(stepping: Stepping) -> str:
    words = [t("scores.rounded")]
    family = stepping.family
    if family == "feed":
        unit = formulas.unit(stepping.feed, stepping.row, stepping.dim)
        words.append(t("translator.unit", n=unit))
    if family == "attention":
        words.append(t("translator.inside", n=stepping.inside()))
    if family in ("linear", "softmax"):
        words.append(t(f"translator.note.{family}"))
    return " · ".join(words)


def _switches(stepping: Stepping) -> None:
    with st.container(
        key="block-switches", horizontal=True, vertical_alignment="center", gap="small"
    ):
        if stepping.stage not in ("linear", "softmax"):
            lines.hint(t("translator.dim"), width="content")
            look = {"label_visibility": ui.HIDDEN, "width": 160}
            ui.counted("dim", stepping.trace.output.x.shape[1], key="translator.dim", **look)
        sums.more_digits()


def _own(stepping: Stepping) -> str:
    """The model's own number of what the sums come to."""
    value = stepping.own_value()
    write = notation().small if stepping.stage == "softmax" else notation().fixed
    return write(value, 6 if sums.finer() else 4)
