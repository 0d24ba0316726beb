"""The pictures' page, third view: patches removed, the most attended first, and what it costs."""

from __future__ import annotations

import streamlit as st

from models.core.loaded import LoadedModel
from models.vision import deletion
from models.vision.deletion import BY, RANDOM, By, Deletion, Fill, Gain, HeldOut
from pages.ui import caches, charts, controls, frame, lines, state, sums, symbols
from pages.ui.stepping import step_buttons
from pages.ui.text import notation, t
from pages.vision import picture
from pages.vision.picture import MODEL, Shown
from viz.board.sentence import Now
from viz.formula.writer import Writer
from viz.tables.units import broken as areas_table
from viz.vision import formulas as written
from viz.vision import now
from viz.vision.deletion import ORDERS, Curves, Removal
from viz.vision.deletion import deletion as drawn
from viz.vision.patches import side_of

KEY = "deletion"


def view(shown: Shown) -> None:
    """The picture losing its patches and two plots; beside them areas and verdicts."""
    found, told = _curves(shown)
    if told is None:
        lines.hint(t("frame.not_measured"))
        return
    left, right = frame.picture_and_sums(picture.WIDTHS)
    with left:
        without = t("vision.without", count=int(state.get("step")), named=shown.trace.named)
        frame.section(without, t("vision.deletion_note", count=RANDOM))
        removal = _removal(shown, found, told)
        figure, choose = drawn(removal, picture.style()), charts.chooses("step")
        charts.clickable(figure, KEY, choose, t("vision.curves"), said=without)
    with right:
        # The area under the curve of the most attended first, as the sum that it is.
        lines.titled(t("vision.area_of"))
        with st.container(key="area"):
            sums.whole(written.area(found.curves["most"], Writer(picture.style())))
        _verdicts(found, told)


def said(shown: Shown) -> Now | None:
    """What is on screen, in a sentence; None: nothing was measured, nothing is drawn."""
    found, told = _curves(shown)
    return None if told is None else now.deletion(_removal(shown, found, told), picture.speak())


def _curves(shown: Shown) -> tuple[Deletion, HeldOut | None]:
    """This picture's curves, and those that were measured on many."""
    by, fill = state.get("by"), state.get("fill")
    of_head = f"head-{shown.layer}-{shown.head}"
    told = deletion.measured(MODEL, of_head if by == "head" else by, fill)
    return _deleted(MODEL, shown.code, by, shown.layer, shown.head, fill), told


def settle(shown: Shown) -> None:
    """No more patches go than there are: the tokens but for [CLS]."""
    controls.in_range("step", len(shown.tokens))


def _removed(loaded: LoadedModel, code: str, by: By, layer: int, head: int, fill: Fill) -> Deletion:
    """The picture's deletion curves: about four hundred pictures in one batch."""
    trace = picture.seen(loaded.card.id, code)
    ranked = deletion.shares(trace.attention, by, layer, head)
    return deletion.deletion(loaded, trace, ranked, fill)


_deleted = caches.of_model(_removed, entries=512)


def steps(shown: Shown) -> None:
    """Remove one more, put one back."""
    step_buttons(range(len(shown.tokens)), "vision.less", "vision.more")


def ranking_control(shown: Shown) -> None:
    """What ranks the patches; which head is chosen in the first view."""
    head = {"layer": shown.layer, "head": shown.head}
    controls.select("by", "vision.by", BY, lambda by: t(f"vision.by.{by}").format(**head))


def _removal(shown: Shown, found: Deletion, told: HeldOut) -> Removal:
    count, fill = int(state.get("step")), state.get("fill")
    orders = {**found.orders, "random": found.random_orders[0]}
    pictures = {
        name: deletion.removed(shown.trace.pixels, orders[name], fill)[count] for name in ORDERS
    }
    return Removal(
        Curves(found.lines, *found.spread),
        Curves(told.curves, told.low, told.high),
        pictures,
        count,
        str(found.target),
        side_of(len(shown.tokens)),
    )


def _verdicts(found: Deletion, told: HeldOut) -> None:
    """All areas beside each other, and by rule what they say."""
    random = found.random_areas
    here = {**found.areas, "random": found.random_area}
    rows = [t(f"vision.figure.{name}") for name in ORDERS]
    heads = [t("vision.this_picture"), t("vision.held_out", count=told.pictures)]
    columns = [[areas[name] for name in ORDERS] for areas in (here, told.areas)]
    symbols.show(areas_table(rows, heads, columns, notation()))
    verdict = deletion.verdict(found.areas["most"], random)
    _said(t(f"vision.verdict.{verdict}", beaten=found.beaten, count=len(random)), verdict)
    gain, ink = told.over_random, told.over_ink
    words = t(f"vision.measured.{gain.verdict}", count=told.pictures, **_numbers(gain))
    _said(f"{words} {t(f'vision.ink.{ink.verdict}', **_numbers(ink))}", gain.verdict)
    lines.hint(t("vision.rule", odd=deletion.ODD, count=RANDOM))


def _numbers(gain: Gain) -> dict[str, str]:
    return {"gain": notation().fixed(abs(gain.mean), 3), "error": notation().fixed(gain.error, 3)}


def _said(words: str, verdict: str) -> None:
    sign = {"more": "✓", "less": "✗", "unclear": "?"}[verdict]
    lines.judged(verdict, sign, words)
