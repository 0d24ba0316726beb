"""The gpt page's second view: masked self-attention growing by a row with every token."""

from __future__ import annotations

from functools import partial

import streamlit as st

from models.core.clearest import clearest
from models.gpt.generation import changed_rows
from models.trace import AttentionTrace
from pages.gpt import controls
from pages.gpt.controls import Seen
from pages.ui import caches, charts, frame, lines, selection, state, sums, symbols
from pages.ui.classroom import shown
from pages.ui.text import rich, t
from viz.board.axes import Axes, Choice
from viz.board.markup import template
from viz.gpt import now
from viz.steps.figure import Scene, check, figure
from viz.steps.formulas import formula
from viz.steps.head import of_block

_MASK, _SOFTMAX = 4, 5  # steps of viz.steps.figure
_WIDTHS, _HEIGHT = (940, 840), 690
_TERMS = 6  # of the softmax's sum that are written out
_style = partial(charts.style, "now", "figure", "scores.figure")

_SAID = template("<p class='remark'>{{ sentence }} {{ verdict }}</p><p class='hint'>{{ why }}</p>")
_CHECKED = template("{{ words }} {{ verdict }}")


def view(seen: Seen, less: int) -> None:
    """S′ + M with the last row chosen at the left; cell, softmax and the earlier rows beside it."""
    trace = controls.pass_over(seen.written.model_id, seen.written.ids)
    scene = _scene(trace)
    frame.now(*now.mask(scene, seen.after, controls.speak()), why=_why(trace, scene))
    left, right = frame.picture_and_sums(_WIDTHS, gaps=frame.CLOSE)
    with left:
        height = _HEIGHT - less
        drawn = figure(_MASK, scene, _style(), height=height)
        selection.clickable(drawn, "masked", t("gpt.masked"), scene.axes)
        place = t("heads.where", layer=state.get("layer"), head=state.get("head"))
        whose = f"{caches.title(seen.written.model_id)} · {place}"
        shown.offer(scene.one.steps.weights, scene.axes, whose)
    with right:
        controls.buttons(seen)
        controls.text_so_far(seen)
        _cell(scene)
        _earlier(seen, trace)
    frame.provenance(
        "live",
        *controls.where(seen),
        t("heads.where", layer=state.get("layer"), head=state.get("head")),
        difference=caches.difference(trace),
    )


def _why(trace: AttentionTrace, scene: Scene) -> str:
    """Why the page's own head is shown first; "" where anything else was chosen or written."""
    newest = len(trace.tokens) - 1
    # The first token takes what heads have no use for, in every one of a large model.
    words = [place for place in range(1, newest) if not trace.special[place]]
    if not state.usual("model", "text", "step", "layer", "head") or not words:
        return ""
    blocks = trace.layers("decoder")
    at, head, key = clearest([block.weights for block in blocks], newest, words)
    place = blocks[at].layer, head, key
    if (state.get("layer"), state.get("head"), scene.key) != place:
        return ""
    count = len(blocks) * blocks[0].heads
    return t("gpt.now.mask_why", layer=place[0], head=place[1], count=count)


def _scene(trace: AttentionTrace) -> Scene:
    """The chosen head; the cell in the address, else where the last token looks most."""
    block = trace.block("decoder", int(state.get("layer")))
    one = of_block(block, int(state.get("head")))
    query, key = state.get("query"), state.get("key")
    query = len(trace.tokens) - 1 if query is None else int(query)
    key = int(one.steps.weights[query].argmax()) if key is None else int(key)
    return Scene(one, Axes(trace.typed, trace.typed, Choice(query, key)))


def _cell(scene: Scene) -> None:
    query = frame.token(scene.axes.queries[scene.query], "q", 14)
    key = frame.token(scene.axes.keys[scene.key], "k", 14)
    frame.section(frame.arrow(query, key, t("scores.cell")))
    with st.container(key="masked-sums", gap="small"):
        for step in (_MASK, _SOFTMAX):
            written = formula(step, scene, _style(), finer=sums.finer(), terms=_TERMS, few=_TERMS)
            if step == _MASK:
                sums.lines(written.general)
            sums.lines(written.chosen)
    with sums.switch_row():
        sums.more_digits()
        lines.hint(t("scores.rounded"))
    apart = frame.compared(check(_SOFTMAX, scene).difference)
    lines.hint(_CHECKED(words=t("scores.own_through"), verdict=apart))


def _earlier(seen: Seen, trace: AttentionTrace) -> None:
    """What appending the last token did to the rows above it, asked of the model itself."""
    ids = seen.written.ids
    frame.section(t("gpt.earlier"))
    if len(ids) < 2:
        lines.hint(t("gpt.earlier_none"))
        return
    before = controls.pass_over(seen.written.model_id, ids[:-1])
    found = changed_rows(before, trace)
    last = frame.token(trace.typed[-1], "q", 14)
    layers = t("gpt.all_layers", count=len(trace.blocks))
    verdict = frame.verdict(found, t("gpt.earlier_apart", difference=frame.measured(found)))
    sentence = rich("gpt.earlier_said", token=last, rows=len(ids) - 1, layers=layers)
    symbols.show(_SAID(sentence=sentence, verdict=verdict, why=t("gpt.earlier_why")))
