"""What a model is and how well it does: its card's figures, each beside its baselines."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import streamlit as st

from models.card import ModelCard
from models.catalog import CATALOG
from pages.ui import caches, lines, symbols
from pages.ui.text import SPOKEN, language, notation, t
from viz.board.markup import template

_WIDE = 4  # baselines: with more of them the table of figures takes the room of the facts

_FACTS = template(
    "<table class='about'>{% for name, value in rows %}"
    "<tr><td>{{ name }}</td><td>{{ value }}</td></tr>{% endfor %}</table>"
)
_FIGURES = template(
    "<table class='about'><tr>{% for word in heads %}<th>{{ word }}</th>{% endfor %}</tr>"
    "{% for name, value, others in rows %}<tr><td>{{ name }}</td><td><b>{{ value }}</b></td>"
    "{% for other in others %}<td>{{ other }}</td>{% endfor %}</tr>{% endfor %}</table>"
    "<p class='hint'>{{ note }}</p>"
)


def headline(model_id: str, figure: str = "", *, beside: str = "") -> str:
    """A model's measured figure and a baseline's, "" without any.

    figure: which; of a model that was not measured by it, and by default, the first; of one that
    was measured in several languages the visitor's own.
    beside: which baseline; by default the first one.
    """
    card = CATALOG.get(model_id)
    if card is None or not card.quality:
        return ""
    name = _spoken(figure if figure in card.quality else next(iter(card.quality)), card.quality)
    told = f"{t(f'quality.{name}')}: {_number(card.quality[name])}"
    for of, figures in card.baselines.items():
        if name in figures and of == (beside or next(iter(card.baselines))):
            told += f" ({t(f'baseline.{of}')}: {_number(figures[name])})"
    return told


def _spoken(figure: str, measured: Collection[str]) -> str:
    """The same figure in the visitor's language, where it was measured in that, too."""
    parts = (language() if part in SPOKEN else part for part in figure.split("_"))
    own = "_".join(parts)
    return own if own in measured else figure


def headlines(names: Mapping[str, str], figure: str, baseline: str) -> str:
    """One measured figure of several models, and the baseline that they share.

    names: model id → what the page calls it.
    """
    cards = {name: CATALOG[model_id] for model_id, name in names.items()}
    told = ", ".join(f"{name} {_number((c.quality or {})[figure])}" for name, c in cards.items())
    shared = next(iter(cards.values())).baselines[baseline][figure]
    beside = f"{t(f'baseline.{baseline}')}: {_number(shared)}"
    return f"{t(f'quality.{figure}')}: {told} ({beside})"


def model(model_id: str, *, key: str = "about") -> None:
    """An opening line with everything that is known of a catalogue model; else nothing.

    key: of the line, where a page tells of several models.
    """
    card = CATALOG.get(model_id)
    if card is None:
        return
    with st.expander(t("about.title", model=caches.title(model_id)), key=key):
        wide = len(card.baselines) >= _WIDE
        facts, figures = st.columns([420, 1360] if wide else [700, 1080], gap="large")
        with facts:
            symbols.show(_FACTS(rows=_facts(card)))
        with figures:
            _figures(card)


def _facts(card: ModelCard) -> list[tuple[str, object]]:
    facts = {
        t("about.task"): t(f"task.{card.task}"),
        t("about.trained_on"): t(f"trained_on.{card.trained_on}") if card.trained_on else None,
        t("about.layers"): _layers(card),
        t("about.heads"): card.heads or None,
        t("about.width"): card.width,
        t("about.vocabulary"): _count(card.sizes.get("vocabulary")),
        t("about.parameters"): _count(card.sizes.get("parameters")),
        t("about.bytes"): _megabytes(card.sizes.get("bytes")),
        t("about.licence"): card.licence,
    }
    return [(name, value) for name, value in facts.items() if value is not None]


def _layers(card: ModelCard) -> str:
    return f"{card.layers} + {card.decoder_layers}" if card.decoder_layers else str(card.layers)


def _count(value: int | None) -> str | None:
    return notation().grouped(value) if value else None


def _megabytes(value: int | None) -> str | None:
    return None if not value else f"{notation().fixed(value / 1e6)} MB"


def _figures(card: ModelCard) -> None:
    """A row a figure: its meaning, this model, each baseline. Without figures a sentence."""
    if not card.quality:
        lines.hint(t("about.unmeasured"))
        return
    heads = (t("about.figure"), t("about.this"), *(t(f"baseline.{of}") for of in card.baselines))
    rows = [
        (
            t(f"quality.{name}"),
            _number(value),
            [_number(others.get(name)) for others in card.baselines.values()],
        )
        for name, value in card.quality.items()
    ]
    symbols.show(_FIGURES(heads=heads, rows=rows, note=t("about.measured")))


def _number(value: float | None) -> str:
    """Shares with three decimals, larger figures with two; a tiny one never as 0."""
    if value is None:
        return ""
    return notation().small(value, 3) if 0 <= value <= 1 else notation().fixed(value)
