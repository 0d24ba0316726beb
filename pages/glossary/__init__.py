"""The words of the field, in both languages."""

from __future__ import annotations

from pages.ui.parameters import OneOf, Parameter, text
from pages.ui.topic import Topic

TOPIC = Topic(
    "glossary",
    "start",
    ":material/menu_book:",
    model=False,
    chapter=False,
    parameters=(
        Parameter("search", text, "", typed=True),
        Parameter("listing", OneOf("chapter", "alphabet"), "chapter"),
    ),
)
