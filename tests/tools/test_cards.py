"""The home page's cards: each chapter has its pictures, small ones, and they are those drawn."""

from __future__ import annotations

import pytest

from pages.registry import TOPICS
from tools.cards import PAGES, PICTURES, drawn
from viz.board.theme import DARK, LIGHT, THEMES, Theme

MOST = 400_000  # bytes of all together
FILES = [PAGES / one.slug / f"card-{name}.svg" for one in TOPICS for name in THEMES if one.chapter]


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_chapter_has_a_picture_of_its_own(file: object) -> None:
    assert file in FILES
    text = PAGES.joinpath(*str(file).split("/")[-2:]).read_text(encoding="utf-8")
    assert text.startswith("<svg ")
    assert [f for f in FILES if f.read_text(encoding="utf-8") == text] == [file]


def test_pictures_are_small_and_none_is_left_over() -> None:
    assert sorted(PAGES.rglob("card-*.svg")) == sorted(FILES)
    assert {file.parent.name for file in FILES} == PICTURES.keys()
    assert sum(file.stat().st_size for file in FILES) < MOST


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("slug", ["memory", "positions"])
def test_a_picture_that_needs_no_model_is_the_one_drawn_today(slug: str, theme: Theme) -> None:
    kept = PAGES / slug / f"card-{theme.name}.svg"
    assert kept.read_text(encoding="utf-8") == drawn(slug, theme)
