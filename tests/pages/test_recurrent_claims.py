"""What lstm, memory, seq2seq and the glossary call right is right, on their stages."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from models.catalog import CATALOG, load
from models.lstm import forget_bias
from models.lstm.record import run
from models.lstm.returned import returned
from models.lstm.shape_models import written
from models.lstm.shapes import MODELS
from models.lstm.verb_forms import groups
from models.memory import clipping, jacobian_paths, products, recall
from models.memory.gradients import NETWORKS, gradients
from models.memory.steps import ClippedStep
from models.recording.ranking import probabilities, total, vocabulary
from models.seq2seq.record import translate
from models.translation.reference import of_sentence
from tests.pages.claims import both
from tests.present import present


def verbs(at: SimpleNamespace) -> tuple[float, float]:
    """(singular, plural) of the next word's probability."""
    silenced = [(at.layer, at.unit)] if at.silence == "unit" else []
    trace, ids = run(at.model, at.text, silenced=silenced), groups(vocabulary(load(at.model)))
    logits = present(trace.logits)[at.step]
    return total(logits, ids["singular"]), total(logits, ids["plural"])


def test_lstm_the_state_stays_negative_through_the_clause() -> None:
    first, last = both("lstm", 1, "Stay negative through the whole clause")
    found = run(last.model, last.text)
    assert (found.tokens[first.step], found.tokens[last.step]) == ("cats", "saw")
    c = present(found.layers[last.layer].c)[:, last.unit]
    assert (c[first.step : last.step + 1] < -0.9).all()


def test_lstm_without_the_unit_plural_verbs_still_win() -> None:
    before, after = both("lstm", 2, "Yes, nearly as clearly as before")
    assert verbs(before)[1] > 0.95
    assert verbs(after)[1] > 0.85


def test_lstm_the_unit_counts_brackets() -> None:
    _, at = both("lstm", 3, "Go down at each opening bracket and up at each closing one")
    found = run(at.model, at.text)
    steps = np.diff(present(found.layers[at.layer].c)[:, at.unit])[: at.step]
    wanted = [-1 if token in "([{" else 1 for token in found.tokens[1 : at.step + 1]]
    np.testing.assert_allclose(steps, wanted, atol=0.25)


def test_lstm_of_an_unknown_subject_either_number_follows() -> None:
    known, unknown = both("lstm", 4, "Either, with about one half each")
    assert verbs(known)[1] > 0.95
    assert 0.35 < min(verbs(unknown)) <= max(verbs(unknown)) < 0.65


def tags(at: SimpleNamespace) -> dict[str, float]:
    """tag → its probability at the stage's word."""
    trace = run(at.model, at.text)
    return dict(zip(trace.tags, probabilities(present(trace.logits)[at.step]), strict=True))


def test_lstm_the_backward_direction_knows_an_unknown_subjects_number() -> None:
    both_ways, forward = both("lstm", 5, "Plural")
    trace = run(both_ways.model, both_ways.text)
    assert (trace.tokens[both_ways.step], trace.tokens[9]) == ("<unk>", "are")
    assert trace.layers[0].backward
    assert tags(both_ways)["plural"] > 0.95
    assert 0.2 < tags(forward)["plural"] < 0.8
    held_out = present(CATALOG[forward.model].quality)["unknown_subject_en"]
    assert held_out == pytest.approx(0.5, abs=0.06)


def test_lstm_the_backward_directions_last_state_stands_at_the_first_word() -> None:
    last, first = both("lstm", 6, "At the first word")
    found = returned(run(last.model, last.text))
    row = len(found.h) - 1
    assert (last.step, first.step) == (found.steps - 1, 0)
    assert found.deviation(row, first.step).rounding
    assert found.deviation(row, last.step).absolute > 0.1


def test_lstm_only_a_forget_bias_of_2_has_learned_after_300_steps() -> None:
    start, later = both("lstm", 7, "The one with 2 alone")
    found = present(forget_bias.measured())
    assert (found.steps[start.after], found.steps[later.after]) == (0, 300)
    at_300 = {bias: found.mean(bias)[later.after] for bias in found.accuracy}
    assert at_300[2.0] > 0.99
    assert at_300[1.0] < 0.5
    assert found.mean(0.0).max() < 0.2
    assert forget_bias.opened(2) == pytest.approx(0.88, abs=0.005)
    shares = [forget_bias.kept(bias, 20) for bias in (2, 1, 0)]
    assert shares == pytest.approx([0.08, 0.002, 1e-6], rel=0.06)


