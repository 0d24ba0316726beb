"""How long three networks remember."""

from __future__ import annotations

from pages.ui.parameters import OneNumber, OneOf, Parameter, number
from pages.ui.topic import Topic

GAINS = (0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0)  # of the rotation in place of U
MOST_NORMS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)  # c

TOPIC = Topic(
    "memory",
    "recurrent",
    ":material/history:",
    defaults={"model": "memory-rnn", "text": "GFADBHDBEFFGGGHDECCAG?", "step": 0, "length": 1},
    parameters=(
        Parameter("recurrent", OneOf("own", "rotation", "random"), "own"),
        Parameter("sigma", number),
        Parameter("nonlinearity", OneOf("tanh", "relu")),
        Parameter("gain", OneNumber(*GAINS), 1.75),
        Parameter("max_norm", OneNumber(*MOST_NORMS), 1.0),
    ),
    views=("gradients", "recall", "exploding", "clipping"),
)
