"""What goes in, and what was hidden? BERT's entrance, its two tasks, and what they rest on."""

from __future__ import annotations

from collections.abc import Callable

from pages.bert import between, mask, senses
from pages.bert import input as bert_input
from pages.bert import next as bert_next
from pages.bert.shared import VIEWS
from pages.ui import about, parts, state, views

_VIEWS: dict[str, Callable[[], None]] = {
    "input": bert_input.view,
    "mask": mask.view,
    "next": bert_next.view,
    "between": between.view,
    "senses": senses.view,
}


def body() -> None:
    """Everything below the title. Only the open view is computed."""
    _VIEWS[views.opened(VIEWS)]()
    parts.below(about.model, str(state.get("model")))


parts.page("bert", body)
