"""The gpt page's fourth view: the same tokens twice, and heads that copy from the first time."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from math import log

import streamlit as st

from models.catalog import load
from models.errors import InputError
from models.repeats import SHORTEST, Repeated, drawn, longest, part_of, shipped
from pages.ui import about, caches, controls, frame, generating, state
from pages.ui.text import labels, notation, t
from viz.bars import Bar, Row, table
from viz.formula_repeats import mean_weight
from viz.notation import shortened
from viz.repeats import Round, Twice, stripes
from viz.scores_style import Style

_KEY = "repeats"
PAIR = ("induction", "induction-1layer")


def body(view_control: Callable[[], None]) -> None:
    """Everything below the title."""
    with st.spinner(t("frame.wait")):
        models = _models()
        part = _part(models)
        found = [caches.repeated(model, part) for model in models]
    query = _query(found[0])
    _controls(view_control, found[0])
    frame.notices()
    left, right = st.columns(generating.WIDTHS, gap="medium")
    with left, st.container(key="main-figure", gap="xsmall"):
        _picture(found, query)
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
        caches.repeated(state.get("model"), drawn(load(state.get("model")), SHORTEST, 0))
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
        except InputError as error:
            state.notice(f"error.{error.code}", **{"model": models[0], **error.details})
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
    return Style(frame.current_theme(), notation(), labels("gpt.twice.figure"))


def _named(found: Repeated) -> str:
    layer, head = found.best
    return t("gpt.twice.head", model=caches.title(found.trace.model_id), layer=layer, head=head)


def _picture(found: list[Repeated], query: int) -> None:
    first = found[0]
    rounds = [
        Round(
            _named(one),
            one.trace.blocks[one.best[0]].weights[one.best[1]],
            one.losses,
            float(one.scores[one.best[0]][one.best[1]]),
        )
        for one in found
    ]
    words = first.trace.typed
    uniform = log(len(caches.names(first.trace.model_id)))
    twice = Twice(words, first.first, first.period, query, rounds, uniform)
    st.plotly_chart(
        stripes(twice, style()),
        key=_KEY,
        theme=None,
        width="stretch",
        on_select=_clicked,
        selection_mode="points",
        config={"displayModeBar": False},
    )


def _clicked() -> None:
    points = st.session_state[_KEY].selection.points
    if points:
        state.put("query", int(points[0]["customdata"][0]))


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
    guess = caches.pieces(found.trace.model_id)[found.guesses[query]]
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
    frame.section(t("gpt.twice.scores"), t("gpt.twice.scores_note"))
    best = found[0]
    layer, head = best.best
    t_ = range(best.second, best.second + best.period)
    weights = best.trace.blocks[layer].weights[head]
    st.latex(mean_weight([float(weights[q, q - best.period + 1]) for q in t_], style()))
    st.html("".join(_table(one) for one in found))


def _table(found: Repeated) -> str:
    """A row a head: its score here, and the one measured after the training where there is one."""
    measured = shipped(found.trace.model_id)
    rows = []
    for layer, scores in enumerate(found.scores):
        for head, score in enumerate(scores.tolist()):
            told = [score, *([] if measured is None else [measured[layer][head]])]
            shares = [Bar(share, notation().fixed(share, 3)) for share in told]
            rows.append(Row(f"{layer}.{head}", shares, (layer, head) == found.best))
    heads = [t("gpt.twice.live"), *([] if measured is None else [t("gpt.twice.measured")])]
    name = escape(caches.title(found.trace.model_id))
    return f"<div class='prefix'><b>{name}</b>{table('next', rows, heads)}</div>"


def _losses(found: list[Repeated]) -> None:
    frame.section(t("gpt.twice.losses"), t("gpt.twice.losses_note"))
    heads = "".join(f"<th>{escape(t(f'gpt.twice.{name}'))}</th>" for name in ("round_1", "round_2"))
    rows = "".join(
        f"<tr><td>{escape(caches.title(one.trace.model_id))}</td>"
        f"<td>{escape(notation().fixed(one.first_loss, 3))}</td>"
        f"<td>{escape(notation().fixed(one.second_loss, 3))}</td></tr>"
        for one in found
    )
    st.html(f"<table class='broken'><tr><th></th>{heads}</tr>{rows}</table>")
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
        difference=max(caches.fidelity(model.trace) for model in found),
    )
