"""The memory page's first view: the gradient of each earlier word, and why it is what it is."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import models.memory.gradients
from models.core.arrays import Difference, difference
from models.memory import jacobian_paths
from models.memory.gradients import NETWORKS, Gradients
from pages.ui import caches, charts, frame, lines, state, sums, symbols, window
from pages.ui.stepping import step_buttons
from pages.ui.text import rich, t
from viz.board.markup import template
from viz.formula.writer import Writer
from viz.memory import formulas as written
from viz.memory import now
from viz.memory.gradients import Way, gradients

WIDTHS = (1190, 590)

speak = partial(charts.style, "now", "memory.now")

back = caches.of_values(models.memory.gradients.gradients, entries=96)

_MARKS = {"rnn": "●", "lstm": "◆", "attention": "■"}
_ROLES = {"rnn": "net_rnn", "lstm": "net_lstm", "attention": "weight"}

_LEGEND = template(
    "<p class='legend'>{% for role, mark, name, value in rows %}"
    "<span style='color:var(--{{ role }})'>{{ mark }} <b>{{ name }}</b> {{ value }}</span>"
    "{% endfor %}</p>"
)


def view(found: Gradients) -> None:
    """Curves and strips at the left, the three products at the right."""
    distance = int(state.get("step"))
    chain = jacobian_paths.recurrent(found.rnn, distance)
    cell = jacobian_paths.along_cell(found.lstm, distance)
    look = jacobian_paths.look(found.attention, distance)
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
    frame.now(*now.gradients(way, speak()))
    figure, right = frame.picture_and_sums(WIDTHS, gaps=frame.TIGHT)
    with figure:
        frame.section(t("memory.gradients"), t("memory.gradients_note"))
        legend({name: _size(_own(found, name, distance)) for name in NETWORKS})
        drawn, choose = gradients(way, charts.style("memory.figure")), charts.chooses("step")
        charts.clickable(drawn, "reach", choose, t("memory.gradients"))
        if not window.current().hall:
            lines.hint(t("memory.rounded"))
    with right:
        step_buttons(range(len(found.tokens)), "memory.nearer", "memory.farther")
        _heading(found, distance)
        _recurrent(found, distance, chain)
        _cell(found, distance, cell)
        _look(found, distance, look)
        if window.current().hall:  # one screen has no more lines below the picture
            lines.hint(t("memory.rounded"))


def writer() -> Writer:
    """How sums are written on this page."""
    return Writer(charts.style("memory.formula"))


def named(network: str, words: str) -> None:
    """A block's head: the network in its colour, and what is said of it."""
    name = frame.tinted(t(f"memory.figure.{network}"), _ROLES[network])
    lines.titled(name, words, bold=False)


def legend(values: Mapping[str, str]) -> None:
    """The networks' marks and colours, and their numbers at the chosen place."""
    rows = [
        (_ROLES[name], _MARKS[name], t(f"memory.figure.{name}"), value)
        for name, value in values.items()
    ]
    symbols.show(_LEGEND(rows=rows))


def _heading(found: Gradients, distance: int) -> None:
    word = frame.token(found.typed[-1 - distance], "ink", 8)
    frame.section(rich("memory.from", distance=distance, word=word))
    if found.asked:
        answers = found.answers.items()
        said = ", ".join(f"{t(f'memory.figure.{name}')} {answer}" for name, answer in answers)
        lines.hint(t("memory.answers", right=found.tokens[0], said=said))


def _own(found: Gradients, network: str, distance: int) -> float:
    return float(found.norms[network][-1 - distance])


def _size(value: float) -> str:
    return now.size(value, speak())


def _recurrent(found: Gradients, distance: int, chain: jacobian_paths.Chain) -> None:
    own, n = _own(found, "rnn", distance), len(found.tokens)
    named("rnn", t("memory.rnn_way", steps=distance))
    target = written.jacobian(n, n - distance)
    sums.lines(written.chain(target, chain.matrix, chain.slope, chain.product, writer()))
    equal(own, chain.product)


def equal(own: float, product: float, words: str = "") -> None:
    """torch's gradient, and how far the product is from it, as a share of it."""
    share = difference(product, own).relative
    frame.equal_to(words or t("memory.autograd"), _size(own), Difference(share, share))


def _cell(found: Gradients, distance: int, cell: jacobian_paths.CellPath) -> None:
    own = _own(found, "lstm", distance)
    named("lstm", t("memory.lstm_way", steps=distance))
    path = cell.end, cell.kept, cell.start, cell.product
    sums.lines(written.along_cell(*path, writer(), unit=cell.unit))
    lines.beside(t("memory.cells", count=len(cell.kept_by_all)), _size(cell.whole))
    lines.beside(t("memory.all_ways"), _size(own))


def _look(found: Gradients, distance: int, look: jacobian_paths.AttentionPath) -> None:
    own = _own(found, "attention", distance)
    words = t("memory.attention_way" if distance else "memory.attention_self")
    named("attention", words)
    sums.lines(written.heads(look.alpha, look.passed, writer()))
    together = t("memory.heads_together" if distance else "memory.with_itself")
    lines.beside(together, _size(look.whole))
    equal(own, look.whole)
