"""The parameters that several topics have, each with what holds where a topic says nothing else."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from models.recording.continuation import MOST
from pages.ui.parameters import OneOf, Parameter, Whole, flag, number, text
from pages.ui.text import SPOKEN
from pages.ui.topic import topic, topics

# No model has more of them, so that a link's nonsense is told whether or not a view asks for it.
LAYER, PLACE = Whole(0, 999), Whole(0, 99_999)

SHARED = (
    Parameter("lang", OneOf(*SPOKEN)),
    Parameter("model", text, "minilm"),
    Parameter("text", text, "The cat sat down because it was tired", typed=True),
    Parameter("pair", text, "", typed=True),
    Parameter("target", text, "", typed=True),
    Parameter("cut", flag, False),
    Parameter("reads", text),  # the languages of a translator between many, by its own codes
    Parameter("writes", text),
    Parameter("written", Whole(0, MOST), 0),
    Parameter("kind", OneOf("encoder", "decoder", "cross")),
    Parameter("layer", LAYER, 3),
    Parameter("head", LAYER, 1),
    Parameter("query", PLACE),
    Parameter("key", PLACE),
    Parameter("step", PLACE, 5),
    Parameter("hide", flag, False),
    Parameter("dim", PLACE, 0),
    Parameter("seed", number, 0),
    Parameter("length", Whole(0, 9_999), 1000),
    Parameter("unit", PLACE, 0),
    Parameter("gold", flag, False),
    Parameter("all", flag, False),
    Parameter("exact", flag, False),
    Parameter("zoom", flag),
    Parameter("lecture", flag),  # for a lecture hall
    Parameter("spot", flag),  # there: the chosen row alone in the light
    # A lecture that plays, and its stop (`pages.ui.lectures`).
    Parameter("talk", text),
    Parameter("stop", Whole(1, 999)),
)
# What goes along to every page: no page has it for itself, and no stage sets it.
EVERYWHERE = ("lang", "lecture", "spot", "talk", "stop")


@cache
def parameters(page: str, language: str = "") -> dict[str, Parameter]:
    """The shared parameters and a page's own, each with what holds there.

    language: with what a visitor of that language finds on a first visit; links are silent only
    about what holds in every language.
    """
    found = {p.name: p for p in (*SHARED, *topic(page).own)}
    usual = {**topic(page).defaults, **topic(page).spoken.get(language, {})}
    return found | {n: replace(found[n], default=v) for n, v in usual.items()}


@cache
def settable(page: str) -> dict[str, Parameter]:
    """The parameters of a page without those that go along to every page, as the language."""
    return {name: one for name, one in parameters(page).items() if name not in EVERYWHERE}


@cache
def names() -> frozenset[str]:
    """The parameters of all pages."""
    return frozenset(name for one in topics() for name in parameters(one.slug))
