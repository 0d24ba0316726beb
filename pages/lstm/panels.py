"""The pieces of the gates page: maps, the cell, its sums, the next word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st

from models.core.arrays import difference
from models.core.loaded import LoadedModel
from models.lstm import record, verb_forms
from models.lstm.record import Unit
from models.lstm.units import measured
from models.recording.ranking import NextWord, likeliest, likely_groups, vocabulary
from models.trace import RecurrentTrace
from pages.lstm import TOPIC
from pages.ui import caches, charts, controls, frame, lines, state, sums, symbols, views
from pages.ui.text import labels, notation, t
from viz.board.markup import Safe, joined, template
from viz.board.notation import isolated, shortened
from viz.board.style import Style
from viz.lstm import now as sentences
from viz.lstm.architecture import architecture
from viz.lstm.cell import cell_diagram
from viz.lstm.cell_formulas import MOST_SHOWN, one_sum
from viz.lstm.cell_formulas import sums as all_sums
from viz.lstm.gates import HEIGHT, gate_maps, gate_step
from viz.lstm.step import Reading
from viz.tables.next_words import bars

_SUMS = {"lstm": ("all", *"figo"), "gru": ("all", *"rzn"), "rnn": ("all", "h")}
AGAINST = {"lstm": "lstm.gates", "gru": "lstm.gru", "rnn": "lstm.states"}  # torch's own
OF_SENTENCES = ("lstm", "gru", "rnn")  # trained alike on the same sentences
_ROOM = 172  # pixels for a sum that is opened to all its terms
MOST_WORDS = 7
_HALF = 0.5  # verbs with less than this of the next word's probability go unmentioned
_NUMBERS, _PERSONS = ("singular", "plural"), ("1sg", "2sg", "3sg", "1pl", "2pl", "3pl")
_GROUPS = 3  # of the persons, those that have most

style = partial(charts.style, "lstm.figure")
reading = caches.of_model(record.run, entries=caches.TRACES)

_NETWORK = template(
    "<div class='network'>{{ drawn }}"
    "{% if mark %}<span class='what-if'>{{ mark }}</span>{% endif %}</div>"
)
_GROUP = template(
    "{{ name }} {% for number in numbers %}{% if not loop.first %} → {% endif %}"
    "<b>{{ number }}</b>{% endfor %}"
)


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
        """It says the next word, and has read only what stands before that."""
        reads_on = any(layer.backward for layer in self.trace.layers)
        return not (reads_on or self.trace.tags)


def maps(seen: Seen, *, less: int = 0) -> None:
    """The heat maps; a click chooses step and unit. less: pixels of height."""
    height = HEIGHT - less
    with charts.below(gate_step(seen.reading, style(), height=height), "gates"):
        drawn = gate_maps(seen.reading, style(), height=height)
        charts.clickable(drawn, "gates", charts.chooses("step", "unit"), t("lstm.cells"))


def now(seen: Seen) -> None:
    """The step in one sentence; of the unit that is shown first, why it is."""
    speak = charts.style("now", "lstm.now")
    frame.now(*sentences.reading(seen.reading, speak), why=_why(seen, speak))


def _why(seen: Seen, speak: Style) -> str:
    """That no unit of the layer follows the chosen property more closely."""
    tracked = (measured(seen.trace.model_id) or {}).get(state.get("property"))
    if tracked is None or not state.usual("model", "layer", "unit", "property", "step"):
        return ""
    first = tracked.layers[seen.layer][0]
    if first.unit != seen.reading.unit:
        return ""
    name = t(f"lstm.property.{state.get('property')}")
    return sentences.closest(first.unit, first.r, name, speak)


def architecture_line(seen: Seen) -> None:
    """The loaded network, the shown layer lit, and what has been changed in it."""
    drawn = architecture(seen.trace.layers, seen.layer, labels("lstm.network"))
    mark = "" if seen.altered is None else t("lstm.badge", units=units_named(seen.altered))
    with st.container(key="network-line", horizontal=True, vertical_alignment="center"):
        st.html(_NETWORK(drawn=drawn, mark=mark), width="content")
        _same_through(seen)


def _same_through(seen: Seen) -> None:
    """Links to the same step of the same sentence in the two other kinds of network."""
    if seen.trace.model_id not in OF_SENTENCES:
        return
    lines.line("hint", t("lstm.same_through"), width="content")
    for model in OF_SENTENCES:
        if model != seen.trace.model_id:
            words, step = t(f"lstm.same_through.{model}"), seen.reading.step
            frame.way_to(TOPIC, words, model=model, text=seen.trace.text, step=step)


def cell(seen: Seen) -> None:
    """The cell with this step's numbers."""
    with st.container(key="cell-picture"):
        ground, numbers = cell_diagram(seen.reading, style())
        with charts.above(ground, "cell"):
            charts.still(numbers, "cell")


