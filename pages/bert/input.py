"""The bert page's first view: token + segment + position, summed and normed."""

from __future__ import annotations

from functools import partial

from models.bert.input import embedded
from models.bert.trace import Embedded
from models.core.arrays import difference
from pages.bert import shared
from pages.bert.shared import WIDTHS, speak, style
from pages.ui import caches, charts, controls, depth_link, frame, inputs, lines, parts, sums
from pages.ui.stepping import step_buttons
from pages.ui.text import notation, rich, t
from viz.bert import input_formulas as formulas
from viz.bert import now
from viz.bert.input import embedding_step, embedding_strips

_TERMS, _ROOM = 1, 300  # terms of μ's and σ²'s sums; pixels for all of them

_embedded = caches.of_model(embedded, entries=caches.TRACES)


def view() -> None:
    """Everything below the title."""
    found, _ = inputs.recorded(lambda w: _embedded(w.model, w.text, w.pair, cut=w.cut))
    place = controls.in_range("step", len(found.tokens))
    dim = controls.in_range("dim", found.total.shape[1])
    controls.row(
        *shared.head_cells(),
        (140, partial(controls.counted, "dim", found.total.shape[1])),
        (220, partial(step_buttons, range(len(found.tokens)), "bert.back", "bert.on")),
    )
    frame.notices()
    frame.now(*now.entrance(found, place, dim, speak()))
    figure, right = frame.picture_and_sums(WIDTHS)
    with figure, charts.below(embedding_step(found, style(), place=place, dim=dim), "strips"):
        drawn = embedding_strips(found, style(), dim=dim)
        said = f"{found.typed[place]}, {t('controls.dim')} {dim}"
        choose = charts.chooses("step", "dim")
        charts.clickable(drawn, "strips", choose, t("bert.vectors"), said=said)
    with right:
        _sums(found, place, dim)
    shared.provenance(found, t("bert.where", n=place, dim=dim), against="bert_input")
    parts.below(depth_link.to_depth)


def _sums(found: Embedded, place: int, dim: int) -> None:
    word = frame.token(found.typed[place], "ink", 14)
    frame.section(rich("bert.sum_of", word=word, dim=dim))
    lines.hint(_told(found, place))
    w = shared.writer(_TERMS, 4)
    sums.whole(formulas.sums(found, w, place, dim))
    frame.section(t("bert.norm"), t("bert.norm_note"))
    spread = formulas.mean(found, w, place, dim)
    sums.lines(spread.general)
    sums.opened(spread, _ROOM)
    sums.whole(formulas.norm(found, w, place, dim))
    lines.hint(t("scores.rounded"))
    sums.switches()
    own = float(found.output[place, dim])
    made = float(found.normed[place, dim])
    apart = difference(made, own, among=found.output[place])
    frame.equal_to(t("bert.own_input"), notation().fixed(own, w.digits), apart)


def _told(found: Embedded, place: int) -> str:
    """Which rows of which tables are added up here."""
    kind = "special" if found.special[place] else "unknown" if found.unknown[place] else "piece"
    told = [t(f"bert.kind.{kind}")]
    told += [t(f"bert.row.{name}", n=rows[place]) for name, rows in found.rows.items()]
    if found.segment is None:
        told.append(t("bert.no_segments"))
    return " · ".join(told)
