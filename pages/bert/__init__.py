"""BERT's entrance, its two tasks, and what they rest on."""

from __future__ import annotations

from pages.ui.parameters import OneOf, Parameter, text
from pages.ui.topic import Topic

TOPIC = Topic(
    "bert",
    "transformers",
    ":material/question_mark:",
    defaults={
        "model": "bert-mini",
        "text": "There was a big lion in the garden.",
        "pair": "The big lion ran quickly.",
        "step": 0,
        "layer": 0,
        "head": 3,  # it looks most from A to B: a test holds it
        "dim": 4,  # it contributes most to the judgement: a test holds it
    },
    spoken={
        "tr": {"text": "Bahçede büyük bir aslan vardı.", "pair": "Büyük aslan hızla koştu."},
    },
    parameters=(
        Parameter("hidden", text),
        Parameter("among", OneOf("all", "first", "second", "forth", "back"), "forth"),
        Parameter("word", text, "yüz"),
        Parameter("sentences", text, typed=True),
    ),
    views=("input", "mask", "next", "between", "senses"),
)
