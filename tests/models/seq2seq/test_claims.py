"""What the seq2seq page tells in its answers holds for the networks that it ships."""

from __future__ import annotations

import pytest

from models.seq2seq.record import translate
from models.seq2seq.trace import Seq2SeqTrace
from models.translation.accuracy_by_length import by_length
from models.translation.reference import examples, of_sentence
from pages.registry import topic
from tests.present import present

SENTENCE = topic("seq2seq").defaults["text"]
SMALL = "You went to the small village that your son loved."  # the target that the page names
UNKNOWN = "Bilgisayar uyudu."


def looked_at(trace: Seq2SeqTrace) -> list[str]:
    """The heaviest source piece of every step."""
    assert trace.weights is not None
    return [trace.typed[int(weights.argmax())] for weights in trace.weights]


def written(model: str, text: str) -> str:
    trace = translate(model, text)
    return "".join(trace.predicted.tokens[:-1]).replace("▁", " ").strip()


def test_the_first_two_words_look_at_the_verb_at_the_end_and_the_lines_then_cross() -> None:
    trace = translate("seq2seq", SENTENCE)
    looked = dict(zip(trace.predicted.typed, looked_at(trace), strict=True))
    assert list(looked)[:2] == ["You", "went"]
    assert (looked["You"], looked["went"]) == ("niz", "git")
    assert looked_at(trace)[2:].count("git") == looked_at(trace)[2:].count("niz") == 0
    place = trace.typed.index
    words = trace.predicted.typed.index
    assert words("village") < words("son") < words("loved")
    assert place(looked["village"]) > place(looked["loved"]) > place(looked["son"])


def test_a_wrong_target_word_is_noticed_and_has_no_consequences() -> None:
    trace = translate("seq2seq", SENTENCE, target=SMALL)
    assert trace.expected is not None
    pairs = list(zip(trace.expected.typed, trace.predicted.typed, strict=True))
    assert [pair for pair in pairs if pair[0] != pair[1]] == [("small", "big")]
    at = trace.expected.typed.index("small")
    assert looked_at(trace)[at] == "büyük"
    assert pairs[at + 1] == ("village", "village")


def test_of_the_long_example_one_network_makes_a_mistake_and_the_curves_say_it_is_typical() -> None:
    example = examples()["long"]
    assert written("seq2seq", example.source) == example.target
    assert written("seq2seq-fixed", example.source) != example.target
    with_attention, fixed = (present(by_length(model)) for model in ("seq2seq", "seq2seq-fixed"))
    place = with_attention.words.index(example.length)
    assert with_attention.exact[place] - fixed.exact[place] > 0.3


@pytest.mark.parametrize("model", ["seq2seq", "seq2seq-fixed"])
def test_a_word_never_met_is_read_by_letters_and_answered_in_whole_words(model: str) -> None:
    assert of_sentence(UNKNOWN) is None
    trace = translate(model, UNKNOWN)
    assert len([piece for piece in trace.typed if len(piece) == 1 and piece.isalpha()]) > 3
    words = written(model, UNKNOWN).removesuffix(".").split()
    assert "computer" not in words
    assert trace.predicted.tokens[-2] == "."
    assert len(words) > 2
