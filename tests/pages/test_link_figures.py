"""A link opened by somebody else shows the same figures, number for number, on every view."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from tests.browser.states import states
from tests.pages.visiting import address, healthy, visit


def opened(link: str) -> AppTest:
    parts = urlsplit(link)
    return visit(parts.path.strip("/") or "home", **dict(parse_qsl(parts.query)))


def figures(at: AppTest) -> list[dict[str, Any]]:
    """What Plotly is handed, figure by figure."""
    return [json.loads(chart.proto.spec) for chart in at.get("plotly_chart")]


@pytest.mark.parametrize("state", states())
def test_a_link_shows_the_same_figures(state: str) -> None:
    sender = opened(state)
    on = [button for button in sender.button if button.key == "next" and not button.disabled]
    if on:
        on[0].click().run()
    healthy(sender)
    link = address(sender)
    page = urlsplit(state).path.strip("/") or "home"
    receiver = visit(page, **link)
    healthy(receiver)
    assert figures(receiver) == figures(sender)
    assert address(receiver) == link
