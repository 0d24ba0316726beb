"""Catalogues: all languages say the same things, and pages say nothing else."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import chain
from string import Formatter
from types import SimpleNamespace
from typing import get_args

import pytest

from models import errors
from models.catalog import CATALOG
from models.errors import InputError
from models.heads.metrics import Label
from models.loading import archive, hub_errors, unpacked
from models.scores import by_hand
from models.trace import KINDS
from pages.registry import TOPICS
from pages.ui import stages, text
from pages.ui.lesson import Lesson, Try
from pages.ui.parameters import number
from pages.ui.state import parameters
from tests.test_layout import ROOT, python_files
from viz import bertviz
from viz.heads import overview

KEYS = catalogue = text.catalogue("en")
BOTH = pytest.mark.parametrize("language", text.LANGUAGES)
SPEAKING = {"t", "rich", "notice", "told"}  # functions whose first argument is a key
OFFERING = {"choice", "listed", "select"}  # those that take a key, and say key.<option> too
ASKING = {
    "decimal",
    "warned",
    *OFFERING,
    "menu",
    "shadow",
    "number",
    "counted",
    "sentence",
    "step_buttons",
    "text",
    "all_terms",
    "switches",
}
# What is the same word in both languages: names, symbols, patterns of figures alone.
SHARED = re.compile(
    r"Model|RNN|LSTM|BertViz|S \+ M|\{\w+\} \{\w+\}|<i>e<sup>s(−m)?</sup></i>|"
    r"\*\*\{n\}\*\* Softmax|RoPE|ALiBi|BERT|yüz|[AB] → [AB]|[Tt]op-[kp]|Rollout|segment|"
    r"logit|softmax|tanh|perplexity|bias|sigmoid|P?ReLU|XOR|one-hot|LoRA|PCA|"
    r"Llama [23] \dB|Gemma 2B|DeepSeek-V2|MHA|[GM]QA|MLA|d|[124]|[12]?/\(?3?n\)?( \((torch|He)\))?|"
    r"\(i, i \+ \{half\}\)|\(2i, 2i \+ 1\)|MiniLM(: WordPiece)?|SmolLM2|a = \{a\}"
)
ENGLISH = re.compile(
    r"\b(the|and|of|is|are|was|with|for|from|this|that|each|every|here|not|which|its|"
    r"layer|head|token|weight|score|sentence|mask|row|word|step|click|shown|hidden)\b",
    re.IGNORECASE,
)
QUOTED = re.compile(r"`[^`]*`|“[^”]*”|\*[^*]+\*|\{[^}]*\}|<[^>]*>")


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def spoken() -> Iterator[tuple[str, ast.Call, ast.expr]]:
    """(file, call, first argument) of every call in the pages that takes a key."""
    for path in python_files("pages"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and named(node.func) in SPEAKING:
                yield str(path.relative_to(ROOT)), node, node.args[0]


def named(function: ast.expr) -> str:
    name = function.attr if isinstance(function, ast.Attribute) else ""
    return function.id if isinstance(function, ast.Name) else name


def asked() -> Iterator[tuple[str, str, ast.expr]]:
    """(file, function, key) of every key that a control is given, now or by partial."""
    for path in python_files("pages"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            function, *arguments = node.func, *node.args, *(word.value for word in node.keywords)
            if named(function) == "partial":
                function, *arguments = arguments
            for argument in arguments:
                dotted = any("." in key for key in fixed(argument)) or patterns(argument)
                if named(function) in ASKING and dotted:
                    yield str(path.relative_to(ROOT)), named(function), argument


def fixed(argument: ast.expr) -> list[str]:
    """The keys that stand there in full: one, or both sides of a choice."""
    if isinstance(argument, ast.IfExp):
        return fixed(argument.body) + fixed(argument.orelse)
    known = isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    return [argument.value] if known else []  # type: ignore[attr-defined]


def patterns(argument: ast.expr) -> list[re.Pattern[str]]:
    """Keys that are put together: f"kind.{kind}" → kind.<anything without a dot>."""
    if isinstance(argument, ast.IfExp):
        return patterns(argument.body) + patterns(argument.orelse)
    if not isinstance(argument, ast.JoinedStr):
        return []
    parts = (
        re.escape(str(v.value)) if isinstance(v, ast.Constant) else r"[^.]+"
        for v in argument.values
    )
    return [re.compile("".join(parts))]


def options(argument: ast.expr) -> list[re.Pattern[str]]:
    """The keys of what a control offers under a key."""
    found = [re.escape(key) for key in fixed(argument)]
    found += [pattern.pattern for pattern in patterns(argument)]
    return [re.compile(rf"{key}\.[^.]+") for key in found]


def families() -> set[str]:
    """Prefixes of which a figure is handed every sentence: labels("a"), charts.style("a", "b")."""
    found = set()
    for path in python_files("pages"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Name(id="labels" | "instead"), args=[ast.Constant(value=str(prefix))]
                ):
                    found.add(f"{prefix}.")
                case ast.Call(func=ast.Attribute(ast.Name("charts"), "style"), args=topics):
                    found |= {f"{ast.literal_eval(topic)}." for topic in topics}
                case ast.Call(
                    func=ast.Name("partial"),
                    args=[ast.Attribute(ast.Name("charts"), "style"), *topics],
                ):
                    found |= {f"{ast.literal_eval(topic)}." for topic in topics}
    return found


def test_all_languages_have_the_same_sentences() -> None:
    english, *others = (text.catalogue(language) for language in text.LANGUAGES)
    assert len(english) > 100
    assert others
    for one in others:
        assert english.keys() == one.keys()


def test_no_key_stands_twice_in_a_language() -> None:
    for language in text.LANGUAGES:
        files = sorted((text.FOLDER / language).glob("*.po"))
        ids = chain.from_iterable(
            re.findall(r'^msgid "(.+)"$', f.read_text(encoding="utf-8"), re.M) for f in files
        )
        keys = list(ids)
        assert len(keys) == len(set(keys)) == len(text.catalogue(language))


@pytest.mark.parametrize("key", sorted(KEYS))
def test_a_sentence_has_the_same_placeholders_in_all_languages(key: str) -> None:
    for language in text.LANGUAGES:
        sentence = text.catalogue(language)[key]
        assert sentence.strip()
        assert placeholders(sentence) == placeholders(KEYS[key])


def test_every_key_that_a_page_names_is_there() -> None:
    said = chain(spoken(), asked())
    missing = {(file, key) for file, _, a in said for key in fixed(a) if key not in KEYS}
    assert not missing


def test_every_key_that_a_page_puts_together_has_sentences() -> None:
    unmatched = {
        (file, pattern.pattern)
        for file, _, argument in chain(spoken(), asked())
        for pattern in patterns(argument)
        if not any(pattern.fullmatch(key) for key in KEYS)
    }
    assert not unmatched


def test_a_page_fills_in_exactly_what_its_sentence_asks_for() -> None:
    wrong = []
    for file, call, argument in spoken():
        names = {word.arg for word in call.keywords}
        if None in names or not names:
            continue
        for key in fixed(argument):
            if placeholders(KEYS[key]) != names:
                wrong.append((file, key, names))
    assert not wrong


def test_no_sentence_is_left_over() -> None:
    arguments = [argument for _, _, argument in chain(spoken(), asked())]
    said = {key for argument in arguments for key in fixed(argument)}
    made = [pattern for argument in arguments for pattern in patterns(argument)]
    made += [p for _, name, argument in asked() if name in OFFERING for p in options(argument)]
    given = tuple(families())
    unused = [
        key
        for key in KEYS
        if key not in said
        and not key.startswith(given)
        and not any(pattern.fullmatch(key) for pattern in made)
    ]
    assert not unused


def error_codes() -> set[str]:
    """The codes of all errors that a visitor can cause."""
    places = (errors, by_hand, hub_errors, archive, unpacked)
    known = [one for place in places for one in vars(place).values()]
    return {c.code for c in known if isinstance(c, type) and issubclass(c, InputError)}


@pytest.mark.parametrize(
    "keys",
    [
        {f"error.{code}" for code in error_codes()},
        {f"kind.{kind}" for kind in KINDS},
        {f"heads.label.{label}" for label in get_args(Label)},
        {f"nav.{page.slug}" for page in TOPICS},
        {f"section.{page.section}" for page in TOPICS},
        {f"{page.slug}.title" for page in TOPICS},
        {f"{page.slug}.card" for page in TOPICS if page.slug != "home"},
        {f"origin.{origin}" for origin in ("live", "example", "whatif", "measured", "explanation")},
        {f"heads.view.{view}" for view in ("heads", "elementwise", "head_view", "model_view")},
        {f"bertviz.{name}" for name in bertviz.LABELS},
        {f"overview.{name}" for name in overview.LABELS},
        {f"task.{card.task}" for card in CATALOG.values()},
        {f"purpose.{model_id}" for model_id in CATALOG},
        {f"trained_on.{card.trained_on}" for card in CATALOG.values()},
        {f"quality.{name}" for card in CATALOG.values() for name in card.quality or ()},
        {f"baseline.{of}" for card in CATALOG.values() for of in card.baselines},
        {f"controls.{name}" for name in ("layer", "head", "query", "key", "dim", "out")},
    ],
    ids=lambda keys: min(keys).rsplit(".", 1)[0],
)
def test_a_family_of_sentences_is_complete(keys: set[str]) -> None:
    assert keys
    assert not keys - KEYS.keys()


@pytest.mark.parametrize("page", [page.slug for page in TOPICS if page.slug != "home"])
def test_all_languages_ask_the_same_on_the_same_stages(page: str) -> None:
    english, *others = (stages.check(page, text.lesson(page, code)) for code in text.LANGUAGES)
    for one in others:
        assert [bare(part) for part in english.tries] == [bare(part) for part in one.tries]
        assert [part.where for part in english.careful] == [part.where for part in one.careful]
    assert len(english.tries) >= 2
    assert english.careful


def bare(one: Try) -> tuple[object, ...]:
    """All but the words."""
    return one.number, one.where, one.stage, one.shows, [choice.right for choice in one.choices]


def words_of(lesson: Lesson) -> Iterator[tuple[str, str]]:
    """(which part, its words), all of them."""
    for one in lesson.tries:
        yield f"try {one.number}", one.question
        yield f"answer {one.number}", one.answer
        for at, choice in enumerate(one.choices):
            yield f"try {one.number}, prediction {at}", choice.words
    for at, careful in enumerate(lesson.careful):
        yield f"careful {at}", careful.words


def turkish_texts() -> Iterator[tuple[str, str, str]]:
    """(where, Turkish, English) of everything that a visitor reads."""
    for key, sentence in text.catalogue("tr").items():
        yield key, sentence, KEYS[key]
    for path in sorted((text.FOLDER / "tr").glob("*.md")):
        both = (words_of(text.lesson(path.stem, language)) for language in ("tr", "en"))
        for (name, turkish), (_, english) in zip(*both, strict=True):
            yield f"{path.stem}: {name}", turkish, english


def test_no_turkish_sentence_is_english_or_holds_english_words() -> None:
    # What a term is found by (word.) may be the same in both.
    own = [texts for texts in turkish_texts() if not texts[0].startswith("word.")]
    same = [w for w, tr, en in own if tr == en and not SHARED.fullmatch(tr)]
    mixed = {
        w: ENGLISH.findall(QUOTED.sub(" ", tr.replace("**", ""))) for w, tr, _ in turkish_texts()
    }
    assert not same
    assert not {where: found for where, found in mixed.items() if found}


def test_numbers_in_prose_have_their_languages_decimal_sign() -> None:
    for where, turkish, english in turkish_texts():
        # A section's number has two points, and 10.000 is a whole one.
        decimals = re.sub(r"\b\d{2,3}(?:\.\d{3})+\b", "", turkish)
        assert not re.search(r"(?<![\d.])\d+\.\d+(?!\.?\d)", decimals), where
        assert not re.search(r"\d,\d(?!\d\d)", english), where


def test_figures_are_written_with_the_languages_decimal_sign() -> None:
    assert text._notation("en").fixed(0.5) == "0.50"
    assert text._notation("tr").fixed(0.5) == "0,50"


def test_a_folder_of_catalogues_is_a_language_and_the_default_comes_first() -> None:
    assert text.SPOKEN[0] == text.DEFAULT_LANGUAGE
    assert {"en", "tr"} <= set(text.LANGUAGES) <= set(text.SPOKEN)
    assert [text.endonym(code) for code in ("en", "tr", "fr")] == ["English", "Türkçe", "Français"]


@pytest.mark.parametrize(
    ("asked", "header", "language"),
    [
        ("tr", "en", "tr"),
        (None, "tr-TR,tr;q=0.9,en;q=0.5", "tr"),
        (None, "tr", "tr"),
        ("xx", "tr;q=0.8", "tr"),
        (None, "trv,en", "en"),  # another language whose code begins alike
        (None, "", "en"),
    ],
)
def test_an_address_and_a_browser_ask_for_a_language(
    asked: str | None, header: str, language: str
) -> None:
    assert text.accepted(asked, header) == language


def test_one_language_is_spoken_in_all_that_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    session = {"lang": "tr"}
    streamlit = SimpleNamespace(session_state=session, context=SimpleNamespace(locale="en-GB"))
    monkeypatch.setattr(text, "st", streamlit)
    with text.speaking():
        del streamlit.session_state
        assert text.language() == "tr"
    streamlit.session_state = {}
    assert text.language() == "en"


def test_every_parameter_that_can_be_out_of_range_has_a_name() -> None:
    found = {name: one for topic in TOPICS for name, one in parameters(topic.slug).items()}
    counted = [name for name, one in found.items() if one.parse is number]
    assert len(counted) > 10
    assert not {f"controls.{name}" for name in counted} - KEYS.keys()


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_every_model_of_our_own_has_a_name_in_this_language(language: str) -> None:
    shipped = [card.id for card in CATALOG.values() if card.source == "shipped"]
    assert shipped
    assert all(text.catalogue(language).get(f"model.{name}") for name in shipped)