def arithmetic(seen: Seen) -> None:
    """All sums in short, or one gate's opened to its terms; below, torch's own number."""
    reading = seen.reading
    names = _SUMS[reading.layer.cell]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        frame.section(t("lstm.sums"))
        views.settled("gate", names)
        look = {"label_visibility": controls.HIDDEN}
        chosen = controls.choice("gate", "lstm.open", names, _sum_named, **look)
    if chosen == "all":
        sums.lines(all_sums(reading, sums.writer(style())).chosen)
    else:
        written = one_sum(chosen, reading, sums.writer(style(), MOST_SHOWN))
        sums.opened(written, _ROOM)
    with sums.switch_row():
        sums.more_digits()
        if chosen == "all":
            lines.hint(t("lstm.parts_gru" if reading.layer.cell == "gru" else "lstm.parts"))
        else:
            sums.all_terms()
    _check(seen)


def _sum_named(name: str) -> str:
    return t("lstm.all_sums") if name == "all" else f"*{name}*"


def _check(seen: Seen) -> None:
    """torch's own h of this unit at this step; of a layer below the last it hands out none."""
    reading, output = seen.reading, seen.shown.output
    if output is None or seen.layer != len(seen.shown.layers) - 1:
        lines.hint(t("scores.rounded"))
        return
    own = float(output[reading.step, reading.unit])
    value = notation().fixed(own, 6 if sums.finer() else 4)
    verdict = frame.compared(difference(reading.value("h"), own, among=output[reading.step]))
    lines.own(t("lstm.own"), value, verdict, before=t("scores.rounded"))


def units_named(trace: RecurrentTrace) -> str:
    """The silenced units by their numbers; in a network of several layers with their layer's."""
    several = len(trace.layers) > 1
    return ", ".join(f"{layer}:{unit}" if several else str(unit) for layer, unit in trace.silenced)


def words_after(seen: Seen, best: Sequence[Unit]) -> None:
    """What may come next, after this step; with units silenced, before and after.

    best: the units that follow the chosen property most closely, where that was measured.
    """
    reading = seen.reading
    word = isolated(shortened(reading.words[reading.step], 12))
    if seen.trace.tags:
        frame.section(t("lstm.tag"), t("lstm.of", word=word))
    else:
        frame.section(t("lstm.next"), t("lstm.after", word=word))
    _silence(reading.unit, best)
    traces = [seen.trace] if seen.altered is None else [seen.trace, seen.altered]
    heads = () if seen.altered is None else (t("lstm.as_trained"), t("lstm.without"))
    if seen.trace.tags:
        word_tags(traces, reading.step, heads)
    elif seen.predicts:
        next_words(traces, reading.step, heads)
    else:
        lines.hint(t("lstm.no_prediction"))


def _silence(unit: int, best: Sequence[Unit]) -> None:
    values = {"unit": unit, "units": ", ".join(str(number) for _, number in best)}
    controls.select(
        "silence",
        "lstm.silence",
        ("none", "unit", "best") if best else ("none", "unit"),
        lambda name: t(f"lstm.silence.{name}", **values),
        label_visibility=controls.HIDDEN,
    )


def word_tags(traces: list[RecurrentTrace], step: int, heads: tuple[str, ...]) -> None:
    """Bars of a word's tags in the order of the first recording, in all of them."""
    names = [t(f"lstm.tag.{tag}") for tag in traces[0].tags]
    scores = [trace.logits[step] for trace in traces if trace.logits is not None]
    found = likeliest(scores, names, most=len(names))
    rows = [(one.word, one.probabilities) for one in found]
    symbols.show(bars(rows, heads=heads, goes_on=None, notation=notation()))


def next_words(traces: list[RecurrentTrace], step: int, heads: tuple[str, ...]) -> None:
    """Bars of the likeliest next words of the first recording, in all of them."""
    found, goes_on = expected(traces, step)
    rows = [(one.word, one.probabilities) for one in found]
    symbols.show(bars(rows, heads=heads, goes_on=goes_on, notation=notation()))
    for group in _verb_groups(traces, step):
        lines.hint(group)


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
    return verb_forms.groups(vocabulary(loaded))


_verbs = caches.of_model(_verbs_of, entries=8)


def _verb_groups(traces: list[RecurrentTrace], step: int) -> list[Safe]:
    """What singular and plural verbs have together, or the persons: where verbs are likely."""
    found = _verbs(traces[0].model_id)
    scores = [trace.logits[step] for trace in traces if trace.logits is not None]
    told = []
    for names in (_NUMBERS, _PERSONS):
        groups = {name: found[name] for name in names if name in found}
        if likely := likely_groups(scores, groups, _GROUPS, _HALF):
            told.append(joined(_group(name, shares) for name, shares in likely.items()))
    return told


def _group(name: str, shares: list[float]) -> Safe:
    return _GROUP(name=t(f"lstm.verbs.{name}"), numbers=[notation().small(p) for p in shares])
