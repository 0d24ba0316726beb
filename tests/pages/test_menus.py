"""A menu whose options a run has renamed: the browser still sends what it called them before."""

from __future__ import annotations

import pytest

from tests.pages.visiting import address, healthy, said, visit

# Every way in which a menu is bound to the address, with one renamed by what it measures.
STATES = {
    "gpt": {"view": "write", "step": "2", "inner": "35"},
    "positions": {"view": "waves", "dims": "3 40"},
    "heads": {"view": "elementwise", "summed": "2 3"},
    "lstm": {"view": "cell", "gate": "o"},
    "scores": {"mode": "hand"},
    "translator": {"view": "translator"},
    "cost": {"view": "cache"},
    "memory": {"view": "exploding"},
    "words": {},
}
OLD = "🂠 a name of before"


@pytest.mark.parametrize("page", STATES)
def test_a_name_that_no_option_has_any_more_changes_nothing(page: str) -> None:
    at = visit(page, **STATES[page])
    before = address(at)
    menus = [*at.selectbox, *at.radio]
    assert menus or at.multiselect
    for menu in menus:
        menu.options.append(OLD)
        menu.set_value(OLD)
    for several in at.multiselect:
        several.options.append(OLD)
        several.set_value([*several.value, OLD])
    at.run()
    healthy(at)
    assert address(at) == before
    assert not said(at)
