"""A Transformer that reads a picture."""

from __future__ import annotations

from pages.ui.parameters import OneOf, Parameter, number, text
from pages.ui.topic import Topic

TOPIC = Topic(
    "vision",
    "transformers",
    ":material/image:",
    defaults={
        "model": "vit-digits",
        "layer": 2,
        "head": 0,
        "query": 0,
        "key": 6,
        "step": 4,
    },
    parameters=(
        Parameter("sum", OneOf("every", "patch", "score", "weight", "mix"), "every"),
        Parameter("picture", number, 0),
        Parameter("drawn", text, ""),
        Parameter("by", OneOf("layer", "rollout", "head"), "rollout"),
        Parameter("fill", OneOf("paper", "mean"), "paper"),
    ),
    views=("attention", "rollout", "deletion"),
)
