"""Below the choice: the same settings in the library's order and in another one, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from models.core.arrays import Difference, largest
from models.core.loaded import LoadedModel
from models.core.sampling import Settings
from models.gpt.generation import against_processors
from models.gpt.order import EXAMPLE, EXAMPLE_LOGITS, LIBRARY, OTHERS, Operation, Orders, orders
from pages.gpt import controls as generating
from pages.gpt.controls import Seen
from pages.ui import caches, charts, controls, frame, lines, state, sums, window
from pages.ui.text import notation, t
from viz.board.markup import Safe
from viz.board.notation import isolated
from viz.formula.writer import Writer
from viz.gpt import order_formulas as written
from viz.gpt.order import Ladder, ladder, ladders
from viz.gpt.sampling_formulas import TERMS

_EXAMPLE_WORDS = ("a", "b", "c")
_ROOM, _PHONE = 34.0, 15.0  # em for a row of terms, beside each other and on a phone
_MOST_WORDS = 6  # that are named of those which one order alone keeps
style = partial(charts.style, "gpt.figure", "gpt.order", "gpt.order.figure")


def beside(seen: Seen) -> None:
    """Both orders of the model's own next token, then of a worked example. They change with every
    token: handed to `parts.below` they would have all of the page drawn anew.
    """
    other = str(state.get("swap"))
    frame.section(t("gpt.order"))
    left, right = st.columns([560, 1240], vertical_alignment="bottom")
    with left:
        controls.select("swap", "gpt.swap", tuple(OTHERS), lambda name: _named(OTHERS[name]))
    with right:
        lines.hint(t("gpt.order.why", order=_named(LIBRARY)))
    lines.remark(t("gpt.order.reason"))
    if seen.settings.greedy:
        lines.hint(t("gpt.order.greedy"))
    else:
        model = seen.written.model_id
        live = orders(seen.shown.stages.logits, seen.settings, OTHERS[other])
        _pair(live, seen.words, "order")
        frame.source(
            "live",
            *generating.where(seen),
            check=_check(_live(model, seen.ids, seen.settings, other)),
        )
    frame.section(t("gpt.order.example"), t("gpt.order.example_note", **_example()))
    worked = orders(EXAMPLE_LOGITS, EXAMPLE, OTHERS[other])
    _pair(worked, _EXAMPLE_WORDS, "order-example")
    frame.source("example", check=_check(_worked(other)))


def _named(order: Sequence[Operation]) -> str:
    """temperature → top-k → top-p, in the visitor's language."""
    return " → ".join(t(f"gpt.order.{one}") for one in order)


def _example() -> dict[str, str]:
    """The worked example's numbers, as they are set."""
    write, digits = notation().fixed, controls.digits
    logits = "; ".join(write(one, 0) for one in EXAMPLE_LOGITS.tolist())
    return {"logits": logits, "t": digits(EXAMPLE.temperature), "p": digits(EXAMPLE.top_p)}


def _pair(found: Orders, words: Sequence[str], key: str) -> None:
    """Both orders, what top-p adds up in each, and what that changes."""
    keys = [f"{key}-library", f"{key}-other"]
    places = frame.side_by_side([890, 890], [f"{one}-place" for one in keys], space="large")
    both = (found.library, found.other)
    for place, chain, shown, name in zip(places, both, ladders(found, words), keys, strict=True):
        with place:
            library = chain is found.library
            note = t("gpt.order.library") if library else ""
            badge = "" if library else t("origin.whatif")
            frame.section(_named(chain.order) or t("gpt.order.nothing"), note, badge=badge)
            charts.still(ladder(shown, style()), name)
            _added_up(shown)
    lines.remark(" ".join(_difference(found, words)))
    formula = written.distance(found, _writer()) if found.differ else None
    if formula is not None:
        sums.lines(formula)


def _writer() -> Writer:
    """How wide a row of terms may be, in em of its type."""
    return sums.writer(style(), TERMS, room=_PHONE if window.current().stacked else _ROOM)


def _added_up(shown: Ladder) -> None:
    formula = written.added_up(shown, _writer())
    if formula is not None:
        sums.lines(formula)


def _difference(found: Orders, words: Sequence[str]) -> list[str]:
    """How many tokens each order keeps, and which one of them alone."""
    if found.same:
        return [t("gpt.order.same")]
    write = notation().grouped
    counts = {"library": write(len(found.library.kept)), "other": write(len(found.other.kept))}
    said = [t("gpt.order.kept", **counts)]
    for name, tokens in (("only_library", found.only_library), ("only_other", found.only_other)):
        if tokens:
            named = [isolated(words[token]) for token in tokens[:_MOST_WORDS]]
            if more := tokens[_MOST_WORDS:]:
                named.append(t("gpt.figure.others", n=write(len(more))))
            said.append(t(f"gpt.order.{name}", words=", ".join(named)))
    if not found.differ:
        return [*said, t("gpt.order.equal")]
    return [*said, t("gpt.order.elsewhere")] if found.distance else said


def _to_processors(found: Orders) -> Difference:
    """Both orders held against the library's own processors, put in each of them."""
    return largest(against_processors(one) for one in (found.library, found.other))


def _live_difference(
    loaded: LoadedModel, ids: tuple[int, ...], settings: Settings, other: str
) -> Difference:
    """Of the token after these."""
    logits = generating.next_scores(loaded.card.id, ids)
    return _to_processors(orders(logits, settings, OTHERS[other]))


def _example_difference(other: str) -> Difference:
    return _to_processors(orders(EXAMPLE_LOGITS, EXAMPLE, OTHERS[other]))


# Vocabularies are large, and the processors take longer than all of the block's drawing.
_live = caches.of_model(_live_difference, entries=512)
_worked = caches.of_values(_example_difference, entries=len(OTHERS))


def _check(apart: Difference) -> Safe:
    """How far both orders are from the library's own processors, in words."""
    name = "matches" if apart.rounding else "differs"
    words = t(f"gpt.order.{name}", difference=frame.measured(apart))
    return frame.verdict(apart, words)
