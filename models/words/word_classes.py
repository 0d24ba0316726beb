"""Which class a word of the grammar's lexicon is of. Imports no torch."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from models.grammar.english import genitive
from models.grammar.lexicon import ADJECTIVES, NAMES, NOUNS, VERBS

CLASSES = ("noun", "name", "verb", "adjective", "several", "other")


@cache
def word_classes() -> Mapping[str, str]:
    """Word, in each of its forms → its class; "several": of more than one (watch, cook)."""
    verbs = [word.english for word in VERBS.values()]
    forms = {
        "noun": {form for noun in NOUNS.values()
                 for form in (noun.english, noun.plural, genitive(noun.english))},
        "name": {form for name in NAMES.values()
                 for form in (name.english, genitive(name.english))},
        "verb": {form for verb in verbs for form in (verb.base, verb.past, verb.third, verb.ing)},
        "adjective": {word.english for word in ADJECTIVES.values()},
    }  # fmt: skip
    found: dict[str, str] = {}
    for kind, words in forms.items():
        for word in words:
            found[word] = "several" if word in found else kind
    return MappingProxyType(found)
