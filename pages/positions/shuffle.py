"""The positions page's last view: the words shuffled, with and without positions."""

from __future__ import annotations

from functools import partial

from models.positions.shuffle import Shuffled, shuffled
from pages.positions.shared import WIDTHS, look, row, speak, writer
from pages.ui import caches, charts, controls, frame, inputs, lines, state, sums
from pages.ui.stepping import step_buttons
from pages.ui.text import notation, rich, t
from viz.positions import formulas as written
from viz.positions import now
from viz.positions.shuffle import Order, difference
from viz.positions.shuffle import shuffle as draw

_shuffled = caches.of_model(shuffled, entries=64)


def view() -> None:
    """Words and outputs at the left, one word's numbers and the verdict at the right."""
    found, shown = inputs.recorded(
        lambda w: _shuffled(w.model, w.text, int(state.get("seed")), cut=w.cut),
        lambda found: len(found.typed) if found.cut else None,
    )
    if state.get("query") is None:
        state.put("query", [i for i, mark in enumerate(found.special) if not mark][-1])
    chosen = controls.in_range("query", len(found.typed))
    more = int(state.get("seed")) + 1
    again = partial(controls.button, t("positions.again"), "again", state.put, "seed", more)
    row((320, inputs.model), (400, inputs.sentence), (260, again))
    frame.notices()
    pairs = [(part.before, part.after) for part in (found.off, found.on)]
    order = Order(found.typed, found.order, chosen, *pairs)
    frame.now(*now.shuffle(order, speak()))
    figure, right = frame.picture_and_sums(WIDTHS, gaps=frame.TIGHT)
    with figure:
        frame.section(t("positions.shuffle"), t("positions.shuffle_note"))
        drawn = draw(order, look())
        name, said = t("positions.shuffle"), found.typed[chosen]
        charts.clickable(drawn, "shuffle", charts.chooses("query"), name, said=said)
    with right:
        step_buttons(range(len(found.typed)), "positions.back", "positions.on", name="query")
        _sums(found, chosen)
    frame.provenance(
        "whatif",
        t("positions.shuffle_what"),
        caches.title(found.model_id),
        frame.quote(shown.text),
    )


def _sums(found: Shuffled, chosen: int) -> None:
    word = frame.token(found.typed[chosen], "ink", 14)
    frame.section(rich("positions.went", word=word, a=chosen, b=found.order.index(chosen)))
    sides = {"off": found.off, "on": found.on}
    for name, outputs in sides.items():
        dim, before, after = outputs.widest(chosen)
        lines.titled(t(f"positions.figure.{name}"), t("positions.widest", dim=dim))
        sums.lines(written.apart(before, after, writer()))
    frame.section(t("positions.all_words"))
    for name, outputs in sides.items():
        same = outputs.difference.rounding
        sign, kind = ("✓", "good") if same else ("≠", "tok")
        words = t("positions.follows" if same else "positions.follows_not")
        verdict = lines.marked(kind, f"{sign} {words}")
        apart = difference(outputs.largest, notation())
        lines.equal(t(f"positions.figure.{name}"), apart, verdict)
    lines.hint(t("positions.causal" if found.causal else "positions.set"))
