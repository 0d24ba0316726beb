"""The pictures' page, first view: a head's attention over the patches, and the sums behind it."""

from __future__ import annotations

from html import escape

import streamlit as st

from models.vision import LEVELS, levels
from pages.ui import charts, controls, frame, picture, state
from pages.ui.picture import Shown
from pages.ui.stepping import step_buttons
from pages.ui.text import notation, t
from viz import formula_vision as written
from viz.axes import Axes, Choice
from viz.formula_sums import Formula
from viz.formulas import formula
from viz.onehead import of_block
from viz.scores import Scene, check
from viz.vision import Look, attention
from viz.vision_strips import strips

SUMS = ("every", "patch", "score", "weight", "mix")
KEY, STRIPS = "patches", "vector"
_STEPS = {"score": (2, 3), "weight": (5,), "mix": (6,)}  # as the scores page counts them
_LONG = 8  # terms of a sum that are written out


def view(shown: Shown) -> None:
    """Picture and sums, side by side."""
    left, right = st.columns([840, 560], gap="medium")
    with left, st.container(key="main-figure"):
        frame.section(_looks(shown), t("vision.where", layer=shown.layer, head=shown.head))
        _figure(shown)
    with right, st.container(key="steps", gap="xsmall"):
        step_buttons(range(len(shown.tokens)), t("vision.back"), t("vision.on"), name="key")
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
    chosen = _chosen_sum()
    if chosen == "every":
        finer = bool(state.get("exact"))
        st.latex(written.brief(scene, _entry(shown), picture.style(), finer=finer))
        with st.container(horizontal=True):
            _toggle("exact", "scores.more_digits")
    else:
        _heading(chosen, shown, scene)
        if chosen == "patch":
            _strips(shown)
        _one(chosen, shown, scene)
    st.html(f"<p class='hint'>{_between(shown)}</p>")
    _checks(shown, scene)


def _chosen_sum() -> str:
    state.put("sum", state.get("sum") if state.get("sum") in SUMS else state.default("sum"))
    st.segmented_control(
        t("vision.sum"),
        SUMS,
        key="sum",
        required=True,
        label_visibility="collapsed",
        format_func=lambda name: t(f"vision.sum.{name}"),
        persist_state="session",
    )
    return str(state.get("sum"))


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


def _parts(name: str, shown: Shown, scene: Scene, most: int | None) -> list[Formula]:
    finer = bool(state.get("exact"))
    if name == "patch":
        return [written.vector(_entry(shown), picture.style(), finer=finer)]
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


def _one(name: str, shown: Shown, scene: Scene) -> None:
    """One sum in general and with its numbers, as many terms as are asked for."""
    everything = bool(state.get("all"))
    parts = _parts(name, shown, scene, None if everything else _LONG)
    for part in parts:
        st.latex(part.general)
        st.latex(part.chosen)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        if name in ("patch", "mix"):
            _number(name, shown)
        _toggle("exact", "scores.more_digits")
        if any(part.terms > _LONG for part in parts):
            _toggle("all", "scores.all_terms")


def _toggle(name: str, words: str) -> None:
    state.put(name, state.get(name))
    st.toggle(t(words), key=name, persist_state="session")


def _number(name: str, shown: Shown) -> None:
    """Which number of the vector, or of the head's output."""
    if name == "patch":
        controls.number("unit", int(shown.trace.embedding.own.shape[1]))
    else:
        controls.number("dim", int(shown.trace.attention.layers("encoder")[0].v.shape[2]))


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
        frame.equal_to(t("vision.own_vector"), notation().fixed(number, 4), vectors.fidelity())
        frame.equal_to(t("vision.own_output"), notation().fixed(mixed.own, 4), mixed.largest)
