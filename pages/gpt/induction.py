"""The gpt page's fourth view: the same tokens twice, and heads that copy from the first time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from html import escape
from math import log

import streamlit as st

from models.catalog import load
from models.core.arrays import largest
from models.errors import InputError, TextTooLong
from models.gpt.induction import (
    SHORTEST,
    Repeated,
    drawn,
    longest,
    part_of,
    repeated,
    shipped,
)
from pages.gpt import controls as generating
from pages.ui import (
    about,
    caches,
    charts,
    controls,
    frame,
    state,
)
from pages.ui.text import notation, t
from viz.board.notation import shortened
from viz.board.style import Style
from viz.gpt.induction import (
    HEIGHT,
    Round,
    Twice,
    stripes,
)
from viz.gpt.induction_formulas import mean_weight

PAIR = ("induction", "induction-1layer")
_WIDE = 8  # heads in a row whose scores have room for three digits

_repeated = caches.of_model(repeated, entries=caches.TRACES)


def body(view_control: Callable[[], None]) -> None:
    """Everything below the title."""
    with st.spinner(t("frame.wait")):
        models = _models()
        part = _part(models)
        found = [_repeated(model, part) for model in models]
    query = _query(found[0])
    _controls(view_control, found[0])
    notices = frame.notices()
    left, right = st.columns(generating.WIDTHS, gap="medium")
    with left, st.container(key="main-figure", gap="xsmall"):
        _picture(found, query, HEIGHT - frame.NOTICE * notices)
    with right, st.container(key="steps", gap="xsmall"):
        _position(found, query)
        _scores(found)
        _losses(found)
    _provenance(found)
    for place, model in enumerate(models):
        about.model(model, key=f"about-{place}")


def _models() -> tuple[str, ...]:
    """Two layers beside one, or the page's own model where it can read tokens twice."""
    if state.get("circuit") == "pair":
        return PAIR
    try:
        _repeated(state.get("model"), drawn(load(state.get("model")), SHORTEST, 0))
    except InputError as error:
        details = {"model": state.get("model"), **error.details}
        state.notice(f"error.{error.code}", **details)
        return (state.default("model"),)
    return (state.get("model"),)


def _part(models: tuple[str, ...]) -> tuple[int, ...]:
    """The tokens that come twice: typed, else drawn by length and seed."""
    loaded = load(models[0])
    most = longest(loaded)
    typed = state.get("sequence")
    if typed.strip():
        try:
            part = part_of(loaded, typed)
        except TextTooLong as error:
            length = error.details["length"]
            state.notice("gpt.twice.length", length=length, least=SHORTEST, most=most)
        except InputError:
            state.notice("gpt.twice.unread", model=caches.title(models[0]))
        else:
            if SHORTEST <= len(part) <= most:
                return part
            state.notice("gpt.twice.length", length=len(part), least=SHORTEST, most=most)
    length = int(state.get("length"))
    if not SHORTEST <= length <= most:
        state.notice("gpt.twice.length", length=length, least=SHORTEST, most=most)
        length = int(state.default("length"))
    state.put("length", length)
    return drawn(loaded, length, int(state.get("seed")))


def _query(found: Repeated) -> int:
    """The place in the address, else the middle of the second round."""
    if state.get("query") is None:
        return found.second + found.period // 2
    return controls.in_range("query", len(found.ids))


def _controls(view_control: Callable[[], None], found: Repeated) -> None:
    columns = st.columns([440, 420, 230, 400, 130, 130], vertical_alignment="bottom", gap="small")
    with columns[0]:
        view_control()
    with columns[1]:
        _circuit()
    with columns[2]:
        controls.model_control() if state.get("circuit") == "model" else st.empty()
    with columns[3]:
        _sequence()
    typed = bool(state.get("sequence").strip())
    with columns[4]:
        st.number_input(
            t("gpt.twice.tokens"),
            SHORTEST,
            longest(load(found.trace.model_id)),
            step=1,
            key="length",
            disabled=typed,
            on_change=_forget,
            persist_state="session",
        )
    with columns[5]:
        state.put("seed", state.get("seed"))
        st.number_input(
            t("gpt.seed"), 0, 999_999, step=1, key="seed", disabled=typed,
            persist_state="session",
        )  # fmt: skip


def _circuit() -> None:
    state.put("circuit", state.get("circuit"))
    st.segmented_control(
        t("gpt.twice.models"),
        ("pair", "model"),
        key="circuit",
        required=True,
        format_func=lambda name: t(f"gpt.twice.{name}"),
        wrap=True,
        on_change=_forget,
        persist_state="session",
    )


def _sequence() -> None:
    state.put("sequence", state.get("sequence"))
    st.text_input(
        t("gpt.twice.sequence"),
        key="sequence",
        placeholder=t("gpt.twice.sequence_hint"),
        on_change=_forget,
        persist_state="session",
        autocomplete="off",
    )


def _forget() -> None:
    state.put("query", None)


def style() -> Style:
    """Colours, numbers and words of the figure and the formulas."""
    return charts.style("gpt.twice.figure")


def _picture(found: list[Repeated], query: int, height: int) -> None:
    """The best head of both models; of one model beside the head that looks before, its helper."""
    first = found[0]
    stripe = first.stripe
    rounds = [
        _round(one, one.best, "score", float(one.scores[one.best[0]][one.best[1]]), stripe)
        for one in found
    ]
    if len(found) == 1:
        layer, head = first.looks_before
        before = [(place, place - 1) for place in range(1, len(first.ids))]
        value = float(first.before[layer][head])
        helper = _round(first, (layer, head), "before", value, before)
        rounds.insert(0, replace(helper, losses=None))
    uniform = log(len(caches.names(first.trace.model_id)))
    twice = Twice(first.trace.typed, first.first, first.period, query, rounds, uniform)
    charts.clickable(stripes(twice, style(), height=height), "repeats", _clicked)


