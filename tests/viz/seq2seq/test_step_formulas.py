"""The decoder step's formulas: every number in them is worked out anew, to 1e-5."""

from __future__ import annotations

import re

import numpy as np
import pytest

from tests.viz.translations import TARGET, Ledger, anew, decoding, style
from viz.formula.writer import Writer
from viz.seq2seq import step_formulas as formulas
from viz.seq2seq.summary import brief

PLACES = pytest.mark.parametrize(
    ("step", "source", "target"), [(0, 11, ""), (4, 6, ""), (4, 2, TARGET), (11, 13, "")]
)


def writer(ledger: Ledger, most: int | None = None) -> Writer:
    return Writer(style(notation=ledger), most=most)


@PLACES
def test_every_term_of_the_score_and_its_sum_are_the_models(
    step: int, source: int, target: str
) -> None:
    one, ledger = decoding(step, source, target), Ledger()
    true = anew(one)
    written = formulas.score(writer(ledger), one)
    assert written.terms == len(true["query"])
    assert not written.left_out
    for a, v in enumerate(one.attention.v):
        assert ledger.wrote(float(v))
        assert ledger.wrote(true["query"][a])
        assert ledger.wrote(abs(true["key"][source][a]))
    assert ledger.wrote(true["scores"][source])


@PLACES
def test_the_numbers_inside_the_largest_tanh_are_sums_of_the_states(
    step: int, source: int, target: str
) -> None:
    one = decoding(step, source, target)
    true, unit = anew(one), formulas.unit(one)
    assert unit == np.abs(true["terms"][source]).argmax()
    ledger = Ledger()
    first, second = formulas.inner(writer(ledger), one)
    assert first.terms == len(true["h"])
    assert second.terms == true["encoder"].shape[1]
    assert ledger.wrote(true["query"][unit])
    assert ledger.wrote(true["key"][source][unit])
    for value in true["h"]:
        assert ledger.wrote(value)


@PLACES
def test_the_softmax_is_over_the_whole_row(step: int, source: int, target: str) -> None:
    one, ledger = decoding(step, source, target), Ledger()
    true = anew(one)
    written = formulas.weight(writer(ledger), one)
    assert written.terms == len(true["e"])
    shift = true["scores"].max() if abs(true["scores"].max()) > 9 else 0.0
    powers = np.exp(true["scores"] - shift)
    for power in powers:
        assert ledger.wrote(power)
    assert ledger.wrote(powers.sum())
    assert ledger.wrote(true["weights"][source])


@PLACES
@pytest.mark.parametrize("dim", [0, 159, 319])
def test_the_context_is_the_weighted_sum_of_one_dimension(
    step: int, source: int, target: str, dim: int
) -> None:
    one, ledger = decoding(step, source, target, dim=dim), Ledger()
    true = anew(one)
    formulas.context(writer(ledger), one)
    for j, state in enumerate(true["encoder"][:, dim]):
        assert ledger.wrote(state)
        assert ledger.wrote(true["weights"][j])
    assert ledger.wrote(true["context"][dim])


@PLACES
def test_joined_feed_forward_logit_and_probability_are_the_models(
    step: int, source: int, target: str
) -> None:
    one, ledger = decoding(step, source, target), Ledger()
    true = anew(one)
    contributions = true["z"] * one.trace.head.weight[:, one.word]
    assert one.feature == np.abs(contributions).argmax()
    joined = formulas.joined(writer(ledger), one)
    assert joined.terms == len(true["joined"])
    assert ledger.wrote(true["inside"][one.feature])
    assert ledger.wrote(true["z"][one.feature])
    logit = formulas.logit(writer(ledger), one)
    assert logit.terms == len(true["z"])
    assert ledger.wrote(true["logits"][one.word])
    formulas.probability(writer(ledger), one)
    assert ledger.wrote(true["probabilities"][one.word])


@PLACES
def test_in_short_all_results_stand_there_and_each_line_adds_up(
    step: int, source: int, target: str
) -> None:
    one, ledger = decoding(step, source, target, dim=7), Ledger()
    true = anew(one)
    brief(writer(ledger), one)
    word, k = one.word, one.feature
    for value in (
        true["scores"][source],
        true["weights"][source],
        true["context"][7],
        true["z"][k],
        true["logits"][word],
        true["probabilities"][word],
    ):
        assert ledger.wrote(value)
    terms = true["weights"] * true["encoder"][:, 7]
    assert ledger.wrote(abs(terms.sum() - terms[np.abs(terms).argmax()]))


def test_what_is_left_out_is_written_as_one_term_with_its_count() -> None:
    one, ledger = decoding(), Ledger()
    true = anew(one)
    written = formulas.logit(writer(ledger, 3), one)
    terms = true["z"] * one.trace.head.weight[:, one.word]
    largest = np.sort(np.abs(terms))[-3:]
    assert written.left_out == len(terms) - 3
    assert f"{written.left_out} more" in written.chosen
    kept = terms[np.abs(terms) >= largest.min()]
    assert ledger.wrote(terms.sum() - kept.sum())


@pytest.mark.parametrize("finer", [False, True])
def test_formulas_are_balanced_for_katex_in_both_decimal_signs(finer: bool) -> None:
    one = decoding()
    for decimal in ".,":
        w = Writer(style(notation=Ledger(decimal)), 4 if finer else 2, formulas.MORE)
        pieces = [brief(w, one)]
        for write in (formulas.score, formulas.weight, formulas.context, formulas.joined):
            made = write(w, one)
            pieces += [made.general, made.chosen]
        for tex in pieces:
            bare = re.sub(r"\\[{}]", "", tex)
            assert bare.count("{") == bare.count("}")
            if decimal == ",":
                assert not re.search(r"\d\.\d(?!\d*em)", tex)
