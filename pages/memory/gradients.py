"""The memory page's first view: the gradient of each earlier word, and why it is what it is."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import streamlit as st

import models.memory.gradients
from models.core.arrays import Difference, difference
from models.memory import jacobian_paths
from models.memory.gradients import NETWORKS, Gradients
from pages.ui import caches, charts, frame, state
from pages.ui.stepping import step_buttons
from pages.ui.text import labels, notation, t
from viz.board.board import Figure
from viz.board.notation import shortened
from viz.board.style import Style
from viz.memory import formulas as written
from viz.memory.gradients import Way, gradients

WIDTHS = (1190, 590)

back = caches.of_values(models.memory.gradients.gradients, entries=96)

_MARKS = {"rnn": "●", "lstm": "◆", "attention": "■"}
_ROLES = {"rnn": "net_rnn", "lstm": "net_lstm", "attention": "weight"}


def view(found: Gradients) -> None:
    """Curves and strips at the left, the three products at the right."""
    distance = int(state.get("step"))
    chain = jacobian_paths.recurrent(found.rnn, distance)
    cell = jacobian_paths.along_cell(found.lstm, distance)
    look = jacobian_paths.look(found.attention, distance)
    left, right = st.columns(WIDTHS, gap="medium")
    with left, st.container(key="main-figure", gap="xxsmall"):
        frame.section(t("memory.gradients"), t("memory.gradients_note"))
        legend({name: _size(_own(found, name, distance)) for name in NETWORKS})
        way = Way(
            found.typed[::-1],
            {name: norms[::-1] for name, norms in found.norms.items()},
            distance,
            chain.factors,
            cell.kept,
            cell.unit,
            found.attention.weights[look.head][::-1],
            look.head,
        )
        figure = gradients(
            way, theme=frame.current_theme(), notation=notation(), labels=labels("memory.figure")
        )
        clickable(figure, "reach", "step")
        st.html(f"<p class='hint'>{escape(t('memory.rounded'))}</p>")
    with right, st.container(key="steps", gap=None):
        step_buttons(range(len(found.tokens)), t("memory.nearer"), t("memory.farther"))
        _heading(found, distance)
        _recurrent(found, distance, chain)
        _cell(found, distance, cell)
        _look(found, distance, look)


def style() -> Style:
    """Colours, numbers and words of the formulas."""
    return charts.style("memory.formula")


def clickable(figure: Figure, key: str, name: str) -> None:
    """A figure in which a click chooses a distance."""
    charts.clickable(figure, key, lambda distance, *_: state.put(name, int(distance)))


def named(network: str, words: str) -> str:
    """A block's head: the network in its colour, and what is said of it."""
    role = _ROLES[network]
    name = f"<b style='color:var(--{role})'>{escape(t(f'memory.figure.{network}'))}</b>"
    return f"<p class='reach'>{name}<span>{escape(words)}</span></p>"


def legend(values: Mapping[str, str]) -> None:
    """The networks' marks and colours, and their numbers at the chosen place."""
    parts = (
        f"<span style='color:var(--{_ROLES[name]})'>{_MARKS[name]} "
        f"<b>{escape(t(f'memory.figure.{name}'))}</b> {escape(value)}</span>"
        for name, value in values.items()
    )
    st.html(f"<p class='legend'>{''.join(parts)}</p>")


def titled(words: str) -> str:
    """A block's head without a network."""
    return f"<p class='reach'><b>{escape(words)}</b></p>"


def _heading(found: Gradients, distance: int) -> None:
    word = frame.token(shortened(found.typed[-1 - distance], 8), "ink")
    frame.section(t("memory.from", distance=distance, word="{}").format(word))
    if found.asked:
        said = ", ".join(
            f"{t(f'memory.figure.{name}')} {answer}" for name, answer in found.answers.items()
        )
        st.html(
            f"<p class='hint'>{escape(t('memory.answers', right=found.tokens[0], said=said))}</p>"
        )


def _own(found: Gradients, network: str, distance: int) -> float:
    return float(found.norms[network][-1 - distance])


def _size(value: float) -> str:
    # As the formulas do: from a thousandth to ten thousand in full.
    plain = value == 0 or 1e-3 <= abs(value) < 1e4
    return notation().significant(value, 3) if plain else notation().scientific(value, 2)


def _recurrent(found: Gradients, distance: int, chain: jacobian_paths.Chain) -> None:
    own, n = _own(found, "rnn", distance), len(found.tokens)
    st.html(named("rnn", t("memory.rnn_way", steps=distance)))
    target = written.jacobian(n, n - distance)
    st.latex(written.chain(target, chain.matrix, chain.slope, chain.product, style()))
    equal(own, chain.product)


def equal(own: float, product: float, words: str = "") -> None:
    """torch's gradient, and how far the product is from it, as a share of it."""
    share = difference(product, own).relative
    frame.equal_to(words or t("memory.autograd"), _size(own), Difference(share, share))


def _cell(found: Gradients, distance: int, cell: jacobian_paths.CellPath) -> None:
    own = _own(found, "lstm", distance)
    st.html(named("lstm", t("memory.lstm_way", steps=distance)))
    st.latex(
        written.along_cell(cell.end, cell.kept, cell.start, cell.product, style(), unit=cell.unit)
    )
    _beside(t("memory.cells", count=len(cell.kept_by_all)), _size(cell.whole))
    _beside(t("memory.all_ways"), _size(own))


def _beside(words: str, value: str) -> None:
    st.html(f"<p class='beside'><span>{escape(words)}</span><b>{escape(value)}</b></p>")


def _look(found: Gradients, distance: int, look: jacobian_paths.AttentionPath) -> None:
    own = _own(found, "attention", distance)
    words = t("memory.attention_way" if distance else "memory.attention_self")
    st.html(named("attention", words))
    st.latex(written.heads(look.alpha, look.passed, style()))
    _beside(t("memory.heads_together" if distance else "memory.with_itself"), _size(look.whole))
    equal(own, look.whole)
