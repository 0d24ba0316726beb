"""A recurrent network's gates, step by step."""

from __future__ import annotations

from pages.ui.parameters import OneOf, Parameter, number
from pages.ui.topic import Topic

TOPIC = Topic(
    "lstm",
    "recurrent",
    ":material/memory:",
    defaults={
        "model": "lstm",
        "text": "The cats that the man near the dog saw are tired.",
        "layer": 0,
        "step": 0,
        "unit": 1,  # it follows the default property most closely: a test holds it
    },
    spoken={
        "tr": {
            "text": "Biz bahçede kediyi gördük.",
            "property": "turkish_number",
            "unit": 30,  # it follows that property most closely
        }
    },
    parameters=(
        Parameter("order", OneOf("index", "similarity", "property"), "similarity"),
        Parameter(
            "property",
            OneOf("number", "turkish_number", "inside", "position", "depth"),
            "number",
        ),
        Parameter("gate", OneOf("all", *"figorznh"), "all"),
        Parameter("silence", OneOf("none", "unit", "best"), "none"),
        Parameter("after", number),  # a place among the points of training
    ),
    views=("cell", "returned", "bias"),
)
