"""A state's figure without a browser: the app's own pages run for it, by Streamlit's AppTest."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from pages.ui import frame, links, text, window
from pages.ui.export import drawn
from pages.ui.lectures.place import Place
from pages.ui.unread import FRONT
from viz.export.layers import Layered, layered

log = logging.getLogger("dikkat")

PATIENCE = 90.0  # seconds for one state: its model may have to be loaded
_ROUTER = text.FOLDER.parent / "pages" / "router.py"
# The class of windows that figures are composed for: they come as they were drawn.
_COMPOSED = next(n for n, one in enumerate(window.WINDOWS) if one.scale == 1)


@dataclass(frozen=True, slots=True)
class Seen:
    """A state. figure: its main one, None: it has none; name: what that is; now: what is seen."""

    figure: Layered | None
    name: str
    now: str


def opened(place: Place, language: str, theme: str) -> Seen:
    """A fresh visitor opens the page by its link. What cannot be drawn is logged, without a word
    of the lecture's."""
    at = AppTest.from_file(str(_ROUTER), default_timeout=PATIENCE)
    at.session_state[window.TOLD], at.session_state[frame.THEME] = _COMPOSED, theme
    for name, value in {"lang": language, "v": str(links.VERSION), **place.said}.items():
        at.query_params[name] = value
    if place.page != FRONT:
        # switch_page takes the file's name for the address until a first run has registered the
        # pages, and that run would be a visit to the front page.
        at._page_hash = calc_hash(place.page)
    try:
        at.run()
    except RuntimeError:  # it took too long
        log.exception("a stop on the page %s", place.page)
        return Seen(None, "", "")
    if at.exception:
        log.error("a stop on the page %s: %s", place.page, at.exception[0].proto.type)
    there = drawn.KEY in at.session_state  # which has no `get`
    return _main(drawn.all_drawn(at.session_state[drawn.KEY] if there else {}))


def _main(found: drawn.Drawn) -> Seen:
    """Of several figures the first that has a name, as those have that answer a visitor."""
    figures = layered(found.figures)
    named = [one for one in figures if found.names.get(one.key)]
    figure = next(iter([*named, *figures]), None)
    name = "" if figure is None else found.names.get(figure.key, "")
    return Seen(figure, name, found.now)
