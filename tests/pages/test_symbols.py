"""On pages signs explain themselves by keyboard, and the open formulas' signs are listed."""

from __future__ import annotations

import re
from html import unescape

import pytest

from pages.ui.text import LANGUAGES, catalogue
from tests.pages.visiting import visit
from viz.board.symbols import SIGNS, used

ABBR = re.compile(r"<abbr class='symbol' tabindex='0' data-says='(.*?)'[^>]*>(.*?)</abbr>")
LIST = re.compile(r"<details class='symbols'>.*?</details>", re.DOTALL)


@pytest.mark.parametrize("language", LANGUAGES)
def test_signs_in_sentence_and_provenance_can_be_reached_and_say_what_they_are(
    language: str,
) -> None:
    at = visit("scores", v="2", step="5", lang=language)
    words = catalogue(language)
    found = [ABBR.findall(element.proto.body) for element in at.get("html")]
    told = {unescape(sign): unescape(said) for one in found for said, sign in one}
    assert {"[CLS]", "α", "Σ"} <= told.keys()
    names = {sign: name for name, (sign, _) in SIGNS.items()}
    assert told == {sign: words[f"symbol.{names[sign]}"] for sign in told}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("step", ["3", "5"])
def test_below_the_sums_stand_the_signs_of_the_open_formulas(step: str, language: str) -> None:
    at = visit("scores", v="2", step=step, lang=language)
    (listed,) = [m[0] for e in at.get("html") for m in LIST.finditer(e.proto.body)]
    listed = listed.replace("<sub>", "_").replace("</sub>", "")
    shown = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", listed)
    names = used(str(formula.value) for formula in at.latex)
    assert names
    words = catalogue(language)
    assert [(unescape(a), unescape(b)) for a, b in shown] == [
        (SIGNS[name][0], words[f"symbol.{name}"]) for name in names
    ]


def test_what_stood_there_before_is_listed_no_more() -> None:
    at = visit("scores", v="2", step="5")
    at.button(key="next").click().run()
    (listed,) = [m[0] for e in at.get("html") for m in LIST.finditer(e.proto.body)]
    assert "S″" not in listed
