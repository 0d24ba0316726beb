"""One head's arithmetic, step by step."""

from __future__ import annotations

from pages.ui.parameters import Parameter, flag, number, one_of, text
from pages.ui.topic import Topic

TOPIC = Topic(
    "scores",
    "attention",
    ":material/calculate:",
    state="heads",
    texts="heads",
    parameters=(
        Parameter("mode", one_of("live", "hand"), "live"),
        Parameter("mask", one_of("own", "none", "causal", "padding", "window"), "own"),
        Parameter("scale", flag, True),
        Parameter("matrix", text, "", typed=True),
        Parameter("part", one_of("q", "k", "v"), "q"),
        Parameter("out", number, 0),
    ),
)
