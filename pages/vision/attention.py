"""The pictures' page, first view: a head's attention over the patches, and the sums behind it."""

from __future__ import annotations

import streamlit as st

from models.trace import AttentionBlock
from models.vision.digit import LEVELS, levels
from pages.ui import charts, controls, frame, lines, state, sums, views
from pages.ui.text import notation, rich, t
from pages.vision import picture
from pages.vision.picture import Shown
from viz.board.axes import Axes, Choice
from viz.board.markup import Safe, indexed
from viz.board.sentence import Now
from viz.steps.figure import Scene, check
from viz.steps.formulas import formula
from viz.steps.head import of_block
from viz.steps.order import COMPARE, MASK, MIX, SCALE, SOFTMAX
from viz.vision import formulas as written
from viz.vision import now
from viz.vision.attention import Asking, attention
from viz.vision.strips import strips

SUMS = ("every", "patch", "score", "weight", "mix")
OF_PAIR = ("score", "weight", "mix")
KEY, STRIPS = "patches", "vector"
_STEPS = {"score": (COMPARE, SCALE), "weight": (SOFTMAX,), "mix": (MIX,)}
_ADDED = MASK  # where something is added to the scores: a bias by place, a mask
_LONG, _FEWER = 6, 4  # terms of a sum that are written out; where another sum follows
_ROOM = 260  # pixels for a sum with all its terms


def view(shown: Shown) -> None:
    """Picture and sums, side by side."""
    left, right = frame.picture_and_sums(picture.WIDTHS)
    with left:
        looks = rich("vision.looks", query=frame.token(shown.tokens[shown.query], "q"))
        frame.section(looks, t("vision.where", layer=shown.layer, head=shown.head))
        places = (("key", shown.key), ("query", shown.query), ("head", shown.layer, shown.head))
        drawn = attention(shown, picture.style())
        charts.clickable(drawn, KEY, choose, t("vision.attention"), *places)
    with right:
        block = shown.blocks[shown.layer]
        axes = Axes(shown.tokens, shown.tokens, Choice(shown.query, shown.key))
        _sums(shown, Scene(of_block(block, shown.head), axes, dim=int(state.get("dim"))))


def said(shown: Shown) -> Now:
    """What is on screen, in a sentence."""
    return now.attention(shown, picture.speak())


def choose(name: str, *numbers: int) -> None:
    """A click names a token that asks or is asked, or layer and head."""
    names = ("layer", "head") if name == "head" else (name,)
    for parameter, number in zip(names, numbers, strict=True):
        state.put(parameter, int(number))


def _sums(shown: Shown, scene: Scene) -> None:
    chosen = views.chosen_sum("vision", SUMS)
    if chosen == "every":
        sums.lines(written.brief(scene, _entry(shown), sums.writer(picture.style())))
        sums.switches(terms=False)
    else:
        lines.titled(heading(chosen, shown, scene))
        if chosen == "patch":
            _vector(shown)
        else:
            one_sum(chosen, scene)
    # What lies between a patch's vector and this head's q and k.
    between = t("vision.between_first")
    if shown.layer:
        between = t("vision.between", layer=shown.layer)
    lines.hint(indexed(f"{between} {t('vision.rounded')}", "W_Q", "W_K"))
    _checks(shown, scene)


def heading(name: str, shown: Asking, scene: Scene, *, cosine: bool = False) -> Safe:
    """What is summed, in the tokens' colours. cosine: scores are cosines times a factor."""
    more = "_terms" if name == "score" and _adds(scene) else ""
    if name == "score" and cosine:
        more = "_factor"
    return rich(
        f"vision.sums.{name}{more}",
        query=frame.token(shown.tokens[shown.query], "q"),
        patch=frame.token(shown.tokens[shown.key], "k"),
        unit=state.get("unit"),
        dim=scene.dim,
    )


def _entry(shown: Shown) -> written.Entry:
    """The chosen number of the chosen token's vector."""
    made, n, token = shown.trace.embedding, int(state.get("unit")), shown.key
    return written.Entry(
        token=shown.tokens[token],
        number=n,
        levels=levels(made.patches[token - 1]) if token else (),
        full=LEVELS,
        weight=made.projection.weight[:, n] if token else made.added[0, :0],
        start=made.projection.bias_at(n) if token else float(made.added[0, n]),
        position=float(made.positions[token, n]),
    )


def _vector(shown: Shown) -> None:
    """Strips: from the pixels, the position, and both together; the sum of the chosen number."""
    rows = shown.trace.embedding.parts(shown.key)
    figure = strips(rows, int(state.get("unit")), picture.style())
    said = f"{t('controls.unit')} {state.get('unit')}"
    charts.clickable(figure, STRIPS, charts.chooses("unit"), t("vision.vector"), said=said)
    sums.lines(written.vector(_entry(shown), sums.writer(picture.style())))
    with sums.switch_row():
        _number("unit", int(shown.trace.embedding.own.shape[1]))
        sums.more_digits()


def one_sum(name: str, scene: Scene) -> None:
    """One sum in general and with its numbers, as many terms as are asked for."""
    finer, few = sums.finer(), _FEWER if name == "score" and _adds(scene) else _LONG
    most = None if sums.every() else few
    steps = (*_STEPS[name], _ADDED) if name == "score" and _adds(scene) else _STEPS[name]
    parts = [
        formula(step, scene, picture.style(), finer=finer, terms=most, few=0, bare=True)
        for step in steps
    ]
    sums.lines((parts[-1] if len(steps) > len(_STEPS[name]) else parts[0]).general)
    with sums.box(_ROOM):
        sums.lines(*(part.chosen for part in parts))
    with sums.switch_row():
        if name == "mix":
            _number("dim", int(scene.one.steps.v.shape[1]))
        sums.more_digits()
        sums.all_terms()


def _adds(scene: Scene) -> bool:
    """Something else than q·k makes the scores."""
    how = scene.one.own.scoring
    return bool(how.terms) or how.mask is not None


def of_pair(
    look: Asking,
    block: AttentionBlock,
    axes: Axes | None = None,
    own: str = "",
    *,
    cosine: bool = False,
) -> None:
    """A visitor's model: one sum of the chosen pair at a time, beside the model's own output.

    axes: where not all tokens ask and are asked; own: in words, whose output it is held against.
    cosine: its scores are cosines, times a learned factor.
    """
    if axes is None:
        axes = Axes(look.tokens, look.tokens, Choice(look.query, look.key))
    scene = Scene(of_block(block, look.head), axes, dim=int(state.get("dim")))
    if state.get("sum") not in OF_PAIR:
        state.put("sum", OF_PAIR[0])
    chosen = views.chosen_sum("vision", OF_PAIR)
    lines.titled(heading(chosen, look, scene, cosine=cosine))
    one_sum(chosen, scene)
    mixed = check(MIX, scene)
    frame.equal_to(own or t("vision.own_output"), notation().fixed(mixed.own, 4), mixed.difference)


def _number(name: str, count: int) -> None:
    """Which number of the vector or of the output."""
    look = {"width": 200, "label_visibility": controls.HIDDEN}
    controls.counted(name, count, key="vision.number", **look)


def _checks(shown: Shown, scene: Scene) -> None:
    vectors = shown.trace.embedding
    number = float(vectors.own[shown.key, int(state.get("unit"))])
    mixed = check(MIX, scene)
    with st.container(key="vision-checks", gap=None):
        frame.equal_to(t("vision.own_vector"), notation().fixed(number, 4), vectors.difference())
        frame.equal_to(t("vision.own_output"), notation().fixed(mixed.own, 4), mixed.difference)
