"""Below the orders: what the feed-forward layer is for, one hidden unit as a key and a value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st

from models.catalog import load
from models.gpt.feed_forward import LayerUnits, at_last, firings, layers_of, value, without
from models.gpt.nonlinearity import linearised
from models.recording.ranking import NextWord
from pages.gpt import controls as generating
from pages.gpt.controls import Seen
from pages.ui import caches, charts, controls, depth_link, frame, lines, sums, symbols, window
from pages.ui.text import notation, t
from viz.board.markup import Safe
from viz.board.notation import isolated, shortened
from viz.gpt import feed_forward_formulas as formulas
from viz.gpt.feed_forward import HiddenUnit, unit
from viz.tables.next_words import bars

_at_last = caches.of_model(at_last, entries=128)
_firings = caches.of_model(firings, entries=64)
_value = caches.of_model(value, entries=64)
_without = caches.of_model(without, entries=128)
_linearised = caches.of_model(linearised, entries=64)
_ROOM, _PHONE = 22.0, 15.0  # em for a row of terms, beside the picture and on a phone
_OFFERED = 40  # units, by how long a vector they add
style = partial(charts.style, "gpt.figure", "gpt.units.figure")


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """What the block shows: a layer's units at the text's last token, and one of them."""

    layer: int
    unit: int
    found: LayerUnits


def chosen(seen: Seen) -> Asked | None:
    """The visitor's layer and unit; None: no unit of this model can be read."""
    model = seen.written.model_id
    layers = layers_of(load(model))
    if not layers:
        return None
    layer = controls.in_range("layer", layers)
    found = _at_last(model, seen.ids, layer)
    return Asked(layer, controls.asked("inner", len(found.activations), found.longest), found)


def beside(seen: Seen, asked: Asked) -> None:
    """The unit's key and value, and what the next token is without it; drawn as `order.beside`."""
    model, layer, number = seen.written.model_id, asked.layer, asked.unit
    worth = _value(model, layer, number)
    frame.section(t("gpt.units"), t("gpt.units.note"))
    _controls(seen, asked)
    left, right = frame.side_by_side([1140, 640], ["unit-picture", "unit-sums"], space="large")
    with left:
        lines.said(t("gpt.units.said"))
        if _linearised(model, layer) is not None:  # of a gated unit a ≤ 0 does not mean off
            lines.remark(_why(asked))
        keys = _firings(model, layer).strongest(number)
        values = [(seen.words[word], gain) for word, gain in worth.raised]
        shown = HiddenUnit(keys, values, number, float(asked.found.activations[number]))
        charts.still(unit(shown, style()), "hidden-unit")
        low = " · ".join(isolated(seen.words[word]) for word, _ in worth.lowered)
        lines.hint(t("gpt.units.lowered", words=low))
        _linear(seen, asked)
    with right:
        _sums(seen, asked)
    frame.source("live", *generating.where(seen), t("gpt.units.where", layer=layer, n=number))


def _controls(seen: Seen, asked: Asked) -> None:
    """Layer and unit; those that add most at the last token come first."""
    found = asked.found
    order = sorted(range(len(found.lengths)), key=lambda n: -float(found.lengths[n]))[:_OFFERED]
    if asked.unit not in order:
        order.append(asked.unit)

    def word(n: int) -> str:
        return f"{n} ({notation().fixed(float(found.lengths[n]), 1)})"

    layers = range(layers_of(load(seen.written.model_id)))
    layer = partial(
        controls.shadow, st.selectbox, "layer", "controls.layer", layers, str,
        shown=asked.layer, forget=("inner",),
    )  # fmt: skip
    units = partial(
        controls.shadow, st.selectbox, "inner", "gpt.units.unit", order, word, shown=asked.unit
    )
    controls.row((220, layer), (420, units), (1160, partial(lines.hint, t("gpt.units.measure"))))


def _sums(seen: Seen, asked: Asked) -> None:
    model, layer, number = seen.written.model_id, asked.layer, asked.unit
    worth = _value(model, layer, number)
    room = _PHONE if window.current().stacked else _ROOM
    w = sums.writer(style(), formulas.MOST, room=room)
    word = seen.words[worth.raised[0][0]]
    frame.section(t("gpt.units.sum", word=isolated(shortened(word, 14))))
    sums.lines(formulas.gain(worth.value, worth.products, word, number, w))
    own = notation().fixed(worth.own, 4 if sums.finer() else 2)
    frame.equal_to(t("gpt.units.own"), own, worth.difference())
    frame.section(t("gpt.units.off"), badge=t("origin.whatif"))
    changed = _without(model, seen.ids, layer, number)
    symbols.show(_next(changed.words, seen.words))
    lines.remark(t("gpt.units.distance", share=notation().small(changed.distance)))
    frame.section(t("gpt.units.share"))
    sums.lines(formulas.weights(asked.found.weights, w))
    lines.hint(t("gpt.units.share_note"))
    depth_link.to_depth()


def _why(asked: Asked) -> str:
    """What the layer is for without which it would be one matrix: units that are off."""
    found = asked.found
    return t("gpt.units.nonlinear", off=found.off, units=len(found.activations))


def _linear(seen: Seen, asked: Asked) -> None:
    """The layer without its activation: one matrix, and what the model's loss is then."""
    frame.section(t("gpt.units.linear"), badge=t("origin.whatif"))
    found = _linearised(seen.written.model_id, asked.layer)
    if found is None:
        lines.hint(t("gpt.units.gated"))
        return
    sums.lines(formulas.one_matrix(found.width, found.inner, sums.writer(style())))
    frame.equal_to(t("gpt.units.one_matrix"), "", found.difference())
    losses = {"loss": notation().fixed(found.loss), "without": notation().fixed(found.here)}
    lines.remark(t("gpt.units.loss", layer=asked.layer, texts=found.texts, **losses))


def _next(found: Sequence[NextWord], words: Sequence[str]) -> Safe:
    """The next token's probabilities with the unit and without. words: the whole vocabulary."""
    rows = [(words[one.id], one.probabilities) for one in found]
    return bars(rows, heads=(t("gpt.units.on"), t("gpt.units.held")), notation=notation())
