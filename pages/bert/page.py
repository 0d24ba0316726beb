"""What goes in, and what was hidden? BERT's entrance, its two tasks, and what they rest on."""

from __future__ import annotations

from collections.abc import Callable

from pages.ui import (
    about,
    bert_between,
    bert_input,
    bert_mask,
    bert_next,
    bert_senses,
    frame,
    state,
    views,
)
from pages.ui.bert import VIEWS

_VIEWS: dict[str, Callable[[], None]] = {
    "input": bert_input.view,
    "mask": bert_mask.view,
    "next": bert_next.view,
    "between": bert_between.view,
    "senses": bert_senses.view,
}


def body() -> None:
    """Everything below the title. Only the open view is computed."""
    _VIEWS[views.opened(VIEWS)]()
    about.model(str(state.get("model")))
    frame.learn("bert")


frame.page("bert", body)
