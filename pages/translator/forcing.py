"""Below the search: all positions at once as in training, or one after another as in writing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import cast

import streamlit as st

from models.recording.vocabulary import sentence
from models.translation import reference
from models.translator.forcing import Continuation, Forced, continued, forced
from models.translator.steps import MOST
from pages.translator import controls as writing
from pages.translator.controls import Seen
from pages.ui import caches, charts, controls, frame, lines, parts, sums, views, window
from pages.ui.text import notation, rich, t
from viz.board.notation import isolated, visible
from viz.formula.writer import Writer
from viz.translator.forcing import Positions, positions
from viz.translator.forcing_formulas import MOST as TERMS
from viz.translator.forcing_formulas import loss
from viz.translator.stage_names import PHASES, Phase

_put_in = caches.of_model(forced, entries=64)
_continued = caches.of_model(continued, entries=256)
_ROOM, _PHONE = 30.0, 15.0  # em for a row of terms, beside the picture and on a phone


@dataclass(frozen=True, slots=True)
class Asked:
    """What the block shows. slip: the position that reads another word, 0: none; rank: which."""

    phase: Phase
    slip: int = 0
    rank: int = 1


def chosen(seen: Seen) -> Asked:
    """The visitor's choice, kept to what the translation has."""
    phase = cast(Phase, views.settled("phase", PHASES))
    if phase != "writing":
        return Asked(phase)
    count = len(_continued(*_text(seen), cut=seen.trace.attention.cut).written.ids)
    return Asked(phase, controls.in_range("slip", count), controls.in_range("instead", MOST))


def offer(seen: Seen, asked: Asked) -> None:
    """Hand the block to the page's lower part, which is drawn anew when one of these changes."""
    at_hand = writing.is_at_hand(seen.trace.text)
    known = reference.of_sentence(seen.trace.text) if at_hand else None
    target = None if known is None else known.target
    cut = seen.trace.attention.cut
    of = (*_text(seen), cut, repr(asked), target, at_hand, sums.finer())
    parts.below(_block, seen, asked, target, at_hand, of=of)


def _text(seen: Seen) -> tuple[str, str]:
    return seen.trace.model_id, seen.trace.text


def _block(seen: Seen, asked: Asked, target: str | None, at_hand: bool) -> None:
    with st.container(key="forcing"):
        frame.section(t("translator.forcing"), t("translator.forcing.why"))
        if asked.phase == "writing":
            _written(seen, asked)
        else:
            _whole(seen, asked, target, at_hand)


def _switch() -> None:
    controls.choice("phase", "translator.forcing.phase", PHASES, label_visibility=controls.HIDDEN)


def _places() -> list[st.delta_generator.DeltaGenerator]:
    return frame.side_by_side([1100, 680], ["forcing-picture", "forcing-sums"], space="large")


def _picture(shown: Positions) -> None:
    style = charts.style("translator.forcing.figure")
    charts.still(positions(shown, style), "positions")


def _writer() -> Writer:
    room = _PHONE if window.current().stacked else _ROOM
    # This page has no switch for all terms: asked for on another one they change nothing here.
    return replace(sums.writer(charts.style("translator.figure"), room=room), most=TERMS)


def _whole(seen: Seen, asked: Asked, target: str | None, at_hand: bool) -> None:
    """One pass over a translation that was put in, with the causal mask or without."""
    found = _put_in(*_text(seen), target, cut=seen.trace.attention.cut)
    masked = asked.phase == "training"
    losses, sees = (found.losses, found.sees) if masked else (found.unmasked, found.all_seen)
    _switch()
    left, right = _places()
    with left:
        _picture(Positions(found.reads.typed, found.targets.typed, losses, sees, asked.phase))
    with right:
        count = len(found.targets.ids)
        lines.said(t(f"translator.forcing.said.{asked.phase}", count=count))
        sums.lines(loss(losses, _writer()))
        if masked:
            words = t("translator.forcing.oracle")
            frame.equal_to(words, notation().significant(found.oracle, 3), found.difference())
            lines.remark(t("translator.forcing.honest"))
            lines.remark(_rows(found))
        else:
            _unmasked(found)
        _put(seen, target, at_hand)
    _source(seen, "live" if masked else "whatif")


