"""Next words, translations side by side, one vector, accuracy by length: as they are shown."""

from __future__ import annotations

import re

import numpy as np
import pytest

from models.recording.ranking import likeliest
from models.translation.accuracy_by_length import by_length
from tests.closeness import assert_close
from tests.present import present
from tests.viz.figures import HOSTILE, NOTATION, checked, plain, words
from tests.viz.translations import LABELS, anew, decoding, translation
from viz.board.style import Style
from viz.board.theme import DARK, LIGHT, Theme
from viz.seq2seq.accuracy_by_length import Curve, lengths
from viz.seq2seq.compared import Version, compared
from viz.seq2seq.context_vector import one_vector
from viz.tables.next_words import logit_bars

MORE = {
    "exact_axis": "share",
    "length_axis": "words",
    "sentences": "sentences",
    "distinct": "different",
    "untrained": "untrained",
    "this_sentence": "this one",
}


@pytest.mark.parametrize("step", [0, 3, 11])
def test_the_likeliest_words_have_the_models_logits_and_probabilities(step: int) -> None:
    one = decoding(step)
    true = anew(one)
    found = likeliest([one.trace.logits[step]], one.trace.vocabulary, most=10, also=one.word)
    order = np.argsort(-true["logits"])[:10]
    assert [c.id for c in found] == order.tolist()
    for c in found:
        assert_close(c.logits[0], true["logits"][c.id], among=true["logits"])
        assert_close(c.probabilities[0], true["probabilities"][c.id], among=1)
        assert c.word == one.trace.vocabulary[c.id]


def test_bars_are_as_long_as_what_they_show_and_words_are_escaped() -> None:
    logits = np.array([4.0, 2.0, -1.0], np.float32)
    found = likeliest([logits], ["a", HOSTILE[0], "c"])
    rows = [(one.word, one.logits[0], one.probabilities[0]) for one in found]
    html = logit_bars(rows, chosen=1, heads=("l", "p"), notation=NOTATION)
    assert "<script" not in html
    widths = [float(w) for w in re.findall(r"width:([\d.]+)%", html)]
    e = np.exp(logits)
    assert np.allclose(widths[::2], [100, 50, 0], atol=0.1)
    assert np.allclose(widths[1::2], 100 * e / e.sum(), atol=0.06)
    assert html.count("class='on'") == 1


def test_wrong_words_are_struck_out_and_marked_and_marks_join_the_word_before() -> None:
    html = compared([Version("n", ["The", HOSTILE[0], "."], [True, False, True], "r")])
    assert "<script" not in html
    assert html.count("✗") == 1
    assert html.count("<s>") == 1
    assert "</span><span><bdi>.</bdi>" in html


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_the_one_vector_is_the_encoders_last_state_of_both_directions(theme: Theme) -> None:
    trace = translation("seq2seq-fixed")
    figure = one_vector(trace.last, trace.backward, Style(theme, NOTATION, LABELS))
    checked(figure)
    strips = [np.array(t.z).ravel() for t in figure.data if t.type == "heatmap"]
    ahead, back = strips[:2]
    units = trace.backward
    assert_close(ahead, trace.own.encoder[-1][:-units])
    assert_close(back, trace.own.encoder[0][-units:])


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_curves_lie_at_the_measured_shares_with_their_numbers_of_sentences(theme: Theme) -> None:
    one, other = present(by_length("seq2seq")), present(by_length("seq2seq-fixed"))
    curves = Curve("one", one), Curve("other", other)
    style = Style(theme, NOTATION, MORE)
    figure = lengths(curves, style, chosen=5)
    checked(figure)
    drawn = [t for t in figure.data if t.mode == "lines+markers"]
    ticks = {plain(w.text): w.y for w in words(figure) if plain(w.text) in ("0", "1")}
    for trace, shares in zip(
        drawn, (one.untrained, one.exact, other.untrained, other.exact), strict=True
    ):
        shown = (np.array(trace.y) - ticks["0"]) / (ticks["1"] - ticks["0"])
        assert_close(shown, shares)
    said = [plain(w.text) for w in words(figure)]
    for count in {*one.sentences, *one.distinct}:
        wanted = [*one.sentences, *one.distinct].count(count)
        assert said.count(str(count)) >= wanted
    assert "this one" in said


def test_a_length_that_was_not_measured_is_not_marked() -> None:
    one = present(by_length("seq2seq"))
    curve = Curve("one", one)
    style = Style(LIGHT, NOTATION, MORE)
    figure = lengths((curve, curve), style, chosen=40)
    assert "this one" not in [plain(w.text) for w in words(figure)]
