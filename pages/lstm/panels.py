"""The pieces of the gates page: maps, the cell, its sums, the next word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from models.core.arrays import difference
from models.core.loaded import LoadedModel
from models.lstm import record
from models.lstm.record import Unit
from models.lstm.verb_forms import groups
from models.recording.ranking import NextWord, likeliest, total, vocabulary
from models.trace import RecurrentTrace
from pages.ui import caches, charts, frame, state
from pages.ui.text import labels, notation, t
from viz.board.notation import shortened
from viz.board.style import Style
from viz.lstm.architecture import architecture
from viz.lstm.cell import cell_diagram
from viz.lstm.cell_formulas import one_sum
from viz.lstm.cell_formulas import sums as all_sums
from viz.lstm.gates import HEIGHT, gate_maps
from viz.lstm.step import Reading
from viz.tables.next_words import bars

_SUMS = ("all", "f", "i", "g", "o")
_LOWEST = 600  # pixels of the maps below which their rows would crowd
_ROOM = 172  # pixels for a sum that is opened to all its terms
MOST_WORDS = 7
_HALF = 0.5  # verbs with less than this of the next word's probability go unmentioned
_NUMBERS, _PERSONS = ("singular", "plural"), ("1sg", "2sg", "3sg", "1pl", "2pl", "3pl")
_GROUPS = 3  # of the persons, those that have most

reading = caches.of_model(record.run, entries=caches.TRACES)


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What the page shows: the recording, and one with the chosen unit silenced if asked for."""

    trace: RecurrentTrace
    altered: RecurrentTrace | None
    layer: int
    reading: Reading

    @property
    def shown(self) -> RecurrentTrace:
        """The recording that maps and sums are drawn from."""
        return self.altered or self.trace

    @property
    def predicts(self) -> bool:
        """It has read only what stands before the next word."""
        return not any(layer.backward for layer in self.trace.layers)


def style() -> Style:
    """Colours, numbers and words of the figures and formulas."""
    return charts.style("lstm.figure")


def maps(seen: Seen, *, less: int = 0) -> None:
    """The heat maps; a click chooses step and unit. less: pixels of height."""
    drawn = gate_maps(seen.reading, style(), height=max(HEIGHT - less, _LOWEST))
    with st.container(key="main-figure"):
        charts.clickable(drawn, "gates", _choose)


def _choose(step: int, unit: int) -> None:
    state.put("step", int(step))
    state.put("unit", int(unit))


def said(seen: Seen) -> None:
    """The step in one sentence."""
    reading = seen.reading
    name = "rnn" if reading.layer.c is None else "lstm"
    sentence = escape(t(f"lstm.said.{name}")).format(**_figures(reading))
    more = ""
    if reading.backwards:
        more = f" <span class='note'>{escape(t('lstm.reads_back'))}</span>"
    st.html(f"<p class='said'>{sentence}{more}</p>")


def _figures(reading: Reading) -> dict[str, str]:
    """The sentence's numbers, as HTML in the colours of what they are."""
    write = notation()
    terms = reading.layer.terms(reading.step, reading.unit)
    word = shortened(reading.words[reading.step], 16)
    found = {"word": f"<b><bdi>{escape(word)}</bdi></b>", "unit": str(reading.unit)}
    if terms.c_before is None:
        before = reading.before
        earlier = 0.0 if before is None else float(reading.values("h")[before, reading.unit])
        return found | {"h": _tinted("h", reading.value("h")), "before": _tinted("h", earlier)}
    share = {part: write.fixed(100 * reading.value(part), 0) for part in "fo"}
    return found | {
        "keep": f"<b class='gate_f'>{t('lstm.percent', n=share['f'])}</b>",
        "show": f"<b class='gate_o'>{t('lstm.percent', n=share['o'])}</b>",
        "c": _tinted("c", terms.c_before),
        "i": _tinted("i", reading.value("i")),
        "g": _tinted("g", reading.value("g")),
    }


def _tinted(part: str, value: float) -> str:
    kind = ("state_" if part in "ch" else "gate_") + part
    return f"<b class='{kind}'>{notation().fixed(value)}</b>"


def architecture_line(seen: Seen) -> None:
    """The loaded network, the shown layer lit, and what has been changed in it."""
    drawn = architecture(seen.trace.layers, seen.layer, labels("lstm.network"))
    mark = ""
    if seen.altered is not None:
        badge = t("lstm.badge", units=units_named(seen.altered))
        mark = f"<span class='what-if'>{escape(badge)}</span>"
    st.html(f"<div class='network'>{drawn}{mark}</div>")


def cell(seen: Seen) -> None:
    """The cell with this step's numbers."""
    with st.container(key="cell-picture"):
        charts.still(cell_diagram(seen.reading, style()), "cell")


def sums(seen: Seen) -> None:
    """All sums in short, or one gate's opened to its terms; below, torch's own number."""
    reading = seen.reading
    names = _SUMS if reading.layer.c is not None else ("all", "h")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        frame.section(t("lstm.sums"))
        chosen = _chosen_sum(names)
    if chosen == "all":
        written = all_sums(reading, style(), finer=state.get("exact"))
        st.latex(written.chosen)
    else:
        written = one_sum(
            chosen, reading, style(), finer=state.get("exact"), every=state.get("all")
        )
        if state.get("all"):
            with st.container(height=_ROOM, border=False):
                st.latex(written.rows)
            st.latex(written.result)
        else:
            st.latex(written.chosen)
    _switches(chosen)
    _check(seen)


