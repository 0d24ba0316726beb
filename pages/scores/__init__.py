"""One head's arithmetic, step by step."""

from __future__ import annotations

from pages.ui.parameters import OneOf, Parameter, flag, number, text
from pages.ui.topic import Topic

TOPIC = Topic(
    "scores",
    "attention",
    ":material/calculate:",
    state="heads",
    texts="heads",
    defaults={"layer": 3, "head": 1, "step": 1},  # the head as on the heads page
    parameters=(
        Parameter("mode", OneOf("live", "hand"), "live"),
        Parameter("mask", OneOf("own", "none", "causal", "padding", "window"), "own"),
        Parameter("scale", flag, True),
        Parameter("matrix", text, "", typed=True),
        Parameter("part", OneOf("q", "k", "v"), "q"),
        Parameter("out", number, 0),
    ),
)
