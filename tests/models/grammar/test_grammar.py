"""The generator: the same every time, parts that share nothing, a checker, exact odds."""

from __future__ import annotations

import math
import random
from collections import Counter
from functools import lru_cache
from itertools import islice

import pytest

from models.grammar import grammar as g
from models.grammar.lexicon import ADJECTIVES, NOUNS, VERBS, adjectives_of, nouns_of
from models.grammar.words import NUMERALS_TABLE

SAMPLE = 3000


@lru_cache(maxsize=1)
def sample() -> tuple[g.Pair, ...]:
    return tuple(islice(g.generate(11), SAMPLE))


def test_the_lexicon_is_as_large_as_promised() -> None:
    assert (len(NOUNS) >= 60, len(VERBS) >= 30, len(ADJECTIVES) >= 20) == (True, True, True)
    assert len(NUMERALS_TABLE) >= 5


def test_the_same_seed_gives_the_same_pairs_and_another_seed_others() -> None:
    first = [pair.source for pair in islice(g.generate(3), 50)]
    assert first == [pair.source for pair in islice(g.generate(3), 50)]
    assert first != [pair.source for pair in islice(g.generate(4), 50)]


def test_a_seed_gives_these_very_sentences_on_every_machine() -> None:
    first, second = islice(g.generate(0, "train"), 2)
    assert (first.source, first.target) == FIRST
    assert (second.source, second.target) == SECOND


FIRST = ("Benim ekmeğim sıcak değil.", "My bread is not hot.")
SECOND = ("Bu sabah Ali yumurtasını aldı.", "Ali bought his egg this morning.")


def test_sentences_keep_to_their_length_in_both_languages() -> None:
    for pair in sample():
        for words in (pair.source_words, pair.target_words):
            assert g.SHORTEST <= len(words) - 1 <= g.LONGEST


def test_every_link_points_at_words_that_exist_and_every_content_word_is_linked() -> None:
    for pair in sample():
        for target, source in pair.possible:
            assert 0 <= target < len(pair.target_words)
            assert 0 <= source < len(pair.source_words)
        assert set(pair.alignment) <= set(pair.possible)
        assert set(pair.content) <= {target for target, _ in pair.alignment}
        assert {target for target, _ in pair.possible} == set(range(len(pair.target_words)))


def test_turkish_sentences_have_one_reading_each() -> None:
    for pair in sample()[:700]:
        readings = g.derivations(pair.source, "tr")
        assert [reading.target for reading in readings] == [pair.target], pair.source
        assert readings[0].log_p == pytest.approx(pair.log_p)
        assert readings[0].alignment == pair.alignment


def test_every_turkish_sentence_behind_an_english_one_is_found_and_lies_in_its_part() -> None:
    for pair in sample()[:100]:
        readings = g.derivations(pair.target, "en")
        assert pair.source in {reading.source for reading in readings}, pair.target
        # with and without a pronoun, this or that order: all of them lie in one part
        assert {reading.split for reading in readings} == {pair.split}


WRONG_TURKISH = """
kedi balığı yedi.
Kedi balığı yedi
Kedi balıkı yedi.
Kedi balığı yedim.
Kedi balığı yedi mı?
Kitap çocuğu okudu.
Elma mektubu okudu.
Balığı yedi kedi.
Kadın yarın geldi.
İki kediler uyudu.
Ayşenin kedisi uyudu.
Kedinin yiyen balık taze.
Okula gittık.
Saatı kırdım.
"""
WRONG_ENGLISH = """
the cat ate the fish.
The cat ate an fish.
The cat eated the fish.
The cats is sleeping.
The cat that ate the fish are sleeping.
Did the cat ate the fish?
The apple read the letter.
The cat will slept.
I is tired.
A apple is red.
The two cat slept.
The woman who sleeping came.
"""


@pytest.mark.parametrize("sentence", WRONG_TURKISH.strip().splitlines())
def test_the_checker_refuses_wrong_turkish(sentence: str) -> None:
    assert not g.is_grammatical(sentence, "tr")


@pytest.mark.parametrize("sentence", WRONG_ENGLISH.strip().splitlines())
def test_the_checker_refuses_wrong_english(sentence: str) -> None:
    assert not g.is_grammatical(sentence, "en")


