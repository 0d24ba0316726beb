"""Numbers as people read them, tokens that stay tokens: in text, HTML and TeX."""

from __future__ import annotations

import html
import math
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.board.notation import (
    Notation,
    coloured,
    for_html,
    for_tex,
    reads_as_one,
    shortened,
    visible,
)

ENGLISH, TURKISH = Notation(".", ","), Notation(",", ".")
NUMBERS = st.floats(-1e6, 1e6)
WEIGHTS = st.floats(0, 1)
DIGITS = st.integers(0, 6)
TOKENS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30) | st.text(
    "\\{}$&#%_^~<>`\"'ab \n", min_size=1, max_size=20
)
MARKS = "\u2068\u2069"


def read(text: str, decimal: str = ".") -> float:
    """A number as it was written."""
    return float(text.replace("−", "-").replace("∞", "inf").replace(decimal, "."))


@given(NUMBERS, DIGITS, st.sampled_from([ENGLISH, TURKISH]), st.booleans())
def test_a_written_number_is_the_number_rounded(
    value: float, digits: int, notation: Notation, plus: bool
) -> None:
    text = notation.fixed(value, digits, plus=plus)
    assert abs(read(text, notation.decimal) - value) <= 0.5 * 10.0**-digits * (1 + 1e-9) + 1e-9
    assert "-" not in text, "a true minus sign"
    assert (notation.decimal in text) == (digits > 0)
    if notation is TURKISH:
        assert "." not in text


@given(st.floats(-1, 1), DIGITS)
def test_nothing_is_ever_minus_zero(value: float, digits: int) -> None:
    text = ENGLISH.fixed(value, digits)
    assert text.startswith("−") == (value < 0 and read(text) != 0)


def test_infinity_has_its_own_sign() -> None:
    assert ENGLISH.fixed(-math.inf) == "−∞"
    assert TURKISH.fixed(math.inf) == "∞"
    assert ENGLISH.fixed(math.inf, plus=True) == "+∞"
    assert ENGLISH.tex(-math.inf) == r"-\infty"


@pytest.mark.parametrize("write", [ENGLISH.share, ENGLISH.small, ENGLISH.fixed])
def test_a_masked_cell_is_never_written_as_zero(write: object) -> None:
    assert callable(write)
    assert write(-math.inf) == "−∞"


@given(WEIGHTS, st.integers(1, 4), st.sampled_from([ENGLISH, TURKISH]))
def test_a_weight_in_a_cell_is_itself_rounded(
    weight: float, digits: int, notation: Notation
) -> None:
    text = notation.share(weight, digits)
    assert abs(read(text, notation.decimal) - weight) <= 0.5 * 10.0**-digits * (1 + 1e-9)
    assert text == "0" or notation.decimal in text
    assert text[0].isdigit()  # with its leading zero


@given(st.integers(-(10**9), 10**9))
def test_a_count_is_grouped_as_its_language_does(count: int) -> None:
    english, turkish = ENGLISH.grouped(count), TURKISH.grouped(count)
    assert int(english.replace(",", "").replace("−", "-")) == count
    assert english.translate(str.maketrans(",", ".")) == turkish
    groups = english.lstrip("−").split(",")
    assert all(len(group) == 3 for group in groups[1:])
    assert len(groups[0]) < 4 or len(groups) == 1 == 5 - len(groups[0])
    assert TURKISH.tex_grouped(count) == turkish.replace("−", "-")
    assert ENGLISH.tex_grouped(count) == english.replace("−", "-").replace(",", "{,}")


@given(WEIGHTS, st.integers(1, 4))
def test_a_small_probability_never_reads_as_zero(weight: float, digits: int) -> None:
    text = ENGLISH.small(weight, digits)
    if text.startswith("< "):
        assert 0 < weight < read(text[2:])
    else:
        assert (read(text) == 0) == (weight == 0)
        assert abs(read(text) - weight) <= 0.5 * 10.0**-digits * (1 + 1e-9)


@given(st.floats(1e-9, 1e9) | st.floats(-1e9, -1e-9), st.integers(2, 6))
def test_significant_digits_are_kept_whatever_the_size(value: float, digits: int) -> None:
    text = ENGLISH.significant(value, digits)
    mantissa, _, power = text.partition("·10")
    raised = power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
    written = read(mantissa) * 10.0 ** int(raised or 0)
    # At most six decimals stand behind the point, for numbers from 0.001 upwards.
    assert abs(written - value) <= max(0.51 * 10.0 ** (1 - digits) * abs(value), 5.1e-7)


@given(st.floats(1e-12, 1e12))
def test_powers_of_ten_are_true_in_text_and_in_tex(value: float) -> None:
    mantissa, power = ENGLISH.tex_scientific(value).split(r"\cdot 10^{")
    written = float(mantissa) * 10.0 ** int(power.removesuffix("}"))
    assert abs(written - value) <= 0.051 * value
    plain = ENGLISH.scientific(value)
    assert "·10" in plain
    assert "−" not in plain.split("·10")[1]


@given(NUMBERS, DIGITS)
def test_tex_numbers_hold_no_bare_comma_and_no_typed_minus(value: float, digits: int) -> None:
    text = TURKISH.tex(value, digits)
    assert "−" not in text
    assert "," not in text.replace("{,}", "")
    assert read(text.replace("{,}", ".")) == read(ENGLISH.fixed(value, digits))
    assert TURKISH.tex_term(value, digits).startswith("(") == text.startswith("-")


