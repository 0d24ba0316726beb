"""How long three networks remember."""

from __future__ import annotations

from pages.ui.parameters import OneOf, Parameter, number
from pages.ui.topic import Topic

TOPIC = Topic(
    "memory",
    "recurrent",
    ":material/history:",
    defaults={"model": "memory-rnn", "text": "GFADBHDBEFFGGGHDECCAG?", "step": 0, "length": 1},
    parameters=(
        Parameter("recurrent", OneOf("own", "rotation", "random"), "own"),
        Parameter("sigma", number),
        Parameter("nonlinearity", OneOf("tanh", "relu")),
    ),
    views=("gradients", "recall", "exploding"),
)
