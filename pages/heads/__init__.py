"""All heads of a model, one of them closely."""

from __future__ import annotations

from pages.ui.parameters import Parameter, flag, text
from pages.ui.shared import PLACE
from pages.ui.topic import Topic

TOPIC = Topic(
    "heads",
    "attention",
    ":material/grid_on:",
    state="heads",
    texts="heads",
    # The head whose weight of the cell shown first is most its own: a test holds it.
    defaults={"layer": 3, "head": 1},
    parameters=(
        # A dimension of q and k; until one is chosen, that of the pair's largest product.
        Parameter("product", PLACE),
        Parameter("sorted", flag, False),
        # Further queries, by their places: "2 3".
        Parameter("summed", text, ""),
    ),
    views=("heads", "elementwise", "head_view", "model_view"),
)
