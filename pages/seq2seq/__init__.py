"""A recurrent translator with attention, step by step."""

from __future__ import annotations

from pages.ui.parameters import OneOf, Parameter
from pages.ui.topic import Topic

TOPIC = Topic(
    "seq2seq",
    "recurrent",
    ":material/translate:",
    defaults={
        "model": "seq2seq",
        "text": "Oğlunuzun sevdiği büyük köye gittiniz.",
        "step": 0,
    },
    parameters=(
        Parameter("feed", OneOf("free", "forced")),
        Parameter("sum", OneOf("every", "score", "weight", "context", "word"), "every"),
    ),
)
