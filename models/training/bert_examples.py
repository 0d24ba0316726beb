"""Draws the bert page's examples: ``python -m models.training.bert_examples``.

All are of the generators' test parts: the model was trained on none of them.
"""

from __future__ import annotations

import json
from itertools import islice
from typing import Any

from models.bert.examples import EXAMPLES, RELATIONS
from models.grammar import grammar
from models.training import homonyms, nextsentence
from models.training.bert_measures import LANGUAGES

SEED = 3
A_SENSE = 4  # sentences of each sense
_ENOUGH = 400_000  # pairs among which those with the same first sentence are sought


def pairs(language: nextsentence.Language) -> dict[str, list[str]]:
    """The seed's first true pair, and the first false ones that begin with its first sentence."""
    drawn = islice(nextsentence.generate(SEED, language, "test"), _ENOUGH)
    found: dict[str, list[str]] = {}
    for pair in drawn:
        if not found and not pair.is_next:
            continue
        first = found["next"][0] if found else pair.first
        if pair.first == first:
            found.setdefault(pair.relation, [pair.first, pair.second])
        if len(found) == len(RELATIONS):
            break
    return {relation: found[relation] for relation in RELATIONS}


def hundred() -> list[tuple[str, list[str]]]:
    """yüz in each of its senses, each time in another pattern; then the lesson's sentence."""
    found: dict[str, dict[int, str]] = {"number": {}, "face": {}, "swim": {}}
    for sentence in homonyms.generate(SEED, "test"):
        if len(sentence.senses) == 1:
            of_sense = found[sentence.senses[0]]
            if len(of_sense) < A_SENSE:
                of_sense.setdefault(sentence.template, sentence.text)
        if all(len(of_sense) == A_SENSE for of_sense in found.values()):
            break
    rows = [(text, [sense]) for sense, texts in found.items() for text in texts.values()]
    return [*rows, (homonyms.LESSON, ["number", "face", "swim"])]


def watch_sentences() -> list[tuple[str, list[str]]]:
    """The English word that the grammar has twice: what one wears (saat), what one does (izle)."""
    stems = {"thing": "saat", "look": "izle"}
    found: dict[str, dict[tuple[str | None, ...], str]] = {sense: {} for sense in stems}
    for pair in grammar.generate(SEED, "test"):
        if sum(word in ("watch", "Watch") for word in pair.target_words) != 1:
            continue
        told = [s for s, stem in stems.items() if any(stem in w for w in pair.source_words)]
        if len(told) == 1 and len(found[told[0]]) < A_SENSE:
            # Another verb or another tense each time: the same words would be no comparison.
            pattern = tuple(pair.features.get(name) for name in ("verb_source", "tense"))
            found[told[0]].setdefault(pattern, pair.target)
        if all(len(of_sense) == A_SENSE for of_sense in found.values()):
            break
    return [(text, [sense]) for sense, texts in found.items() for text in texts.values()]


def drawn() -> dict[str, Any]:
    """All of them."""
    return {
        "pairs": {language: pairs(language) for language in LANGUAGES},
        "words": {"yüz": hundred(), "watch": watch_sentences()},
    }


def main() -> None:
    """Write them."""
    EXAMPLES.write_text(json.dumps(drawn(), ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
