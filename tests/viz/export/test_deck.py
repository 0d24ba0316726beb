"""A deck is a file that opens again: all words on it, none outside of its box or slide."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pptx import Presentation

from viz.board.theme import DARK, LIGHT
from viz.export.deck import written
from viz.export.slide_layout import (
    HANG,
    HIGH,
    INSET,
    WIDE,
    Cover,
    Option,
    Page,
    Picture,
    Signs,
    Slide,
    cover,
    pages,
)
from viz.export.slide_text import Words, clean, height, plain

SIGNS = Signs("Doğru", "Şekil yok.")
LINK = "http://localhost:8501/scores?v=2&text=%C5%9F"
LONGEST = "Iğdır’ın ışığı söner mi? " * 80  # as many letters as a line of a lecture may have


@cache
def png(width: int = 1920, high: int = 1080) -> Picture:
    held = BytesIO()
    Image.new("RGB", (width, high), "#336699").save(held, "png")
    return Picture(held.getvalue(), width, high, "Ağırlıklar <&>")


def words(text: str) -> Words:
    return (((clean(text), ""),),)


def slide(**more: Any) -> Slide:
    usual: dict[str, Any] = {
        **{"place": "Durak 1 / 2 · İlk", "name": "İlk", "question": words("Kaç ışık var?")},
        **{"picture": png(), "caption": "Işık dağılıyor.", "words": (), "spent": 0.5},
        **{"options": (Option((("bir", ""),)), Option((("üç", ""),)))},
        **{"notes": ("Söyleyin: ğüşıöç.",), "link": LINK},
    }
    return Slide(**(usual | more))


def opened(found: list[Page], **more: Any) -> Any:
    usual: dict[str, Any] = {"title": "İlk", "language": "tr", "theme": LIGHT, "progress": "Süre"}
    return Presentation(BytesIO(written(found, **(usual | more))))


def read(one: Any) -> str:
    return "\n".join(shape.text_frame.text for shape in one.shapes if shape.has_text_frame)


def inside(found: list[Page]) -> None:
    """Every box lies on its slide, and its words in it."""
    for page in found:
        boxes = [part.box for part in page.parts]
        for box in [*boxes, *([page.picture[1]] if page.picture else [])]:
            assert box.x >= 0
            assert box.y >= 0
            assert box.right <= WIDE + 1e-6
            assert box.bottom <= HIGH
        for part in page.parts:
            edge = INSET if part.hang else 0
            wide = part.box.width - 2 * edge - (HANG if part.hang else 0)
            assert height(part.words, wide, part.size) <= part.box.height - 2 * edge + 1e-6


def test_a_question_and_its_answer_say_all_and_mark_the_right_one_by_words() -> None:
    right = (Option((("bir", ""),), "wrong"), Option((("üç", "bold"),), "right"))
    answer = slide(name="Yanıt: İlk", options=right, words=words("Üç: şöyle."))
    found = [*pages(slide(), SIGNS), *pages(answer, SIGNS)]
    inside(found)
    deck = opened(found)
    assert (deck.slide_width, deck.slide_height) == (12192000, 6858000)
    first, second = deck.slides
    assert first.shapes.title.text_frame.text == "Kaç ışık var?"
    assert second.shapes.title.text_frame.text == "Yanıt: İlk"
    for said in ("A\tbir", "B\tüç", "Işık dağılıyor.", "Durak 1 / 2 · İlk"):
        assert said in read(first)
    for said in ("Kaç ışık var?", "B\t✓ Doğru: üç", "Üç: şöyle."):
        assert said in read(second)
    assert "✓" not in read(first)
    for one in deck.slides:
        assert one.notes_slide.notes_text_frame.text == f"Söyleyin: ğüşıöç.\n{LINK}"
        [picture] = [shape for shape in one.shapes if shape.shape_type == 13]
        assert picture.image.size == (1920, 1080)
        assert picture.width / picture.height == pytest.approx(1920 / 1080, rel=1e-3)
        assert picture._element.nvPicPr.cNvPr.get("descr") == "Ağırlıklar <&>"
        runs = [r for s in one.shapes if s.has_text_frame for p in s.text_frame.paragraphs
                for r in p.runs]  # fmt: skip
        assert {run._r.rPr.get("lang") for run in runs} == {"tr-TR"}


def test_a_theme_is_the_files_own() -> None:
    for theme in (LIGHT, DARK):
        deck = opened(list(pages(slide(), SIGNS)), theme=theme)
        [part] = [p for p in deck.part.package.iter_parts() if "/theme/theme1" in str(p.partname)]
        xml = part.blob.decode()
        assert f'<a:lt1><a:srgbClr val="{theme.page[1:]}"/></a:lt1>' in xml
        assert f'<a:dk1><a:srgbClr val="{theme.ink[1:]}"/></a:dk1>' in xml
        assert 'latin typeface="Arial"' in xml


def test_what_has_no_room_goes_on_and_nothing_is_lost() -> None:
    options = tuple(Option(words(f"{n} {LONGEST}")[0]) for n in range(4))
    long = slide(question=words(LONGEST), options=options, words=words(LONGEST), name=LONGEST)
    for one in (long, slide(question=words(LONGEST)), slide(options=options)):
        found = list(pages(one, SIGNS))
        inside(found)
        said = " ".join(plain(part.words) for page in found for part in page.parts)
        wanted = [plain((option.words,)) for option in one.options]
        wanted += [plain(one.words)] if one.words else [plain(one.question)]
        # Parted between lines: spaces there, and the titles between, are not the author's.
        for text in wanted:
            assert said.count("söner") >= text.count("söner")
    opened(list(pages(long, SIGNS)))


def test_a_slide_without_a_figure_says_so() -> None:
    found = list(pages(slide(picture=None, caption=""), SIGNS))
    inside(found)
    assert "Şekil yok." in read(opened(found).slides[0])


def test_the_cover_is_stacked_and_a_long_account_follows_it() -> None:
    found = list(cover(Cover("Başlık", "15 dk", words("Kısa."), ())))
    inside(found)
    assert len(found) == 1
    more = list(cover(Cover(LONGEST, "15 dk", words(LONGEST * 3), ())))
    inside(more)
    assert len(more) > 2


SIGNS_OF_ALL_KINDS = "<&>\"'\0\x1b\u202e\u0645\ufffe\U0001f600Wİ "
HOSTILE = st.text(st.one_of(st.characters(), st.sampled_from(SIGNS_OF_ALL_KINDS)), max_size=400)


def hostile(one: str, other: str) -> list[Page]:
    options = (Option(words(one)[0]), Option(words(other)[0]))
    answer = slide(question=words(other), options=options, words=words(one), name=one)
    asks = slide(question=words(one), caption=other, name=other, notes=(one,))
    return [*pages(answer, SIGNS), *pages(asks, SIGNS)]


@given(HOSTILE, HOSTILE)
def test_no_words_leave_their_box(one: str, other: str) -> None:
    inside(hostile(one, other))


def test_no_words_break_the_file() -> None:
    found = hostile(SIGNS_OF_ALL_KINDS * 3, "مرحبا <b>" + "w" * 500)
    deck = opened(found, title=SIGNS_OF_ALL_KINDS)
    assert len(deck.slides) == len(found)
    titles = [one.shapes.title for one in deck.slides]
    assert [one.text_frame.paragraphs[0]._p.pPr.get("rtl") for one in titles].count("1") >= 1
    assert any("مرحبا <b>" in read(one) for one in deck.slides)
