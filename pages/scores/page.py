"""How does a word decide where to look? One head, step by step, with the sum behind each cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from models.core.arrays import Difference
from models.core.by_hand import ByHand
from models.scores.by_hand import LESSON, example_of
from models.trace import AttentionBlock, AttentionTrace, Kind
from pages.scores import by_hand as byhand
from pages.scores import clicks, masking, scaling, splitting, sums, symmetry, values
from pages.ui import (
    about,
    caches,
    charts,
    controls,
    frame,
    inputs,
    parts,
    selection,
    state,
    views,
    window,
)
from pages.ui.model import languages
from pages.ui.stepping import step_buttons
from pages.ui.text import t
from viz.board.axes import Axes
from viz.board.markup import template
from viz.scores import now
from viz.scores.captions import captions
from viz.steps.figure import HEIGHT, Scene, Style, figure, walk
from viz.steps.head import PADDED, PADDED_BY_HAND, REACH, OneHead, of_block
from viz.steps.order import CONCATENATE, GATE, MASK, MIX, PROJECT, SCALE

_WIDTHS = (290, 940, 530)
MASKS = ("own", "none", "causal", "padding", "window")
# A segmented control is lower than the fields beside it, and so would its label be.
_AS_HIGH = template("<style>.st-key-mode [role='radiogroup'] button{min-height:2.5rem}</style>")
_DIGITS = 3  # of every number by hand
_HAND_MASKS = ("own", "causal", "padding", "window")


@dataclass(frozen=True, slots=True)
class Source:
    """What is walked through, and what is said about where it comes from."""

    one: OneHead
    axes: Axes
    origin: str
    where: tuple[str, ...]
    difference: Difference | None = None
    example: bool = False
    edited: bool = False
    height: int = HEIGHT
    why: str = ""


def body() -> None:
    """Everything below the title."""
    if state.get("mode") == "hand":
        _body_by_hand()
    else:
        trace = inputs.recording(surroundings=True, writes=True, whole=True)
        kind = selection.chosen_kind(trace, whole=True)
        block = selection.chosen_block(trace, kind)
        source = _live(trace, kind, block)
        step = _step(source.one)
        scene = _scene(source)
        frame.notices()
        _now(step, scene, source)
        left, middle, right = st.columns(_WIDTHS, gap="medium")
        with left:
            _steps(source)
        _walk(step, source, scene, middle, right)
        _stop(step, scene, trace, block)
        parts.below(about.model, trace.model_id)


def _stop(step: int, scene: Scene, trace: AttentionTrace, block: AttentionBlock) -> None:
    """What students ask of a step everywhere, below it. Drawn here, and not by `parts.below`: it
    changes with the step and the cell, and would have all of the page drawn anew.
    """
    stops = {
        PROJECT: partial(_three_matrices, scene, trace, block),
        SCALE: partial(scaling.stop, scene, trace, block),
        MASK: partial(masking.stop, scene),
        CONCATENATE: partial(splitting.stop, scene, block),
    }
    if step in stops:
        with st.container(key="remark-stop"):
            stops[step](selection.where(trace, block))


def _three_matrices(
    scene: Scene, trace: AttentionTrace, block: AttentionBlock, where: Sequence[str]
) -> None:
    symmetry.stop(scene, trace, block, where)
    values.stop(scene, where)


def _body_by_hand() -> None:
    """The tables stand above figure and sums, beside the list of steps: all on one screen.

    In a narrow window the picture comes first.
    """
    hand = _hand_controls()
    notices = st.container()
    left, wide = st.columns([_WIDTHS[0], sum(_WIDTHS[1:])], gap="medium")
    with wide:
        places = st.container(), st.container()
    tables, drawn = reversed(places) if window.current().stacked else places
    with tables, controls.folded("$X,\\ W_Q,\\ W_K,\\ W_V$"):
        source = _by_hand(byhand.editors(hand))
        step = _step(source.one)
        scene = _scene(source)
    with drawn:
        middle, right = st.columns(_WIDTHS[1:], gap="medium")
    with left:
        _steps(source)
    with notices:
        frame.notices()
        _now(step, scene, source)
    _walk(step, source, scene, middle, right)


def _now(step: int, scene: Scene, source: Source) -> None:
    speak = charts.style("now", "scores.now", digits=_DIGITS if source.example else None)
    frame.now(*now.step(step, scene, speak), why=source.why)


def _walk(
    step: int, source: Source, scene: Scene, middle: DeltaGenerator, right: DeltaGenerator
) -> None:
    with middle:
        _picture(step, source, scene)
    with frame.sums_place(right):
        sums.panel(step, scene, style(source.example), example=source.example)
    _provenance(source)


def style(by_hand: bool = False) -> Style:
    """Colours, numbers and words of the figure and the formulas."""
    digits = _DIGITS if by_hand else None
    finer = bool(state.get("exact"))
    return charts.style("now", "figure", "scores.figure", digits=digits, finer=finer)


def _step(one: OneHead) -> int:
    step, steps = state.get("step"), walk(one)
    if step == GATE and step not in steps:
        state.notice("scores.no_gate")
        step = MIX
    elif step not in steps:
        state.notice("scores.no_step", value=step, last=len(steps))
        step = state.default("step")
    state.put("step", step)
    return int(step)


def _live(trace: AttentionTrace, kind: Kind, block: AttentionBlock) -> Source:
    view = selection.chosen_view(trace, kind, block)
    _controls(trace, kind, block)
    one = of_block(block, int(state.get("head")), mask=state.get("mask"), divide=state.get("scale"))
    where = selection.where(trace, block)
    return Source(
        one,
        view.full,
        "whatif" if one.altered else "live",
        tuple([t("scores.based_on_live"), *where] if one.altered else where),
        caches.difference(trace),
        why=selection.reason(trace, view) if state.usual("step", "mask", "scale") else "",
    )


def _hand_controls() -> ByHand:
    hand = byhand.chosen()
    controls.row(
        (250, _mode),
        *byhand.size_cells(hand, (185, 185, 260)),
        (215, partial(_what_if, _HAND_MASKS)),
        (200, _divide),
        (330, byhand.example),
        (135, controls.nothing),
    )
    return hand


def _by_hand(hand: ByHand) -> Source:
    one, axes = byhand.walk(hand, mask=state.get("mask"), divide=state.get("scale"))
    example = example_of(hand)
    told = t("scores.hand_example" if example else "scores.hand_own")
    if example not in (None, LESSON):
        told = t(f"scores.hand_example.{example}")
    where = told, ", ".join(hand.words)
    origin = "example" if example and not one.altered else "whatif"
    return Source(
        one,
        axes,
        origin,
        where,
        example=True,
        edited=not example,
        height=byhand.figure_height(hand),
    )


def _controls(trace: AttentionTrace, kind: Kind, block: AttentionBlock) -> None:
    controls.row(
        (250, _mode),
        *selection.head_cells(trace, kind, block, (220, 310, 160, 175, 175, 225)),
        *languages.cells(trace),
        (215, _what_if),
        (200, partial(_divide, block.scaling == 1.0)),
    )


def _mode() -> None:
    st.html(_AS_HIGH())
    # The cell chosen in one set of words means nothing in another.
    forget = partial(state.put_all, query=None, key=None, dim=None, out=None)
    controls.choice("mode", "scores.mode", ("live", "hand"), on_change=forget)


def _what_if(masks: Sequence[str] = MASKS) -> None:
    # By hand the own computation masks nothing: "none" is no choice of its own there.
    views.settled("mask", masks)
    names = {"own": "none"} if "none" not in masks else {}
    padded = PADDED if "none" in masks else PADDED_BY_HAND

    def word(name: str) -> str:
        return t(f"scores.mask.{names.get(name, name)}", padded=padded, reach=REACH)

    controls.select("mask", "scores.what_if", masks, word)


def _divide(never: bool = False) -> None:
    why = t("scores.divide_never") if never else None
    controls.toggle("scale", t("scores.divide"), disabled=never, help=why)


def _scene(source: Source) -> Scene:
    one, part = source.one, state.get("part")
    width = getattr(one.steps, part).shape[1]
    dim = controls.in_range("dim", min(width, one.steps.output.shape[1]))
    out = 0 if not one.projects else controls.in_range("out", one.projected.shape[1])
    return Scene(one, source.axes, part, dim, out)


def _steps(source: Source) -> None:
    lines, steps = captions(style(), source.one), walk(source.one)
    controls.listed(
        "step",
        "scores.steps",
        steps,
        lambda step: t(f"scores.step.{step}", n=steps.index(step) + 1),
        captions=[f"${lines[step]}$" for step in steps],
        label_visibility=controls.HIDDEN,
    )
    step_buttons(steps, "scores.previous", "scores.next")


def _picture(step: int, source: Source, scene: Scene) -> None:
    frame.section(t(f"scores.head.{step}"), badge=_badge(source))
    clicks.remember(step, scene, source.where)
    selection.zoomable(scene.axes)
    with st.container(key="main-figure"):
        drawn = figure(step, scene, style(source.example), height=source.height)
        name = t(f"scores.head.{step}")
        charts.clickable(drawn, "scene", clicks.choose, name, *clicks.places(scene))


def _badge(source: Source) -> str:
    """What leaves the model's own computation, or the lesson's own example."""
    changes = [t("scores.hand_own")] if source.edited else []
    if source.one.altered and state.get("mask") != "own":
        changes.append(t(f"scores.badge.{state.get('mask')}"))
    if source.one.altered and not state.get("scale"):
        changes.append(t("scores.badge.unscaled"))
    return t("scores.badge", changes=", ".join(changes)) if changes else ""


def _provenance(source: Source) -> None:
    difference = source.difference
    if difference is None or not source.one.altered:
        frame.provenance(source.origin, *source.where, difference=difference)
        return
    # A green tick must not stand beside numbers that a what-if has changed.
    told = {"difference": frame.measured(difference)}
    before = t("scores.matched_before" if difference.rounding else "scores.differed_before", **told)
    frame.provenance(source.origin, *source.where, before)


parts.page("scores", body)
