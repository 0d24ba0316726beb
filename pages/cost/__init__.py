"""What layers, kernels and caches cost."""

from __future__ import annotations

from pages.ui.parameters import OneWhole, Parameter, Whole
from pages.ui.topic import Topic

SLIDERS = {
    "tokens": OneWhole(*(2**power for power in range(4, 13))),  # n
    "d_model": OneWhole(*(2**power for power in range(4, 11))),  # d
    "kernel": OneWhole(2, 3, 5, 7, 9),  # k
    "window_keys": OneWhole(*(2**power for power in range(3, 9))),  # r
}
_FIRST = {"tokens": 512, "d_model": 64, "kernel": 3, "window_keys": 64}

TOPIC = Topic(
    "cost",
    "transformers",
    ":material/speed:",
    model=False,
    parameters=(
        *(Parameter(name, reads, _FIRST[name]) for name, reads in SLIDERS.items()),
        Parameter("row", Whole(0, 3), 0),
        Parameter("column", Whole(0, 2), 0),
    ),
    views=("layers",),
)
