"""Which word does each word look at? All heads of a model, one of them closely."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from models.catalog import CATALOG, load
from models.core.arrays import largest
from models.heads.eager import against_eager, between_against_eager, continued_against_eager
from models.loading.families import lacks_pair
from models.trace import AttentionBlock, AttentionTrace, Kind
from pages.heads import TOPIC, compare, eager, elementwise, figures, other_side, sinks, sound
from pages.heads.bertviz import head_view, model_view
from pages.heads.other_side import Other
from pages.ui import (
    about,
    caches,
    charts,
    controls,
    frame,
    inputs,
    lines,
    parts,
    selection,
    state,
    sums,
    views,
    whole_pass,
)
from pages.ui.model import languages
from pages.ui.text import language, notation, rich, t
from viz.board.markup import Safe
from viz.board.tokens import special_names
from viz.heads import now
from viz.heads.query_row import HEIGHT as ROW
from viz.heads.query_row import query_row, weight_formula
from viz.heads.view import HeadView
from viz.heads.weights_row import HEIGHT as ROW_OF_WEIGHTS
from viz.heads.weights_row import weights_row

_CHECKED = "eager-checked"  # the recording whose whole pass is held against eager attention
_eager = caches.of_model(against_eager, entries=16)
_eager_between = caches.of_model(between_against_eager, entries=16)
_eager_continued = caches.of_model(continued_against_eager, entries=16)
_once = eager.once
_speak = partial(charts.style, "now", "heads.now")


def body() -> None:
    """Everything below the title, of a text or of a sound."""
    hears, refused = sound.hears()
    heard = sound.chosen() if hears else None
    if heard is None:
        _text(refused)
    else:
        sound.body(heard, _heads)
        _heard(heard)


def _text(refused: Exception | None) -> None:
    # Whether q and k were rotated is known from what surrounds the heads.
    around = state.get("view") == "elementwise"
    text = inputs.recording(surroundings=around, writes=True, pooled=True, refused=refused)
    trace = text.with_layer(state.get("layer"))
    kind = selection.chosen_kind(trace)
    block = selection.chosen_block(trace, kind)
    view = selection.chosen_view(trace, kind, block)
    other = None
    if around and block.whole:
        elementwise.settle(view)
    if views.opened(TOPIC.views) == "compare" and trace is text:
        other = other_side.other_side(trace, block)
        other_side.row(trace, block, other)
    else:
        _controls(trace, kind, block)
    less = frame.notices()
    _tabs(
        heads=partial(_heads, trace, block, view, less),
        elementwise=partial(elementwise.view, trace, block, view, less),
        compare=partial(_compare, trace, block, other, text.numbers(kind), less),
        head_view=partial(head_view, trace, block, int(state.get("head"))),
        model_view=partial(model_view, trace, block),
    )
    where, difference = selection.where(trace, block), caches.difference(trace)
    if other is not None:
        where.append(other_side.where(other))
        difference = largest((difference, caches.difference(other.trace)))
    frame.provenance("live", *where, difference=difference)
    _whole_pass(trace)
    if state.get("view") == "heads" and sinks.shows(trace, block):
        # Not by `parts.below`: it changes with the head, and would have all of the page drawn anew.
        sinks.beside(trace, block, int(state.get("head")))
    parts.below(about.model, trace.model_id)


def _compare(
    trace: AttentionTrace,
    block: AttentionBlock,
    other: Other | None,
    full: tuple[int, ...],
    less: int,
) -> None:
    """full: the layers over all tokens."""
    if other is not None:
        compare.view(trace, block, other, less)
    elif trace.every:
        lines.remark(t("heads.compare.pooled", layers=", ".join(map(str, full))))


def _whole_pass(trace: AttentionTrace) -> None:
    """The model against transformers' eager attention: once a checkpoint, in the background, and
    a visitor's own on this text where asked."""
    text = st.session_state.get(_CHECKED) == trace.key
    if text:
        texts = {"text_pair": trace.text_pair, "target": trace.target}
        if trace.languages is not None:
            where = trace.languages, trace.text, trace.target
            found = _eager_between(trace.model_id, *where)
        elif trace.continued is None:
            found = _eager(trace.model_id, trace.text, **texts)
        else:
            found = _eager_continued(trace.model_id, trace.text, trace.continued.count)
        whole_pass.verdict(t("heads.eager.found", **whole_pass.counts(found)), found)
    elif (once := _once(trace.model_id, trace.text)) is not None:
        whole_pass.verdict(t("heads.eager.once", **whole_pass.counts(once)), once)
    if not text and trace.model_id not in CATALOG:
        controls.button(t("heads.eager.run"), "eager", _check, trace.key)


