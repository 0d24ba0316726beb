"""The cost page's second view: one query's row, tile by tile, by the online softmax."""

from __future__ import annotations

from functools import partial

from models.core.arrays import difference
from models.cost.tiles import Tiled, of_query, plain, tiled
from models.trace import AttentionBlock, AttentionTrace
from pages.cost import TILES
from pages.cost.shared import GAPS, WIDTHS, look, row, speak, writer
from pages.ui import (
    about,
    caches,
    charts,
    controls,
    frame,
    inputs,
    layers,
    lines,
    parts,
    selection,
    state,
)
from pages.ui import sums as formulas
from pages.ui.stepping import step_buttons
from pages.ui.text import notation, t
from viz.cost import now
from viz.cost import tiles_formulas as written
from viz.cost.tiles import Walk, walk


def view() -> None:
    """The tiles at the left, the chosen step's sums at the right."""
    trace = inputs.recording(whole=True)
    kind = selection.chosen_kind(trace, whole=True)
    block = selection.chosen_block(trace, kind)
    queries, keys = trace.axes(kind)
    query = controls.in_range("query", len(queries))
    steps = block.head(int(state.get("head")))
    found = of_query(steps, query, int(state.get("tile")))
    step = controls.in_range("step", len(found.tiles) + 1)
    dim = controls.in_range("dim", found.values.shape[1])
    _controls(trace, block, queries)
    frame.notices()
    drawn = Walk(found, step, keys, queries[query], dim)
    frame.now(*now.tiles(drawn, speak()))
    figure, right = frame.picture_and_sums(WIDTHS, gaps=GAPS)
    with figure:
        frame.section(t("cost.tiles"), t("cost.tiles_note"))
        said = str(dim)
        charts.clickable(walk(drawn, look()), "tiles", charts.chooses("dim"), t("cost.tiles"),
                         said=said)  # fmt: skip
    with right:
        step_buttons(range(len(found.tiles) + 1), "cost.tile_back", "cost.tile_on")
        _sums(drawn, steps.sink)
    frame.provenance("live", *selection.where(trace, block), difference=caches.difference(trace))
    parts.below(about.model, trace.model_id)


def _controls(trace: AttentionTrace, block: AttentionBlock, queries: tuple[str, ...]) -> None:
    row(
        (230, inputs.model),
        (370, inputs.sentence),
        (110, partial(layers.control, trace.numbers(block.kind))),
        (110, partial(controls.counted, "head", block.heads)),
        (270, partial(controls.place, "query", t("controls.query"), queries, numbered=True)),
        (230, partial(controls.slider, "tile", t("controls.tile"), TILES.choices, str)),
    )


def _sums(drawn: Walk, sink: float | None) -> None:
    w, tile = writer(), drawn.tile
    if drawn.done:
        frame.section(t("cost.step_end"), t("cost.step_o", dim=drawn.dim))
        formulas.lines(written.division(tile.after, drawn.dim, w))
        _check(drawn.row, sink, "cost.torch_row")
        n = len(drawn.row.scores)
        lines.beside(t("cost.held_plain"), notation().grouped(n))
        lines.beside(t("cost.held_tiles"), notation().grouped(min(drawn.row.size, n)))
        return
    for name, formula in (
        ("step_m", written.maximum(tile, w)),
        ("step_l", written.total(tile, w)),
        ("step_o", written.outputs(tile, drawn.dim, w)),
    ):
        lines.titled(t(f"cost.{name}", dim=drawn.dim))
        formulas.lines(formula)
    if tile.after.l:
        part = slice(None, tile.stop)
        row = drawn.row
        so_far = tiled(row.scores[part], row.values[part], row.size, sink)
        _check(so_far, sink, "cost.torch_so_far")


def _check(found: Tiled, sink: float | None, words: str) -> None:
    """The sums divided, to torch's softmax of the same scores at once."""
    apart = difference(found.end.output, plain(found, sink))
    frame.equal_to(t(words, count=len(found.scores)), "", apart)
