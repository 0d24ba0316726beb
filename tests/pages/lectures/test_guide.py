"""docs/lectures.md: its example is a lecture, and says of limits and keys what holds."""

from __future__ import annotations

import re

from pages.ui.lectures import bar
from pages.ui.lectures.lecture import LONGEST, MOST_PROBLEMS, MOST_STOPS, lecture
from pages.ui.lesson import FEWEST, MOST
from tests.browser.server import ROOT

GUIDE = (ROOT / "docs" / "lectures.md").read_text(encoding="utf-8")


def test_the_example_is_a_lecture() -> None:
    found = re.search(r"```markdown\n(.*?)```", GUIDE, re.DOTALL)
    assert found is not None
    example = lecture(found[1])
    assert (example.title, example.minutes, len(example.stops)) == ("Two words", 4, 2)
    first, second = example.stops
    assert first.place.values == {"mode": "hand", "step": 1, "query": 1, "key": 2}
    assert first.shows is not None
    assert first.shows.values["step"] == 2
    assert first.notes == "Let somebody compute it aloud."
    assert [choice.right for choice in first.choices] == [False, True, False]
    assert second.shows is None
    assert {choice.right for choice in second.choices} == {None}


def test_limits_and_keys_are_those_of_the_app() -> None:
    assert f"{LONGEST:,} characters and {MOST_STOPS} stops" in GUIDE
    assert f"the first {MOST_PROBLEMS} faults" in GUIDE
    assert f"{FEWEST} to {MOST} predictions" in GUIDE
    assert f"| 1 to {MOST} |" in GUIDE
    letters = {called for _, called in bar._PRESSES.values() if not called.isdigit()}
    assert letters == set(re.findall(r"(?<=[| ])(?:Shift\+)?[A-Z](?=[,| ])", GUIDE)) & letters
