"""The lit stage of the translator, opened: strips, sums, and the model's own number."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import streamlit as st

from models.transformer_trace import FeedForward
from pages.ui import charts, frame, state, writing
from pages.ui.text import labels, notation, t
from pages.ui.writing import Seen
from viz import formula_blocks as formulas
from viz.axes import Axes, Choice
from viz.block_strips import Strip, strips
from viz.formulas import formula
from viz.notation import shortened
from viz.onehead import of_block
from viz.score_table import table
from viz.scores_style import Scene, Style
from viz.stepping import ATTENTIONS, STAGES, Stage, Stepping

_MIXED, _JOINED = 3, 3  # terms of Σ α·v and of the product with W_O that are written out


def style() -> Style:
    """Colours, numbers and words of the figures and formulas."""
    return charts.style("figure", "scores.figure", "translator.figure")


def panel(seen: Seen) -> None:
    """The lit stage: what goes in, the sums of one dimension, what comes out, the check."""
    stepping = seen.stepping
    _head(stepping)
    opened = _OPENED[stepping.stage]
    difference = opened(stepping)
    st.html(f"<p class='hint'>{_remarks(stepping)}</p>")
    _switches(stepping)
    frame.equal_to(t(f"translator.own.{_family(stepping.stage)}"), _own(stepping), difference)


def _family(stage: Stage) -> str:
    """Which kind of block a stage is."""
    for name in ("norm", "feed"):
        if stage.endswith(name):
            return name
    if stage in ATTENTIONS:
        return "attention"
    return "embedding" if stage in ("source", "target") else stage


def _head(stepping: Stepping) -> None:
    """What is opened, for which word; two buttons that walk through the stages."""
    words, back, on = st.columns([430, 45, 45], gap="small", vertical_alignment="center")
    side = "k" if stepping.side == "encoder" else "q"
    token = frame.token(shortened(stepping.token, 12), side)
    with words:
        head = escape(t(f"translator.stage.{stepping.stage}"))
        inside = stepping.stage not in ("source", "target", "linear", "softmax")
        layer = t("translator.layer", n=stepping.depth(stepping.side)) if inside else ""
        frame.section(f"{head} · {token}", layer)
    place = STAGES.index(stepping.stage)
    for column, name, way, key in ((back, "‹", -1, "Shift+Left"), (on, "›", 1, "Shift+Right")):
        column.button(
            name,
            key=f"stage{'-back' if way < 0 else '-on'}",
            shortcut=key,
            on_click=state.put,
            args=("stage", STAGES[(place + way) % len(STAGES)]),
            help=t("translator.stage_back" if way < 0 else "translator.stage_on"),
            width="stretch",
        )


def _finer() -> bool:
    return bool(state.get("exact"))


def _written(lines: tuple[str, ...]) -> None:
    with st.container(key="block-sums", gap="xsmall"):
        for line in lines:
            st.latex(line)


def _drawn(rows: list[Strip]) -> None:
    charts.clickable(strips(rows, style()), "strips", writing.choose_dim)


def _embedding(stepping: Stepping) -> float:
    found = stepping.trace.source if stepping.side == "encoder" else stepping.trace.target
    place, dim = stepping.row, stepping.dim
    token = escape(stepping.token)
    vector = found.vectors[place] * found.vectors.dtype.type(found.scale)
    scale = f"√{vector.size} · " if found.scale != 1 else ""
    _drawn(
        [
            Strip(f"{scale}E[<bdi>{token}</bdi>]", vector, mark=dim),
            Strip(escape(t("translator.position", n=place)), found.positions[place], "+", dim),
            Strip("x", found.own[place], "=", dim),
        ]
    )
    _written(formulas.embedding(stepping, style(), finer=_finer()))
    return found.difference(place)


def _norm(stepping: Stepping) -> float:
    found, place, dim = stepping.norm, stepping.row, stepping.dim
    before = "feed" if "feed" in stepping.stage else "attention"
    _drawn(
        [
            Strip("x", found.x[place], mark=dim),
            Strip(escape(t(f"translator.added.{before}")), found.added[place], "+", dim),
            Strip("r", found.residual[place], "=", dim),
            Strip("y = norm(r)", found.own[place], "→", dim),
        ]
    )
    _written(formulas.norm(stepping, style(), finer=_finer()))
    return found.difference(place)


def _feed(stepping: Stepping) -> float:
    found, place, dim = stepping.feed, stepping.row, stepping.dim
    unit = formulas.unit(found, place, dim)
    _drawn(_feed_strips(found, place, dim, unit))
    _written(formulas.feed_forward(stepping, style(), finer=_finer()))
    return found.difference(place)


def _feed_strips(found: FeedForward, place: int, dim: int, unit: int) -> list[Strip]:
    return [
        Strip("x", found.x[place], chooses=False),
        Strip("a = f(x·W₁ + b₁)", found.active_own[place], "→", unit, chooses=False),
        Strip("y = a·W₂ + b₂", found.own[place], "→", dim),
    ]


def _attention(stepping: Stepping) -> float:
    kind = ATTENTIONS[stepping.stage]
    block = stepping.block(kind)
    one = of_block(block, min(stepping.head, block.heads - 1))
    queries = stepping.sources if kind == "encoder" else stepping.trace.reads
    axes = Axes(queries, stepping.keys, Choice(stepping.row, stepping.key))
    scene = Scene(one, axes, dim=stepping.inside(), out=stepping.dim)
    words = labels("translator.table")
    cell = stepping.row, stepping.key
    st.html(table(one.steps, stepping.keys, cell, labels=words, notation=notation()))
    with st.container(key="block-sums", gap="xsmall"):
        for step, most in ((6, _MIXED), (8, _JOINED)):
            made = formula(step, scene, style(), finer=_finer(), terms=most, few=most + 1)
            st.latex(made.chosen)
    return stepping.attention_difference()


def _linear(stepping: Stepping) -> float:
    output, step = stepping.trace.output, stepping.step
    row = output.projection.weight[:, stepping.trace.ids[step]]
    product = output.x[step] * row
    most = int(abs(product).argmax())
    word = escape(shortened(stepping.word, 12))
    _drawn(
        [
            Strip("h", output.x[step], mark=most, chooses=False),
            Strip(f"E[<bdi>{word}</bdi>]", row, "⊙", most, chooses=False),
            Strip(escape(t("translator.products")), product, "=", most, chooses=False),
        ]
    )
    _written(formulas.linear(stepping, style(), finer=_finer()))
    return output.difference(step)


def _softmax(stepping: Stepping) -> float:
    _written(formulas.probability(stepping, style(), finer=_finer()))
    return stepping.probability_difference()


_OPENED: dict[Stage, Callable[[Stepping], float]] = {
    "source": _embedding,
    "encoder": _attention,
    "encoder_norm": _norm,
    "encoder_feed": _feed,
    "encoder_feed_norm": _norm,
    "target": _embedding,
    "decoder": _attention,
    "decoder_norm": _norm,
    "cross": _attention,
    "cross_norm": _norm,
    "feed": _feed,
    "feed_norm": _norm,
    "linear": _linear,
    "softmax": _softmax,
}


def _remarks(stepping: Stepping) -> str:
    words = [t("scores.rounded")]
    family = _family(stepping.stage)
    if family == "feed":
        unit = formulas.unit(stepping.feed, stepping.row, stepping.dim)
        words.append(t("translator.unit", n=unit))
    if family == "attention":
        words.append(t("translator.inside", n=stepping.inside()))
    if family in ("linear", "softmax"):
        words.append(t(f"translator.note.{family}"))
    return escape(" · ".join(words))


def _switches(stepping: Stepping) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        state.put("exact", state.get("exact"))
        st.toggle(t("scores.more_digits"), key="exact", persist_state="session")
        if stepping.stage not in ("linear", "softmax"):
            st.number_input(
                t("translator.dim"),
                0,
                stepping.trace.output.x.shape[1] - 1,
                step=1,
                key="dim",
                persist_state="session",
                width=190,
            )


def _own(stepping: Stepping) -> str:
    """The model's own number of what the sums come to."""
    value = stepping.own_value()
    digits = 6 if _finer() else 4
    return (
        notation().small(value, digits)
        if stepping.stage == "softmax"
        else notation().fixed(value, digits)
    )