def _rows(found: Forced | Continuation) -> str:
    """How far one pass is from one token at a time, in words."""
    name = "rows" if found.rows.rounding else "rows_apart"
    words = t(f"translator.forcing.{name}", difference=frame.measured(found.rows))
    return frame.verdict(found.rows, words)


def _unmasked(found: Forced) -> None:
    """What comes of letting every position see its own target."""
    write = partial(notation().significant, digits=2)
    with_mask, without = found.loss, found.unmasked_loss
    name = "rises" if without > with_mask else "falls"
    values = {"masked": write(with_mask), "unmasked": write(without)}
    lines.remark(t(f"translator.forcing.{name}", **values))
    if found.copied_loss is not None:
        lines.remark(t("translator.forcing.copy", loss=write(found.copied_loss)))
        lines.remark(t("translator.forcing.useless"))


def _put(seen: Seen, target: str | None, at_hand: bool) -> None:
    """Whose translation was put in; where the grammar was not asked for one, a button."""
    if target is not None:
        lines.hint(t("translator.forcing.reference"))
        return
    lines.hint(t("translator.forcing.own"))
    if not at_hand:
        words = t("translator.forcing.ask")
        controls.button(words, "forcing-ask", writing.look_up, seen.trace.text)


def _written(seen: Seen, asked: Asked) -> None:
    """One pass a word; a word may be put in the place of the one that was written."""
    cut = seen.trace.attention.cut
    plain = _continued(*_text(seen), cut=cut)
    found = _continued(*_text(seen), asked.slip, asked.rank, cut=cut) if asked.slip else plain
    _controls(plain, found)
    left, right = _places()
    with left:
        reads, written = found.reads.typed, found.written.typed
        each = range(1, len(reads) + 1)  # a step reads itself and what the steps before have read
        _picture(Positions(reads, written, found.losses, each, asked.phase, found.slip))
    with right:
        lines.said(t("translator.forcing.said.writing", count=len(found.written.ids)))
        if found.slip and asked.rank:
            _slipped(plain, found)
        else:
            lines.remark(t("translator.forcing.no_slip"))
        lines.remark(_rows(found))
        lines.hint(t("translator.forcing.exposure"))
    _source(seen, "whatif" if found.slip and asked.rank else "live")


def _controls(plain: Continuation, found: Continuation) -> None:
    """The switch, the position that reads another word, and which one."""
    words = plain.written.typed

    def place(at: int) -> str:
        return f"{at} {visible(words[at - 1])}" if at else t("translator.forcing.nowhere")

    def instead(rank: int) -> str:
        one = found.choices[rank]
        return f"{visible(one.word)} ({notation().small(one.probabilities[0])})"

    key = "translator.forcing.slip"
    cells: list[controls.Cell] = [
        (300, partial(controls.select, "slip", key, range(len(words)), place)),
        (300, controls.nothing),
    ]
    if found.choices:
        key = "translator.forcing.instead"
        ranks = range(len(found.choices))
        cells[1] = 300, partial(controls.select, "instead", key, ranks, instead)
    if window.current().stacked:
        _switch()  # the rest is folded away
    else:
        cells.insert(0, (560, _switch))
    controls.row(*cells)


def _slipped(plain: Continuation, found: Continuation) -> None:
    """What was put in, and what the model goes on to write, beside what it writes by itself."""
    read, own = found.reads.typed[found.slip], found.written.typed[found.slip - 1]
    values = {"place": found.slip, "read": frame.token(read, "q"), "own": frame.token(own, "k")}
    lines.remark(rich("translator.forcing.put_in", **values))
    for name, one in (("by_itself", plain), ("after", found)):
        # What it read, whose last token the end token would be.
        whole = sentence(one.reads.tokens[1:], one.reads.special[1:])
        lines.remark(t(f"translator.forcing.{name}", sentence=isolated(whole)))


def _source(seen: Seen, origin: str) -> None:
    where = caches.title(seen.trace.model_id), frame.quote(seen.trace.text)
    frame.source(origin, *where)
