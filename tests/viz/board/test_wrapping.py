"""Words with too little room: on more lines, beside nothing else, and otherwise as they were."""

from __future__ import annotations

import pytest

from tests.viz.figures import words
from viz.board.board import Board
from viz.board.box import read_lines, text_width
from viz.board.notation import for_html
from viz.board.theme import LIGHT
from viz.board.wrapping import NEAR, drawn_width, wrapped

LONG = "what is multiplied on the way back"


def board() -> Board:
    return Board(400, 300, LIGHT)


# A browser's own widths, of Source Sans at 100 pixels.
@pytest.mark.parametrize(
    ("text", "pixels"),
    [("(attends) ↓", 464), ("linear attention", 650), ("RNN", 186), ("sözcük ↓", 370)],
)
def test_words_are_as_wide_as_a_browser_draws_them(text: str, pixels: float) -> None:
    assert drawn_width(text, 100) == pytest.approx(pixels, rel=0.03)
    assert text_width(text, 100) > drawn_width(text, 100) * 0.8


@pytest.mark.parametrize("room", [90.0, 130.0, 200.0])
@pytest.mark.parametrize("tag", ["{}", "<b>{}</b>"])
def test_wrapped_words_keep_their_room_and_their_letters(room: float, tag: str) -> None:
    found = wrapped(tag.format(LONG), room, 16)
    lines = read_lines(found)
    assert len(lines) > 1
    assert " ".join(lines) == LONG
    assert all(drawn_width(line, 16) <= room for line in lines)
    assert found.startswith("<b>") == found.endswith("</b>") == ("<b>" in tag)


def test_what_fits_a_token_a_long_word_and_what_has_tags_within_stay() -> None:
    token = for_html("two words")
    assert wrapped(token, 20, 16) == token
    assert wrapped(LONG, 300, 16) == LONG
    assert wrapped("Donaudampfschifffahrt", 50, 16) == "Donaudampfschifffahrt"
    assert wrapped("<b>x·E</b> = <b>cat</b>", 20, 16) == "<b>x·E</b> = <b>cat</b>"
    assert wrapped("dimension →", 60, 16) == "dimension →"  # an arrow alone says nothing


@pytest.mark.parametrize(("x", "anchor"), [(120, "middle left"), (280, "middle right")])
def test_words_end_at_a_boards_edge_or_where_their_room_does(x: float, anchor: str) -> None:
    one = board()
    one.text(x, 100, LONG, anchor=anchor)
    one.text(200, 200, LONG, anchor=anchor, room=90)
    edge, inner = (read_lines(word.text) for word in words(one.figure()))
    assert all(drawn_width(line, 18) <= 120 + NEAR for line in edge)
    assert all(drawn_width(line, 18) <= 90 + NEAR for line in inner)


def test_lines_go_on_where_nothing_stands_and_not_at_all_where_none_have_room() -> None:
    one = board()
    one.text(120, 16, "above", anchor="middle left")
    one.text(120, 40, "two lines of it", size=17, anchor="middle left", room=90)
    one.text(300, 100, "above", anchor="middle left")
    one.text(300, 120, "two lines of it", size=17, anchor="middle left", room=90)
    one.text(300, 140, "below", anchor="middle left")
    one.figure()
    assert one.words[1].text == "two lines<br>of it"
    assert one.words[1].box.y >= one.words[0].box.bottom - 2
    assert one.words[3].text == "two lines of it"
