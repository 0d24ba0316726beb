"""A recurrent translator with attention, step by step."""

from __future__ import annotations

from pages.ui.parameters import Parameter, one_of
from pages.ui.topic import Topic

TOPIC = Topic(
    "seq2seq",
    "recurrent",
    ":material/translate:",
    defaults={
        "model": "seq2seq",
        "text": "Oğlunuzun sevdiği büyük köye gittiniz.",
        "step": 8,
    },
    parameters=(
        Parameter("feed", one_of("free", "forced")),
        Parameter("sum", one_of("every", "score", "weight", "context", "word"), "every"),
    ),
)
