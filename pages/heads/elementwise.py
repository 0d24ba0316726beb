"""q × k by dimensions: one query or several, all keys at once, and the chosen pair's sum."""

from __future__ import annotations

import re
from functools import partial

import streamlit as st

from models.heads.elementwise import PairProducts, products
from models.trace import AttentionBlock, AttentionTrace
from pages.ui import charts, controls, frame, lines, state, sums
from pages.ui.text import notation, t
from viz.board.markup import indexed
from viz.formula.writer import FEW
from viz.heads import now
from viz.heads.elementwise import HEIGHT, Shown, elementwise
from viz.heads.elementwise_formulas import score
from viz.heads.query_row import weight_formula
from viz.heads.view import HeadView
from viz.steps.formulas import formula
from viz.steps.head import of_block
from viz.steps.remarks import remarks
from viz.steps.scene import Scene

_WIDTHS, _ROOM = (1130, 650), 230
_SCALE, _MASK = 3, 4  # steps of viz.steps.formulas
_PLACES = re.compile(r"[0-9]{1,5}( [0-9]{1,5})*")
_speak = partial(charts.style, "now", "heads.now")
_style = partial(charts.style, "figure", "scores.figure", "heads.elementwise")


def view(trace: AttentionTrace, block: AttentionBlock, chosen: HeadView, less: int = 0) -> None:
    """The products as a map with their sums at the left, the chosen pair's opened at the right.

    less: pixels that the map is to be lower.
    """
    if not block.whole:
        lines.remark(t("heads.elementwise.none"))
        return
    head = int(state.get("head"))
    queries = _queries(chosen)
    found = products(block, head, queries)
    shown = _shown(found, chosen)
    scene = Scene(of_block(block, head), chosen.full)
    frame.now(*now.products(shown, _speak()))
    left, right = frame.picture_and_sums(_WIDTHS)
    with left:
        frame.section(t("heads.products"), _note(found))
        choose = charts.chooses("query", "key", "product")
        place = [shown.query, shown.key, shown.dim]
        figure = elementwise(shown, _style(), height=HEIGHT - less)
        charts.clickable(figure, "products", choose, t("heads.products"), place)
        _controls(chosen, queries)
    with right:
        _sums(shown, scene)


def settle(chosen: HeadView) -> None:
    """Take over what the address asks for, as far as it is there; the rest is said."""
    query, rows = chosen.full.chosen.query, len(chosen.full.queries)
    width = chosen.steps.q.shape[1]
    if (state.get("product") or 0) >= width:
        controls.in_range("product", width)
    asked = str(state.get("summed"))
    if asked and _PLACES.fullmatch(asked) is None:
        state.notice("error.address", name="summed")
        asked = ""
    places = [*dict.fromkeys(map(int, asked.split()))]
    if places and max(places) >= rows:
        worst, last = max(places), rows - 1
        state.notice("error.out_of_range", name=t("heads.summed"), value=worst, last=last)
    kept = [place for place in places if place < rows and place != query]
    state.put("summed", " ".join(map(str, kept)) or None)


def _queries(chosen: HeadView) -> tuple[int, ...]:
    """The chosen query first, then those that are summed with it."""
    return chosen.full.chosen.query, *map(int, str(state.get("summed")).split())


def _shown(found: PairProducts, chosen: HeadView) -> Shown:
    first, dim = found.largest_first(chosen.full.chosen.key), state.get("product")
    order = first if state.get("sorted") else found.in_order
    return Shown(found, chosen.axes, order, int(first[0] if dim is None else dim))


def _note(found: PairProducts) -> str:
    """In which order the dimensions stand, and what is summed."""
    order = t("heads.products_sorted" if state.get("sorted") else "heads.products_order")
    count = len(found.queries)
    return order if count == 1 else f"{t('heads.products_summed', count=count)}; {order}"


def _controls(chosen: HeadView, queries: tuple[int, ...]) -> None:
    words = chosen.full.queries
    left, right = st.columns([560, 570], vertical_alignment="center")
    with left:
        controls.several(
            "summed",
            "heads.summed",
            [place for place in range(len(words)) if place != queries[0]],
            lambda place: f"{place} {words[place]}",
            shown=queries[1:],
            placeholder=t("heads.summed"),
            label_visibility=controls.HIDDEN,
        )
    with right, sums.switch_row():
        controls.toggle("sorted", t("heads.sorted"))
        sums.more_digits()
        sums.all_terms()


def _sums(shown: Shown, scene: Scene) -> None:
    found, style, axes = shown.found, _style(), scene.axes
    several = len(found.queries) > 1
    query = frame.token(axes.queries[scene.query], "q", 14)
    key = frame.token(axes.keys[scene.key], "k", 14)
    frame.section(
        t("heads.summed_pair", token=axes.keys[scene.key]) if several else frame.arrow(query, key)
    )
    written = score(shown, style, finer=sums.finer(), every=sums.every())
    sums.opened(written, _ROOM, scrolls=written.terms - written.left_out > FEW)
    if not several:
        for step in (_SCALE, _MASK) if _adds(shown) else (_SCALE,):
            sums.lines(formula(step, scene, style, finer=sums.finer()).chosen)
        sums.lines(weight_formula(scene.one.steps, axes, style))
    for words in _remarks(scene, several=several):
        lines.hint(indexed(words, "W_O"))
    frame.equal_to(t("heads.products_own"), "", found.difference)


def _adds(shown: Shown) -> bool:
    """Something is added to the chosen pair's scaled score: a named term, or the mask's −∞."""
    found = shown.found
    return bool(found.steps.scoring.terms_added) or bool(found.blocked[shown.key])


def _remarks(scene: Scene, *, several: bool) -> list[str]:
    """Where k comes from, what happened to q and k before, what is added to the score behind."""
    told = [one for step in (2, _SCALE, _MASK) for one in remarks(step, scene, notation())]
    quiet = ("nothing_masked", "fewer_rivals")
    said = [t(f"scores.remark.{key}", **values) for key, values in told if key not in quiet]
    return [*([t("heads.summed_why")] if several else []), *said]
