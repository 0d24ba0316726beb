"""On pages signs explain themselves by keyboard, and the open formulas' signs are listed."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from pages.ui.text import LANGUAGES, catalogue
from tests.pages.visiting import charts, visit
from viz.board.symbols import SIGNS, used

ABBR = re.compile(r"<abbr class='symbol' tabindex='0' aria-description='(.*?)'>(.*?)</abbr>")
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
    signs = {sign: said for sign, said in told.items() if sign in names}
    assert signs == {sign: words[f"symbol.{names[sign]}"] for sign in signs}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("page", "view", "terms"),
    [
        ("heads", "heads", {"entropy"}),
        ("memory", "exploding", {"jacobian"}),
        ("vision", "rollout", {"rollout"}),
        ("lstm", "", {"correlates", "ablation", "perplexity"}),
        ("translator", "", {"greedy_search"}),
        ("gpt", "induction", {"prefix_matching", "nat", "ablation"}),
        ("seq2seq", "", {"logit", "free_running"}),
        ("positions", "ways", {"rope", "alibi", "relative_bias"}),
    ],
)
def test_words_of_the_field_say_what_they_are_where_they_stand(
    page: str, view: str, terms: set[str], language: str
) -> None:
    at = visit(page, lang=language, v="2", **({"view": view} if view else {}))
    words = catalogue(language)
    told = {unescape(said) for one in at.get("html") for said, _ in ABBR.findall(one.proto.body)}
    assert {words[f"glossary.said.{term}"] for term in terms} <= told


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_that_is_explained_stands_in_the_glossary(language: str) -> None:
    words = catalogue(language)
    named = {key.removeprefix("word.") for key in words if key.startswith("word.")}
    assert len(named) > 15
    assert not {name for name in named if f"glossary.said.{name}" not in words}


@pytest.mark.parametrize(
    ("page", "more", "sign"),
    [
        ("heads", {}, "[CLS]"),
        ("gpt", {"view": "mask"}, "&lt;/s&gt;"),
        ("translator", {}, "&lt;/s&gt;"),
    ],
)
def test_special_tokens_of_a_figure_are_listed_where_nothing_can_be_pointed_at(
    page: str, more: dict[str, str], sign: str
) -> None:
    at = visit(page, v="2", **more)
    (listed,) = [m[0] for e in at.get("html") for m in LIST.finditer(e.proto.body)]
    assert f"<dt>{sign}</dt>" in listed


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("step", ["3", "5"])
def test_below_the_sums_stand_the_signs_of_the_open_formulas(step: str, language: str) -> None:
    at = visit("scores", v="2", step=step, lang=language)
    (listed,) = [m[0] for e in at.get("html") for m in LIST.finditer(e.proto.body)]
    listed = listed.replace("<sub>", "_").replace("</sub>", "")
    shown = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", listed)
    # What stands below a step explains its signs in its own sentences.
    texts = _texts(charts(at)["scene"])
    formulas = [str(formula.value) for formula in at.latex]
    names = used(formulas[:2], texts)
    assert names
    assert bool(formulas[2:]) == (step == "3")
    words = catalogue(language)
    assert [(unescape(a), unescape(b)) for a, b in shown] == [
        (SIGNS[name][0], words[f"symbol.{name}"]) for name in names
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_signs_of_a_stops_own_formulas_are_explained_where_they_stand(language: str) -> None:
    at = visit("scores", v="2", step="3", lang=language)
    variance, slope = (str(formula.value) for formula in at.latex[2:])
    assert r"\operatorname{Var}" in variance
    assert re.search(r"\\frac\{\\partial .*\\alpha.*\}\{\\partial s\}", slope)
    assert re.search(r"\\alpha\}?\}?\\,\(1 - .*\\alpha", slope)
    page = "".join(element.proto.body for element in at.get("html"))
    read = unescape(re.sub(r"<.*?>", "", page))
    gradient, random = {"en": ("gradient", "variance 1"), "tr": ("gradyan", "varyansı 1")}[language]
    assert f"{gradient} α(1 − α)" in read  # ∂α/∂s
    assert random in read  # Var
    assert catalogue(language)["scores.scaling.said.random"].split("√")[-1].split("{")[0] in read
    told = {unescape(sign) for _, sign in ABBR.findall(page)}
    (listed,) = LIST.findall(page)
    for name in used([variance, slope], []):
        sign = SIGNS[name][0]
        assert sign in told or sign in unescape(re.sub(r"</?sub>", "_", listed)), sign


def _texts(chart: dict[str, Any]) -> list[str]:
    texts = [one["text"] for one in chart["layout"]["annotations"]]
    return texts + [t for one in chart["data"] for t in one.get("text", ()) if isinstance(t, str)]


def test_what_stood_there_before_is_listed_no_more() -> None:
    at = visit("scores", v="2", step="5")
    at.button(key="next").click().run()
    (listed,) = [m[0] for e in at.get("html") for m in LIST.finditer(e.proto.body)]
    assert "S″" not in listed
