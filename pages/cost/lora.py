"""The cost page's view of LoRA: W + (α/r) B A for one head of the translator."""

from __future__ import annotations

from functools import partial

from models.cost import lora as models
from models.cost.lora import RankRow
from models.trace import Kind
from pages.cost import ADAPTED
from pages.cost.shared import GAPS, WIDTHS, row, typed
from pages.ui import caches, charts, controls, frame, lines, state, sums, symbols
from pages.ui.stepping import step_buttons
from pages.ui.text import notation, t
from viz.cost import lora_formulas as written
from viz.cost import lora_now as now
from viz.cost.lora import LowRankShown, low_rank
from viz.tables.next_words import bars

_PARTS = ("q", "v")
_TERMS = 4  # of a cell's sum that are written out
_look = partial(charts.style, "cost.lora.figure", "cost.lora.formula")
_adapted = caches.of_model(models.adapted, entries=128)
_update = caches.of_model(models.update, entries=256)


def view() -> None:
    """Matrices and maps at the left, the chosen cell's sum at the right."""
    drawn = _shown()
    row(
        (340, partial(controls.text, "turkish", t("cost.turkish"))),
        (250, partial(controls.select, "adapted", "cost.adapted", ADAPTED)),
        (110, partial(controls.counted, "map_head", 4)),
        (110, partial(controls.choice, "part", "cost.part", _PARTS, str.upper)),
        (110, partial(controls.number, "output", len(drawn.found.weight) - 1)),
        (110, partial(controls.number, "input_dim", drawn.found.weight.shape[1] - 1)),
    )
    frame.notices()
    frame.now(*now.low_rank(drawn, charts.style("now", "cost.lora.now")))
    figure, right = frame.picture_and_sums(WIDTHS, gaps=GAPS)
    with figure:
        place = t(f"cost.adapted.{state.get('adapted')}")
        title = t("cost.lora.attention", part=_part(), attention=place, head=drawn.head)
        frame.section(title, t("cost.lora.note"))
        here = charts.chooses("output", "input_dim")
        charts.clickable(low_rank(drawn, _look()), "low-rank", here, title)
    with right:
        steps = range(models.full_rank() + 1)
        step_buttons(steps, "cost.lora.less", "cost.lora.more", name="rank")
        _sums(drawn)
    frame.provenance(
        "live" if drawn.found.rank == drawn.most else "whatif",
        caches.title(models.base()),
        t("cost.lora.cut", rank=drawn.found.rank, most=drawn.most),
        frame.quote(drawn.adapted.trace.text),
        difference=drawn.found.difference if drawn.found.rank else None,
        against="cost_lora",
    )


def _part() -> str:
    """Which matrix, as formulas write it."""
    return f"W_{str(state.get('part')).upper()}"


def _shown() -> LowRankShown:
    base, rank = models.base(), int(state.get("rank"))
    text = typed("turkish", base, lambda one: _adapted(base, one, rank))
    found = [_adapted(base, text, one) for one in (0, rank)]
    adapted = str(state.get("adapted"))
    kind: Kind = adapted[:-1]  # type: ignore[assignment]
    layer = int(adapted[-1])
    head = controls.in_range("map_head", found[0].trace.block(kind, layer).heads)
    update = _update(base, kind, layer, head, state.get("part"), rank)
    output = controls.in_range("output", len(update.weight))
    place = controls.in_range("input_dim", update.weight.shape[1])
    most = models.full_rank()
    return LowRankShown(update, found[0], found[1], kind, layer, head, output, place, most)


def _sums(drawn: LowRankShown) -> None:
    w = sums.writer(_look(), _TERMS, digits=3, room=19.0)
    cell = t("cost.lora.cell", row=drawn.output, column=drawn.input)
    frame.section(cell)
    sums.lines(written.update(drawn, w), written.merged(drawn, w))
    own = float(drawn.found.own[drawn.output, drawn.input])
    if drawn.found.rank:  # without an update there is one matrix, and nothing to compare
        frame.equal_to(t("cost.lora.own"), notation().fixed(own, 4), drawn.found.difference)
    frame.section(t("cost.lora.parameters"))
    learned = models.learned(drawn.found)
    everything = models.everything()
    sums.lines(written.parameters(drawn, learned, everything, w))
    rows = models.by_rank()
    if rows is not None:
        _measured(rows, models.trained() or ())


def _measured(rows: tuple[RankRow, ...], trained: tuple[RankRow, ...]) -> None:
    """Exact test translations by rank: cut from the shipped adapter, trained by itself."""
    frame.section(t("cost.lora.exact"), t("cost.lora.exact_note"))
    alone = {one.rank: one for one in trained}
    known = bool(trained)
    shown = [
        (f"r = {one.rank}", (one.exact, *([alone[one.rank].exact] if known else ())))
        for one in rows
    ]
    heads = (t("cost.lora.cut_column"), t("cost.lora.trained_column"))[: 1 + known]
    symbols.show(bars(shown, heads=heads, notation=notation()))
    if None in alone:
        count = notation().grouped(alone[None].parameters)
        lines.hint(t("cost.lora.whole", count=count, share=notation().fixed(alone[None].exact, 3)))
