"""The cost page's first view: what four layers cost by their sizes, and what five took."""

from __future__ import annotations

from functools import partial

from models.cost import flops, timings
from models.cost.layers import Layer, Sizes, followed, operations, path
from pages.cost import SLIDERS
from pages.cost.shared import GAPS, WIDTHS, look, row, slider, speak, writer
from pages.ui import caches, charts, frame, lines, state, sums
from pages.ui.stepping import step_buttons
from pages.ui.text import notation, t
from viz.cost import layers_formulas as written
from viz.cost import now
from viz.cost.layers import Costs, costs

_LENGTHS = SLIDERS["tokens"].choices
_flops = caches.of_values(flops.counted, entries=256)
_followed = caches.of_values(followed, entries=256)


def view() -> None:
    """The table and the curves at the left, the chosen cell's sum at the right."""
    row(*((310, partial(slider, name)) for name in SLIDERS))
    frame.notices()
    sizes = Sizes(*(int(state.get(name)) for name in SLIDERS))
    place = int(state.get("row")), int(state.get("column"))
    drawn = Costs(sizes, _LENGTHS, timings.stored(), *place)
    frame.now(*now.layers(drawn, speak()))
    figure, right = frame.picture_and_sums(WIDTHS, gaps=GAPS)
    with figure:
        frame.section(t("cost.layers"), t("cost.layers_note"))
        choose, name = charts.chooses("row", "column"), t("cost.layers")
        said = f"{t(f'cost.figure.layer.{drawn.layer}')}, {t(f'cost.figure.{drawn.measure}')}"
        charts.clickable(costs(drawn, look()), "costs", choose, name, said=said)
    with right:
        step_buttons(_LENGTHS, "cost.shorter", "cost.longer", name="tokens")
        _sums(drawn)
    one = drawn.timings
    where = {name: getattr(one, name) for name in ("machine", "torch", "day", "d", "r")}
    frame.provenance("measured", t("cost.where", **where), t("cost.where_counted"))


def _sums(drawn: Costs) -> None:
    layer, sizes = drawn.layer, drawn.sizes
    frame.section(t(f"cost.figure.layer.{layer}"), t(f"cost.figure.{drawn.measure}"))
    sums.lines(written.cell(layer, drawn.measure, sizes, writer()))
    if drawn.measure == "operations":
        _operations(layer, sizes)
    elif drawn.measure == "path":
        passed = _followed(layer, sizes)
        same = lines.sign(passed == path(layer, sizes))
        lines.equal(t("cost.followed"), notation().grouped(passed), same)


def _operations(layer: Layer, sizes: Sizes) -> None:
    """torch's own count, and what the table leaves out."""
    part, own = flops.counted_sizes(layer, sizes), _flops(layer, sizes)
    same = lines.sign(own == flops.PER_OPERATION * operations(layer, part))
    words = t("cost.flops") if part == sizes else t("cost.flops_part", count=part.n)
    lines.equal(words, notation().grouped(own), same)
    if layer in ("attention", "restricted"):
        lines.titled(t("cost.besides"))
        sums.lines(written.more(sizes, writer()))
