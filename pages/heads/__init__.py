"""All heads of a model, one of them closely."""

from __future__ import annotations

from pages.ui.topic import Topic

TOPIC = Topic(
    "heads",
    "attention",
    ":material/grid_on:",
    state="heads",
    texts="heads",
    # The head with the largest weight of the cell that is shown first: a test holds it.
    defaults={"layer": 5, "head": 11},
    views=("heads", "head_view", "model_view"),
)
