"""Below the gates: which units follow a property, what breaks without them, a plain RNN beside."""

from __future__ import annotations

from functools import partial

import streamlit as st

from models.catalog import CATALOG
from models.lstm.record import Unit
from models.lstm.units import Tracked, by_similarity, measured
from pages.lstm import panels
from pages.lstm.panels import Seen, next_words, style, word_tags
from pages.ui import caches, charts, frame, lines, state, symbols
from pages.ui.text import notation, t
from viz.lstm.gates import gate_maps, gate_step
from viz.lstm.step import of_trace
from viz.tables.units import broken, share_bar

MOST_UNITS, SEVERAL = 6, 4  # that are listed, that are silenced together
# Sentences that have the property in them: (text, the step at which to look).
EXAMPLES = {
    "number": ("The cats that the man near the dog saw are tired.", 8),
    "turkish_number": ("Biz bahçede kediyi gördük.", 2),
    "inside": ("The man who saw the dogs near the cat sleeps quietly.", 4),
    "position": ("The cats that the man near the dog saw are tired.", 11),
    "depth": ("( [ { } ( [ ] ) ] ) .", 5),
}
# What silencing can break, by property: the names of figures of metrics.json and units.json.
BREAKS = {
    "number": tuple(f"agreement_en_{n}" for n in range(4)),
    "turkish_number": tuple(f"agreement_tr_{n}" for n in range(4)),
    "inside": tuple(f"agreement_en_{n}" for n in range(4)),
    "position": ("perplexity_en", "perplexity_tr"),
    "depth": ("brackets_allowed", "perplexity_brackets"),
}
COMPARED = (
    "agreement_en_3", "agreement_en_hard", "agreement_tr_3", "perplexity_en", "perplexity_tr",
    "perplexity_brackets",
)  # fmt: skip
OF_TAGGERS = ("tags_the", "clause_tr", "unknown_subject_en", "unknown_subject_tr")
PARTNERS = {
    "lstm": "rnn",
    "memory-lstm": "memory-rnn",
    "gru": "lstm",
    "tagger": "tagger-forward",
}
_TOLD = {"lstm": "lstm", "tagger-forward": "forward"}  # what is said of a partner; else "rnn"
_BESIDE = 330  # pixels
_UNBROKEN = 2  # per cent of a figure: what changes less is told to stay


def panel(model_id: str, name: str, state_name: str, chosen: Unit) -> None:
    """Units ranked by how closely they follow a property, on held-out sentences.

    name: the property's; state_name: c or h, the state that follows it.
    """
    tracked = (measured(model_id) or {}).get(name)
    with st.container(key="find"):
        frame.section(t("lstm.find"), t(f"lstm.property.{name}") if tracked else "")
        if tracked is None:
            lines.hint(t("lstm.none_measured"))
            return
        left, right = st.columns([760, 1040], gap="large")
        with left:
            _ranking(tracked, name, state_name, chosen)
        with right:
            _broken(model_id, tracked, name)


def best(model_id: str) -> tuple[Unit, ...]:
    """The (layer, unit) pairs that follow the chosen property most closely; () if not measured."""
    tracked = (measured(model_id) or {}).get(state.get("property"))
    if tracked is None:
        return ()
    return tuple((one.layer, one.unit) for one in tracked.closest(MOST_UNITS)[:SEVERAL])


def _ranking(tracked: Tracked, name: str, state_name: str, chosen: Unit) -> None:
    """A button and a bar a unit."""
    lines.hint(t("lstm.find_rule", letter=state_name))
    for one in tracked.closest(MOST_UNITS):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.button(
                t("lstm.figure.unit", n=one.unit),
                key=f"find-{one.layer}-{one.unit}",
                type="primary" if (one.layer, one.unit) == chosen else "secondary",
                on_click=partial(state.put_all, layer=one.layer, unit=one.unit),
                width=150,
            )
            st.html(share_bar(one.r, notation()))
    untrained = notation().fixed(tracked.untrained)
    lines.hint(t("lstm.untrained", r=untrained))
    text, step = EXAMPLES[name]
    read = partial(state.put_all, text=text, step=step)
    st.button(t("lstm.example"), key="example", on_click=read)


