"""The landing page."""

from __future__ import annotations

from pages.ui.topic import Topic

TOPIC = Topic("home", "start", ":material/home:", model=False)
