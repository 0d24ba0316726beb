"""A head's share of aligned words: by the training's own rule, and as the page's prose says."""

from __future__ import annotations

import pytest
import torch

from models.catalog import CATALOG, load
from models.core.tokens import Encoded
from models.grammar.grammar import derivations
from models.training import alignment
from models.translation import alignment as aligning
from models.translation.reference import examples, of_pair, of_sentence
from models.translator import record
from models.translator.trace import TransformerTrace


def translated(name: str) -> TransformerTrace:
    return record.translate("translator", examples()[name].source)


def sides(trace: TransformerTrace) -> tuple[Encoded, Encoded]:
    return trace.attention.source, trace.written


@pytest.mark.parametrize("name", list(examples()))
def test_a_sentences_share_is_what_the_trainings_measure_gives(name: str) -> None:
    loaded, trace = load("translator"), translated(name)
    (pair,) = derivations(examples()[name].source, "tr")
    (weights,) = alignment.word_weights(loaded.model, loaded.tokenizer, [pair])
    shares = alignment.aligned([weights], [pair])
    for layer in range(2):
        for head in range(4):
            matrix = trace.attention.block("cross", layer).weights[head]
            found = aligning.aligned_words(examples()[name], matrix, *sides(trace))
            assert found.asked == len(pair.content)
            assert found.aligned / found.asked == pytest.approx(float(shares[layer, head]))


def test_the_examples_content_words_are_the_grammars() -> None:
    for example in examples().values():
        (pair,) = derivations(example.source, "tr")
        assert of_pair(pair) == example


def test_a_word_is_asked_for_only_while_the_translation_is_gold() -> None:
    trace = translated("crossing")
    other = of_sentence("Kedi balığı yedi.")
    assert other is not None
    matrix = trace.attention.block("cross", 1).weights[0]
    assert aligning.aligned_words(other, matrix, *sides(trace)) == aligning.AlignedWords(0, 0)


def test_the_end_token_is_a_place_like_any_other() -> None:
    trace = translated("crossing")
    matrix = torch.zeros(len(trace.ids), len(trace.typed))
    matrix[:, -1] = 1
    found = aligning.aligned_words(examples()["crossing"], matrix.numpy(), *sides(trace))
    assert found.aligned == 0
    assert found.asked == 5


def test_measured_figures_are_those_of_the_card_and_others_have_none() -> None:
    found = aligning.measured("translator")
    quality = CATALOG["translator"].quality
    assert found is not None
    assert quality is not None
    assert found.share[found.best[0]][found.best[1]] == quality["alignment"]
    assert aligning.measured("minilm") is None
    assert aligning.measured("no such model") is None


def test_the_prose_says_what_was_measured() -> None:
    quality = CATALOG["translator"].quality
    assert quality is not None
    assert quality["alignment"] > 0.95  # "of nearly every content word"
    assert quality["alignment_reading_row"] < 0.1  # "of hardly any"
    assert quality["exact_without_head"] >= quality["exact"] - 0.01  # "as well as before"
    assert quality["exact_without_such_heads"] < 0.05  # "only with all of them off"


def test_the_prose_of_the_first_sentence_is_true() -> None:
    trace = translated("crossing")
    rows = trace.attention.block("cross", 1).weights[0]
    looked = {word: trace.typed[int(row.argmax())] for word, row in zip(trace.written.typed, rows)}  # noqa: B905
    assert looked["You"] == "niz"
    assert looked["went"] == "git"
    assert (trace.reads[4], trace.written.typed[4]) == ("the", "big")


def test_on_the_grammars_sentences_a_beam_of_five_finds_the_greedy_sentence() -> None:
    for example in examples().values():
        best = record.search("translator", example.source, 5).best
        assert best.ids == record.run("translator", example.source).ids