def test_lstm_attention_keeps_the_dog_that_one_vector_loses() -> None:
    alone, beside = both("lstm", 8, "The dog saw the cat.")
    assert (alone.given, alone.task_shape) == (beside.given, "one_to_many")
    fixed, found = (
        written(translate(MODELS[at.task_shape], at.given), at.task_shape) for at in (alone, beside)
    )
    said = [" ".join(one.names[k] for k in one.answers) for one in (fixed, found)]
    assert said == ["The cat saw the cat . </s>", "The dog saw the cat . </s>"]
    assert fixed.vector is not None
    assert len(fixed.vector) == 320
    answer = found.answer(beside.step)
    assert answer is not None
    assert found.names[found.answers[answer]] == "dog"
    weights = present(found.weights)[answer]
    assert found.inputs[int(weights.argmax())] == "Köpek"
    assert weights.max() > 0.9
    exact = [
        present(CATALOG[MODELS[at.task_shape]].quality)["exact_10_words"] for at in (alone, beside)
    ]
    assert exact == pytest.approx([0.13, 0.98], abs=0.005)


def test_memory_the_first_symbols_gradient_is_below_a_millionth() -> None:
    near, far = both("memory", 1, "Less than a millionth")
    found = gradients(far.text, far.seed)
    assert far.step == len(found.tokens) - 1
    norms = found.norms["rnn"][::-1]
    assert products.largest(found.rnn.u) > 2
    assert norms[far.step] < 1e-6 < norms[near.step]
    slope = jacobian_paths.recurrent(found.rnn, far.step).slope
    assert 0.4 < np.exp(np.log(slope).mean()) < 0.6


def test_memory_the_rnn_knows_about_one_bit_at_either_length() -> None:
    told = present(recall.measured(NETWORKS))["rnn"]
    for at in both("memory", 2, "To which of two groups the first symbol belonged"):
        assert told.mean[told.distractors.index(at.length)] == pytest.approx(0.25, abs=0.04)
    assert told.chance == 0.125


def test_memory_random_numbers_shrink_though_their_bound_grows() -> None:
    _, at = both("memory", 3, "Shrink")
    found, sigma = gradients(at.text, at.seed), at.sigma / 100
    for activation in ("linear", "tanh"):
        norms = products.products(found, at.recurrent, sigma, activation=activation).norms
        assert norms[at.step] < 1 < sigma**at.step
    assert sigma**at.step == pytest.approx(87, abs=1)
    turned = products.products(found, "rotation", sigma, activation="linear").norms
    assert turned[at.step] == pytest.approx(sigma**at.step)


def test_memory_relu_explodes_where_tanh_vanishes() -> None:
    asked, shown = both("memory", 4, "It explodes: more than a thousandfold")
    assert (asked.nonlinearity, shown.nonlinearity) == ("tanh", "relu")
    found, sigma = gradients(shown.text, shown.seed), shown.sigma / 100

    def product(sigma: float, activation: products.Activation) -> products.JacobianProducts:
        return products.products(found, shown.recurrent, sigma, activation=activation)

    tanh, relu = product(sigma, "tanh"), product(sigma, "relu")
    assert tanh.norms[asked.step] < 1e-6
    assert relu.norms[shown.step] > 1000
    sizes = [one.size for one in (tanh, relu)]
    assert [round(size, -int(np.log10(size))) for size in sizes] == [9, 100]
    assert product(1.0, "relu").norms[shown.step] < 1e-6
    assert product(1.0, "tanh").norms[shown.step] == pytest.approx(0.1, abs=0.05)
    assert 0.4 < (relu.diagonals == 0).mean() < 0.6


def step_at(state: SimpleNamespace, rate: float = clipping.RATE) -> ClippedStep:
    given = state.nonlinearity, state.gain, state.max_norm, state.seed
    return clipping.clipped_step(*given, rate)


