"""Which words of a vocabulary are verbs, by number in English and by person in Turkish.

For the models that learned agreement (models.grammar.agreement): how much of the next word's
probability is on the form that the subject asks for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from models.grammar.agreement import LIVING_VERBS, REGARDING
from models.grammar.building import joined
from models.grammar.conjugation import TENSES, verb_form
from models.grammar.english import be
from models.grammar.lexicon import VERBS
from models.grammar.morphology import PERSONS

_TURKISH = (*LIVING_VERBS, *REGARDING, "gül", "ağla", "ver", "getir", "gönder")


@cache
def forms() -> Mapping[str, frozenset[str]]:
    """singular, plural (English), 1sg … 3pl (Turkish) → the verb forms of the sentences."""
    english = [VERBS[lemma].english for lemma in LIVING_VERBS]
    found = {
        "singular": frozenset({be("it"), *(verb.third for verb in english)}),
        "plural": frozenset({be("they"), *(verb.base for verb in english)}),
    }
    for person in PERSONS:
        found[person] = frozenset(
            joined(verb_form(VERBS[lemma].stem, tense, person)[0])
            for lemma in _TURKISH
            for tense in TENSES
        )
    return found


def groups(vocabulary: Sequence[str]) -> dict[str, list[int]]:
    """Group → its words' places in a vocabulary; without the groups that are not there."""
    places = {word: at for at, word in enumerate(vocabulary)}
    found = {
        name: sorted(places[w] for w in words & places.keys()) for name, words in forms().items()
    }
    return {name: ids for name, ids in found.items() if ids}
