"""What the words page calls right is right, on its stages."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from models.words import analogies, tokenizers, vector_sets
from models.words.map import agreement, quality
from models.words.maps import word_map
from models.words.neighbours import Neighbourhood, neighbours
from models.words.pieces import Merge, letters
from models.words.space import VectorSpace, analogy
from models.words.table import ONE_HOT_DISTANCE, Lookup
from tests.pages.claims import both
from tests.present import present


def row(space: VectorSpace, word: str) -> int:
    return present(vector_sets.row_of(space, word))


def lookup(state: SimpleNamespace) -> Lookup:
    space = vector_sets.space(state.vectors)
    return Lookup(space, row(space, state.word), row(space, state.compared))


def nearest(name: str, word: str) -> Neighbourhood:
    space = vector_sets.space(name)
    return neighbours(space, row(space, word))


def test_any_two_one_hot_vectors_are_equally_far_apart_and_rows_are_not() -> None:
    asked, shown = map(lookup, both("words", 1, "Exactly as far"))
    one_hot = [
        float(((one.one_hot() - Lookup(one.space, one.other, one.row).one_hot()) ** 2).sum() ** 0.5)
        for one in (asked, shown)
    ]
    assert one_hot == pytest.approx([ONE_HOT_DISTANCE] * 2, rel=1e-6)
    assert [round(one.distance, 2) for one in (asked, shown)] == [1.77, 3.96]


def test_the_opposite_is_nearest() -> None:
    _, shown = both("words", 2, "*small*, its opposite")
    found = nearest(shown.vectors, shown.word)
    assert found.space.names[found.ranked[shown.step]] == "small"
    assert round(found.cosine(shown.step), 3) == 0.928
    for word, other, cosine in (("hot", "cold", 0.870), ("happy", "sad", 0.889)):
        pair = nearest(shown.vectors, word)
        assert pair.space.names[pair.ranked[0]] == other
        assert round(pair.cosine(0), 3) == cosine


def test_the_best_known_analogy_leads_back_to_a_given_word() -> None:
    _, shown = both("words", 3, "*king* itself")
    space = vector_sets.space(shown.vectors)
    found = analogy(space, *(row(space, word) for word in (shown.a, shown.b, shown.c)))
    names = [space.names[at] for at in found.ranked[:2]]
    assert names == ["king", "queen"]
    assert [round(found.cosine(at), 3) for at in found.ranked[:2]] == [0.648, 0.502]
    every = present(analogies.of_set(shown.vectors))["all"]
    assert every.asked == 11_566
    assert round(100 * every.failed, 1) == 16.7
    assert round(100 * every.failed_kept, 1) == 99.8
    assert round(100 * every.nearest_c / every.asked, 1) == 70.2


def test_he_has_no_row_in_the_vectors_trained_here() -> None:
    space = vector_sets.space(vector_sets.SKIPGRAM)
    assert vector_sets.row_of(space, "he") is None
    assert vector_sets.row_of(space, "she") is not None


def test_two_turkish_words_become_one_token_where_accents_are_stripped() -> None:
    _, shown = both("words", 4, "The same token")
    one, other = (tokenizers.pieces(shown.tokenizer, w) for w in (shown.split, shown.second))
    assert one.typed != other.typed
    assert one.library == other.library == ("ol",)
    apart = tokenizers.reader("smollm2")
    assert len(apart.tokens(one.typed)) == 3
    assert apart.tokens(one.typed) != apart.tokens(other.typed)
    assert [(s.letter, s.bytes) for s in letters(one.typed)[1:]] == [("ö", "C3 B6")]


def test_the_plural_is_cut_anew_since_another_pair_is_merged_first() -> None:
    asked, shown = both("words", 5, "Not even *ap* stays")
    one, many = (tokenizers.pieces(state.tokenizer, state.split) for state in (asked, shown))
    assert one.library == ("Ġkit", "ap")
    assert many.library == ("Ġkit", "a", "pl", "ar")
    ranks = tokenizers.reader(shown.tokenizer).ranks
    assert (ranks["p", "l"], ranks["a", "p"]) == (187, 260)
    here = many.steps[shown.step]
    assert isinstance(here, Merge)
    assert here.rank == 187


def test_the_same_sentences_cost_more_tokens_in_turkish_unless_the_vocabulary_was_made_for_it() -> (
    None
):
    costs = {name: tokenizers.cost(name) for name in tokenizers.COMPARED}
    assert {name: one.tokens for name, one in costs.items()} == {
        "minilm": (154, 89),
        "smollm2": (186, 89),
        "bert-mini": (92, 87),
    }
    assert {one.pairs for one in costs.values()} == {8}
    assert tokenizers.reader("bert-mini").kind == "Unigram"
    assert len(tokenizers.reader("bert-mini").vocabulary) == 1209
    assert tokenizers.reader("minilm").tokens("evlerimizden") == (
        *("ev", "##ler", "##imi", "##zd", "##en"),
    )


def test_two_axes_keep_about_a_seventh_of_the_variance() -> None:
    _, shown = both("words", 6, "About a seventh")
    found = word_map(shown.vectors, shown.projection)
    shares = present(found.principal).shares
    assert [round(100 * float(share), 1) for share in shares] == [7.7, 7.3]
    assert round(100 * float(shares.sum()), 1) == 15.0
    assert found.vectors.shape[1] == 32
    assert round(100 * quality(found).kept) == 19
    # A projection brings no two words farther apart.
    for other in found.nearest(0):
        assert found.map_distance(0, other) <= found.distance(0, other)


def test_another_seed_moves_the_words_and_keeps_who_is_near() -> None:
    maps = [word_map(one.vectors, one.projection) for one in both("words", 7, "Hardly")]
    assert round(agreement(*maps), 2) == 0.37
    assert [round(100 * quality(one).kept) for one in maps] == [61, 60]
