"""Verb forms by number and person: those that the sentences were written with."""

from __future__ import annotations

from itertools import combinations, islice

import pytest

from models.grammar.agreement import generate
from models.lstm.verb_forms import forms, groups


def test_no_form_belongs_to_two_groups() -> None:
    assert not [(a, b) for a, b in combinations(forms(), 2) if forms()[a] & forms()[b]]


@pytest.mark.parametrize("language", ["en", "tr"])
def test_the_form_that_a_sentence_asks_for_is_in_its_subjects_group(language: str) -> None:
    for sentence in islice(generate(1, language), 400):
        group = sentence.number if language == "en" else sentence.person
        assert sentence.right in forms()[group]


def test_groups_name_places_in_the_vocabulary() -> None:
    words = ("the", "is", "are", "sleeps", "gördük")
    assert groups(words) == {"singular": [1, 3], "plural": [2], "1pl": [4]}
    assert groups(("A", "B")) == {}
