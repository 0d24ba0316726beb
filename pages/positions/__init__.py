"""How a model knows the order of its words."""

from __future__ import annotations

from pages.ui.parameters import OneOf, Parameter, number, text
from pages.ui.topic import Topic

TOPIC = Topic(
    "positions",
    "attention",
    ":material/format_list_numbered:",
    defaults={
        "text": "I am a Robot",
        "step": 6,  # the word "am", dimension 2
        "length": 64,
        "layer": 0,
        "head": 0,
    },
    parameters=(
        Parameter("d", number, 4),
        Parameter("n", number, 100),
        Parameter("width", number, 64),
        Parameter("base", number, 10_000),
        Parameter("dims", text, "0 8 16 32"),
        Parameter("pos", number, 20),
        Parameter("offset", number, 4),
        Parameter("way", OneOf("all", "sinusoid", "rope", "alibi", "t5"), "all"),
    ),
    views=("table", "waves", "distances", "shift", "learned", "ways", "shuffle"),
)