def _round(
    found: Repeated,
    place: tuple[int, int],
    what: str,
    value: float,
    outlined: list[tuple[int, int]],
) -> Round:
    layer, head = place
    name = t("gpt.twice.head", model=caches.title(found.trace.model_id), layer=layer, head=head)
    said = t(f"gpt.twice.{what}", value=notation().fixed(value, 3))
    return Round(name, found.trace.blocks[layer].head(head), said, outlined, found.losses)


def _clicked(place: int) -> None:
    state.put("query", int(place))


def _position(found: list[Repeated], query: int) -> None:
    """A … B, A → ?: what the chosen place sees, in words, for each model."""
    one = found[0]
    word = frame.token(shortened(one.trace.typed[query], 12), "q")
    target = one.target(query)
    if target is None:
        words = escape(t("gpt.twice.first_time", token="{}")).format(word)
        st.html(f"<p class='said'>{words}</p>")
        return
    after = frame.token(shortened(one.trace.typed[target], 12), "k")
    places = {"earlier": query - one.period, "place": target}
    said = escape(t("gpt.twice.pattern", a="{0}", b="{1}", **places))
    st.html(f"<p class='said'>{said.format(word, after)}</p>")
    for model in found:
        st.html(f"<p class='hint'>{_looked(model, query, target)}</p>")


def _looked(found: Repeated, query: int, target: int) -> str:
    """How much of the best head's weight lies there, and what the model says comes next."""
    layer, head = found.best
    weight = float(found.trace.blocks[layer].weights[head, query, target])
    guess = generating.pieces(found.trace.model_id)[found.guesses[query]]
    last = query + 1 == len(found.ids)
    right = not last and found.guesses[query] == found.ids[query + 1]
    values = {
        "model": f"<b>{escape(caches.title(found.trace.model_id))}</b>",
        "weight": f"<b style='color:var(--weight)'>{escape(notation().small(weight))}</b>",
        "guess": frame.token(shortened(guess, 12), "output"),
    }
    sentence = escape(t("gpt.twice.looked", **{name: f"{{{name}}}" for name in values}))
    mark = "" if last else " <span class='good'>✓</span>" if right else " ✗"
    return sentence.format(**values) + mark


def _scores(found: list[Repeated]) -> None:
    """Prefix matching of every head, live and as measured after the training."""
    known = shipped(found[0].trace.model_id) is not None
    frame.section(
        t("gpt.twice.scores"), t("gpt.twice.scores_note" if known else "gpt.twice.scores_plain")
    )
    best = found[0]
    layer, head = best.best
    weights = best.trace.blocks[layer].weights[head]
    st.latex(mean_weight([float(weights[cell]) for cell in best.stripe], style()))
    st.html("".join(_table(one) for one in found))


def _table(found: Repeated) -> str:
    """Layers × heads: each head's score here, below it the one measured after the training."""
    measured = shipped(found.trace.model_id)
    heads = "".join(f"<th>{head}</th>" for head in range(len(found.scores[0])))
    corner = escape(t("gpt.twice.layer_head"))
    digits = 3 if len(found.scores[0]) <= _WIDE else 2
    rows = [f"<tr><th>{corner}</th>{heads}</tr>"]
    for layer, scores in enumerate(found.scores):
        told = (None,) * len(scores) if measured is None else measured[layer]
        cells = (
            _cell(score, known, digits, best=(layer, head) == found.best)
            for head, (score, known) in enumerate(zip(scores.tolist(), told, strict=True))
        )
        rows.append(f"<tr><th>{layer}</th>{''.join(cells)}</tr>")
    name = escape(caches.title(found.trace.model_id))
    return f"<div class='prefix'><b>{name}</b><table>{''.join(rows)}</table></div>"


def _cell(score: float, measured: float | None, digits: int, *, best: bool) -> str:
    share = 100 * min(max(score, 0.0), 1.0)
    ink = "page" if share > 50 else "ink"
    told = "" if measured is None else f"<small>{escape(notation().fixed(measured, 3))}</small>"
    look = (
        f"background:color-mix(in srgb,var(--weight) {share:.0f}%,transparent);color:var(--{ink})"
    )
    kind = " class='best'" if best else ""
    return f"<td{kind} style='{look}'>{escape(notation().fixed(score, digits))}{told}</td>"


def _losses(found: list[Repeated]) -> None:
    frame.section(t("gpt.twice.losses"), t("gpt.twice.losses_note"))
    heads = "".join(f"<th>{escape(t(f'gpt.twice.{name}'))}</th>" for name in ("round_1", "round_2"))
    rows = "".join(
        f"<tr><td>{escape(caches.title(one.trace.model_id))}</td>"
        f"<td>{escape(notation().fixed(one.first_loss, 3))}</td>"
        f"<td>{escape(notation().fixed(one.second_loss, 3))}</td></tr>"
        for one in found
    )
    st.html(f"<table class='broken twice'><tr><th></th>{heads}</tr>{rows}</table>")
    uniform = notation().fixed(log(len(caches.names(found[0].trace.model_id))), 3)
    st.html(f"<p class='hint'>{escape(t('gpt.twice.guessing', value=uniform))}</p>")


def _provenance(found: list[Repeated]) -> None:
    one = found[0]
    what = (
        t("gpt.twice.typed")
        if state.get("sequence").strip()
        else t("gpt.twice.drawn", seed=state.get("seed"))
    )
    frame.provenance(
        "live",
        escape(", ".join(caches.title(model.trace.model_id) for model in found)),
        escape(t("gpt.twice.rounds", count=one.period)),
        escape(what),
        difference=largest(caches.difference(model.trace) for model in found),
    )
