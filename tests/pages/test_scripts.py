"""A component's code is sent by itself: what changes with a step brings none of it along."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import scripts
from tests.pages.visiting import visit

SMALL = 1000  # characters of script that may come with data


def codes(at: AppTest) -> dict[str, str]:
    """The script of each component on a page."""
    return {one.proto.component_name: one.proto.js_content for one in at.get("bidi_component")}


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("heads", ["dikkat_keys"]),
        ("translator", ["dikkat_keys", "dikkat_stages"]),
        ("vision", ["dikkat_keys", "dikkat_pad"]),
    ],
)
def test_data_come_without_code(page: str, names: list[str]) -> None:
    at = visit(page)
    found = codes(at)
    for name in names:
        assert len(found[name]) < SMALL < len(found[f"{name}_code"])
    for one in at.get("bidi_component"):
        if one.proto.component_name.endswith("_code"):
            assert not one.proto.json  # it never changes


def test_another_version_of_the_code_has_another_name() -> None:
    one, other = (scripts.version("x", "export default function () {}", css) for css in ("", "p{}"))
    assert one != other


@pytest.mark.parametrize("js", ["", "export default 1;", "export default function () {}\n" * 2])
def test_a_script_without_its_one_function_is_refused(js: str) -> None:
    with pytest.raises(ValueError, match="one `export default function`"):
        scripts.component("none", js)
