"""Visits to the app's pages without a browser, by Streamlit's own AppTest."""

from __future__ import annotations

import base64
import json
import re
from html import unescape
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from models.core.arrays import Difference
from pages.registry import TOPICS
from pages.ui import frame, text, window
from pages.ui.charts import GROUND, TOP
from pages.ui.model import chooser
from tests.browser.server import ROOT
from viz.board.notation import Notation

ROUTER = str(ROOT / "pages" / "router.py")
SLUGS = {topic.slug for topic in TOPICS if topic.slug != "home"}
KEYED = re.compile(r"\$\$ID-[0-9a-f]+-(?P<key>.+)")  # the id of an element with a key
PATIENCE = 60
# The class of windows that figures are composed for: they come as they were drawn.
COMPOSED = next(n for n, one in enumerate(window.WINDOWS) if one.scale == 1)


def visit(page: str = "home", **parameters: str) -> AppTest:
    """A fresh visitor opens a page by its link."""
    at = AppTest.from_file(ROUTER, default_timeout=PATIENCE)
    at.session_state["_window"] = COMPOSED
    for name, value in parameters.items():
        at.query_params[name] = value
    if page in SLUGS:
        # switch_page takes the file's name for the address until a first run has registered the
        # pages, and that run would be a visit to the front page.
        at._page_hash = calc_hash(page)
    return at.run()


def models(at: AppTest) -> dict[str, str]:
    """What the Model field lists of the catalogue, once it is opened: id → its words."""
    at.session_state[chooser.OPEN] = True
    at.run()
    listed = {key_of(button): button.label for button in at.button}
    start = "choose-"
    return {key.removeprefix(start): x for key, x in listed.items() if key.startswith(start)}


def choose(at: AppTest, model: str) -> None:
    """Another model by the Model field."""
    assert model in models(at)
    at.button(key=f"choose-{model}").click().run()
    assert at.session_state["model"] == model


def address(at: AppTest) -> dict[str, str]:
    """What the address says now."""
    return {
        name: at.query_params[name][0]
        if isinstance(at.query_params[name], list)
        else at.query_params[name]
        for name in at.query_params
    }


def healthy(at: AppTest) -> None:
    """No exception, and nothing that the page had to apologise for."""
    assert not at.exception
    assert not at.error


def said(at: AppTest) -> list[str]:
    """The notices at the top, as they read."""
    told = [message.value.split(frame.NEW_LINE) for message in at.warning]
    return [literally(sentence) for sentences in told for sentence in sentences]


def literally(markdown: str) -> str:
    """A notice's Markdown as one reads it: the marks of code and escapes taken off."""
    # Code at the odd places: what a visitor gave, in which a backslash is one.
    parts = re.split(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", markdown)
    plain = [re.sub(r"\\(.)", r"\1", words) for words in parts[0::3]]
    code = [s[1:-1] if s[0] == s[-1] == " " and s.strip() else s for s in parts[2::3]]
    return "".join(a + b for a, b in zip(plain, [*code, ""], strict=True))


def kept(language: str = "en", what: str = "example", **values: object) -> str:
    """What a notice says is shown instead: an example, the last text, another model."""
    words: str = text.catalogue(language)[f"kept.{what}"]
    return words.format(**values)


def key_of(element: Any) -> str:
    """An element's key; "": it has none."""
    found = KEYED.fullmatch(getattr(element.proto, "id", ""))
    key = found["key"] if found else "None"
    return "" if key == "None" else key


def charts(at: AppTest) -> dict[str, dict[str, Any]]:
    """Plotly figures by their key, as what is sent to the browser, arrays as lists.

    What lies on top of one (`charts.below`) or below it (`charts.above`) is part of it.
    """
    found = {
        key_of(chart): _lists(json.loads(chart.proto.spec)) for chart in at.get("plotly_chart")
    }
    for ends in (TOP, GROUND):
        for key in [key for key in found if key.endswith(ends)]:
            other, figure = found.pop(key), found[key.removesuffix(ends)]
            figure["data"] += other["data"]
            for name in ("shapes", "annotations"):
                figure["layout"][name] += other["layout"][name]
    return found


def _lists(part: Any) -> Any:
    """The same with a list (a gap: None) for each array that is sent as bytes."""
    if isinstance(part, list):
        return [_lists(one) for one in part]
    if not isinstance(part, dict):
        return part
    if "bdata" not in part:
        return {name: _lists(one) for name, one in part.items()}
    array = np.frombuffer(base64.b64decode(part["bdata"]), dtype=part["dtype"])
    array = array.reshape([int(n) for n in str(part.get("shape", array.size)).split(",")])
    held = array.astype(object)
    held[np.isnan(array)] = None
    return held.tolist()


def html(at: AppTest) -> str:
    """All HTML that the page wrote itself, but for the marks that explain signs."""
    bodies = "\n".join(element.proto.body for element in at.get("html"))
    return re.sub(r"</?abbr\b[^>]*>", "", bodies)


def told_of(difference: Difference, language: str) -> str:
    """How a page tells a difference, in that language."""
    numbers = Notation("," if language == "tr" else ".")
    absolute, relative = map(numbers.scientific, (difference.absolute, difference.relative))
    words: str = text.catalogue(language)["frame.measured"]
    return words.format(absolute=absolute, relative=relative)


def tables(at: AppTest, kind: str) -> list[list[list[str]]]:
    """The page's own tables of a CSS class: rows of cells as one reads them."""
    found = re.findall(f"<table class='{kind}'>(.*?)</table>", html(at), re.DOTALL)
    return [
        [[_read(c) for c in re.findall("<t[dh].*?>(.*?)</t[dh]>", row)] for row in body]
        for body in (re.findall("<tr.*?>(.*?)</tr>", table) for table in found)
    ]


def _read(cell: str) -> str:
    return unescape(re.sub("<[^>]*>", "", cell))


def spied(monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str) -> list[tuple[Any, ...]]:
    """What pages hand to a function from now on: the positional arguments of every call."""
    calls: list[tuple[Any, ...]] = []
    own = getattr(module, name)

    def called(*given: Any, **more: Any) -> Any:
        calls.append(given)
        return own(*given, **more)

    monkeypatch.setattr(module, name, called)
    return calls
