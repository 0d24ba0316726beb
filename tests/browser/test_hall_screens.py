"""The table page × language in a lecture hall: what belongs together stands on one screen."""

from __future__ import annotations

import pytest

from pages.registry import TOPICS
from tests.browser.conftest import LOCALES, Language, OpenPage, ThemeName
from tests.browser.states import states
from tests.browser.test_windows import size

SCREEN = (1920, 1080)
HEAD = 16  # pixels: what a page must still show of sums that do not end on its first screen
BELOW = {"lstm"}  # whose picture has the whole width: of its sums the first lines stand below it


def first(slug: str) -> str:
    """The address that a page begins with."""
    page = f"/{slug}".replace("/home", "/")
    return next(state for state in states() if state.startswith(f"{page}?"))


# Each page in one language, by turns; in the others with `make test-all`.
PAGES = [
    pytest.param(topic.slug, lang, marks=[pytest.mark.slow] if (at + n) % 2 else [])
    for at, topic in enumerate(TOPICS)
    for n, lang in enumerate(LOCALES)
]


@pytest.mark.parametrize(("slug", "lang"), PAGES)
def test_a_first_screen_holds_picture_sums_and_where_numbers_come_from(
    slug: str, lang: Language, open_page: OpenPage
) -> None:
    theme: ThemeName = "light" if lang == "en" else "dark"
    visit = open_page(f"{first(slug)}&lecture=1&lang={lang}", lang=lang, theme=theme)
    seen = size(visit, *SCREEN)
    boxes = {key: box for key, box in seen["boxes"].items() if box}
    assert not seen["over"]
    ends = boxes["provenance"][1]
    assert boxes["provenance"][3] <= SCREEN[1] + 1
    sums = boxes.pop("steps", None)
    for key in boxes.keys() - {"provenance"}:
        assert boxes[key][1] >= 0, key
        assert boxes[key][3] <= ends, f"{key} reaches below the line of provenance"
    if sums and slug in BELOW:
        assert sums[1] < ends - HEAD
    elif sums:
        assert sums[3] <= ends, "the sums reach below the line of provenance"
    visit.screenshot(f"hall-{slug}-{lang}")
