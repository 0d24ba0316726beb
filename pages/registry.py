"""Which topics there are, in the order of the menu: a line each, and the only place to add one."""

from __future__ import annotations

from importlib import import_module

from pages.ui.topic import Topic

ORDER = (
    "home",
    "lstm",
    "memory",
    "seq2seq",
    "heads",
    "scores",
    "positions",
    "translator",
    "bert",
    "gpt",
    "vision",
)
TOPICS: tuple[Topic, ...] = tuple(import_module(f"pages.{name}").TOPIC for name in ORDER)
_BY_ADDRESS = {topic.slug: topic for topic in TOPICS}


def topic(slug: str) -> Topic:
    """The topic of that address. KeyError: none such."""
    return _BY_ADDRESS[slug]
