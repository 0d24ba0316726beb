"""The cost page's view of LoRA: W + (α/r) B A for one head of the translator."""

from __future__ import annotations

from functools import partial

from models.cost import adapter as adapters
from models.cost import lora as models
from models.cost.adapter import Adapter
from models.cost.lora import RankRow
from models.trace import Kind
from pages.cost import ADAPTED, finetuning
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
_adapted = caches.of_record(models.adapted, entries=128)
_update = caches.of_record(models.update, entries=256)


def view() -> None:
    """An adapter, or the training of one's own."""
    adapter = _adapter()
    if adapter is None:
        row(_switch(), (600, controls.nothing))
        frame.notices()
        finetuning.view()
    else:
        _update_side(adapter)


def _adapter() -> Adapter | None:
    """The chosen one; None: one is to be trained. What was trained in another visit is not here."""
    chosen, trained = state.get("adapter"), finetuning.outcome()
    if chosen == "here" and trained is None:
        state.put("adapter", "training")
        state.notice("cost.tune.gone")
    if chosen == "shipped":
        return adapters.shipped()
    return trained.adapter if chosen == "here" and trained is not None else None


def _switch() -> controls.Cell:
    """Which adapter: one's own only where there is one."""
    known = ("shipped", *(["here"] if finetuning.outcome() else ()), "training")
    return 250, partial(
        controls.choice, "adapter", "cost.tune.adapter", known, on_change=_other, wrap=True
    )


def _other() -> None:
    """Another adapter has another rank."""
    state.put("rank", None)


def _update_side(adapter: Adapter) -> None:
    """Matrices and maps at the left, the chosen cell's sum at the right."""
    drawn = _shown(adapter)
    row(
        _switch(),
        (215, partial(controls.text, "turkish", t("cost.turkish"))),
        (190, partial(controls.select, "adapted", "cost.adapted", ADAPTED)),
        (85, partial(controls.counted, "map_head", 4)),
        (120, partial(controls.choice, "part", "cost.part", _PARTS, str.upper)),
        (90, partial(controls.number, "output", len(drawn.found.weight) - 1)),
        (90, partial(controls.number, "input_dim", drawn.found.weight.shape[1] - 1)),
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
        steps = range(adapter.rank + 1)
        step_buttons(steps, "cost.lora.less", "cost.lora.more", name="rank")
        _sums(drawn, adapter)
    frame.provenance(
        "live" if drawn.found.rank == drawn.most else "whatif",
        caches.title(adapter.base),
        t("cost.tune.trained_here") if adapter is not adapters.shipped() else "",
        t("cost.lora.cut", rank=drawn.found.rank, most=drawn.most)
        if drawn.found.rank < drawn.most
        else "",
        frame.quote(drawn.adapted.trace.text),
        difference=drawn.found.difference if drawn.found.rank else None,
        against="cost_lora",
    )


def _part() -> str:
    """Which matrix, as formulas write it."""
    return f"W_{str(state.get('part')).upper()}"


def _shown(adapter: Adapter) -> LowRankShown:
    rank = controls.in_range("rank", adapter.rank + 1)
    text = typed("turkish", adapter.base, lambda one: _adapted(adapter, one, rank))
    found = [_adapted(adapter, text, one) for one in (0, rank)]
    adapted = str(state.get("adapted"))
    kind: Kind = adapted[:-1]  # type: ignore[assignment]
    layer = int(adapted[-1])
    head = controls.in_range("map_head", found[0].trace.block(kind, layer).heads)
    update = _update(adapter, kind, layer, head, state.get("part"), rank)
    output = controls.in_range("output", len(update.weight))
    place = controls.in_range("input_dim", update.weight.shape[1])
    places = head, output, place, adapter.rank
    return LowRankShown(update, found[0], found[1], kind, layer, *places)


def _sums(drawn: LowRankShown, adapter: Adapter) -> None:
    w = sums.writer(_look(), _TERMS, digits=3, room=19.0)
    cell = t("cost.lora.cell", row=drawn.output, column=drawn.input)
    frame.section(cell)
    sums.lines(written.update(drawn, w), written.merged(drawn, w))
    own = float(drawn.found.own[drawn.output, drawn.input])
    if drawn.found.rank:  # without an update there is one matrix, and nothing to compare
        frame.equal_to(t("cost.lora.own"), notation().fixed(own, 4), drawn.found.difference)
    frame.section(t("cost.lora.parameters"))
    learned, everything = adapter.learned(drawn.found.rank), models.everything()
    sums.lines(written.parameters(drawn, learned, everything, w))
    trained, rows = finetuning.outcome(), models.by_rank()
    if trained is not None and trained.adapter is adapter:
        finetuning.exact_rows(adapter.rank, trained)
    elif rows is not None:
        _measured(rows, models.trained() or ())


def _measured(rows: tuple[RankRow, ...], trained: tuple[RankRow, ...]) -> None:
    """Exact test translations by rank: cut from the shipped adapter, trained by itself."""
    frame.section(t("cost.lora.exact"), t("cost.lora.exact_note"))
    alone = {one.rank: one for one in trained}
    known = bool(trained)
    shown = [
        (t("cost.lora.rank", n=one.rank), (one.exact, *([alone[one.rank].exact] if known else ())))
        for one in rows
    ]
    heads = (
        t("cost.lora.cut_column", most=adapters.shipped().rank),
        t("cost.lora.trained_column"),
    )[: 1 + known]
    symbols.show(bars(shown, heads=heads, notation=notation()))
    if None in alone:
        count = notation().grouped(alone[None].parameters)
        lines.hint(t("cost.lora.whole", count=count, share=notation().fixed(alone[None].exact, 3)))
