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
        "step": 0,
        "length": 64,
        "layer": 0,
        "head": 2,  # it goes most by position: a test holds it
    },
    parameters=(
        Parameter("d", number, 4),
        Parameter("n", number, 100),
        Parameter("width", number, 64),
        Parameter("base", number, 10_000),
        Parameter("dims", text, "0 8 16 32"),
        Parameter("pos", number, 0),
        Parameter("offset", number, 0),
        Parameter("way", OneOf("all", "sinusoid", "rope", "alibi", "t5"), "all"),
        # In whose order W_Q's columns stand, and which places RoPE turns together: `pairs`.
        Parameter("stored", OneOf("half", "neighbours"), "half"),
        Parameter("turns", OneOf("half", "neighbours"), "half"),
    ),
    views=("table", "waves", "distances", "shift", "learned", "ways", "shuffle", "added"),
)
