"""A word in several sentences: where it is found, and how alike its vectors are."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from models.bert.examples import meanings
from models.bert.sense_accuracy import by_layer
from models.bert.senses import MOST_FOUND, MOST_SENTENCES, occurrences, same
from models.catalog import load
from models.core.loaded import LoadedModel
from models.errors import EmptyText, TooManyCharacters, WordNotFound
from models.record import inputs_of
from tests.closeness import assert_close


@pytest.mark.parametrize("word", ["yüz", "watch"])
def test_each_example_has_as_many_occurrences_as_meanings(word: str) -> None:
    meant = meanings()[word]
    found = occurrences("bert-mini", [one.text for one in meant], word)
    assert not found.missing
    counts = [sum(o.sentence == n for o in found.found) for n in range(len(meant))]
    assert counts == [len(one.senses) for one in meant]


def test_vectors_are_the_models_own_hidden_states_and_cosines_theirs() -> None:
    texts = ["Elif yüz maskesi aldı.", "Çocuk denizde yüzdü.", "Yüz kişi geldi."]
    found = occurrences("bert-mini", texts, "yüz")
    model = load("bert-mini")
    states = []
    for text, one in zip(texts, found.found, strict=True):
        inputs = inputs_of(model, model.encode(text))
        with torch.inference_mode():
            hidden = model.model(**inputs, output_hidden_states=True).hidden_states
        states.append([h[0, one.start].double().numpy() for h in hidden])
    assert found.layers == len(states[0]) == model.card.layers + 1
    for layer in range(found.layers):
        v = np.array([state[layer] for state in states])
        lengths = np.sqrt((v**2).sum(axis=1))
        true = (v @ v.T) / np.outer(lengths, lengths)
        assert_close(found.cosines(layer), true)
        order = np.where(np.eye(3, dtype=bool), -2, true).argmax(axis=1)
        assert found.nearest(layer) == tuple(order)


def test_the_nearest_is_never_of_the_same_sentence() -> None:
    found = occurrences("bert-mini", ["Yüz kişi yüz maskesi aldı.", "Ali yüz dedi."], "yüz")
    assert len(found.found) == 3
    for layer in range(found.layers):
        assert found.nearest(layer)[:2] == (2, 2)
        assert found.nearest(layer)[2] in (0, 1)
    alone = occurrences("bert-mini", ["Yüz kişi yüz maskesi aldı."], "yüz")
    assert alone.nearest(0) == (None, None)


def test_a_word_of_several_pieces_has_their_mean(minilm: LoadedModel) -> None:
    found = occurrences(minilm, ["Ali yüz dedi."], "yüz")
    (one,) = found.found
    assert one.stop - one.start > 1
    inputs = inputs_of(minilm, minilm.encode("Ali yüz dedi."))
    with torch.inference_mode():
        hidden = minilm.model(**inputs, output_hidden_states=True).hidden_states
    true = hidden[2][0, one.start : one.stop].double().mean(dim=0).numpy()
    assert np.abs(found.vectors[2, 0] - true).max() <= 1e-6


def test_a_word_is_found_at_a_words_beginning_only(minilm: LoadedModel) -> None:
    found = occurrences(
        minilm, ["The watch is in my wristwatch box; watch it!", "Nothing."], "watch"
    )
    assert [found.sentences[0].typed[o.start : o.stop] for o in found.found] == [("watch",)] * 2
    assert found.missing == (1,)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [("Yüz", "yüz", True), ("İREM", "irem", True), ("IŞIL", "ışıl", True), ("IT", "it", True),
     ("yüz", "yuz", False), ("yüz", "yüzü", False)],
)  # fmt: skip
def test_capitals_make_no_other_word_in_either_language(one: str, other: str, alike: bool) -> None:
    assert same(one, other) is alike


def test_what_cannot_be_compared_is_refused() -> None:
    with pytest.raises(WordNotFound):
        occurrences("bert-mini", ["Kedi uyudu."], "yüz")
    with pytest.raises(EmptyText):
        occurrences("bert-mini", ["Kedi uyudu."], "  ")
    with pytest.raises(EmptyText):
        occurrences("bert-mini", [" ", ""], "yüz")
    with pytest.raises(TooManyCharacters):
        occurrences("bert-mini", ["yüz " * 2000, "yüz " * 2000], "yüz")


def test_what_one_picture_cannot_hold_is_counted() -> None:
    many = occurrences("bert-mini", ["Ali yüz dedi."] * (MOST_SENTENCES + 3), "yüz")
    assert (len(many.found), many.left_out) == (MOST_SENTENCES, 3)
    often = occurrences("bert-mini", ["yüz yüz yüz."] * 12, "yüz")
    assert (len(often.found), often.left_out) == (MOST_FOUND, 36 - MOST_FOUND)


def test_the_measured_shares_are_those_of_the_checkpoint() -> None:
    found = by_layer("bert-mini")
    assert found is not None
    assert len(found.trained) == len(found.untrained) == load("bert-mini").card.layers + 1
    quality = load("bert-mini").card.quality
    assert quality is not None
    assert found.trained[-1] == quality["yuz_neighbour"]
    assert by_layer("minilm") is None
    assert by_layer("../bert-mini") is None
