"""Signs explain themselves: once a piece, by keyboard, never inside what a visitor typed."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.ui.text import LANGUAGES, catalogue
from tests.viz.figures import HOSTILE
from viz.board.markup import Safe, escaped, filled
from viz.board.sentence import token
from viz.board.symbols import SIGNS, explained, listed, used

ABBR = re.compile(r"<abbr class='symbol' tabindex='0' aria-description='([^']*)'>(.*?)</abbr>")
MEANINGS = {name: f"what {name} means" for name in SIGNS}


def flat(html: str) -> str:
    """With W_Q as it is typed for its index below the line."""
    return html.replace("<sub>", "_").replace("</sub>", "")


def noted(html: Safe) -> list[tuple[str, str]]:
    """(sign, meaning) of everything that is explained."""
    return [(unescape(sign), unescape(said)) for said, sign in ABBR.findall(flat(html))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sign_has_a_meaning(language: str) -> None:
    words = catalogue(language)
    told = {key.removeprefix("symbol."): v for key, v in words.items() if key.startswith("symbol.")}
    assert told.keys() == SIGNS.keys()
    assert all(len(text) < 160 for text in told.values())


@pytest.mark.parametrize("name", sorted(SIGNS.keys() - {"word_start", "space", "goes_on"}))
def test_a_sign_in_our_words_is_explained_once(name: str) -> None:
    sign = SIGNS[name][0]
    html = explained(filled("{a} and {b}.", a=sign, b=sign), MEANINGS)
    assert noted(html) == [(sign, MEANINGS[name])]
    assert unescape(re.sub("<[^>]*>", "", flat(html))) == f"{sign} and {sign}."


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("[CLS]", "cls"),
        ("</s>", "end"),
        ("▁kedi", "word_start"),
        ("Ġcat", "space"),
        ("##r", "goes_on"),
    ],
)
def test_what_a_tokenizer_puts_into_a_token_is_explained(typed: str, name: str) -> None:
    html = explained(token(typed, "k"), MEANINGS)
    ((sign, meaning),) = noted(html)
    assert typed.startswith(sign)
    assert meaning == MEANINGS[name]


@pytest.mark.parametrize("typed", ["α", "S″", "tanh", "a [CLS]", "x▁y", "W_O", "σ"])
def test_what_a_visitor_typed_is_none_of_our_signs(typed: str) -> None:
    html = token(typed, "k")
    assert explained(html, MEANINGS) == html


def test_an_index_stands_below_the_line_but_in_no_token_or_attribute() -> None:
    html = explained(Safe("<p title='W_K'>W_Q <bdi>W_V</bdi> W_QK a_b</p>"), {})
    assert html == "<p title='W_K'>W<sub>Q</sub> <bdi>W_V</bdi> W_QK a_b</p>"
    html = explained(Safe("d_k"), {"d_k": "√d_k and d_k"})
    assert "aria-description='√d_k and d_k'" in html
    assert html.endswith(">d<sub>k</sub></abbr>")


def test_a_sign_inside_a_word_is_a_letter() -> None:
    for text in ("maΣs", "the tanhs", "d_kx", "Wild_k"):
        assert not noted(explained(escaped(text), MEANINGS))


@given(st.text(max_size=60) | st.sampled_from(HOSTILE))
def test_nothing_else_changes(text: str) -> None:
    html = filled("{a} Σ {b}", a=text, b=token(text, "q"))
    made = explained(html, MEANINGS)
    assert re.sub(r"</?abbr[^>]*>", "", made) == html


def test_a_word_of_the_field_is_explained_with_its_endings_and_in_no_other_word() -> None:
    terms = {"ablat…": "held at 0", "nat|nats": "a unit", "S": "a letter"}
    html = explained(Safe("<p>Ablated, ablation; natural nats, </p><bdi>nat</bdi>"), {}, terms)
    assert noted(html) == [("Ablated", "held at 0"), ("nats", "a unit")]


def test_the_tokens_of_a_figure_are_found_and_what_was_typed_is_not() -> None:
    shown = ["<b>\u2068[CLS]\u2069</b>", "\u2068&lt;s&gt;\u2069", "\u2068▁a\u2069"]
    assert used([], shown) == ["cls", "start", "word_start"]
    assert not used([], ["[CLS]", "\u2068a [CLS]\u2069", "\u2068[CLS]!\u2069"])


def test_attributes_and_styles_are_left_alone() -> None:
    html = Safe("<style>.α{}</style><p title='Σ'>α</p>")
    made = explained(html, MEANINGS)
    assert made.startswith("<style>.α{}</style><p title='Σ'><abbr")


@pytest.mark.parametrize(
    ("tex", "names"),
    [
        (r"\alpha_{i} = \frac{e^{S''}}{\sum e^{S''}}", ["alpha", "sum", "masked"]),
        (r"S' = S / \sqrt{d_k}", ["scaled", "d_k"]),
        (r"c_t = f \odot c_{t-1}", ["odot"]),
        (r"Y = C\,W_O", ["w_o"]),
        (r"-\ln p", ["ln"]),
        (r"\text{sum} x", []),
    ],
)
def test_the_signs_of_a_formula_are_found(tex: str, names: list[str]) -> None:
    assert sorted(used([tex])) == sorted(names)


def test_the_list_is_folded_and_empty_where_there_is_nothing() -> None:
    assert listed([], MEANINGS, "Symbols") == ""
    html = flat(listed(["alpha", "d_k"], MEANINGS, "Symbols"))
    assert html.startswith("<details ")
    assert re.findall("<dt>(.*?)</dt><dd>(.*?)</dd>", html) == [
        ("α", MEANINGS["alpha"]),
        ("d_k", MEANINGS["d_k"]),
    ]
