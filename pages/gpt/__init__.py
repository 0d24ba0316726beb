"""A decoder that writes one word after another."""

from __future__ import annotations

from pages.ui.parameters import OneOf, Parameter, decimal, number, text
from pages.ui.topic import Topic

TOPIC = Topic(
    "gpt",
    "transformers",
    ":material/edit_note:",
    defaults={
        "model": "gpt-mini",
        "text": "The old",
        "step": 0,
        # The newest token looks most at another word: a test holds it.
        "layer": 3,
        "head": 3,
        "length": 12,
    },
    spoken={"tr": {"text": "Yaşlı"}},
    parameters=(
        Parameter("temperature", decimal, 0.8),
        Parameter("top_k", number, 10),
        Parameter("top_p", decimal, 0.9),
        Parameter("sequence", text, "", typed=True),
        Parameter("circuit", OneOf("pair", "model"), "pair"),
    ),
    views=("write", "mask", "cache", "induction"),
)
