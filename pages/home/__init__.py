"""The landing page."""

from __future__ import annotations

from pages.ui.topic import Topic

TOPIC = Topic(
    "home",
    "start",
    ":material/home:",
    model=False,
    # Without a text it shows the example of the visitor's language, by that one's own model.
    defaults={"text": "", "model": ""},
    chapter=False,
)
