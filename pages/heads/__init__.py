"""All heads of a model, one of them closely."""

from __future__ import annotations

from pages.ui.parameters import OneOf, Parameter, Whole, flag, text
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
        Parameter("against", OneOf("sentence", "head", "model"), "sentence"),
        # With it that head is also the one with the largest difference: a test holds it.
        Parameter("other_text", text, "The cat sat down because it was raining", typed=True),
        Parameter("other_model", text, "bert-mini"),
        Parameter("other_layer", Whole(0, 999)),
        Parameter("other_head", Whole(0, 999)),
        Parameter("distance_to", OneOf("one", "all"), "one"),
        # A dimension of q and k; until one is chosen, that of the pair's largest product.
        Parameter("product", Whole(0, 99_999)),
        Parameter("sorted", flag, False),
        # Further queries, by their places: "2 3".
        Parameter("summed", text, ""),
    ),
    views=("heads", "elementwise", "compare", "head_view", "model_view"),
)
