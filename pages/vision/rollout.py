"""The pictures' page, second view: attention rolled out over the layers, product by product."""

from __future__ import annotations

import streamlit as st

from models.core.arrays import difference
from models.core.rollout import of_heads, rollout, with_residual
from models.trace import Floats
from pages.ui import charts, frame, lines, sums
from pages.ui.text import notation, t
from pages.vision import picture
from pages.vision.picture import Shown
from viz.board.sentence import Now
from viz.formula.writer import PANEL
from viz.vision import formulas as written
from viz.vision import now
from viz.vision.attention import Look
from viz.vision.rollout import rollout as drawn

KEY = "rollout"
CLS = 0
_ROOM = 300  # pixels for a sum with all its terms


def view(shown: Shown) -> None:
    """Each layer and each product as a picture; beside them the chosen patch's numbers."""
    layers, products = _products(shown)
    left, right = frame.picture_and_sums(picture.WIDTHS)
    with left:
        frame.section(t("vision.rollout"), t("vision.rollout_note"))
        figure = drawn(shown, *_rows(shown, products), picture.style())
        charts.clickable(figure, KEY, charts.chooses("", "layer", "key"), t("vision.rollout"))
    with right:
        _sums(shown, layers, products)


def said(shown: Shown) -> Now:
    """What is on screen, in a sentence."""
    own, products = _rows(shown, _products(shown)[1])
    return now.rollout(shown, own, products, picture.speak())


def _products(shown: Shown) -> tuple[list[Floats], tuple[Floats, ...]]:
    """Each layer with its residual, (token, token), and their products so far."""
    layers = [with_residual(block.weights) for block in shown.blocks]
    return layers, rollout(layers)


def _rows(shown: Shown, products: tuple[Floats, ...]) -> tuple[list[Floats], list[Floats]]:
    """Of each layer the (token,) row of [CLS]: its heads' mean, and the product up to it."""
    own = [of_heads(block.weights)[CLS] for block in shown.blocks]
    return own, [product[CLS] for product in products]


def _sums(shown: Shown, layers: list[Floats], products: tuple[Floats, ...]) -> None:
    """Mixing, product and the row's sum for the chosen layer and patch; the raw weight beside."""
    layer, key = shown.layer, shown.key
    w = sums.writer(picture.style(), written.MOST, room=PANEL, apart=True)
    weights = shown.blocks[layer].weights
    heads, raw = weights[:, CLS, key], float(of_heads(weights)[CLS, key])
    row = products[layer][CLS]
    query, patch = frame.token(shown.tokens[CLS], "q"), frame.token(shown.tokens[key], "k")
    frame.section(frame.arrow(query, patch, t("vision.cell", layer=layer)))
    with st.container(key="rolled", gap="xsmall"):
        lines.titled(t("vision.mixed", layer=layer))
        sums.lines(written.mixed(heads, key == CLS, layer, w))
        lines.titled(t("vision.rolled", layer=layer) if layer else t("vision.rolled_first"))
        if layer:
            before, own = products[layer - 1][:, key], layers[layer][CLS]
            with sums.box(_ROOM, gap="small"):
                sums.lines(written.rolled(own, before, shown.tokens, layer, w))
        else:
            sums.lines(written.first(float(row[key]), w))
    ending(shown, row, raw)


def ending(shown: Look, row: Floats, raw: float) -> None:
    """Below the sums: what the row of the rollout, (token,), sums to, and its number for the chosen
    patch beside the layer's raw weight.
    """
    sums.switches()
    total = float(row.sum())
    frame.equal_to(t("vision.row_sum"), notation().fixed(total, 4), difference(total, 1.0))
    where = {"layer": shown.layer, "patch": shown.tokens[shown.key]}
    lines.beside(t("vision.raw", **where), notation().small(raw, 4))
    rolled = float(row[shown.key])
    lines.beside(t("vision.rolled_out", **where), notation().small(rolled, 4))