@pytest.mark.parametrize("text", ["", " ", ".", "?", "Kedi  uyudu.", "😀.", "Kedi uyudu.."])
def test_the_checker_refuses_what_is_no_sentence(text: str) -> None:
    assert not g.is_grammatical(text, "tr")
    assert not g.is_grammatical(text, "en")


def test_a_sentence_with_two_words_swapped_is_almost_never_one() -> None:
    state, accepted, tried = random.Random(5), 0, 0
    for pair in sample()[:300]:
        words = list(pair.source_words)
        if len(words) < 5:
            continue
        i, j = state.sample(range(1, len(words) - 1), 2)
        words[i], words[j] = words[j], words[i]
        if tuple(words) != pair.source_words:
            tried += 1
            accepted += g.is_grammatical(" ".join(words[:-1]) + words[-1], "tr")
    assert tried > 100
    assert accepted < 0.35 * tried  # time adverbs and the objects of a gift may change places


def test_a_hidden_subject_never_leaves_a_bare_animate_object() -> None:
    assert not g.is_grammatical("Bir kurt gördü.", "tr")
    assert g.translations("Bir kurt gördüm.") == {"I saw a wolf."}
    assert g.translations("Kadın bir kurt gördü.") == {"The woman saw a wolf."}


def test_no_part_shares_a_sentence_with_another_in_either_language() -> None:
    seen: dict[str, set[str]] = {}
    for pair in sample():
        for text in (pair.source, pair.target):
            seen.setdefault(text, set()).add(pair.split)
    assert not [text for text, parts in seen.items() if len(parts) > 1]


def test_training_never_holds_a_held_out_combination_and_unseen_always_does() -> None:
    counts = Counter(pair.split for pair in sample())
    assert set(counts) == set(g.SPLITS)
    for pair in sample():
        held = [c for c in pair.combinations if g.is_held_out(c)]
        assert bool(held) == (pair.split == "unseen")
    assert all(pair.split == "test" for pair in islice(g.generate(1, "test"), 20))


def test_each_word_of_an_unseen_combination_is_seen_in_others() -> None:
    for verb in VERBS.values():
        objects = nouns_of(verb.frame.kinds)
        kept = [n for n in objects if not g.is_held_out(f"{verb.lemma}+{n.lemma}")]
        assert kept or not objects, verb.lemma
    for noun in NOUNS.values():
        adjectives = adjectives_of(noun.kinds)
        kept_ = [a for a in adjectives if not g.is_held_out(f"{a.lemma}+{noun.lemma}")]
        assert kept_ or not adjectives, noun.lemma


def test_there_are_over_a_million_sentences() -> None:
    """Derivations are counted exactly, and Turkish sentences have one derivation each."""
    measures = g.measures()
    assert measures.derivations > 1e20
    assert 0.9 < measures.mass < 1
    distinct = len({pair.source for pair in sample()})
    # birthday bound: n draws of N equally likely ones collide about n²/2N times; the short
    # and frequent ones collide far more, so this is a floor
    collisions = SAMPLE - distinct
    assert SAMPLE**2 / 2 / max(collisions, 1) > 30_000


def test_the_entropy_is_the_mean_of_minus_log_p() -> None:
    measures = g.measures()
    seen = [-(pair.log_p - math.log(measures.mass)) for pair in sample()]
    mean = sum(seen) / len(seen)
    spread = math.sqrt(sum((s - mean) ** 2 for s in seen) / len(seen) / len(seen))
    assert abs(mean - measures.entropy) < 4 * spread


def test_an_english_sentence_sums_its_turkish_ones() -> None:
    pairs = g.derivations("I ate the apple.", "en")
    assert {pair.source for pair in pairs} == {"Elmayı yedim.", "Ben elmayı yedim."}
    total = sum(math.exp(g.log_probability(pair.source, "tr")) for pair in pairs)
    assert math.exp(g.log_probability("I ate the apple.", "en")) == pytest.approx(total)
    assert g.log_probability("I eat the apple.", "en") == -math.inf


@pytest.mark.parametrize("convention", g.CONVENTIONS, ids=lambda c: str(c.question))
def test_every_convention_holds_for_its_own_example(convention: g.Convention) -> None:
    assert g.translations(convention.turkish) == {convention.english}