@given(st.floats(1e-30, 1))
def test_a_weight_in_tex_never_reads_as_zero(weight: float) -> None:
    text = ENGLISH.tex_weight(weight)
    assert float(text.split(r"\cdot")[0]) > 0


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.tags.append(tag)

    def handle_comment(self, data: str) -> None:
        self.tags.append("comment")

    def handle_data(self, data: str) -> None:
        self.text += data


@given(TOKENS)
def test_a_token_in_html_is_text_and_nothing_else(token: str) -> None:
    written = for_html(token)
    assert not set("<>") & set(written)
    page = _Tags()
    page.feed(f"<td>{written}</td>")
    page.close()
    assert page.tags == ["td", "td"]
    assert html.unescape(written).strip(MARKS) == visible(token).strip(MARKS)


@given(TOKENS)
def test_a_token_in_tex_brings_no_command_and_no_open_brace(token: str) -> None:
    written = for_tex(token)
    safe = re.sub(r"\\text(backslash|asciicircum|asciitilde|less|greater)|\\[{}$&#%_]", "", written)
    assert not set("\\$&#%_^~<>\n") & set(safe)
    depth = 0
    for c in safe:
        depth += (c == "{") - (c == "}")
        assert depth >= 0, "nothing closes what the formula opened"
    assert depth == 0


def test_every_tex_command_letter_survives_as_a_letter() -> None:
    assert for_tex("##r") == r"\#\#r"
    assert for_tex("a_b") == r"a\_b"
    assert for_tex("şİı") == "şİı"


@pytest.mark.parametrize("token", [" ", "   ", "\n", "\t", " \n ", "\u00a0"])
def test_a_blank_token_is_seen(token: str) -> None:
    assert visible(token).strip()
    assert len(visible(token)) == len(token)


@given(st.text(max_size=40), st.integers(1, 20))
def test_shortening_keeps_the_beginning_and_says_that_something_is_gone(
    token: str, longest: int
) -> None:
    short = shortened(token, longest)
    assert len(short) <= max(longest, 1)
    assert short == token or (short.endswith("…") and token.startswith(short[:-1]))


@pytest.mark.parametrize("typed", ['He said "no"', "Ayşe'nin", "« “ ” ’ »", "`"])
def test_quotes_stand_in_a_picture_as_they_were_typed(typed: str) -> None:
    """Plotly knows the names of <, > and &, but of no quotation mark."""
    assert for_html(typed).strip(MARKS) == typed


@pytest.mark.parametrize("sign", ["&", "&amp;", "<b>x</b>", "<s>", "</s>", "&#39;", "&nbsp;"])
def test_what_plotly_would_read_as_a_tag_or_an_entity_is_escaped_once(sign: str) -> None:
    assert html.unescape(for_html(sign)).strip(MARKS) == sign
    assert not re.search(r"<|&(?!amp;|lt;|gt;)", for_html(sign))


STEERING = "\x00\x1b\x7f\x85\u061c\u200e\u200f\u202a\u202b\u202d\u202e\u202c\u2066\u2069\u2028"
UNSEEN = ("\u200b", "\ufeff", "\u0301", "\u2060 \u200d", "\ud800")


@pytest.mark.parametrize("sign", STEERING, ids=ascii)
def test_what_steers_or_turns_text_round_is_seen_and_steers_nothing(sign: str) -> None:
    shown = visible(f"a{sign}b")
    assert len(shown) == 3
    assert shown[1].isprintable()
    assert for_html(f"a{sign}b")[1:-1] == shown


@pytest.mark.parametrize("token", UNSEEN, ids=ascii)
def test_a_token_that_nobody_could_see_is_seen(token: str) -> None:
    assert set(visible(token)) <= set("□␣")


def test_letters_joined_by_what_is_unseen_stay_joined() -> None:
    for word in ("👩\u200d🚀", "می\u200cخواهم", "❤\ufe0f"):
        assert visible(word) == word


@given(NUMBERS, DIGITS)
def test_a_tiny_number_in_powers_of_ten_never_reads_as_zero(value: float, digits: int) -> None:
    shown = ENGLISH.tiny(value, digits)
    assert shown == ENGLISH.fixed(value, digits) or "·10⁻" in shown
    assert value == 0 or any(c in "123456789" for c in shown.split("·")[0])


def test_direction_marks_stand_around_every_token() -> None:
    assert for_html("مرحبا") == f"{MARKS[0]}مرحبا{MARKS[1]}"


def test_a_colour_wraps_its_formula() -> None:
    assert coloured("#C2257F", "q") == r"\textcolor{#C2257F}{q}"


@given(st.floats(0, 0.5), DIGITS)
def test_what_would_read_as_one_is_told_from_one(rest: float, digits: int) -> None:
    written = ENGLISH.fixed(1 - rest, digits)
    assert reads_as_one(rest, digits) == (rest > 0 and float(written) == 1)


def test_one_itself_and_no_number_are_not_short_of_one() -> None:
    assert reads_as_one(1e-20, 6)  # float64 cannot tell 1 − 10⁻²⁰ from 1
    assert not reads_as_one(0, 4)
    assert not reads_as_one(math.nan, 4)