def _broken(model_id: str, tracked: Tracked, name: str) -> None:
    """What the model gets right on held-out sentences with units silenced."""
    quality = CATALOG[model_id].quality or {}
    names = [figure for figure in BREAKS[name] if figure in quality]
    heads = [t("lstm.as_trained")]
    columns = [[quality[name] for name in names]]
    for one in sorted(tracked.silenced, key=lambda s: (s.which == "least", len(s.units))):
        units = ", ".join(str(unit) for _, unit in one.units)
        heads.append(t(f"lstm.off.{one.which}", units=units))
        columns.append([one.figures[name] for name in names])
    lines.hint(t("lstm.broken"))
    rows = [t(f"lstm.broken.{name}") for name in names]
    symbols.show(broken(rows, heads, columns, notation()))
    trained = {name: quality[name] for name in names}
    for one in tracked.silenced:
        alone = one.which == "best" and len(one.units) == 1
        if alone and 100 * one.change(trained) < _UNBROKEN:
            lines.hint(t("lstm.alone", unit=one.units[0][1], percent=_UNBROKEN))


def beside(seen: Seen) -> None:
    """Another network of the same size on the same text: its states, what it says."""
    partner = PARTNERS.get(seen.trace.model_id)
    if partner is None or partner not in CATALOG:
        return
    other = panels.reading(partner, seen.trace.text, cut=seen.trace.cut)
    if len(other.tokens) != len(seen.trace.tokens):
        return
    with st.container(key="beside"):
        told = _TOLD.get(partner, "rnn")
        sizes = _sizes(seen.trace.model_id, partner)
        note = t(f"lstm.beside_note.{told}", model=caches.title(partner), **sizes)
        frame.section(t(f"lstm.beside.{told}"), note)
        left, right = st.columns([1080, 720], gap="large")
        with left, st.container(key="rnn-picture"):
            reading = of_trace(
                other,
                min(seen.layer, len(other.layers) - 1),
                step=seen.reading.step,
                unit=_follower(partner),
                order=by_similarity(other.layers[min(seen.layer, len(other.layers) - 1)]),
            )
            with charts.below(gate_step(reading, style(), height=_BESIDE), "rnn"):
                charts.told(gate_maps(reading, style(), height=_BESIDE), "rnn")
        with right:
            heads = (caches.title(seen.trace.model_id), caches.title(partner))
            says = word_tags if other.tags else next_words
            says([seen.trace, other], seen.reading.step, heads)
            _compared(seen.trace.model_id, partner, heads)


def _sizes(*models: str) -> dict[str, str]:
    """How many parameters both have."""
    counts = [CATALOG[name].sizes["parameters"] for name in models]
    return dict(zip(("ours", "theirs"), map(notation().grouped, counts), strict=True))


def _compared(model_id: str, partner: str, heads: tuple[str, str]) -> None:
    """Both on held-out sentences, where both were measured by it."""
    ours, theirs = (CATALOG[name].quality or {} for name in (model_id, partner))
    names = [name for name in (*COMPARED, *OF_TAGGERS) if name in ours and name in theirs]
    if not names:
        return
    rows = [t(f"lstm.compared.{name}") for name in names]
    lines.hint(t("lstm.held_out"))
    columns = [[figures[name] for name in names] for figures in (ours, theirs)]
    symbols.show(broken(rows, heads, columns, notation()))


def _follower(model_id: str) -> int:
    """The unit that follows the chosen property best, where that was measured; else the first."""
    tracked = (measured(model_id) or {}).get(state.get("property"))
    return 0 if tracked is None else tracked.layers[0][0].unit
