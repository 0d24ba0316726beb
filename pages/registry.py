"""Which topics there are, in the order of the menu: a line each, and the only place to add one."""

from __future__ import annotations

from importlib import import_module

from pages.ui.topic import Topic, introduce, topic

__all__ = ["ORDER", "TOPICS", "topic"]

ORDER = (
    "home",
    "neuron",
    "lstm",
    "memory",
    "seq2seq",
    "heads",
    "scores",
    "positions",
    "translator",
    "bert",
    "gpt",
    "cost",
    "vision",
    "glossary",
)
TOPICS: tuple[Topic, ...] = tuple(import_module(f"pages.{name}").TOPIC for name in ORDER)
introduce(TOPICS)
