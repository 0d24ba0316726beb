"""A recurrent network's gates, step by step."""

from __future__ import annotations

from pages.ui.parameters import OneOf, Parameter, number, text
from pages.ui.topic import Topic

SHAPES = ("many_to_one", "one_to_many", "encoder_decoder", "tagging", "language_model")

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
        # The shapes that models.lstm.shapes has, and what the chosen one reads; "": its example.
        Parameter("task_shape", OneOf(*SHAPES), SHAPES[0]),
        Parameter("given", text, "", typed=True),
    ),
    views=("cell", "shapes", "returned", "bias"),
)
