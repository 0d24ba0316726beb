"""The pictures' page, second view: attention rolled out over the layers, product by product."""

from __future__ import annotations

from html import escape

import streamlit as st

from models.core.arrays import difference
from models.core.rollout import of_heads, rollout, with_residual
from models.trace import Floats
from pages.ui import charts, frame, state
from pages.ui.text import notation, t
from pages.vision import picture
from pages.vision.picture import Shown
from viz.vision import formulas as written
from viz.vision.rollout import Rolled
from viz.vision.rollout import rollout as drawn

KEY = "rollout"
CLS = 0
_ROOM = 300  # pixels for a sum with all its terms


def view(shown: Shown) -> None:
    """Each layer and each product as a picture; beside them the chosen patch's numbers."""
    blocks = shown.trace.attention.layers("encoder")
    layers = [with_residual(block.weights) for block in blocks]
    products = rollout(layers)
    left, right = st.columns([840, 560], gap="medium")
    with left, st.container(key="main-figure"):
        frame.section(t("vision.rollout"), t("vision.rollout_note"))
        _figure(shown, products)
    with right, st.container(key="steps", gap="xsmall"):
        _sums(shown, layers, products)


def _figure(shown: Shown, products: tuple[Floats, ...]) -> None:
    blocks = shown.trace.attention.layers("encoder")
    rolled = Rolled(
        shown.trace.pixels,
        [of_heads(block.weights)[CLS] for block in blocks],
        [product[CLS] for product in products],
        shown.tokens,
        shown.layer,
        shown.key,
    )
    charts.clickable(drawn(rolled, picture.style()), KEY, _choose)


def _choose(_: str, layer: int, key: int) -> None:
    state.put("layer", int(layer))
    state.put("key", int(key))


def _sums(shown: Shown, layers: list[Floats], products: tuple[Floats, ...]) -> None:
    """Mixing, product and the row's sum for the chosen layer and patch; the raw weight beside."""
    layer, key = shown.layer, shown.key
    finer, style = bool(state.get("exact")), picture.style()
    weights = shown.trace.attention.layers("encoder")[layer].weights
    heads, raw = weights[:, CLS, key], float(of_heads(weights)[CLS, key])
    row = products[layer][CLS]
    arrow = frame.token(shown.tokens[CLS], "q"), frame.token(shown.tokens[key], "k")
    frame.section(escape(t("vision.cell", layer=layer)) + f" {arrow[0]} → {arrow[1]}")
    with st.container(key="rolled", gap="xsmall"):
        _titled(t("vision.mixed", layer=layer))
        st.latex(written.mixed(heads, key == CLS, layer, style, finer=finer))
        _titled(t("vision.rolled", layer=layer) if layer else t("vision.rolled_first"))
        if layer:
            before, own = products[layer - 1][:, key], layers[layer][CLS]
            most = None if state.get("all") else written.MOST
            tex = written.rolled(own, before, shown.tokens, layer, style, most=most, finer=finer)
            with st.container(height=_ROOM, border=False) if most is None else st.container():
                st.latex(tex)
        else:
            st.latex(written.first(float(row[key]), style))
    with st.container(horizontal=True, gap="medium"):
        for name, words in (("exact", "scores.more_digits"), ("all", "scores.all_terms")):
            state.put(name, state.get(name))
            st.toggle(t(words), key=name, persist_state="session")
    total = float(row.sum())
    frame.equal_to(t("vision.row_sum"), notation().fixed(total, 4), difference(total, 1.0))
    patch = shown.tokens[key]
    _beside(t("vision.raw", layer=layer, patch=patch), raw)
    _beside(t("vision.rolled_out", layer=layer, patch=patch), float(row[key]))


def _titled(words: str) -> None:
    st.html(f"<p class='reach'><b>{escape(words)}</b></p>")


def _beside(words: str, value: float) -> None:
    number = escape(notation().small(value, 4))
    st.html(f"<p class='beside'><span>{escape(words)}</span><b>{number}</b></p>")
