"""HTML from templates: what a visitor typed can never become part of a page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError

from viz.board.markup import Safe, escaped, filled, indexed, joined, template

_TAGGED = template("<p class='{{ kind }}'>{{ words }}</p>")


@given(st.text())
def test_what_is_put_into_a_template_stays_text(typed: str) -> None:
    inside = _TAGGED(kind="hint", words=typed).removeprefix("<p class='hint'>")
    assert not set("<>\"'") & set(inside.removesuffix("</p>"))


def test_what_is_html_already_is_put_in_as_it_stands() -> None:
    token = template("<b>{{ word }}</b>")(word="<i>")
    assert token == "<b>&lt;i&gt;</b>"
    assert _TAGGED(kind="said", words=token) == f"<p class='said'>{token}</p>"


def test_text_made_of_safe_parts_is_text_again() -> None:
    assert escaped(f"{Safe('<b>')} & more") == "&lt;b&gt; &amp; more"


def test_a_sentence_keeps_html_in_its_gaps_and_escapes_the_rest() -> None:
    sentence = filled("{word} < {n} & {name}", word=Safe("<b>x</b>"), n=3, name="<script>")
    assert sentence == "<b>x</b> &lt; 3 &amp; &lt;script&gt;"


def test_a_gap_without_a_value_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        _TAGGED(kind="hint")
    with pytest.raises(KeyError):
        filled("{word}")


def test_pieces_are_joined_and_matrices_named() -> None:
    assert joined((Safe("<b>a</b>"), "<", 1)) == "<b>a</b> · &lt; · 1"
    assert indexed("W_Q < W_K", "W_Q", "W_K") == "W<sub>Q</sub> &lt; W<sub>K</sub>"
