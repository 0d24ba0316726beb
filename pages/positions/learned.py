"""The positions page's view of a loaded model's own table, beside the sinusoid of its size."""

from __future__ import annotations

from functools import partial

from models.core import encodings as maths
from models.positions.learned import Learned, learned
from models.trace import Floats
from pages.positions.shared import WIDTHS, look, place_cell, row, size, size_cell, speak, writer
from pages.positions.sinusoid import pair, pair_map
from pages.ui import caches, controls, frame, inputs, lines, state, sums
from pages.ui.stepping import step_buttons
from pages.ui.text import notation, t
from viz.formula.writer import PANEL
from viz.positions import formulas as written
from viz.positions import now
from viz.positions.distances import Beside, beside_step
from viz.positions.distances import beside as draw

_learned = caches.of_model(learned, entries=8)


def view() -> None:
    """Two tables and their cosines at the left, the chosen pair's cosine at the right."""
    found, _ = inputs.recorded(lambda wanted: _learned(wanted.model))
    count = min(size("length"), len(found.table))
    pos, offset = pair(count)
    row(
        (330, inputs.model),
        size_cell("length", 190),
        place_cell(count, 190),
        (260, controls.nothing),
    )
    if count < state.get("length"):
        state.notice("positions.fewer", model=caches.title(found.model_id), count=count)
    frame.notices()
    table = found.table[:count].astype("float64")
    width = table.shape[1] - table.shape[1] % 2
    sinusoid = maths.encoded(range(count), width)
    cosines, others = maths.cosines(table), maths.cosines(sinusoid)
    curves, lower = maths.by_offset(cosines), maths.by_offset(others)
    shown = Beside(table, cosines, curves, sinusoid, others, lower, (pos, pos + offset))
    frame.now(*now.learned(shown, speak()))
    figure, right = frame.picture_and_sums(WIDTHS, gaps=frame.TIGHT)
    with figure:
        pair_map(draw(shown, look()), beside_step(shown, look()), "learned", pos, offset)
    three = partial(notation().fixed, digits=3)
    with right:
        step_buttons(range(count - pos), "positions.nearer", "positions.farther", name="offset")
        _sums(found, table, cosines, pos, offset)
        lines.beside(t("positions.sinusoid_cosine"), three(float(others[pos, pos + offset])))
        frame.section(t("positions.only_distance"))
        lines.beside(t("positions.learned_deviation"), three(maths.deviation(cosines)))
        computed = notation().scientific(maths.deviation(others))
        lines.beside(t("positions.sinusoid_deviation"), computed)
        lines.hint(t("positions.deviation_rule"))
    frame.provenance(
        "live",
        caches.title(found.model_id),
        f"{found.path}, {len(found.table)} × {table.shape[1]}",
        t("positions.as_it_is"),
    )


def _sums(found: Learned, table: Floats, cosines: Floats, pos: int, offset: int) -> None:
    other = pos + offset
    frame.section(t("positions.two", a=pos, b=other), t("positions.apart", n=offset))
    panel = writer(3, 4, room=PANEL, apart=True)
    lines.titled(t("positions.own_sum"), t("positions.own_sum_note"))
    sums.lines(
        written.dot(rf"p_{{{pos}}} \cdot p_{{{other}}}", table[pos], table[other], panel),
        written.cosine(table[pos], table[other], float(cosines[pos, other]), writer()),
    )
    lines.hint(t("positions.rounded"))
