"""Pairs as people type them: what is left out, how often, and what stays."""

from __future__ import annotations

import random
from itertools import islice

import numpy as np
import pytest

from models.grammar.grammar import Pair, derivations, generate
from models.grammar.morphology import turkish_lower
from models.grammar.typed import as_typed, bare


def pairs(count: int) -> list[Pair]:
    return list(islice(generate(977), count))


@pytest.mark.parametrize(
    ("text", "source", "target"),
    [
        ("İki kedi uyudu.", "iki kedi uyudu", "Two cats slept"),
        ("Işıl uyudu.", "Işıl uyudu", "Işıl slept"),
        ("Kitabı okudun mu?", "kitabı okudun mu", "Did you read the book"),
    ],
)
def test_a_bare_pair_has_no_marks_and_no_capital_but_a_names(
    text: str, source: str, target: str
) -> None:
    (pair,) = derivations(text, "tr")
    assert bare(pair) == (source, target)


def test_a_pair_as_typed_loses_both_marks_or_none_and_a_name_keeps_its_capital() -> None:
    state, seen = random.Random(0), set()
    for pair in pairs(300):
        source, target = as_typed(pair, state, unmarked=0.1, uncapped=0.1)
        marked = source[-1] in ".?"
        assert marked == (target[-1] in ".?")
        lowered = source[0] != pair.source[0]
        assert lowered == (source[0] == turkish_lower(pair.source[0]))
        assert not (lowered and pair.source_tags[0] == "name")
        assert source.split(" ")[1:-1] == pair.source.split(" ")[1:-1]
        seen.add((marked, lowered))
    assert len(seen) == 4


def test_as_typed_leaves_out_marks_and_capitals_each_as_often_as_asked() -> None:
    state, some = random.Random(0), pairs(800)
    typed = [as_typed(pair, state, unmarked=0.12, uncapped=0.4) for pair in some]
    unmarked = np.mean([text[-1] not in ".?" for _, text in typed])
    uncapped = np.mean([a[0] != p.source[0] for (a, _), p in zip(typed, some, strict=True)])
    named = np.mean([pair.source_tags[0] == "name" for pair in some])
    assert unmarked == pytest.approx(0.12, abs=0.03)
    assert uncapped == pytest.approx(0.4 * (1 - named), abs=0.03)
