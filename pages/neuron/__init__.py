"""What one unit computes, and how it learns."""

from __future__ import annotations

from pages.ui.parameters import OneNumber, OneOf, OneWhole, Parameter, Whole, stepped
from pages.ui.topic import Topic

GIVEN = ("x1", "x2", "w1", "w2", "b")  # two inputs, their weights, the bias
SLIDERS = {
    **dict.fromkeys(("x1", "x2"), stepped(-5, 5, 0.5)),
    **dict.fromkeys(("w1", "w2", "b"), stepped(-5, 5, 0.25)),
    "alpha": stepped(0, 0.95, 0.05),  # with 1 it would be z itself, without a kink
    "rate": OneNumber(0.1, 0.2, 0.5, 1.0, 2.0, 4.0),
}
_ACTIVATION = OneOf("sigmoid", "tanh", "relu", "leaky", "prelu", "softmax")
_FIRST = {"x1": 1.0, "x2": -2.0, "w1": 1.5, "w2": 0.5, "b": 0.5, "alpha": 0.25, "rate": 1.0}

TOPIC = Topic(
    "neuron",
    "basics",
    ":material/radio_button_checked:",
    model=False,
    defaults={"step": 0, "seed": 1},
    parameters=(
        Parameter("activation", _ACTIVATION, "sigmoid"),
        *(Parameter(name, reads, _FIRST[name]) for name, reads in SLIDERS.items()),
        Parameter("rivals", Whole(1, 9), 2),
        Parameter("y", Whole(0, 1), 1),
        Parameter("hidden", OneOf("none", "sigmoid", "tanh", "relu"), "sigmoid"),
        Parameter("trained", Whole(0, 2000), 0),
        Parameter("point", Whole(0, 3), 1),
        # Begins where both are needed most: models.neuron.depth.need is largest of all settings.
        Parameter("blocks", OneWhole(2, 4, 8, 16, 32), 32),
        Parameter("stack", OneOf("plain", "residual", "norm", "both"), "both"),
        Parameter("bend", OneOf("tanh", "relu"), "tanh"),
        Parameter("start", OneOf("linear", "lecun", "he"), "he"),
        Parameter("at", Whole(1, 32), 1),
    ),
    views=("unit", "loss", "xor", "depth"),
)
