"""The whole grammar put together: which symbol is expanded by which topic."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from models.grammar.askings import asking_rules
from models.grammar.building import ref
from models.grammar.clauses import (
    asked_rules,
    core_rules,
    questions,
    statements,
    subject_rules,
    verb_choice,
)
from models.grammar.complements import (
    body_rules,
    complement_rules,
    manner_rules,
    object_rules,
    place_rules,
    time_rules,
)
from models.grammar.phrases import (
    adjective_rules,
    any_phrases,
    noun_phrases,
    numeral_rules,
    own_phrases,
)
from models.grammar.predicates import (
    adjective_sentences,
    existence_sentences,
    has_rules,
    none_of,
    possession_sentences,
    says_rules,
)
from models.grammar.relative import object_clauses, subject_clauses
from models.grammar.scfg import Grammar, Item, Link, Rule, Symbol, Word

# How often a sentence is which, and the mark it ends with.
SENTENCES: tuple[tuple[str, float, str], ...] = (
    ("statement", 0.58, "."),
    ("both", 0.08, "."),
    ("question", 0.10, "?"),
    ("wh", 0.05, "?"),
    ("adjectives", 0.10, ""),
    ("existence", 0.05, ""),
    ("possession", 0.04, ""),
)


def sentence_rules() -> Iterator[Rule]:
    """All rules of ("sentence",)."""
    for kind, weight, mark in SENTENCES:
        child = ref(kind)
        if not mark:
            yield Rule(weight, (child,), (child,))
            continue
        left, right = Word(mark, "mark"), Word(mark, "mark")
        yield Rule(weight, (child, left), (child, right), (Link(right, left),), (child, child))


def marked(rules: Iterable[Rule]) -> Iterator[Rule]:
    """Sentences that are said or asked by one symbol: their mark by their construction."""
    for rule in rules:
        text = "?" if "question" in dict(rule.notes)["construction"] else "."
        left, right = Word(text, "mark"), Word(text, "mark")
        source: tuple[Item, ...] = (*rule.source, left)
        links = (*rule.links, Link(right, left))
        yield Rule(
            rule.weight, source, (*rule.target, right), links, rule.head or (source[0], right),
            rule.name, rule.combines, rule.notes,
        )  # fmt: skip


def both_rules() -> Iterator[Rule]:
    """Two statements joined by ve or ama."""
    for turkish, english in (("ve", "and"), ("ama", "but")):
        first, second = ref("statement"), ref("statement")
        left, right = Word(turkish), Word(english)
        yield Rule(
            1.0, (first, left, second), (first, right, second), (Link(right, left),),
            (second, second), notes=(("construction", "two statements"),),
        )  # fmt: skip


TOPICS: dict[str, Callable[..., Iterable[Rule]]] = {
    "sentence": sentence_rules,
    "both": both_rules,
    "statement": lambda *of: statements(*of) if of else verb_choice("statement"),
    "question": lambda *of: questions(*of) if of else verb_choice("question"),
    "wh": lambda *of: asking_rules(*of) if of else verb_choice("wh"),
    "core": core_rules,
    "asked": asked_rules,
    "subject": subject_rules,
    "body": body_rules,
    "complement": complement_rules,
    "object": object_rules,
    "place": place_rules,
    "manner": manner_rules,
    "time": time_rules,
    "np": noun_phrases,
    "any": any_phrases,
    "own": own_phrases,
    "adjective": adjective_rules,
    "numeral": numeral_rules,
    "subject clause": subject_clauses,
    "object clause": object_clauses,
    "adjectives": adjective_sentences,
    "says": lambda lemma: marked(says_rules(lemma)),
    "existence": lambda: marked(existence_sentences()),
    "none of": none_of,
    "possession": possession_sentences,
    "has": lambda lemma: marked(has_rules(lemma)),
}


def expand(symbol: Symbol) -> Sequence[Rule]:
    """A symbol's rules. KeyError: no topic of that name."""
    name, *arguments = symbol
    given: list[Any] = arguments
    return tuple(TOPICS[str(name)](*given))


@lru_cache(maxsize=1)
def language() -> Grammar:
    """The grammar, expanded as it is used and shared by all of a process."""
    return Grammar(("sentence",), expand)
