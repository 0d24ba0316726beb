"""The second view: what a recurrent network hands out, in torch's words and in Keras's."""

from __future__ import annotations

from functools import partial

from models.lstm.returned import Returned, returned
from models.trace import RecurrentTrace
from pages.lstm import panels
from pages.ui import caches, charts, frame, lines, state, symbols
from pages.ui.text import labels, notation, t
from viz.lstm import now as sentences
from viz.lstm.returned import Handed, handed_out
from viz.lstm.returned_table import in_keras, in_torch

_WIDTHS = (1120, 680)
_MODULES = {"lstm": "LSTM", "gru": "GRU", "rnn": "RNN"}
_KERAS = {"lstm": "LSTM", "gru": "GRU", "rnn": "SimpleRNN"}

_returned = caches.of_record(returned, entries=64)


def view(trace: RecurrentTrace) -> None:
    """All layers' states at the left; shapes, names and checks at the right."""
    found = _returned(trace)
    step, unit = int(state.get("step")), int(state.get("unit")) % found.units
    handed = Handed(found, trace.typed or trace.tokens, step, unit)
    frame.now(*sentences.handed_out(handed, charts.style("now", "lstm.now")))
    figure, right = frame.picture_and_sums(_WIDTHS, gaps=frame.TIGHT)
    with figure:
        frame.section(t("lstm.handed"), t("lstm.handed_note", unit=unit))
        drawn = handed_out(handed, charts.style("lstm.returned"))
        words = t("lstm.handed_cells")
        charts.clickable(drawn, "returned", charts.chooses("step"), words, said=str(step))
    with right:
        _tables(trace, handed)
        _checks(found)
    frame.provenance(
        "live",
        caches.title(trace.model_id),
        frame.quote(trace.text),
        difference=caches.difference(trace),
        against=panels.AGAINST[trace.layers[0].cell],
    )


def _tables(trace: RecurrentTrace, handed: Handed) -> None:
    """The same in both libraries, without the batch's axis."""
    found, kind = handed.returned, trace.layers[0].cell
    own = f"{_KERAS[kind]}({found.units})"
    heads = labels("lstm.returned") | {"plain": _wrapped(own, found)}
    last = "(h_n, c_n)" if kind == "lstm" else "h_n"
    torch, keras = (
        partial(write, found, handed.step, handed.unit, heads, notation())
        for write in (in_torch, in_keras)
    )
    frame.section(t("lstm.torch"), f"output, {last} = nn.{_MODULES[kind]}(…)(x)")
    symbols.show(torch())
    frame.section(t("lstm.keras"), t("lstm.keras_note"))
    symbols.show(keras())


def _wrapped(own: str, found: Returned) -> str:
    return f"Bidirectional({own})" if found.directions == 2 else own


def _checks(found: Returned) -> None:
    """Where h_n stands in output, and where it does not."""
    rows = len(found.h)
    frame.section(t("lstm.where_last"))
    for row in range(rows - found.directions, rows):
        end = "-1" if found.end(row) else "0"
        way = "backward" if found.backward(row) else "forward"
        name = t(f"lstm.last_of.{way}", place=end, row=row)
        frame.equal_to(name, "", found.deviation(row, found.end(row)))
        if found.backward(row):
            off = notation().fixed(found.deviation(row, found.steps - 1).absolute)
            lines.hint(t("lstm.last_not", row=row, off=off))
    if found.layers > 1:
        lines.hint(t("lstm.below_last", last=found.directions * (found.layers - 1) - 1))
