"""A step draws a page once: what stands in its lower part does not change with it."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from pages.registry import TOPICS
from pages.ui import parts
from tests.pages.visiting import healthy, visit

# What a visitor presses again and again; everything else would draw all of the page each time.
STEPS = [
    pytest.param(topic.slug, view, id=f"{topic.slug}-{view}")
    for topic in TOPICS
    for view in topic.views or ("",)
    if topic.slug not in ("home", "glossary")
]


def lower(at: AppTest) -> list[object]:
    """What the lower part holds, with what each of it depends on."""
    return list(at.session_state[parts._LOWER])


@pytest.mark.parametrize(("page", "view"), STEPS)
def test_a_step_leaves_the_lower_part_as_it_is(page: str, view: str) -> None:
    at = visit(page, **({"view": view} if view else {}))
    before = lower(at)
    for button in [one for one in at.button if one.key == "next" and not one.disabled]:
        button.click().run()
        healthy(at)
    assert lower(at) == before


def test_another_head_leaves_the_lower_part_as_it_is() -> None:
    at = visit("heads")
    before = lower(at)
    at.number_input(key="head").set_value(7).run()
    healthy(at)
    assert lower(at) == before