def _chosen_sum(names: tuple[str, ...]) -> str:
    if state.get("gate") not in names:
        state.put("gate", "all")
    state.put("gate", state.get("gate"))
    st.segmented_control(
        t("lstm.open"),
        names,
        key="gate",
        required=True,
        label_visibility="collapsed",
        format_func=lambda name: t("lstm.all_sums") if name == "all" else f"*{name}*",
        persist_state="session",
    )
    return str(state.get("gate"))


def _switches(chosen: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        state.put("exact", state.get("exact"))
        st.toggle(t("scores.more_digits"), key="exact", persist_state="session")
        if chosen == "all":
            st.html(f"<p class='hint'>{escape(t('lstm.parts'))}</p>")
        else:
            state.put("all", state.get("all"))
            st.toggle(t("scores.all_terms"), key="all", persist_state="session")


def _check(seen: Seen) -> None:
    """torch's own h of this unit at this step; of a layer below the last it hands out none."""
    reading, output = seen.reading, seen.shown.output
    rounded = escape(t("scores.rounded"))
    if output is None or seen.layer != len(seen.shown.layers) - 1:
        st.html(f"<p class='hint'>{rounded}</p>")
        return
    own = float(output[reading.step, reading.unit])
    value = notation().fixed(own, 6 if state.get("exact") else 4)
    verdict = frame.compared(difference(reading.value("h"), own, among=output[reading.step]))
    st.html(
        f"<p class='hint'>{rounded} · {escape(t('lstm.own'))} <b>{escape(value)}</b> {verdict}</p>"
    )


def units_named(trace: RecurrentTrace) -> str:
    """The silenced units by their numbers; in a network of several layers with their layer's."""
    several = len(trace.layers) > 1
    return ", ".join(f"{layer}:{unit}" if several else str(unit) for layer, unit in trace.silenced)


def words_after(seen: Seen, best: Sequence[Unit]) -> None:
    """What may come next, after this step; with units silenced, before and after.

    best: the units that follow the chosen property most closely, where that was measured.
    """
    reading = seen.reading
    word = shortened(reading.words[reading.step], 12)
    frame.section(t("lstm.next"), t("lstm.after", word=word))
    _silence(reading.unit, best)
    if not seen.predicts:
        st.html(f"<p class='hint'>{escape(t('lstm.no_prediction'))}</p>")
        return
    traces = [seen.trace] if seen.altered is None else [seen.trace, seen.altered]
    heads = () if seen.altered is None else (t("lstm.as_trained"), t("lstm.without"))
    next_words(traces, reading.step, heads)


def _silence(unit: int, best: Sequence[Unit]) -> None:
    values = {"unit": unit, "units": ", ".join(str(number) for _, number in best)}
    names = ("none", "unit", "best") if best else ("none", "unit")
    words = {name: t(f"lstm.silence.{name}", **values) for name in names}
    state.put("silence", state.get("silence"))
    st.selectbox(
        t("lstm.silence"),
        names,
        key="silence",
        format_func=words.__getitem__,
        label_visibility="collapsed",
        persist_state="session",
    )


def next_words(traces: list[RecurrentTrace], step: int, heads: tuple[str, ...]) -> None:
    """Bars of the likeliest next words of the first recording, in all of them."""
    found, goes_on = expected(traces, step)
    rows = [(one.word, one.probabilities) for one in found]
    st.html(bars(rows, heads=heads, goes_on=goes_on, notation=notation()))
    for group in _verb_groups(traces, step):
        st.html(f"<p class='hint'>{group}</p>")


def expected(
    traces: list[RecurrentTrace], step: int, most: int = MOST_WORDS
) -> tuple[list[NextWord], str | None]:
    """The likeliest next words, and the one that the text goes on with if the model knows it."""
    names, tokens = caches.names(traces[0].model_id), traces[0].tokens
    following = tokens[step + 1] if step + 1 < len(tokens) else None
    also = names.index(following) if following in names else None
    scores = [trace.logits[step] for trace in traces if trace.logits is not None]
    return likeliest(scores, names, most=most, also=also), following


def _verbs_of(loaded: LoadedModel) -> dict[str, list[int]]:
    """The verbs of a model's vocabulary, by number or person."""
    return groups(vocabulary(loaded))


_verbs = caches.of_model(_verbs_of, entries=8)


def _verb_groups(traces: list[RecurrentTrace], step: int) -> list[str]:
    """What singular and plural verbs have together, or the persons: where verbs are likely."""
    found = _verbs(traces[0].model_id)
    scores = [trace.logits[step] for trace in traces if trace.logits is not None]
    lines = []
    for names in (_NUMBERS, _PERSONS):
        shares = {
            name: [total(one, found[name]) for one in scores] for name in names if name in found
        }
        if sum(one[0] for one in shares.values()) < _HALF:
            continue
        likely = sorted(shares, key=lambda name: -max(shares[name]))[:_GROUPS]
        lines.append(" · ".join(_group(name, shares[name]) for name in likely))
    return lines


def _group(name: str, shares: list[float]) -> str:
    numbers = " → ".join(f"<b>{escape(notation().small(share))}</b>" for share in shares)
    return f"{escape(t(f'lstm.verbs.{name}'))} {numbers}"