def _heard(heard: sound.Chosen) -> None:
    """As `_whole_pass`, of a sound."""
    recorded, *_, data, text = heard
    model, key = recorded.attention.model_id, recorded.key
    if st.session_state.get(_CHECKED) == key:
        found = sound.eager(model, data, text)
        whole_pass.verdict(t("heads.eager.found", **whole_pass.counts(found)), found)
        return
    if (once := sound.once(model, None, "")) is not None:
        whole_pass.verdict(t("heads.eager.heard", **whole_pass.counts(once)), once)
    controls.button(t("heads.sound.run"), "eager", _check, key)


def _check(key: tuple[object, ...]) -> None:
    st.session_state[_CHECKED] = key


def _tabs(**draws: Callable[[], None]) -> None:
    """Draws only the open one: a hidden tab computes nothing."""
    words = {name: t(f"heads.view.{name}") for name in draws}
    key = f"tabs-{language()}"
    views.opened(tuple(words))

    def opened() -> None:
        chosen = st.session_state[key]
        state.put("view", next(name for name, word in words.items() if word == chosen))

    st.session_state[key] = words[state.get("view")]
    tabs = st.tabs(list(words.values()), key=key, on_change=opened)
    for draw, tab in zip(draws.values(), tabs, strict=True):
        if tab.open:
            with tab:
                draw()


def _controls(trace: AttentionTrace, kind: Kind, block: AttentionBlock) -> None:
    names = ", ".join(special_names(trace, kind))  # of the tokens that the model added itself
    words = t("controls.hide", names=names or t("controls.hide_none"))
    spoken = languages.cells(trace)
    widths = (250, 400, 260, 170, 170, 330) if spoken else (290, 560, 300, 195, 195, 260)
    controls.row(
        *selection.head_cells(trace, kind, block, widths),
        *spoken,
        (240, partial(controls.toggle, "hide", words, disabled=not names)),
    )


def _heads(
    trace: AttentionTrace,
    block: AttentionBlock,
    view: HeadView,
    less: int,
    why: Safe | None = None,
) -> None:
    frame.now(*now.heads(view, _speak()), why=why or selection.reason(trace, view))
    left, middle, right = st.columns([470, 700, 610], gap="medium")
    with left:
        selection.overview(trace, block)
        head = int(state.get("head"))
        frame.section(t("heads.figures"), selection.label(trace, block, head))
        figures.table(trace, block, head)
    with middle, st.container(key="main-figure"):
        frame.section(t("heads.map"), _map_note(trace, block, view))
        selection.weights(view.weights, view.axes, view.masked, view.absent, less)
    with frame.sums_place(right):
        _row(trace, view, less)


def _map_note(trace: AttentionTrace, block: AttentionBlock, view: HeadView) -> str:
    """What the rows of the shown matrix sum to."""
    hidden = ""
    if trace.padding and block.kind != "decoder":
        hidden = t("heads.map_note_padding")
    elif view.hidden:
        hidden = t("heads.map_note_hidden", names=", ".join(special_names(trace, block.kind)))
    if not block.whole:
        return _sparse_note(view, hidden)
    return hidden or t("heads.map_note" if block.sinks is None else "heads.map_note_sinks")


def _sparse_note(view: HeadView, hidden: str) -> str:
    """The same of weights alone, and what both kinds of hatching mean where they are there."""
    sums = t("heads.map_note_rest") if view.elsewhere is not None else t("heads.map_note_rows")
    rest = hidden or sums
    crosswise = t("heads.map_note_absent") if view.absent is not None else ""
    striped = t("heads.map_note_masked") if view.masked is not None else ""
    return "; ".join(filter(None, (crosswise, striped, rest)))


def _row(trace: AttentionTrace, view: HeadView, less: int) -> None:
    frame.section(rich("heads.row", token=frame.token(view.query_token, "q", 14)))
    style, listed = charts.style("figure"), view.axes.query_ids
    if not view.steps.whole:
        name = t("heads.weights_row_figure")
        drawn = weights_row(view, style, height=ROW_OF_WEIGHTS - less)
        selection.clickable(drawn, "row", name, view.full)
        frame.section(t("heads.sparse"))
        said = [t("heads.sparse_why")]
        if view.seed is not None:
            said.append(t("heads.sparse_seed", seed=view.seed))
        if lacks_pair(load(trace.model_id).model.config, trace.source.ids):
            said.append(t("heads.sparse_alone"))
        lines.remark(" ".join(said))
        weight = t("figure.absent") if view.uncomputed else notation().fixed(view.weight, 4)
        frame.equal_to(t("heads.own_weight"), weight, view.difference)
        return
    height = ROW - less
    figure = query_row(
        view.steps, view.full, style, hidden=view.hidden, queries=listed, height=height
    )
    selection.clickable(figure, "row", t("heads.row_figure"), view.full)
    frame.section(t("heads.formula"), t("heads.rounded"))
    sums.lines(weight_formula(view.steps, view.full, style))
    frame.equal_to(t("heads.own_weight"), notation().fixed(view.weight, 4), view.difference)


parts.page("heads", body)
