"""The pictures' page, first view: a head's attention over the patches, and the sums behind it."""

from __future__ import annotations

from html import escape

import streamlit as st

from models.vision.digit import LEVELS, levels
from pages.ui import (
    charts,
    frame,
    state,
    views,
)
from pages.ui.text import notation, t
from pages.vision import picture
from pages.vision.picture import Shown
from viz.board.axes import Axes, Choice
from viz.formula.layout import Formula
from viz.steps.figure import Scene, check
from viz.steps.formulas import formula
from viz.steps.head import of_block
from viz.vision import formulas as written
from viz.vision.attention import Look, attention
from viz.vision.strips import strips

SUMS = ("every", "patch", "score", "weight", "mix")
KEY, STRIPS = "patches", "vector"
_STEPS = {"score": (2, 3), "weight": (5,), "mix": (6,)}  # as the scores page counts them
_LONG = 6  # terms of a sum that are written out
_ROOM = 260  # pixels for a sum with all its terms


def view(shown: Shown) -> None:
    """Picture and sums, side by side."""
    left, right = st.columns([840, 560], gap="medium")
    with left, st.container(key="main-figure"):
        frame.section(_looks(shown), t("vision.where", layer=shown.layer, head=shown.head))
        _figure(shown)
    with right, st.container(key="steps", gap="xsmall"):
        _sums(shown, _scene(shown))


def _looks(shown: Shown) -> str:
    query = frame.token(shown.tokens[shown.query], "q")
    return escape(t("vision.looks", query="{}")).format(query)


def _figure(shown: Shown) -> None:
    found = shown.trace.attention.layers("encoder")
    look = Look(
        shown.trace.pixels,
        [block.weights for block in found],
        shown.tokens,
        shown.layer,
        shown.head,
        shown.query,
        shown.key,
    )
    charts.clickable(attention(look, picture.style()), KEY, _choose)


def _choose(name: str, *numbers: int) -> None:
    """A click names a token that asks or is asked, or layer and head."""
    names = ("layer", "head") if name == "head" else (name,)
    for parameter, number in zip(names, numbers, strict=True):
        state.put(parameter, int(number))


def _scene(shown: Shown) -> Scene:
    block = shown.trace.attention.layers("encoder")[shown.layer]
    axes = Axes(shown.tokens, shown.tokens, Choice(shown.query, shown.key))
    return Scene(of_block(block, shown.head), axes, dim=int(state.get("dim")))


def _sums(shown: Shown, scene: Scene) -> None:
    chosen = views.chosen_sum("vision", SUMS)
    if chosen == "every":
        finer = bool(state.get("exact"))
        st.latex(written.brief(scene, _entry(shown), picture.style(), finer=finer))
        _switches("", 0)
    else:
        _heading(chosen, shown, scene)
        if chosen == "patch":
            _vector(shown)
        else:
            _one(chosen, scene)
    st.html(f"<p class='hint'>{_between(shown)}</p>")
    _checks(shown, scene)


def _heading(name: str, shown: Shown, scene: Scene) -> None:
    """What is summed, in the tokens' colours."""
    gaps = {
        "query": frame.token(shown.tokens[shown.query], "q"),
        "patch": frame.token(shown.tokens[shown.key], "k"),
        "unit": str(state.get("unit")),
        "dim": str(scene.dim),
    }
    words = escape(t(f"vision.sums.{name}", **{gap: f"{{{gap}}}" for gap in gaps}))
    st.html(f"<p class='reach'><b>{words.format(**gaps)}</b></p>")


def _parts(name: str, scene: Scene, most: int | None) -> list[Formula]:
    finer = bool(state.get("exact"))
    return [
        formula(step, scene, picture.style(), finer=finer, terms=most, few=0)
        for step in _STEPS[name]
    ]


def _entry(shown: Shown) -> written.Entry:
    """The chosen number of the chosen token's vector."""
    made, n, token = shown.trace.embedding, int(state.get("unit")), shown.key
    return written.Entry(
        token=shown.tokens[token],
        number=n,
        levels=levels(made.patches[token - 1]) if token else (),
        full=LEVELS,
        weight=made.projection.weight[:, n] if token else made.cls[:0],
        start=made.projection.bias_at(n) if token else float(made.cls[n]),
        position=float(made.positions[token, n]),
    )


def _strips(shown: Shown) -> None:
    """The whole vector: from the pixels, the position, and both together; a click chooses."""
    vectors = shown.trace.embedding

    made = vectors.vectors[shown.key] - vectors.positions[shown.key]
    rows = made, vectors.positions[shown.key], vectors.own[shown.key]
    figure = strips(rows, int(state.get("unit")), picture.style())
    charts.clickable(figure, STRIPS, lambda n: state.put("unit", int(n)))


def _vector(shown: Shown) -> None:
    """The whole vector as strips, and the chosen number of it."""
    _strips(shown)
    finer = bool(state.get("exact"))
    st.latex(written.vector(_entry(shown), picture.style(), finer=finer))
    _switches("unit", int(shown.trace.embedding.own.shape[1]))


def _one(name: str, scene: Scene) -> None:
    """One sum in general and with its numbers, as many terms as are asked for."""
    everything = bool(state.get("all"))
    parts = _parts(name, scene, None if everything else _LONG)
    st.latex(parts[0].general)
    # All terms of a sum scroll, so that what it comes to stays in view below them.
    with st.container(height=_ROOM, border=False) if everything else st.container(gap="xsmall"):
        for part in parts:
            st.latex(part.chosen)
    _switches("dim" if name == "mix" else "", int(scene.one.steps.v.shape[1]), terms=True)


def _switches(name: str, count: int, *, terms: bool = False) -> None:
    """Which number of the vector or of the output; more digits; all terms."""
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        if name:
            st.number_input(
                t("vision.number"),
                0,
                count - 1,
                step=1,
                key=name,
                width=200,
                label_visibility="collapsed",
                persist_state="session",
            )
        _toggle("exact", "scores.more_digits")
        if terms:
            _toggle("all", "scores.all_terms")


def _toggle(name: str, words: str) -> None:
    state.put(name, state.get(name))
    st.toggle(t(words), key=name, persist_state="session")


def _between(shown: Shown) -> str:
    """What lies between a patch's vector and this head's q and k, as safe HTML."""
    key = "vision.between_first" if shown.layer == 0 else "vision.between"
    words = escape(f"{t(key, layer=shown.layer)} {t('vision.rounded')}")
    for letter in "QK":
        words = words.replace(f"W_{letter}", f"W<sub>{letter}</sub>")
    return words


def _checks(shown: Shown, scene: Scene) -> None:
    vectors = shown.trace.embedding
    number = float(vectors.own[shown.key, int(state.get("unit"))])
    mixed = check(6, scene)
    with st.container(key="vision-checks", gap=None):
        frame.equal_to(t("vision.own_vector"), notation().fixed(number, 4), vectors.difference())
        frame.equal_to(t("vision.own_output"), notation().fixed(mixed.own, 4), mixed.difference)
