"""From a word to a vector: a table's row, its neighbours, and what a word is cut into."""

from __future__ import annotations

from pages.ui.parameters import OneOf, Parameter, Whole, text
from pages.ui.topic import Topic

SETS = ("skipgram", "counted", "minilm", "smollm2")
PROJECTIONS = ("pca", "tsne", "tsne_again")
RELATIONS = ("plural", "past", "ing", "genitive", "object", "possessive", "sex")

TOPIC = Topic(
    "words",
    "basics",
    ":material/dataset:",
    model=False,
    defaults={"step": 0, "dim": 0},
    parameters=(
        Parameter("vectors", OneOf(*SETS), "skipgram"),
        Parameter("word", text, "cat", typed=True),
        Parameter("compared", text, "dog", typed=True),
        Parameter("relation", OneOf(*RELATIONS, "own"), "plural"),
        Parameter("question", Whole(0, 9_999), 0),
        Parameter("projection", OneOf(*PROJECTIONS), "pca"),
        Parameter("a", text, "cats", typed=True),
        Parameter("b", text, "cat", typed=True),
        Parameter("c", text, "dog", typed=True),
        Parameter("tokenizer", OneOf("minilm", "smollm2"), "minilm"),
        Parameter("split", text, typed=True),
        Parameter("second", text, typed=True),
    ),
    views=("table", "neighbours", "map", "analogies", "pieces"),
)
