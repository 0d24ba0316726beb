"""The landing page."""

from __future__ import annotations

from pages.ui.topic import Topic

# Without a text it shows an example of the visitor's language, which no link has to name.
TOPIC = Topic("home", "start", ":material/home:", defaults={"text": ""}, chapter=False)