def test_memory_a_clipped_step_lowers_the_loss_that_the_whole_one_throws_up() -> None:
    asked, shown = both("memory", 5, "At 2.11, lower than before")
    whole, short = step_at(asked), step_at(shown)
    assert whole.factor == 1
    assert round(whole.norm, 1) == 48.6
    assert (round(whole.loss, 2), round(whole.after_plain)) == (3.20, 629)
    assert whole.after_clipped == whole.after_plain
    assert round(1 / short.factor) == 49
    assert round(short.after_clipped, 2) == 2.11
    little = SimpleNamespace(**{**vars(shown), "max_norm": 0.1})
    assert round(step_at(little).after_clipped, 2) == 2.81
    slow = step_at(shown, 0.01)
    assert (round(slow.after_plain, 2), round(slow.after_clipped, 2)) == (2.13, 2.81)


def test_memory_clipping_brings_nothing_vanished_back() -> None:
    asked, shown = both("memory", 6, "Nothing at all")
    assert (asked.gain, shown.gain, shown.max_norm) == (1.75, 0.75, 1.0)
    found = step_at(shown)
    assert round(found.norm, 2) == 0.40
    assert found.factor == 1
    assert found.far < 1e-6
    assert found.after_clipped == found.after_plain


def test_seq2seq_after_the_verb_the_lines_run_back() -> None:
    first, last = both("seq2seq", 1, "Back to the left, so that the lines cross")
    found = translate(load(last.model), last.text)
    looks = {word: found.heaviest(step) for step, word in enumerate(found.written.typed)}
    pieces = [found.typed[looks[word]] for word in found.written.typed[: first.step + 1]]
    assert pieces == ["niz", "git"]
    order = [looks[word] for word in ("went", "village", "that", "your")]
    assert order == sorted(order, reverse=True)
    assert max(looks["your"], looks["son"]) <= 1


def test_seq2seq_a_forced_word_is_gone_on_from() -> None:
    free, forced = both("seq2seq", 2, "*village*, as if nothing had happened")
    own = translate(load(free.model), free.text)
    assert own.written.typed[free.step] == "big"
    made = translate(load(forced.model), forced.text, target=forced.target)
    said = [made.vocabulary[word] for word in made.likeliest]
    assert said[free.step : forced.step + 1] == ["big", "village"]
    assert present(made.expected).typed[free.step] == "small"
    assert own.typed[made.heaviest(free.step)] == "büyük"


def test_seq2seq_the_one_vector_loses_the_longer_sentence() -> None:
    lengths = []
    for at, both_right in zip(
        both("seq2seq", 3, "The one with a single vector"), (True, False), strict=True
    ):
        wanted = present(of_sentence(at.text)).target
        made = {
            model: translate(load(model), at.text).written for model in ("seq2seq", "seq2seq-fixed")
        }
        spelled = {model: "".join(one.tokens).replace("▁", " ") for model, one in made.items()}
        correct = {m: words.removesuffix("</s>").strip() == wanted for m, words in spelled.items()}
        assert correct == {"seq2seq": True, "seq2seq-fixed": both_right}, spelled
        lengths.append(len(at.text.split()))
    assert lengths[1] >= 2 * lengths[0]


def test_seq2seq_an_unknown_word_makes_fluent_english_of_something_else() -> None:
    _, at = both("seq2seq", 4, "Fluent English about something else")
    for model in ("seq2seq", "seq2seq-fixed"):
        found = translate(load(model), at.text)
        words = {token.lstrip("▁") for token in found.written.tokens}
        assert not words & {"computer", "bilgisayar", "Bilgisayar"}
        assert len(words) > 5


def test_glossary_two_gates_make_the_cell_state() -> None:
    both("glossary", 2, "The cell state")
    at, _ = both("lstm", 1)
    layer = run(at.model, at.text).layers[at.layer]
    f, i, g, o, c = (present(one) for one in (layer.f, layer.i, layer.g, layer.o, layer.c))
    np.testing.assert_allclose(c[1:], f[1:] * c[:-1] + i[1:] * g[1:], atol=1e-5)
    np.testing.assert_allclose(layer.h, o * np.tanh(c), atol=1e-5)
