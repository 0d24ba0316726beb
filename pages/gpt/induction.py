"""The gpt page's fourth view: the same tokens twice, and heads that copy from the first time."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from math import log

import streamlit as st

from models.catalog import load
from models.core.arrays import largest
from models.errors import InputError, TextTooLong
from models.gpt.induction import SHORTEST, Repeated, drawn, longest, part_of, repeated, shipped
from pages.gpt import controls as generating
from pages.gpt.controls import LARGEST_SEED, WIDTHS
from pages.ui import (
    about,
    caches,
    charts,
    controls,
    frame,
    inputs,
    lines,
    parts,
    state,
    sums,
    symbols,
)
from pages.ui.text import notation, rich, t
from viz.board.markup import Safe, joined, template
from viz.formula.writer import Writer
from viz.gpt import now
from viz.gpt.induction import HEIGHT, Round, Twice, stripes
from viz.gpt.induction_formulas import mean_weight
from viz.gpt.prefix_table import Scores, prefix_table
from viz.tables.units import broken

PAIR = ("induction", "induction-1layer")
_NAMED = template("<b>{{ name }}</b>")
_LOOKED = template(
    "{{ sentence }}{% if sign %} {% if good %}<span class='good'>{{ sign }}</span>"
    "{% else %}{{ sign }}{% endif %}{% endif %}"
)

style = partial(charts.style, "gpt.twice.figure")
_repeated = caches.of_model(repeated, entries=caches.TRACES, budget=caches.recordings)


def body() -> None:
    """Everything below the title."""
    with st.spinner(t("frame.wait")):
        models = _models()
        part = _part(models)
        found = [_repeated(model, part) for model in models]
    first = found[0]
    query = controls.asked("query", len(first.ids), first.second + first.period // 2)
    _controls(first)
    less = frame.notices()
    twice = _twice(found, query)
    frame.now(*now.induction(twice, generating.speak()))
    figure, right = frame.picture_and_sums(WIDTHS, gaps=frame.CLOSE)
    with figure:
        drawn = stripes(twice, style(), height=HEIGHT - less)
        name, said = t("gpt.stripes"), twice.words[query]
        charts.clickable(drawn, "repeats", charts.chooses("query"), name, (query,), said=said)
    with right:
        _position(found, query)
        _scores(found)
        _losses(found)
    _provenance(found)
    for place, model in enumerate(models):
        parts.below(about.model, model, key=f"about-{place}")


def _models() -> tuple[str, ...]:
    """Two layers beside one, or the page's own model where it can read tokens twice."""
    if state.get("circuit") == "pair":
        return PAIR
    try:
        _repeated(state.get("model"), drawn(load(state.get("model")), SHORTEST, 0))
    except InputError as error:
        own = str(state.default("model"))
        inputs.explain(error, state.get("model"), t("kept.model", model=caches.title(own)))
        return (own,)
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


def _controls(found: Repeated) -> None:
    typed = bool(state.get("sequence").strip())
    most = longest(load(found.trace.model_id))
    one = state.get("circuit") == "model"
    forget = partial(state.put, "query", None)
    seed = partial(controls.number, "seed", LARGEST_SEED, key="gpt.seed")
    length = partial(controls.number, "length", most, first=SHORTEST, key="gpt.twice.tokens")
    sequence = partial(
        inputs.text, "sequence", "gpt.twice.sequence", "gpt.twice.sequence_hint", on_change=forget
    )

    def circuit() -> None:
        options, look = ("pair", "model"), {"wrap": True, "on_change": forget}
        controls.choice(
            "circuit", "gpt.twice.models", options, lambda name: t(f"gpt.twice.{name}"), **look
        )

    controls.row(
        (440, generating.view_control),
        (420, circuit),
        (230, inputs.model if one else st.empty),
        (400, sequence),
        (130, partial(length, disabled=typed, on_change=forget)),
        (130, partial(seed, disabled=typed)),
    )


def _twice(found: list[Repeated], query: int) -> Twice:
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
    return Twice(first.trace.typed, first.first, first.period, query, rounds, uniform)


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


def _position(found: list[Repeated], query: int) -> None:
    """A … B, A → ?: how much looks at the B, and what comes next, says each model."""
    target = found[0].target(query)
    if target is not None:
        for model in found:
            lines.hint(_looked(model, query, target))


def _looked(found: Repeated, query: int, target: int) -> Safe:
    """How much of the best head's weight lies there, and what the model says comes next."""
    layer, head = found.best
    weight = float(found.trace.blocks[layer].weights[head, query, target])
    guess = generating.pieces(found.trace.model_id)[found.guesses[query]]
    last = query + 1 == len(found.ids)
    right = not last and found.guesses[query] == found.ids[query + 1]
    sentence = rich(
        "gpt.twice.looked",
        model=_NAMED(name=caches.title(found.trace.model_id)),
        weight=frame.tinted(notation().small(weight), "weight"),
        guess=frame.token(guess, "output", 12),
    )
    return _LOOKED(sentence=sentence, good=right, sign="" if last else "✓" if right else "✗")


def _scores(found: list[Repeated]) -> None:
    """Prefix matching of every head, live and as measured after the training."""
    known = shipped(found[0].trace.model_id) is not None
    frame.section(
        t("gpt.twice.scores"), t("gpt.twice.scores_note" if known else "gpt.twice.scores_plain")
    )
    best = found[0]
    layer, head = best.best
    weights = best.trace.blocks[layer].weights[head]
    sums.lines(mean_weight([float(weights[cell]) for cell in best.stripe], Writer(style())))
    symbols.show(joined(map(_table, found), ""))


def _table(found: Repeated) -> Safe:
    """Layers × heads: each head's score here, below it the one measured after the training."""
    model = found.trace.model_id
    scores = Scores(caches.title(model), found.scores, shipped(model), found.best)
    return prefix_table(
        scores,
        t("gpt.twice.layer_head"),
        notation(),
        lambda count, most: t("gpt.twice.rest", count=count, most=most),
    )


def _losses(found: list[Repeated]) -> None:
    frame.section(t("gpt.twice.losses"), t("gpt.twice.losses_note"))
    names = [caches.title(one.trace.model_id) for one in found]
    heads = t("gpt.twice.round_1"), t("gpt.twice.round_2")
    losses = [one.first_loss for one in found], [one.second_loss for one in found]
    symbols.show(broken(names, heads, losses, notation(), "broken twice"))
    uniform = notation().fixed(log(len(caches.names(found[0].trace.model_id))), 3)
    lines.hint(t("gpt.twice.guessing", value=uniform))


def _provenance(found: list[Repeated]) -> None:
    one = found[0]
    what = (
        t("gpt.twice.typed")
        if state.get("sequence").strip()
        else t("gpt.twice.drawn", seed=state.get("seed"))
    )
    frame.provenance(
        "live",
        ", ".join(caches.title(model.trace.model_id) for model in found),
        t("gpt.twice.rounds", count=one.period),
        what,
        difference=largest(caches.difference(model.trace) for model in found),
    )
