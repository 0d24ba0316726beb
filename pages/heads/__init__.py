"""All heads of a model, one of them closely."""

from __future__ import annotations

from pages.ui.topic import Topic

TOPIC = Topic(
    "heads",
    "attention",
    ":material/grid_on:",
    state="heads",
    texts="heads",
    views=("heads", "head_view", "model_view"),
)
