"""What do the words mean? Each in two languages, with its formula and where it can be seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import streamlit as st

from models.glossary.search import alphabetical, search
from pages.glossary.terms import CHAPTERS, TERMS, GlossaryTerm
from pages.ui import controls, frame, lines, links, parts, state
from pages.ui.text import DEFAULT_LANGUAGE, endonym, labels, language, t
from viz.glossary.table import Entry, link, table

LISTINGS = ("chapter", "alphabet")
_BESIDE = "tr"  # the other language that models of our own read


@dataclass(frozen=True, slots=True)
class Said:
    """A term with its words: language → name, language → sentence."""

    term: GlossaryTerm
    names: Mapping[str, str]
    sentences: Mapping[str, str]


def body() -> None:
    """Everything below the title. No model and no numbers: this page must draw at once."""
    found = _found(str(state.get("search")))
    controls.row((520, _search), (520, _listing), (740, partial(lines.hint, _count(len(found)))))
    frame.notices()
    with st.container(key="main-figure", gap="xsmall"):
        _tables(found)
    frame.provenance("explanation", t("glossary.source"))


def _count(found: int) -> str:
    """How many terms are shown; of how many, where a search leaves some out."""
    if found == len(TERMS):
        return t("glossary.count_all", all=found)
    return t("glossary.count", found=found, all=len(TERMS))


def _search() -> None:
    controls.text("search", t("controls.search"), placeholder=t("glossary.search_hint"))


def _listing() -> None:
    controls.choice("listing", "glossary.listing", LISTINGS)


def _languages() -> list[str]:
    """The visitor's own, and beside it the default one; beside that, another."""
    return [language(), _BESIDE if language() == DEFAULT_LANGUAGE else DEFAULT_LANGUAGE]


def _found(query: str) -> list[Said]:
    names = {code: labels("glossary.term", spoken=code) for code in _languages()}
    sentences = {code: labels("glossary.said", spoken=code) for code in _languages()}
    every = [
        Said(
            term,
            {code: named[term.key] for code, named in names.items()},
            {code: said[term.key] for code, said in sentences.items()},
        )
        for term in TERMS
    ]
    numbers = search(query, [one.names for one in every], [one.sentences for one in every])
    return [every[number] for number in numbers]


def _tables(found: list[Said]) -> None:
    """A table a chapter, or one of all, by the names in the language that comes first."""
    if not found:
        lines.remark(t("glossary.none", query=state.get("search")))
    elif state.get("listing") == "alphabet":
        first = _languages()[0]
        _table(sorted(found, key=lambda one: alphabetical(one.names[first], first)))
    else:
        for chapter in CHAPTERS:
            of_chapter = [one for one in found if one.term.chapter == chapter]
            if of_chapter:
                frame.section(t(f"glossary.chapter.{chapter}"))
                _table(of_chapter)


def _table(found: list[Said]) -> None:
    entries = [
        Entry(list(zip(one.names.values(), one.sentences.values(), strict=True)), *_shown(one.term))
        for one in found
    ]
    heads = [endonym(code) for code in _languages()]
    st.markdown(table([*heads, t("glossary.formula"), t("glossary.seen")], entries))


def _shown(term: GlossaryTerm) -> tuple[str, str]:
    """A term's formula, and the link to where it is seen: in this language, with today's rest."""
    words = " · ".join((t(f"nav.{term.page}"), *_part(term)))
    address = {"lang": language(), "v": str(links.VERSION), **term.seen}
    return term.formula, link(words, term.page, address)


def _part(term: GlossaryTerm) -> list[str]:
    """What of that page it is: its view, stage or step."""
    seen = term.seen
    if "view" in seen:
        return [t(f"{term.page}.view.{seen['view']}")]
    if "stage" in seen:
        return [t(f"translator.stage.{seen['stage']}")]
    return [t(f"scores.step.{seen['step']}", n=seen["step"])] if "step" in seen else []


parts.page("glossary", body)
