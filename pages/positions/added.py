"""The positions page's view of x + p: why positions are added, and what joining would cost."""

from __future__ import annotations

from functools import partial

from models.positions.added import AddedPositions
from models.positions.added import added as record
from pages.positions.shared import WIDTHS, look, row, speak, writer
from pages.ui import caches, charts, controls, frame, inputs, lines, state, sums
from pages.ui.stepping import step_buttons
from pages.ui.text import notation, t
from viz.formula.writer import PANEL
from viz.positions import added_formulas as written
from viz.positions import now
from viz.positions.added import AddedHead
from viz.positions.added import added as draw

_record = caches.of_model(record, entries=16)


def view() -> None:
    """Both ways drawn at the left, one number of the query at the right."""
    found, shown = inputs.recorded(lambda w: _record(w.model, w.text, cut=w.cut))
    drawn = AddedHead(found, *_chosen(found))
    row(
        (225, inputs.model),
        (285, inputs.sentence),
        (160, partial(controls.counted, "head", found.heads)),
        (320, partial(controls.place, "query", t("positions.token"), found.typed, numbered=True)),
    )
    frame.notices()
    frame.now(*now.added(drawn, speak()))
    figure, right = frame.picture_and_sums(WIDTHS, gaps=frame.TIGHT)
    with figure:
        frame.section(t("positions.added"), _note(found, drawn.token))
        said = f"{found.typed[drawn.token]}, {drawn.dim}"
        choose, name = charts.chooses("head", "dim"), t("positions.added")
        charts.clickable(draw(drawn, look()), "added", choose, name, said=said)
    with right:
        columns = drawn.columns
        step_buttons(range(columns.stop - columns.start), "positions.back", "positions.on",
                     name="dim")  # fmt: skip
        _sums(found, drawn)
    frame.provenance(
        "live",
        caches.title(found.model_id),
        t("heads.where", layer=0, head=drawn.head),
        frame.quote(shown.text),
        difference=found.difference(),
        against="positions_added",
    )


def _chosen(found: AddedPositions) -> tuple[int, int, int]:
    """Token, head and dimension; nobody's choice of a token: the last word."""
    if state.get("query") is None:
        words = [place for place, mark in enumerate(found.special) if not mark] or [0]
        state.put("query", words[-1])
    token = controls.in_range("query", len(found.typed))
    head = controls.in_range("head", found.heads)
    columns = found.columns(head)
    return token, head, controls.in_range("dim", columns.stop - columns.start)


def _note(found: AddedPositions, token: int) -> str:
    """What the parts have been through."""
    if found.deviations is None:
        return t("positions.added_note")
    sigma = notation().fixed(float(found.deviations[token]), 3)
    return t("positions.added_normed", sigma=sigma)


def _sums(found: AddedPositions, drawn: AddedHead) -> None:
    w = writer(2, 3, room=PANEL)
    frame.section(t("positions.one_number", dim=drawn.dim), t("positions.rounded"))
    lines.titled(t("positions.sum_at_once"))
    sums.lines(written.at_once(drawn, w))
    lines.titled(t("positions.sum_apart"))
    sums.lines(*written.apart(drawn, w), written.query(drawn, w))
    frame.equal_to(t("positions.own_query"), "", found.difference_at_once())
