"""A Transformer that translates, word by word."""

from __future__ import annotations

from pages.ui.parameters import OneOf, Parameter, decimal, number
from pages.ui.topic import Topic
from viz.translator.stage_names import STAGES

TOPIC = Topic(
    "translator",
    "transformers",
    ":material/account_tree:",
    defaults={
        "model": "translator",
        "text": "Oğlunuzun sevdiği büyük köye gittiniz.",
        "layer": 1,  # this layer's head aligns best: a test holds it
        "head": 0,
        "step": 0,
        "dim": 0,
    },
    parameters=(
        Parameter("stage", OneOf(*STAGES), STAGES[0]),
        Parameter("beams", OneOf("1", "2", "3", "4", "5"), "1"),
        Parameter("node", number),
        # Of the length in a beam's score; without it the model's own.
        Parameter("penalty", decimal),
    ),
)
