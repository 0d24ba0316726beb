"""A Transformer that translates, word by word."""

from __future__ import annotations

from pages.ui.parameters import OneOf, Parameter, decimal, number
from pages.ui.topic import Topic
from viz.translator.stage_names import PHASES, STAGES

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
        # Below the picture: all positions at once or one by one; the position that reads another
        # word than was written, and which of the likeliest.
        Parameter("phase", OneOf(*PHASES), PHASES[0]),
        Parameter("slip", number, 0),
        Parameter("instead", number, 1),
    ),
)
