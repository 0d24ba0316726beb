"""All heads of a model, one of them closely."""

from __future__ import annotations

from pages.ui.topic import Topic

TOPIC = Topic(
    "heads",
    "attention",
    ":material/grid_on:",
    state="heads",
    texts="heads",
    # The head whose weight of the cell shown first is most its own: a test holds it.
    defaults={"layer": 3, "head": 1},
    views=("heads", "head_view", "model_view"),
)
