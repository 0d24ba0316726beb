"""Examples for BERT: pairs of sentences, and sentences with a word of several senses.

They lie beside this file, drawn once by `models.training.bert_examples`. Imports no torch.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

EXAMPLES = Path(__file__).with_name("examples.json")
RELATIONS = ("next", "near", "far")  # as models.training.nextsentence has them


@dataclass(frozen=True, slots=True)
class PairExample:
    """relation: about the same thing (next), about one that shares a word (near) or none (far)."""

    language: str
    relation: str
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Meant:
    """A sentence, and the sense of each occurrence of the word from left to right."""

    text: str
    senses: tuple[str, ...]


@lru_cache(maxsize=1)
def _read() -> Any:
    return json.loads(EXAMPLES.read_text("utf-8"))


@lru_cache(maxsize=1)
def pairs() -> tuple[PairExample, ...]:
    """Three pairs a language, with the same first sentence."""
    return tuple(
        PairExample(language, relation, *texts)
        for language, found in _read()["pairs"].items()
        for relation, texts in found.items()
    )


@lru_cache(maxsize=1)
def meanings() -> dict[str, tuple[Meant, ...]]:
    """Word → sentences with it, those of one sense together."""
    return {
        word: tuple(Meant(text, tuple(senses)) for text, senses in sentences)
        for word, sentences in _read()["words"].items()
    }
