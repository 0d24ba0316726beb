"""What the gates page tells in its answers holds for the model that it ships."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from models.catalog import CATALOG, load
from models.lstm.record import Unit, run
from models.lstm.units import measured
from models.lstm.verb_forms import groups
from models.recording.ranking import total, vocabulary
from models.trace import Floats
from models.training import brackets
from pages.lstm.units import EXAMPLES, SEVERAL
from pages.registry import topic
from tests.present import present

SENTENCE = topic("lstm").defaults["text"]
VERB = SENTENCE.split().index("are")
AFTER = VERB - 1  # the word before the verb
NUMBER, SECOND, DEPTH = 1, 42, 28  # units that the prose names


def best(name: str) -> list[int]:
    return [one.unit for one in present(measured("lstm"))[name].layers[0]]


def state(text: str, unit: int, part: str = "c") -> Floats:
    found: Floats = getattr(run("lstm", text).layers[0], part)[:, unit]
    return found


def verbs(text: str, silenced: Sequence[Unit] = ()) -> tuple[float, float]:
    """(singular, plural) of the next word's probability before the verb."""
    trace, ids = run("lstm", text, silenced=silenced), groups(vocabulary(load("lstm")))
    assert trace.logits is not None
    singular, plural = (total(trace.logits[AFTER], ids[name]) for name in ("singular", "plural"))
    return singular, plural


def test_the_units_that_the_prose_names_are_those_that_were_measured() -> None:
    assert best("number")[:2] == [NUMBER, SECOND]
    assert best("depth")[0] == DEPTH
    defaults = topic("lstm").defaults
    assert (defaults["layer"], defaults["unit"], defaults["step"]) == (0, NUMBER, 0)


def test_the_number_is_kept_over_the_clause_and_dropped_after_the_verb() -> None:
    c, f = state(SENTENCE, NUMBER), state(SENTENCE, NUMBER, "f")
    assert (c[1:VERB] < -0.9).all()
    assert (f[2:VERB] > 0.9).all()
    assert f[VERB] > f[VERB + 1] > f[VERB + 2]
    assert abs(c[-1]) < 0.1
    singular = SENTENCE.replace("cats", "cat").replace("are", "is")
    assert (state(singular, NUMBER)[1:VERB] > 0.5).all()


def test_one_silent_unit_hardly_hurts_and_four_do() -> None:
    singular, plural = verbs(SENTENCE)
    assert plural > 0.95
    assert verbs(SENTENCE, [(0, NUMBER)])[1] > 0.85
    opposite = state(SENTENCE, NUMBER)[AFTER] * state(SENTENCE, SECOND)[AFTER]
    assert opposite < 0
    off = [(0, unit) for unit in best("number")[:SEVERAL]]
    singular, plural = verbs(SENTENCE, off)
    assert min(singular, plural) > 0.25


def test_the_table_of_silenced_units_says_what_the_answer_says() -> None:
    found = present(measured("lstm"))["number"].silenced
    by = {(one.which, len(one.units)): one.figures for one in found}
    assert by["best", 1]["agreement_en_3"] > 0.95
    assert by["best", SEVERAL]["agreement_en_3"] < 0.7
    assert by["least", SEVERAL]["agreement_en_3"] > 0.99
    four = next(one.units for one in found if (one.which, len(one.units)) == ("best", SEVERAL))
    assert [unit for _, unit in four] == best("number")[:SEVERAL]


def test_the_depth_unit_goes_down_at_opening_brackets_and_up_at_closing_ones() -> None:
    text, _ = EXAMPLES["depth"]
    tokens = text.removesuffix(".").split()
    assert brackets.is_balanced(tokens)
    steps = np.diff(state(text, DEPTH))[: len(tokens) - 1]
    wanted = [-1 if token in brackets.OPENING else 1 for token in tokens[1:]]
    np.testing.assert_allclose(steps, wanted, atol=0.25)
    assert abs(state(text, DEPTH)[0]) < 0.4


def test_of_an_unknown_subject_either_number_may_follow() -> None:
    text = SENTENCE.replace("cats", "zebra")
    assert run("lstm", text).tokens[1] == "<unk>"
    singular, plural = verbs(text)
    assert 0.35 < singular < 0.65
    assert 0.35 < plural < 0.65


def test_an_untrained_network_follows_the_place_better() -> None:
    position = present(measured("lstm"))["position"]
    assert position.untrained > abs(position.layers[0][0].r)


def test_the_plain_rnn_is_right_over_three_nouns_too() -> None:
    quality = CATALOG["rnn"].quality
    assert quality is not None
    assert quality["agreement_en_3"] > 0.98
    assert quality["agreement_tr_3"] > 0.98


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_is_known_word_for_word_and_has_that_step(name: str) -> None:
    text, step = EXAMPLES[name]
    tokens = run("lstm", text).tokens
    assert "<unk>" not in tokens
    assert 0 <= step < len(tokens)
