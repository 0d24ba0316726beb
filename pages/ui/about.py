"""What a model is and how well it does: its card's figures, each beside its baselines."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import streamlit as st

from models.card import ModelCard
from models.catalog import CATALOG
from pages.ui import caches
from pages.ui.text import notation, t

_WIDE = 4  # baselines: with more of them the table of figures takes the room of the facts


def headline(model_id: str, figure: str = "", *, beside: str = "") -> str:
    """A model's measured figure and a baseline's, as safe HTML; "" without any.

    figure: which; of a model that was not measured by it, and by default, the first.
    beside: which baseline; by default the first one.
    """
    card = CATALOG.get(model_id)
    if card is None or not card.quality:
        return ""
    name = figure if figure in card.quality else next(iter(card.quality))
    value = card.quality[name]
    told = f"{escape(t(f'quality.{name}'))}: {_number(value)}"
    for of, figures in card.baselines.items():
        if name in figures and of == (beside or next(iter(card.baselines))):
            told += f" ({escape(t(f'baseline.{of}'))}: {_number(figures[name])})"
    return told


def headlines(names: Mapping[str, str], figure: str, baseline: str) -> str:
    """One measured figure of several models, and the baseline that they share, as safe HTML.

    names: model id → what the page calls it.
    """
    cards = {name: CATALOG[model_id] for model_id, name in names.items()}
    told = ", ".join(
        f"{escape(name)} {_number((card.quality or {})[figure])}" for name, card in cards.items()
    )
    shared = next(iter(cards.values())).baselines[baseline][figure]
    beside = f"{escape(t(f'baseline.{baseline}'))}: {_number(shared)}"
    return f"{escape(t(f'quality.{figure}'))}: {told} ({beside})"


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
        facts.html(_facts(card))
        figures.html(_figures(card))


def _facts(card: ModelCard) -> str:
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
    rows = (
        f"<tr><td>{escape(name)}</td><td>{escape(str(value))}</td></tr>"
        for name, value in facts.items()
        if value is not None
    )
    return f"<table class='about'>{''.join(rows)}</table>"


def _layers(card: ModelCard) -> str:
    return f"{card.layers} + {card.decoder_layers}" if card.decoder_layers else str(card.layers)


def _count(value: int | None) -> str | None:
    return None if not value else f"{value:,}".replace(",", "\u202f")


def _megabytes(value: int | None) -> str | None:
    return None if not value else f"{notation().fixed(value / 1e6)} MB"


def _figures(card: ModelCard) -> str:
    """A row a figure: its meaning, this model, each baseline. Without figures a sentence."""
    if not card.quality:
        return f"<p class='hint'>{escape(t('about.unmeasured'))}</p>"
    heads = (t("about.figure"), t("about.this"), *(t(f"baseline.{of}") for of in card.baselines))
    head = "".join(f"<th>{escape(word)}</th>" for word in heads)
    rows = (
        f"<tr><td>{escape(t(f'quality.{name}'))}</td><td><b>{_number(value)}</b></td>"
        + "".join(f"<td>{_number(others.get(name))}</td>" for others in card.baselines.values())
        + "</tr>"
        for name, value in card.quality.items()
    )
    note = escape(t("about.measured"))
    return f"<table class='about'><tr>{head}</tr>{''.join(rows)}</table><p class='hint'>{note}</p>"


def _number(value: float | None) -> str:
    """Shares with three decimals, larger figures with two; a tiny one never as 0. Safe HTML."""
    if value is None:
        return ""
    written = notation().small(value, 3) if 0 <= value <= 1 else notation().fixed(value)
    return escape(written)
