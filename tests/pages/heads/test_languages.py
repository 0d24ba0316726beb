"""The languages of a translator between many: by field and by link; what it lacks is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from pages.ui.model import languages
from pages.ui.text import LANGUAGES, catalogue
from tests.models import tiny
from tests.models.loading.test_languages import merged, scored
from tests.pages.visiting import address, healthy, html, said, visit

BOTH = pytest.mark.parametrize("language", LANGUAGES)
PAGES = pytest.mark.parametrize("page", ["heads", "scores"])
TURKISH = {"en": "Turkish (tr_TR)", "tr": "Türkçe (tr_TR)"}
ENGLISH = {"en": "English (en_XX)", "tr": "İngilizce (en_XX)"}


@PAGES
@BOTH
def test_the_fields_choose_and_the_link_restores(page: str, language: str, tmp_path: Path) -> None:
    folder = str(scored(tmp_path, "MBart50Tokenizer", src_lang="en_XX", tgt_lang="en_XX"))
    at = visit(page, lang=language, model=folder, text="cat")
    healthy(at)
    assert not said(at)
    fields = {name: at.selectbox(key=f"{name}-control") for name in languages.NAMES}
    assert [one.value for one in fields.values()] == ["en_XX", "en_XX"]
    assert TURKISH[language] in fields["reads"].options
    assert not {"reads", "writes"} & address(at).keys()
    fields["writes"].select("tr_TR").run()
    healthy(at)
    assert address(at)["writes"] == "tr_TR"
    assert "tr_TR" in str(at.session_state["writes"])
    target = {"en": "English → Turkish", "tr": "İngilizce → Türkçe"}[language]
    assert target in html(at)
    again = visit(page, **address(at))
    healthy(again)
    assert again.selectbox(key="writes-control").value == "tr_TR"
    assert target in html(again)


@BOTH
def test_a_language_in_a_link_that_the_model_lacks_is_said(language: str, tmp_path: Path) -> None:
    folder = str(scored(tmp_path, "MBart50Tokenizer", src_lang="en_XX", tgt_lang="tr_TR"))
    at = visit("heads", lang=language, model=folder, text="cat", reads="klingon", writes="en_XX")
    healthy(at)
    words = catalogue(language)
    instead = words["kept.language"].format(language=ENGLISH[language])
    told = {"model": tmp_path.name, "language": "klingon", "kept": instead}
    assert said(at) == [words["error.unknown_language"].format(**told)]
    assert [at.selectbox(key=f"{name}-control").value for name in languages.NAMES] == ["en_XX"] * 2
    assert "reads" not in address(at)


@BOTH
def test_a_model_without_languages_has_no_fields_and_says_so_to_a_link(language: str) -> None:
    at = visit("heads", lang=language, model="minilm", text="the cat", writes="tr_TR")
    healthy(at)
    told = {"model": "all-MiniLM-L6-v2", "language": "tr_TR"}
    assert said(at) == [catalogue(language)["error.no_languages"].format(**told)]
    assert "writes" not in address(at)
    keys = {box.key for box in at.selectbox}
    assert not keys & {"reads-control", "writes-control"}


def test_a_translator_between_two_languages_has_no_fields(tmp_path: Path) -> None:
    at = visit("heads", model=str(tiny.save("marian", tmp_path)), text="the animal")
    healthy(at)
    assert not {box.key for box in at.selectbox} & {"reads-control", "writes-control"}


def test_scripts_are_named_where_a_language_has_several(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languages, "language", lambda: "en")
    known = ("zho_Hans", "zho_Hant", "tur_Latn", "xxx_Latn", "__java__")
    names = [languages.called(code, known) for code in known]
    assert names == [
        "Chinese, Simplified (zho_Hans)",
        "Chinese, Traditional (zho_Hant)",
        "Turkish (tur_Latn)",
        "xxx_Latn",
        "__java__",
    ]
    monkeypatch.setattr(languages, "language", lambda: "tr")
    assert languages.called("tur_Latn", known) == "Türkçe (tur_Latn)"


def test_the_numbers_change_with_the_language(tmp_path: Path) -> None:
    folder = str(merged(tmp_path, src_lang="eng_Latn", tgt_lang="tur_Latn"))
    first, second = (
        visit("heads", model=folder, text="cat", kind="cross", target="cat", **more)
        for more in ({}, {"writes": "eng_Latn"})
    )
    healthy(first)
    healthy(second)
    assert "tur_Latn" in str(first.get("plotly_chart")[0].proto)
    assert "tur_Latn" not in str(second.get("plotly_chart")[0].proto)
