"""Sentences that tell a key tell its button where there are no keys."""

from __future__ import annotations

import pytest

from pages.ui import stepping, text
from tests.pages.visiting import html, visit
from viz.board.markup import Safe

# Views whose buttons are drawn before the sentence, behind it, and with the sums.
PAGES = [
    ("bert", {"view": "input"}, "bert.on"),
    ("positions", {"view": "table"}, "positions.on"),
    ("gpt", {"view": "write"}, "gpt.on"),
    ("translator", {}, "seq2seq.on"),
    ("vision", {"view": "deletion"}, "vision.more"),
]


def test_only_the_first_arrow_of_a_kind_is_a_button_and_none_of_two_keys() -> None:
    said = Safe("Press → for →, › (Shift + →) for more; ← goes back.")
    arrows = {"←": "Back", "→": "Next & on"}
    assert stepping.named(said, arrows) == (
        "Press Next &amp; on (→) for →, › (Shift + →) for more; Back (←) goes back."
    )
    assert stepping.named(said, {}) == said


@pytest.mark.parametrize("lang", text.LANGUAGES)
@pytest.mark.parametrize(("page", "given", "button"), PAGES, ids=[page for page, *_ in PAGES])
def test_on_a_phone_a_sentence_names_the_button(
    page: str, given: dict[str, str], button: str, lang: str
) -> None:
    at = visit(page, lang=lang, **given)
    name = text.catalogue(lang)[button]
    assert f"{name} (→)" not in html(at)
    at.session_state["_window"] = 0
    assert html(at.run()).count(f"{name} (→)") == 1
    assert name in [each.label for each in at.button]


def test_where_nothing_steps_the_sentence_is_there_all_the_same() -> None:
    at = visit("heads", lang="en")
    said = text.catalogue("en")["heads.now.then"]
    at.session_state["_window"] = 0
    assert said in html(at.run())
