"""A visitor's model, third view: attention rolled out over its layers, from the chosen token."""

from __future__ import annotations

import streamlit as st

from models.core import rollout
from models.trace import Floats
from models.vision.trace import VisitorTrace
from pages.ui import charts, frame, lines, state, sums
from pages.ui.text import rich, t
from pages.vision import picture
from pages.vision import rollout as rolled
from viz.board.sentence import Now
from viz.formula.writer import PANEL
from viz.vision import formulas as written
from viz.vision import now
from viz.vision.own_rollout import rollout as drawn
from viz.vision.visitor import VisitorLook

KEY = "own-rollout"
MOST = 60_000_000  # numbers of all layers' maps, (token, token) each, that are kept for it
_ROOM = 300  # pixels for a sum with all its terms
Mixed = tuple[Floats, ...]


def fits(trace: VisitorTrace) -> bool:
    """Whether its maps are few and small enough to be kept all at once."""
    attention = trace.attention
    return len(attention.blocks) * len(attention.tokens) ** 2 <= MOST


def mixed(trace: VisitorTrace) -> Mixed:
    """Each layer's heads' mean with its residual, (token, token)."""
    return tuple(rollout.with_residual(block.weights) for block in trace.attention.blocks)


def view(look: VisitorLook, layers: Mixed) -> None:
    """One layer and the product up to it; beside them the chosen patch's numbers."""
    own, products = _rows(look, layers)
    left, right = frame.picture_and_sums(picture.WIDTHS)
    with left:
        query = frame.token(look.tokens[look.query], "q")
        frame.section(rich("vision.own_rollout", query=query), t("vision.own_rollout_note"))
        figure = drawn(look, own, products, picture.style())
        places = (("key", look.key), ("query", look.query), ("layer", look.layer))
        charts.clickable(figure, KEY, _choose, t("vision.own_rollout_figure"), *places)
    with right:
        _sums(look, layers, products[look.layer])


def said(look: VisitorLook, layers: Mixed) -> Now:
    """What is on screen, in a sentence."""
    return now.rollout(look, *_rows(look, layers), picture.speak(), look.query)


def _choose(name: str, number: int) -> None:
    """A click names a token that asks or is asked, or a layer."""
    state.put(name, int(number))


def _rows(look: VisitorLook, layers: Mixed) -> tuple[list[Floats], tuple[Floats, ...]]:
    """Of each layer the (token,) row of the asking token: its heads' mean, the product up to it."""
    own = [rollout.of_heads(block.row(look.query)[:, None])[0] for block in look.blocks]
    return own, rollout.rows(layers, look.query)


def _sums(look: VisitorLook, layers: Mixed, row: Floats) -> None:
    """Mixing, product and the row's sum for the chosen layer and patch; the raw weight beside.

    row: (token,), the chosen layer's of the rollout.
    """
    layer, key = look.layer, look.key
    w = sums.writer(picture.style(), written.MOST, room=PANEL, apart=True)
    heads = look.blocks[layer].row(look.query)[:, key]
    query, patch = frame.token(look.tokens[look.query], "q"), frame.token(look.tokens[key], "k")
    frame.section(frame.arrow(query, patch, t("vision.cell", layer=layer)))
    with st.container(key="rolled", gap="xsmall"):
        lines.titled(t("vision.mixed", layer=layer))
        sums.lines(written.mixed(heads, key == look.query, layer, w))
        lines.titled(t("vision.rolled", layer=layer) if layer else t("vision.rolled_first"))
        if layer:
            before = rollout.column(layers[:layer], key)
            with sums.box(_ROOM, gap="small"):
                sums.lines(written.rolled(layers[layer][look.query], before, look.tokens, layer, w))
        else:
            sums.lines(written.first(float(row[key]), w))
    rolled.ending(look, row, float(heads.mean()))
