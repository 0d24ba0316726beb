"""The glossary: every term in both languages, links that lead somewhere, search, its two orders."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from models.glossary.search import alphabetical
from pages.glossary.terms import CHAPTERS, TERMS, GlossaryTerm
from pages.ui import links, text
from pages.ui.state import parameters
from tests.pages.visiting import address, healthy, html, key_of, said, visit
from tests.test_layout import heavy_after

BOTH = pytest.mark.parametrize("language", text.LANGUAGES)
PLACES = sorted({(term.page, tuple(term.seen.items())) for term in TERMS})
FIRST = {  # what the field calls it, the app cannot do without
    *("token", "embedding", "query", "key", "value", "head", "score", "softmax", "mask"),
    *("causal_mask", "position_encoding", "rope", "alibi", "residual", "layer_norm"),
    *("feed_forward", "encoder", "decoder", "cross_attention", "beam_width", "top_k", "top_p"),
    *("temperature", "perplexity", "loss", "logit", "ablation", "correlates", "cell_state"),
    *("hidden_state", "forget_gate", "input_gate", "candidate", "output_gate"),
    *("reference_alignment", "rollout", "kv_cache", "induction_head"),
    *("one_hot", "subword", "analogy", "gru", "bidirectional", "many_to_one", "clipping"),
    *("online_softmax", "quantisation", "lora", "gqa", "cross_entropy"),
    *("sparse_attention", "sliding_window", "jensen_shannon", "shifted_window", "attention_gate"),
}


def rows(at: AppTest) -> list[list[str]]:
    """The cells of all rows on screen, from the top."""
    lines = [line for one in at.markdown for line in one.value.splitlines()]
    cells = [line.strip("| ").split(" | ") for line in lines if line.startswith("| **")]
    assert all(len(row) == 4 for row in cells)
    return cells


def names(at: AppTest) -> list[str]:
    """The names in the first column."""
    return [re.match(r"\*\*(.+?)\*\* ", row[0])[1] for row in rows(at)]  # type: ignore[index]


def words(language: str, kind: str) -> dict[str, str]:
    start = f"glossary.{kind}."
    return {k[len(start) :]: w for k, w in text.catalogue(language).items() if k.startswith(start)}


@BOTH
def test_every_term_stands_there_in_both_languages_with_its_sentence(language: str) -> None:
    at = visit("glossary", lang=language)
    healthy(at)
    assert at.title[0].value == text.catalogue(language)["glossary.title"]
    shown = rows(at)
    assert len(shown) == len(TERMS) >= 70
    other = next(code for code in text.LANGUAGES if code != language)
    for term, row in zip(TERMS, shown, strict=True):
        for code, cell in zip((language, other), row, strict=False):
            name, sentence = words(code, "term")[term.key], words(code, "said")[term.key]
            assert cell == f"**{name}** {sentence}"
        assert row[2].strip() == (f"${term.formula}$" if term.formula else "")
    assert address(at) == {"lang": language}


def test_the_terms_and_their_words_are_the_same() -> None:
    keys = [term.key for term in TERMS]
    assert len(keys) == len(set(keys))
    assert set(keys) >= FIRST
    for language in text.LANGUAGES:
        assert words(language, "term").keys() == words(language, "said").keys() == set(keys)
        assert list(words(language, "chapter")) == list(CHAPTERS)
        assert len(set(words(language, "term").values())) == len(keys)
        assert all(sentence.endswith((".", "?")) for sentence in words(language, "said").values())
    assert "“gold”" in words("en", "term")["reference_alignment"]


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.key)
def test_a_cell_holds_nothing_that_ends_it(term: GlossaryTerm) -> None:
    parts = [words(code, kind)[term.key] for code in text.LANGUAGES for kind in ("term", "said")]
    assert not [part for part in (*parts, term.formula) if "|" in part or "$" in part]
    assert term.formula.count("{") == term.formula.count("}")
    assert not [part for part in parts if re.search(r"<[^>]*>", re.sub("`[^`]*`", "", part))]


@BOTH
def test_a_link_names_its_page_and_only_what_that_page_has(language: str) -> None:
    for term, row in zip(TERMS, rows(visit("glossary", lang=language)), strict=True):
        found = re.fullmatch(r"\[(.+)\]\((.+)\)", row[3])
        assert found, row
        parts = urlsplit(found[2])
        given = {name: value[0] for name, value in parse_qs(parts.query).items()}
        assert parts.path == term.page
        assert given == {"lang": language, "v": str(links.VERSION), **term.seen}
        for name, raw in term.seen.items():
            parameters(term.page)[name].parse(raw)  # ValueError: the page has no such choice
        assert found[1].startswith(text.catalogue(language)[f"nav.{term.page}"])
        for kind in ("view", "stage", "step"):
            if kind in term.seen:
                part = f"{term.page}.{kind}.{term.seen[kind]}"
                shown = text.catalogue(language)[part].replace("{n}", term.seen[kind])
                assert found[1].endswith(" · " + shown)


@pytest.mark.tables
@pytest.mark.parametrize(("page", "seen"), PLACES, ids=str)
def test_a_link_opens_what_it_names_without_a_notice(page: str, seen: Any) -> None:
    at = visit(page, lang="en", v=str(links.VERSION), **dict(seen))
    healthy(at)
    assert not said(at)
    assert at.title[0].value == text.catalogue("en")[f"{page}.title"]
    usual = {name: str(p.default) for name, p in parameters(page).items()}
    kept = {n: v for n, v in dict(seen).items() if v != usual[n]}
    assert kept.items() <= address(at).items()


@pytest.mark.parametrize(
    ("language", "query", "key"),
    [
        ("en", "CAUSAL", "causal_mask"),
        ("tr", "IŞIN", "beam_width"),
        ("tr", "İSTEM", "prompt"),
        ("en", "isin genisligi", "beam_width"),
        ("en", "yutağı", "sink"),
        ("tr", "rotary", "rope"),
        ("tr", "MLA)", "latent_attention"),
        ("en", "gru)", "gru"),
    ],
)
def test_search_finds_a_term_by_its_name_in_either_language(
    language: str, query: str, key: str
) -> None:
    at = visit("glossary", lang=language)
    at.text_input(key="search").set_value(query).run()
    healthy(at)
    assert names(at) == [words(language, "term")[key]]
    assert address(at)["search"] == query
    count = text.catalogue(language)["glossary.count"].format(found=1, all=len(TERMS))
    assert count in html(at)


@BOTH
def test_without_a_search_only_their_number_is_said(language: str) -> None:
    count = text.catalogue(language)["glossary.count_all"].format(all=len(TERMS))
    assert f">{count}<" in html(visit("glossary", lang=language))


@BOTH
def test_what_is_not_there_is_said_letter_by_letter(language: str) -> None:
    at = visit("glossary", lang=language, search="<b>zebra</b>")
    healthy(at)
    assert not rows(at)
    told = text.catalogue(language)["glossary.none"]
    assert told.split("“")[0] in html(at)
    assert "&lt;b&gt;zebra&lt;/b&gt;" in html(at)


@BOTH
def test_the_other_order_is_that_of_the_alphabet(language: str) -> None:
    by_chapter = visit("glossary", lang=language)
    at = visit("glossary", lang=language, listing="alphabet")
    healthy(at)
    assert names(at) == sorted(names(by_chapter), key=lambda name: alphabetical(name, language))
    assert names(at) != names(by_chapter)
    chapters = [text.catalogue(language)[f"glossary.chapter.{name}"] for name in CHAPTERS]
    heads = re.findall(r"<h3 class='section'>([^<]*)", html(by_chapter))
    assert heads == chapters
    assert not re.findall(r"<h3 class='section'>([^<]*)", html(at))


@BOTH
def test_the_page_says_that_it_explains_and_shows_no_numbers(language: str) -> None:
    at = visit("glossary", lang=language)
    assert text.catalogue(language)["origin.explanation"] in html(at)
    assert "class='dot explanation'" in html(at)
    assert not [e for e in at.get("plotly_chart") if key_of(e)]


def test_drawing_the_page_imports_neither_torch_nor_transformers() -> None:
    drawn = (
        "from tests.pages.visiting import visit\n"
        "page = visit('glossary')\n"
        "assert not page.exception and len(page.markdown), page.exception\n"
    )
    assert not heavy_after(drawn)
