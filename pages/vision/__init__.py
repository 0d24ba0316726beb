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
        # [CLS] looks most at a single patch: a test holds it.
        "layer": 0,
        "head": 2,
        "query": 0,
        "key": 6,
        "step": 0,
    },
    parameters=(
        Parameter("sum", OneOf("every", "patch", "score", "weight", "mix"), "every"),
        Parameter("picture", number, 0),
        Parameter("drawn", text, ""),
        Parameter("by", OneOf("layer", "rollout", "head"), "rollout"),
        Parameter("fill", OneOf("paper", "mean"), "paper"),
        Parameter("window", number, 0),
        Parameter("own_view", OneOf("attention", "overview", "rollout"), "attention"),
    ),
    views=("attention", "rollout", "deletion"),
)
